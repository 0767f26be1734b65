//! The desk: what may be one event, what sources do not agree about, and what is shown as one.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::candidate;
use super::pair_pages::Compared;
use super::waiting;
use crate::accounts::Role;
use crate::app::App;
use crate::calendar::union::{self, DESK, Difference, Side, Union};
use crate::city::settings;
use crate::error::Error;
use crate::text::day;
use crate::web::query::link;
use crate::web::{Form, Frame, Query, Staff, html};

/// Pairs on one page.
const ON_A_PAGE: i64 = 20;
/// Unions on one page.
const UNIONS: i64 = 50;

/// What a redirect to the desk may say.
pub(super) const DONE: [(&str, &str); 6] = [
    ("merged", "1つの予定にまとめました。"),
    ("distinct", "別の予定として記録しました。"),
    ("parted", "別々の予定に戻しました。"),
    ("one", "1つの予定を、まとめから分けました。"),
    ("lead", "表示する予定を替えました。"),
    ("accepted", "食い違いを確認ずみにしました。"),
];

/// A union as a line of the list.
struct Line {
    url: String,
    title: String,
    when: String,
    made: String,
    by_itself: bool,
}

#[derive(Template)]
#[template(path = "aggregation/duplicates/desk.html")]
struct DeskPage<'a> {
    page: Frame,
    form: &'a Form,
    pairs: Vec<Compared>,
    differences: Vec<Difference>,
    unions: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
    more_unions: Option<String>,
    fewer_unions: Option<String>,
    score: i32,
    merge_score: i32,
    is_admin: bool,
}

impl DeskPage<'_> {
    fn sentence(&self, one: &Difference) -> &'static str {
        waiting::sentence(one)
    }

    fn union_url(&self, one: &Difference) -> String {
        union::path(one.union_id)
    }
}

/// A list with one more than fits a page: what fits, and whether there is more.
fn page_of<T>(mut list: Vec<T>, most: i64) -> (Vec<T>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = list.len() > most;
    list.truncate(most);
    (list, more)
}

/// `GET /staff/duplicates`.
pub async fn index(State(app): State<App>, mut query: Query, staff: Staff) -> Result<Response, Error> {
    let (city, form) = (app.city(), Form::new());
    let number = i64::try_from(query.page()).unwrap_or(1);
    let older = query.text("unions", "まとめた予定のページ").parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let skipped = (number - 1).saturating_mul(ON_A_PAGE);
    let (open, more) = page_of(candidate::open(&app.db, ON_A_PAGE, skipped).await?, ON_A_PAGE);
    let (unions, more_unions) = page_of(union::newest(&app.db, UNIONS, (older - 1) * UNIONS).await?, UNIONS);
    let of_pairs = open.iter().flat_map(|one| [one.first_id, one.second_id]);
    let ids: Vec<Uuid> = of_pairs.chain(unions.iter().map(|one| one.lead_id)).collect();
    let sides = union::sides(&app.db, &city, &ids, app.today()).await?;
    let mut pairs = Vec::with_capacity(open.len());
    for one in open {
        pairs.extend(Compared::of_candidate(&app, &one, &sides).await?);
    }
    let turn = |name: &str, number: i64| link(DESK, &[(name, &number.to_string())]);
    html(&DeskPage {
        differences: union::differences(&app.db, app.today()).await?,
        unions: unions.iter().map(|one| line(one, &sides, city.profile.zone)).collect(),
        previous: (number > 1).then(|| turn("page", number - 1)),
        next: more.then(|| turn("page", number + 1)),
        more_unions: more_unions.then(|| turn("unions", older + 1)),
        fewer_unions: (older > 1).then(|| turn("unions", older - 1)),
        score: city.settings.number(settings::DUPLICATE_SCORE),
        merge_score: city.settings.number(settings::MERGE_SCORE),
        is_admin: staff.0.account.role() == Role::Admin,
        form: &form,
        page: Frame::own(&app, DESK, &staff.0).saying(&mut query, &DONE).ignoring(query.into_ignored()),
        pairs,
    })
}

fn line(union: &Union, sides: &HashMap<Uuid, Side>, zone: Tz) -> Line {
    let lead = sides.get(&union.lead_id);
    let made = moment(union.made_at, zone);
    Line {
        url: union::path(union.id),
        title: lead.map(|side| side.title.clone()).unwrap_or_else(|| "(表示する予定がありません)".to_owned()),
        when: lead.map(|side| side.when.clone()).unwrap_or_default(),
        made: if union.by_itself { format!("{made}、自動") } else { format!("{made}、{}", union.made_by) },
        by_itself: union.by_itself,
    }
}

/// A moment as people say its day.
pub(super) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    day::long(at.with_timezone(&zone).date_naive())
}
