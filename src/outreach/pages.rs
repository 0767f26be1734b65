//! What everybody may read: the menu, the rules, and the paper form.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::reach::{self, Reach};
use super::rules::Rules;
use super::topic::{self, Topic};
use crate::app::App;
use crate::error::Error;
use crate::text::wareki;
use crate::web::{Frame, Query, html, qr};

#[derive(Template)]
#[template(path = "outreach/index.html")]
struct IndexPage {
    page: Frame,
    year: String,
    topics: Vec<Topic>,
    rules: Vec<(&'static str, String)>,
    reach: Reach,
    phone: String,
}

/// `GET /outreach`: the menu and the rules in plain words.
pub async fn index(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let (city, year) = (app.city(), wareki::fiscal_year(app.today()));
    let twice = [("twice", "この申込は、すでに送られています。届いたメールのリンクを開いてください。")];
    let page = Frame::new(&app, super::INDEX).saying(&mut query, &twice);
    html(&IndexPage {
        page: page.ignoring(query.into_ignored()),
        year: wareki::fiscal_year_label(year),
        topics: topic::offered(&app.db, year).await?,
        rules: Rules::load(&app.db, &city).await?.words(),
        reach: reach::find(&app.db, &city, year, app.clock.now()).await?,
        phone: city.profile.office.phone.clone(),
    })
}

#[derive(Template)]
#[template(path = "outreach/paper.html")]
struct PaperPage {
    page: Frame,
    year: String,
    topics: Vec<Topic>,
    chosen: Option<uuid::Uuid>,
    group: String,
    town: String,
    rules: Rules,
    code: String,
    fax: String,
    phone: String,
    section: String,
    city: String,
}

impl PaperPage {
    fn is_chosen(&self, topic: &Topic) -> bool {
        self.chosen == Some(topic.id)
    }
}

/// `GET /outreach/paper`: the form on paper, with what the address names already in it and a code that leads to the same on a screen.
pub async fn paper(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let (city, year) = (app.city(), wareki::fiscal_year(app.today()));
    let topics = topic::offered(&app.db, year).await?;
    let groups = crate::groups::listed_names(&app.db).await?;
    let chosen =
        query.choice("topic", "内容", |key| topics.iter().find(|one| one.id.to_string() == key).map(|one| one.id));
    let group = query.choice("group", "団体", |key| groups.iter().find(|one| one.id.to_string() == key));
    let town = query.choice("town", "町", |key| city.town(key).cloned());
    let mut pairs = Vec::new();
    pairs.extend(chosen.map(|id| ("topic", id.to_string())));
    pairs.extend(group.map(|group| ("group", group.id.to_string())));
    pairs.extend(town.as_ref().map(|town| ("town", town.key.clone())));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let address = crate::web::query::link(super::REQUEST, &pairs);
    let office = &city.profile.office;
    html(&PaperPage {
        page: Frame::new(&app, super::INDEX).ignoring(query.into_ignored()),
        year: wareki::fiscal_year_label(year),
        rules: Rules::load(&app.db, &city).await?,
        code: qr(&format!("{}{address}", app.config.base_url), "qr", "画面から申し込むためのQRコード"),
        group: group.map(|group| group.name.clone()).unwrap_or_default(),
        town: town.map(|town| town.name).unwrap_or_default(),
        fax: office.fax.clone(),
        phone: office.phone.clone(),
        section: office.section.clone(),
        city: city.profile.name.clone(),
        chosen,
        topics,
    })
}
