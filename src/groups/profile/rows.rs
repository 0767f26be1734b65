//! The form of a profile as its page shows it: the fields in their parts, each with what another person wrote meanwhile.

use sea_orm::{ConnectionTrait, DbErr};

use super::edit::Present;
use super::field::{Audience, Field, Kind, PARTS, of_audience};
use super::form::consent_name;
use super::words;
use crate::city::{City, Term};
use crate::groups::contact::ContactKind;
use crate::groups::history;
use crate::groups::proposal::Proposal;
use crate::groups::state::State;

/// Versions in which the author of a change is looked for.
const LOOKED_BACK: u64 = 50;

/// What somebody else wrote into a field while a form was open.
#[derive(Clone, Debug)]
pub(super) struct Other {
    pub text: String,
    pub by: String,
    pub when: String,
}

/// A field as the form shows it.
#[derive(Debug)]
pub(super) struct Row {
    pub field: &'static Field,
    pub consent: String,
    pub options: Vec<(String, String)>,
    /// What the public still sees, where a change of the field waits.
    pub shown: Option<String>,
    pub other: Option<Other>,
}

impl Row {
    /// Whether the field is drawn this way: `line`, `block`, `select`, `ticks` or `contact`.
    pub fn is(&self, widget: &str) -> bool {
        let drawn = match self.field.kind {
            Kind::Block => "block",
            Kind::Town | Kind::GroupKind | Kind::YesNo | Kind::State => "select",
            Kind::Towns | Kind::Fields => "ticks",
            Kind::Contact(kind) if kind != ContactKind::Postal => "contact",
            _ => "line",
        };
        drawn == widget
    }

    /// Whether nothing may be chosen.
    pub fn may_be_empty(&self) -> bool {
        self.field.kind != Kind::State
    }

    /// Keyboard and type of the box.
    pub fn input(&self) -> &'static str {
        match self.field.kind {
            Kind::Web => "url",
            Kind::Contact(ContactKind::Phone | ContactKind::Fax) => "tel",
            Kind::Contact(ContactKind::Mail) => "email",
            _ => "text",
        }
    }
}

/// A part of the form with its heading.
#[derive(Debug)]
pub(super) struct Part {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

/// The form's parts. `conflicts` are the fields beside which the present text is shown.
pub(super) fn parts(
    city: &City,
    present: &Present,
    audience: Audience,
    conflicts: &[(&'static Field, Other)],
) -> Vec<Part> {
    let waiting: Vec<String> = match audience {
        Audience::Member => present.open.iter().flat_map(Proposal::asked).map(|asked| asked.key).collect(),
        _ => Vec::new(),
    };
    let mut parts: Vec<Part> = Vec::new();
    for field in of_audience(audience) {
        if let Some((title, _)) = PARTS.iter().find(|(_, first)| *first == field.key) {
            parts.push(Part { title, rows: Vec::new() });
        }
        let row = Row {
            field,
            consent: consent_name(field),
            options: options(field, city),
            shown: waiting
                .iter()
                .any(|key| key == field.key)
                .then(|| words::shown_or_nothing(field, &field.of(&present.draft), city)),
            other: conflicts.iter().find(|(other, _)| other.key == field.key).map(|(_, other)| other.clone()),
        };
        if let Some(part) = parts.last_mut() {
            part.rows.push(row);
        }
    }
    parts
}

fn options(field: &Field, city: &City) -> Vec<(String, String)> {
    let terms = |terms: &[Term]| terms.iter().map(|term| (term.key.clone(), term.name.clone())).collect();
    match field.kind {
        Kind::Town | Kind::Towns => terms(&city.towns),
        Kind::Fields => terms(&city.fields),
        Kind::GroupKind => terms(&city.group_kinds),
        Kind::YesNo => [("true", "有"), ("false", "無")].map(|(key, word)| (key.to_owned(), word.to_owned())).to_vec(),
        Kind::State => State::ALL.iter().map(|state| (state.key().to_owned(), state.label().to_owned())).collect(),
        _ => Vec::new(),
    }
}

/// What stands in these fields now, who wrote it and when. Members also see what other members have asked for.
pub(super) async fn others(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    fields: &[&'static Field],
    audience: Audience,
) -> Result<Vec<(&'static Field, Other)>, DbErr> {
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let zone = city.profile.zone;
    let asked = match audience {
        Audience::Member => present.open.as_ref().map(Proposal::asked).unwrap_or_default(),
        _ => Vec::new(),
    };
    let versions = history::versions_up_to(db, present.group_id, i32::MAX, LOOKED_BACK).await?;
    let authors: Vec<_> = versions.iter().filter_map(|version| Some((version, version.draft()?))).collect();
    let other = |field: &'static Field| {
        if let Some(asked) = asked.iter().find(|asked| asked.key == field.key) {
            let text = words::shown_or_nothing(field, &asked.new, city);
            return (field, Other { text, by: asked.by.clone(), when: words::moment(asked.at, zone) });
        }
        let text = field.of(&present.draft);
        let changed = authors.windows(2).find(|pair| field.of(&pair[0].1) != field.of(&pair[1].1));
        let author = changed.map(|pair| pair[0].0).or(authors.last().map(|(version, _)| *version));
        let by = author.map_or_else(String::new, |version| version.actor.clone());
        let when = author.map_or_else(String::new, |version| words::moment(version.at, zone));
        (field, Other { text: words::shown_or_nothing(field, &text, city), by, when })
    };
    Ok(fields.iter().copied().map(other).collect())
}
