//! The public page of one entry.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::INDEX;
use super::desk;
use super::entry::{self, Entry, Status};
use super::family::OWN;
use super::import::SHOWN_COLUMNS;
use super::linked_data::{self, Around};
use super::linked_text::{self, Piece};
use super::month::Month;
use super::occurrence::{self, Occurrence};
use super::origin::{self, Origin};
use super::outcome::{self, Outcome};
use super::repeat;
use super::spread::Stretch;
use super::union;
use crate::app::App;
use crate::city::{City, Ruby};
use crate::error::Error;
use crate::groups;
use crate::plan::{self, Item};
use crate::text::day;
use crate::web::query::link;
use crate::web::{Frame, html, see};

/// Occurrences of a series shown on the page of one of them.
const COMING: u64 = 10;

/// When something takes place, in words.
struct When {
    first: NaiveDate,
    last: NaiveDate,
    begins: String,
    ends: String,
}

impl When {
    fn of(stretch: Stretch) -> Self {
        Self { first: stretch.first_day, last: stretch.last_day, begins: stretch.begins, ends: stretch.ends }
    }

    fn days(&self) -> String {
        day::span(self.first, self.last)
    }

    fn datetime(&self) -> String {
        if self.begins.is_empty() { self.first.to_string() } else { format!("{}T{}", self.first, self.begins) }
    }
}

#[derive(Template)]
#[template(path = "calendar/entry.html")]
struct EntryPage<'a> {
    page: Frame,
    entry: &'a Entry,
    when: When,
    month_label: String,
    month_url: String,
    town: String,
    categories: Vec<String>,
    description: Vec<Piece<'a>>,
    group: Option<(String, String)>,
    items: Vec<Item>,
    /// What became of an explanation session.
    outcome: Option<Outcome>,
    /// The next occurrences of the series.
    coming: Vec<Occurrence>,
    /// The series, when this is a changed occurrence of it.
    master_url: Option<String>,
    is_recurring: bool,
    /// The calendars elsewhere that have it.
    origins: Vec<Origin>,
    /// How often it takes place, in words.
    repeat: String,
    /// Where those who hold it change it, for what was written here.
    edit_url: Option<String>,
    report_url: String,
    map_url: Option<String>,
    /// The entry as a file to take in once.
    file_url: String,
    /// Where one asks to be told of a change by mail, until it is over.
    star_url: Option<String>,
    ruby: &'a Ruby,
    /// The start it had before it was moved, in words; empty for what was not moved.
    previous: String,
    /// The entry for search engines (JSON-LD), safe inside a `script` element.
    linked_data: String,
}

impl EntryPage<'_> {
    /// What is said about it in fields of text, empty ones left out.
    fn facts(&self) -> Vec<(&'static str, &str)> {
        let entry = self.entry;
        let facts = [
            ("対象", entry.audience.as_str()),
            ("定員", &entry.capacity),
            ("料金", &entry.fee),
            ("申し込み", &entry.apply),
            ("問い合わせ", &entry.contact),
        ];
        let further = SHOWN_COLUMNS.iter().map(|name| (*name, entry.extra(name)));
        facts.into_iter().chain(further).filter(|(_, text)| !text.is_empty()).collect()
    }

    fn is_cancelled(&self) -> bool {
        self.entry.status() == Status::Cancelled
    }

    fn is_tentative(&self) -> bool {
        self.entry.status() == Status::Tentative
    }
}

/// `GET /events/{id}`: everything public about one entry.
pub async fn entry(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let Some(found) = entry::find_public(&app.db, id).await? else {
        let lead = union::instead_of(&app.db, id).await?.ok_or(Error::NotFound)?;
        return Ok(see(&super::path(lead)));
    };
    let city = app.city();
    let city = &*city;
    let master = found.master_id.unwrap_or(found.id);
    let is_recurring = found.is_recurring() || found.master_id.is_some();
    let coming =
        if is_recurring { occurrence::of_series(&app.db, master, app.today(), COMING).await? } else { Vec::new() };
    let keys = occurrence::categories(&app.db, [id]).await?.remove(&id).unwrap_or_default();
    let group = match found.group_id {
        Some(group) => groups::find_listed(&app.db, group).await?,
        None => None,
    };
    let stretch = next(&found, &coming, city);
    let group = group.map(|group| (groups::path(group.id), group.name));
    let linked_data = linked_data::script(
        &found,
        &Around {
            city,
            base_url: &app.config.base_url,
            stretch: &stretch,
            group: group.as_ref().map(|(path, name)| (path.as_str(), name.as_str())),
            coming: &coming,
        },
    );
    let when = When::of(stretch);
    let is_coming = when.last >= app.today();
    let month = Month::of(when.first);
    let page = EntryPage {
        page: Frame::new(&app, INDEX),
        month_label: format!("{}の予定", month.label()),
        month_url: link(INDEX, &[("month", &month.key())]),
        when,
        town: city.town_name(&found.town_key).to_owned(),
        categories: keys.iter().filter_map(|key| city.category(key)).map(|term| term.name.clone()).collect(),
        description: linked_text::pieces(&found.description),
        group,
        linked_data,
        previous: linked_data::previous_words(&found, city),
        items: plan::items_of_entry(&app.db, id).await?,
        origins: origin::all_of_entry(&app.db, &found).await?,
        outcome: outcome::of_entry(&app.db, id).await?,
        coming,
        master_url: found.master_id.map(super::path),
        is_recurring,
        repeat: repeat::words_of(&found, city.profile.zone),
        edit_url: (found.source == OWN || found.source.starts_with(origin::FEED)).then(|| desk::edit_path(id)),
        report_url: link("/report", &[("page", super::path(id).as_str())]),
        map_url: found.lat.zip(found.lon).map(|(lat, lon)| format!("https://maps.gsi.go.jp/#17/{lat:.6}/{lon:.6}/")),
        file_url: format!("/feeds/event/{id}.ics"),
        star_url: is_coming.then(|| link("/subscribe/mail", &[("entry", &id.to_string())])),
        ruby: &city.ruby,
        entry: &found,
    };
    html(&page)
}

/// When the entry takes place; of a series the next time, or the first if none is left.
fn next(entry: &Entry, coming: &[Occurrence], city: &City) -> Stretch {
    let own = coming.iter().find(|occurrence| occurrence.id == entry.id);
    match own.filter(|_| entry.is_recurring()) {
        Some(next) => Stretch {
            first_day: next.first_day,
            last_day: next.last_day,
            begins: next.begins.clone(),
            ends: next.ends.clone(),
        },
        None => Stretch::of_entry(entry, city.profile.zone),
    }
}
