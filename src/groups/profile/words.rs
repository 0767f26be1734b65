//! The texts of fields as people read them: names for keys, 和暦 for days.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::contacts;
use super::field::{Field, Kind};
use crate::city::{City, Term};
use crate::groups::contact::ContactKind;
use crate::groups::state::State;
use crate::text::{dates, day, kana, postal};

/// What stands where a field is empty.
pub const NOTHING: &str = "(なし)";

/// A field's text for readers; empty for an empty field.
pub fn shown(field: &Field, text: &str, city: &City) -> String {
    match field.kind {
        _ if text.is_empty() => String::new(),
        Kind::Kana => kana::hiragana(text),
        Kind::Number => format!("{text}人"),
        Kind::Day | Kind::Since => dates::wareki_of_iso(text),
        Kind::Town => city.town_name(text).to_owned(),
        Kind::Towns => named(&city.towns, text),
        Kind::Fields => named(&city.fields, text),
        Kind::GroupKind => named(&city.group_kinds, text),
        Kind::YesNo => if text == "true" { "有" } else { "無" }.to_owned(),
        Kind::State => State::from_key(text).map_or("", State::label).to_owned(),
        Kind::Contact(ContactKind::Postal) => postal::display(text),
        Kind::Contact(_) => {
            let (value, open) = contacts::parts(text);
            format!("{value}\n{}", if open { "公開" } else { "事務局のみ" })
        }
        _ => text.to_owned(),
    }
}

/// The same, with a word where nothing stands.
pub fn shown_or_nothing(field: &Field, text: &str, city: &City) -> String {
    let shown = shown(field, text, city);
    if shown.is_empty() { NOTHING.to_owned() } else { shown }
}

fn named(terms: &[Term], keys: &str) -> String {
    let chosen = |term: &&Term| keys.split(';').any(|key| key == term.key);
    terms.iter().filter(chosen).map(|term| term.name.as_str()).collect::<Vec<_>>().join("\n")
}

/// A moment where the city is, such as 令和8年11月26日(木) 10時05分.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}時{:02}分", day::long(local.date_naive()), local.hour(), local.minute())
}
