//! The page of the form of a request, whoever fills it in.

use std::sync::Arc;

use askama::Template;

use super::asking_pages::NEW;
use super::body::BodyKind;
use super::form::{self, Choices};
use super::link;
use super::request::Request;
use crate::app::App;
use crate::audit::Channel;
use crate::city::{City, Facility, facility};
use crate::error::Error;
use crate::groups::{self, Named};
use crate::outreach::dispatch::Offer;
use crate::outreach::rules::Rules;
use crate::outreach::topic::{self, Topic};
use crate::text::wareki;
use crate::web::{Form, Frame, Staff};

/// What all pages of the form need, read once.
pub struct Room {
    pub(in crate::outreach) city: Arc<City>,
    pub(in crate::outreach) rules: Rules,
    pub(in crate::outreach) topics: Vec<Topic>,
    pub(in crate::outreach) facilities: Vec<Facility>,
    pub(in crate::outreach) groups: Vec<Named>,
    today: chrono::NaiveDate,
}

impl Room {
    pub(in crate::outreach) async fn open(app: &App) -> Result<Self, Error> {
        let (city, today) = (app.city(), app.today());
        Ok(Self {
            rules: Rules::load(&app.db, &city).await?,
            topics: topic::offered(&app.db, wareki::fiscal_year(today)).await?,
            facilities: facility::all(&app.db).await?,
            groups: groups::listed_names(&app.db).await?,
            city,
            today,
        })
    }

    /// The same with the topic of a request, which may have left the menu since.
    pub(in crate::outreach) async fn with(mut self, app: &App, request: &Request) -> Result<Self, Error> {
        let known = |topics: &[Topic], id| topics.iter().any(|topic| topic.id == id);
        if let Some(id) = request.topic_id.filter(|id| !known(&self.topics, *id)) {
            self.topics.extend(topic::find(&app.db, id).await?);
        }
        Ok(self)
    }

    pub(in crate::outreach) fn choices(&self, by_staff: bool) -> Choices<'_> {
        Choices {
            city: &self.city,
            rules: &self.rules,
            topics: &self.topics,
            facilities: &self.facilities,
            groups: &self.groups,
            today: self.today,
            by_staff,
        }
    }
}

/// Who fills in the form.
pub(in crate::outreach) enum Whose<'a> {
    /// Anybody.
    Applicant,
    /// The applicant, by personal link, about this request.
    Owner(&'a link::Opened),
    /// Staff, for a request that came by telephone or on paper.
    Staff(&'a Staff),
    /// Staff, about this request.
    Correcting(&'a Staff, &'a Request),
}

#[derive(Template)]
#[template(path = "outreach/request/form.html")]
pub(in crate::outreach) struct FormPage<'a> {
    pub(in crate::outreach) page: Frame,
    form: &'a Form,
    room: &'a Room,
    whose: Whose<'a>,
    action: String,
    /// The free times that were asked for.
    pub(in crate::outreach) offer: Option<Offer>,
    /// Whether somebody else changed the request meanwhile.
    pub(in crate::outreach) stale: bool,
}

impl FormPage<'_> {
    fn by_staff(&self) -> bool {
        matches!(self.whose, Whose::Staff(_) | Whose::Correcting(..))
    }

    fn is_new(&self) -> bool {
        matches!(self.whose, Whose::Applicant | Whose::Staff(_))
    }

    fn topics(&self) -> Vec<(String, String)> {
        let words = |topic: &Topic| format!("{}({}分)", topic.title, topic.length_minutes);
        let listed = self.room.topics.iter().map(|topic| (topic.id.to_string(), words(topic)));
        listed.chain([(form::OWN.to_owned(), "メニューにない内容を聞きたい".to_owned())]).collect()
    }

    fn bodies(&self) -> [(&'static str, &'static str); 3] {
        BodyKind::ALL.map(|kind| (kind.key(), kind.label()))
    }

    /// The districts, town by town.
    fn districts(&self) -> Vec<(&str, Vec<(String, &str)>)> {
        let of = |key: &str| {
            let own = self.room.city.districts.iter().filter(|one| one.town_key == key);
            own.map(|one| (form::district_key(key, &one.name), one.name.as_str())).collect::<Vec<_>>()
        };
        let towns = self.room.city.towns.iter().map(|town| (town.name.as_str(), of(&town.key)));
        towns.filter(|(_, districts)| !districts.is_empty()).collect()
    }

    fn groups(&self) -> Vec<(String, &str)> {
        self.room.groups.iter().map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn channels(&self) -> Vec<(&'static str, &'static str)> {
        Channel::ON_BEHALF.iter().map(|channel| (channel.key(), channel.label())).collect()
    }

    fn first_day(&self) -> String {
        crate::text::day::long(self.room.rules.first_day(self.room.today))
    }

    /// The ranks with the names of their fields.
    fn ranks(&self) -> [(usize, String, String, String); 3] {
        [1, 2, 3].map(|rank| (rank, format!("day{rank}"), format!("starts{rank}"), format!("until{rank}")))
    }
}

pub(in crate::outreach) fn page<'a>(app: &App, form: &'a Form, room: &'a Room, whose: Whose<'a>) -> FormPage<'a> {
    let (page, action) = match &whose {
        Whose::Applicant => (Frame::new(app, crate::outreach::REQUEST), crate::outreach::REQUEST.to_owned()),
        Whose::Owner(opened) => (Frame::new(app, crate::outreach::REQUEST), format!("{}/edit", opened.path())),
        Whose::Staff(staff) => (Frame::own(app, NEW, &staff.0), NEW.to_owned()),
        Whose::Correcting(staff, request) => {
            let path = format!("{}/edit", request.desk_path());
            (Frame::own(app, &path, &staff.0), path)
        }
    };
    FormPage { page, form, room, whose, action, offer: None, stale: false }
}
