//! The public pages of the register: the directory and the page of one group.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::coming::{self, Coming};
use super::contact::{self, ContactKind};
use super::group::{self, Group};
use super::photo::{self, Photo};
use super::search::{self, Card, Filter, PAGE};
use super::state;
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::plan::{self, Item};
use crate::text::kana::KanaRow;
use crate::text::{dates, day, postal, wareki};
use crate::web::{Frame, Pager, Query, html, query};

/// A row of the 五十音 as the jump bar shows it; without an address where the result has no group in it.
struct Jump {
    label: &'static str,
    url: Option<String>,
    current: bool,
}

/// What the plan says about the number of groups.
struct Recorded {
    groups: i32,
    month: String,
}

#[derive(Template)]
#[template(path = "groups/index.html")]
struct IndexPage<'a> {
    page: Frame,
    city: &'a City,
    filter: Filter,
    all_rows: String,
    jumps: Vec<Jump>,
    recorded: Option<Recorded>,
    cards: Vec<Card>,
    list: Pager,
}

/// `GET /groups`: the directory, narrowed by words, field, town and first sound.
pub(super) async fn index(app: axum::extract::State<App>, mut query: Query) -> Result<Response, Error> {
    let State(app) = app;
    let city = app.city();
    let city = &*city;
    let filter = Filter::read(&mut query, city);
    let page = query.page();
    let revision = app.revisions().await?.groups;
    let found = search::find(&app.db, &filter, page, (&app.counts, revision)).await?;
    let jumps = KanaRow::ALL.into_iter().map(|row| Jump {
        label: row.label(),
        url: (found.count(Some(row)) > 0).then(|| address(&filter, Some(row), 1)),
        current: filter.row == Some(row),
    });
    html(&IndexPage {
        page: Frame::new(&app, super::INDEX).ignoring(query.into_ignored()),
        city,
        all_rows: address(&filter, None, 1),
        jumps: jumps.collect(),
        recorded: recorded(&app).await?,
        list: Pager::new(found.count(filter.row), page, PAGE, |page| address(&filter, filter.row, page)),
        cards: found.cards,
        filter,
    })
}

/// The address of a page of the same search under another row of the 五十音.
fn address(filter: &Filter, row: Option<KanaRow>, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    query::link(
        super::INDEX,
        &[
            ("q", &filter.typed),
            ("field", filter.field.as_deref().unwrap_or_default()),
            ("town", filter.town.as_deref().unwrap_or_default()),
            ("kana", row.map_or("", KanaRow::key)),
            ("page", &page),
        ],
    )
}

async fn recorded(app: &App) -> Result<Option<Recorded>, Error> {
    let whole = plan::current(app).await?;
    Ok(whole.and_then(|whole| {
        let month = dates::wareki_of_iso(&whole.plan.published);
        whole.plan.recorded_groups.map(|groups| Recorded { groups, month })
    }))
}

/// A published contact as the page shows it.
struct Shown {
    label: &'static str,
    text: String,
    url: Option<String>,
}

#[derive(Template)]
#[template(path = "groups/group.html")]
struct GroupPage<'a> {
    page: Frame,
    city: &'a City,
    group: Group,
    kind: &'a str,
    fields: Vec<&'a str>,
    towns: Vec<&'a str>,
    contacts: Vec<Shown>,
    items: Vec<Item>,
    days: Vec<(NaiveDate, Vec<Coming>)>,
    photo: Option<Photo>,
}

#[derive(Template)]
#[template(path = "groups/dormant.html")]
struct DormantPage {
    page: Frame,
    group: Group,
}

#[derive(Template)]
#[template(path = "groups/dissolved.html")]
struct DissolvedPage {
    page: Frame,
    group: Group,
}

/// `GET /groups/{id}`: what a group lets everybody know of itself.
pub(super) async fn group(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let group = group::find_listed_or_gone(&app.db, id).await?.ok_or(Error::NotFound)?;
    let page = Frame::new(&app, &group.path());
    match group.state() {
        state::State::Dissolved => return html(&DissolvedPage { page, group }),
        state::State::Dormant => return html(&DormantPage { page, group }),
        _ => {}
    }
    let city = app.city();
    let city = &*city;
    let (fields, towns) = group::fields_and_towns(&app.db, id).await?;
    html(&GroupPage {
        page,
        city,
        kind: city.group_kinds.iter().find(|kind| kind.key == group.kind).map_or("", |kind| &kind.name),
        fields: city
            .fields
            .iter()
            .filter(|field| fields.contains(&field.key))
            .map(|field| field.name.as_str())
            .collect(),
        towns: city.towns.iter().filter(|town| towns.contains(&town.key)).map(|town| town.name.as_str()).collect(),
        contacts: shown(contact::published(&app.db, id).await?, &group.representative_title),
        items: plan::items_of_group(&app.db, id).await?,
        days: by_day(coming::of_group(&app.db, id, app.today()).await?),
        photo: photo::of_group(&app.db, id).await?,
        group,
    })
}

fn shown(contacts: Vec<(ContactKind, String)>, title: &str) -> Vec<Shown> {
    let postal = contacts.iter().find(|(kind, _)| *kind == ContactKind::Postal).map(|(_, code)| postal::display(code));
    let line = |(kind, text): (ContactKind, String)| {
        let (label, text, url) = match kind {
            ContactKind::Representative => ("代表", format!("{title} {text}").trim().to_owned(), None),
            ContactKind::Person => ("担当", text, None),
            ContactKind::Phone => {
                let url = dialled(&text);
                ("電話", text, url)
            }
            ContactKind::Fax => ("FAX", text, None),
            ContactKind::Mail => {
                let url = Some(format!("mailto:{text}"));
                ("メール", text, url)
            }
            ContactKind::Postal => return None,
            ContactKind::Address => {
                ("所在地", format!("{} {text}", postal.as_deref().unwrap_or_default()).trim().to_owned(), None)
            }
        };
        Some(Shown { label, text, url })
    };
    contacts.into_iter().filter_map(line).collect()
}

/// What a telephone dials; nothing where a person has to choose or to ask for an extension.
fn dialled(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(|letter| *letter != '-').collect();
    let plain = digits.chars().all(|letter| letter.is_ascii_digit() || letter == '+');
    plain.then(|| format!("tel:{digits}"))
}

fn by_day(coming: Vec<Coming>) -> Vec<(NaiveDate, Vec<Coming>)> {
    let mut days: Vec<(NaiveDate, Vec<Coming>)> = Vec::new();
    for entry in coming {
        match days.last_mut() {
            Some((day, entries)) if *day == entry.day => entries.push(entry),
            _ => days.push((entry.day, vec![entry])),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_number_is_dialled_by_a_touch() {
        assert_eq!(dialled("0920-53-6111").as_deref(), Some("tel:0920536111"));
        assert_eq!(dialled("0920-53-6111 内線12"), None);
        assert_eq!(dialled("0920-53-6111 / 0920-53-6112"), None);
    }

    #[test]
    fn the_postal_code_stands_before_the_address_and_the_title_before_the_name() {
        let contacts = vec![
            (ContactKind::Representative, "見本 太郎".to_owned()),
            (ContactKind::Postal, "8170022".to_owned()),
            (ContactKind::Address, "厳原町国分".to_owned()),
        ];
        let lines: Vec<String> =
            shown(contacts, "会長").into_iter().map(|line| format!("{}:{}", line.label, line.text)).collect();
        assert_eq!(lines, ["代表:会長 見本 太郎", "所在地:〒817-0022 厳原町国分"]);
    }
}
