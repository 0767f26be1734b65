//! The page of the form of an entry, and the page that shows it before it is kept.

use askama::Template;
use axum::response::Response;

use super::super::clash::Hints;
use super::super::draft::Draft;
use super::super::entry::Kind;
use super::super::repeat::{self, Every};
use super::super::store::Desk;
use super::fields::Vocabulary;
use super::form::Scope;
use super::original_pages::Differing;
use super::rights::Host;
use super::{NEW, when};
use crate::app::App;
use crate::city::{City, Facility, facility};
use crate::error::Error;
use crate::plan::{self, Item};
use crate::web::{Form, Frame, Member, html};

/// What all pages of the form need, read once.
pub(super) struct Room {
    pub(super) app: App,
    pub(super) city: std::sync::Arc<City>,
    pub(super) facilities: Vec<Facility>,
    pub(super) items: Vec<Item>,
    pub(super) host: String,
}

impl Room {
    pub(super) async fn open(app: &App) -> Result<Self, Error> {
        let items = plan::current(app).await?.map(|whole| whole.items.clone()).unwrap_or_default();
        let facilities = facility::all(&app.db).await?;
        Ok(Self { city: app.city(), facilities, items, host: app.config.host(), app: app.clone() })
    }

    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        let desk = Desk { city: &self.city, host: &self.host, now: self.app.clock.now(), today: self.app.today() };
        Vocabulary { desk, facilities: &self.facilities, items: &self.items }
    }

    pub(super) fn categories(&self) -> Vec<(String, &str)> {
        self.city.categories.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    pub(super) fn halls(&self) -> Vec<(String, &str)> {
        self.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    pub(super) fn towns(&self) -> Vec<(String, &str)> {
        self.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    /// How often something repeats; `kept` says in words what only the entry itself knows.
    pub(super) fn repeats<'a>(&self, kept: &'a str) -> Vec<(String, &'a str)> {
        let kept = Some(("keep", kept)).filter(|(_, words)| !words.is_empty());
        let all = Every::ALL.into_iter().map(|every| (every.key(), every.label()));
        all.chain(kept).map(|(key, words)| (key.to_owned(), words)).collect()
    }
}

#[derive(Template)]
#[template(path = "calendar/desk/form.html")]
pub(super) struct FormPage<'a> {
    pub(super) page: Frame,
    pub(super) room: &'a Room,
    pub(super) form: &'a Form,
    pub(super) heading: &'static str,
    pub(super) action: String,
    pub(super) hosts: &'a [Host],
    pub(super) is_staff: bool,
    /// Whether the entry will wait for the office.
    pub(super) waits: bool,
    pub(super) scope: &'a Scope,
    pub(super) scope_words: String,
    pub(super) kept_rule: String,
    /// Whether it follows a calendar elsewhere, and what was changed here.
    pub(super) followed: bool,
    pub(super) differing: Vec<Differing>,
    /// What somebody else changed meanwhile: label, theirs, one's own.
    pub(super) conflict: Vec<(&'static str, String, String)>,
    pub(super) version: String,
}

impl FormPage<'_> {
    fn kinds(&self) -> Vec<(String, &str)> {
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), kind.label())).collect()
    }

    fn categories(&self) -> Vec<(String, &str)> {
        self.room.categories()
    }

    fn repeats(&self) -> Vec<(String, &str)> {
        self.room.repeats(&self.kept_rule)
    }

    fn organisers(&self) -> Vec<(String, &str)> {
        self.hosts.iter().map(|host| (host.key(), host.name.as_str())).collect()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.halls()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.towns()
    }

    fn has_repeat(&self) -> bool {
        !matches!(self.scope, Scope::One(_))
    }

    fn policies(&self) -> Vec<(&str, Vec<&Item>)> {
        let mut policies: Vec<(&str, Vec<&Item>)> = Vec::new();
        for item in &self.room.items {
            match policies.last_mut() {
                Some((policy, items)) if *policy == item.policy => items.push(item),
                _ => policies.push((&item.policy, vec![item])),
            }
        }
        policies
    }
}

#[derive(Template)]
#[template(path = "calendar/desk/confirm.html")]
struct ConfirmPage<'a> {
    page: Frame,
    form: &'a Form,
    action: String,
    hints: Hints,
    facts: Vec<(&'static str, String)>,
    organiser: String,
    waits: bool,
    version: String,
    /// Whether somebody asked to see it; otherwise the clashes are why it is shown.
    asked: bool,
}

/// The page that shows what would be kept, with what is in its way.
pub(super) fn confirm(
    app: &App,
    member: &Member,
    form: &Form,
    draft: &Draft,
    (action, waits, version, hints): (String, bool, String, Hints),
) -> Result<Response, Error> {
    let city = app.city();
    let zone = city.profile.zone;
    let stretch = when::stretch(&draft.span, zone);
    let clock = match (stretch.begins.as_str(), stretch.ends.as_str()) {
        ("", _) => "終日".to_owned(),
        (begins, "") => begins.to_owned(),
        (begins, ends) => format!("{begins}〜{ends}"),
    };
    let days = crate::text::day::span(stretch.first_day, stretch.last_day);
    let category = draft.categories.first().and_then(|key| city.category(key)).map(|term| term.name.clone());
    let repeat = match draft.rrule.as_str() {
        "" => String::new(),
        rule => repeat::words(rule, stretch.first_day, zone),
    };
    let facts = [
        ("日時", format!("{days} {clock}")),
        ("日時の補足", draft.time_note.clone()),
        ("くり返し", repeat),
        ("分類", category.unwrap_or_default()),
        ("場所", draft.place.clone()),
        ("住所", draft.address.clone()),
        ("町", city.town_name(&draft.town_key).to_owned()),
        ("内容", draft.description.clone()),
        ("対象", draft.audience.clone()),
        ("料金", draft.fee.clone()),
        ("定員", draft.capacity.clone()),
        ("申し込み", draft.apply.clone()),
        ("問い合わせ先", draft.contact.clone()),
        ("ホームページ", draft.url.clone()),
        ("計画の項目", form.all("items").join("、")),
    ];
    html(&ConfirmPage {
        page: Frame::own(app, NEW, member),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        organiser: draft.organiser.clone(),
        asked: form.get("do") == "preview",
        form,
        action,
        hints,
        waits,
        version,
    })
}
