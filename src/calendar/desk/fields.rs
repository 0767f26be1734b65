//! The fields of the form of an entry: their names, their labels, and what each holds in words.

use crate::city::{City, Facility};
use crate::plan::Item;
use crate::text::{dates, day, times};
use crate::web::Form;

use super::super::entry::Kind;
use super::super::repeat::Every;
use super::super::store::Desk;

/// What a form chooses from and is checked with.
pub struct Vocabulary<'a> {
    /// City, host and time.
    pub desk: Desk<'a>,
    /// Every facility.
    pub facilities: &'a [Facility],
    /// The items of the current plan.
    pub items: &'a [Item],
}

impl Vocabulary<'_> {
    /// The city.
    pub fn city(&self) -> &City {
        self.desk.city
    }
}

/// Every field that is kept, with its label.
pub const FIELDS: [(&str, &str); 25] = [
    ("title", "名称"),
    ("kana", "名称の読み"),
    ("kind", "種類"),
    ("category", "分類"),
    ("all_day", "終日"),
    ("from", "はじめの日"),
    ("to", "終わりの日"),
    ("begins", "始まる時刻"),
    ("ends", "終わる時刻"),
    ("time_note", "日時の補足"),
    ("repeat", "くり返し"),
    ("repeat_until", "くり返しの終わりの日"),
    ("repeat_count", "くり返しの回数"),
    ("except", "行わない日"),
    ("facility", "会場の施設"),
    ("place", "場所"),
    ("address", "住所"),
    ("town", "町"),
    ("description", "内容"),
    ("audience", "対象"),
    ("fee", "料金"),
    ("capacity", "定員"),
    ("apply", "申し込み"),
    ("contact", "問い合わせ先"),
    ("url", "ホームページ"),
];

/// The label of a field, also of those with several values.
pub fn label(name: &str) -> &'static str {
    match name {
        "items" => "計画の項目",
        name => FIELDS.iter().find(|(field, _)| *field == name).map_or("", |(_, label)| *label),
    }
}

/// What a field holds, in words.
pub fn said(form: &Form, name: &str, vocabulary: &Vocabulary<'_>) -> String {
    let typed = form.get(name).trim();
    let city = vocabulary.city();
    let chosen = match name {
        "items" => Some(form.all("items").join("、")),
        "kind" => Kind::from_key(typed).map(|kind| kind.label().to_owned()),
        "category" => city.category(typed).map(|term| term.name.clone()),
        "town" => Some(city.town_name(typed).to_owned()),
        "facility" => vocabulary.facilities.iter().find(|one| one.key == typed).map(|one| one.name.clone()),
        "repeat" => Every::from_key(typed).map(|every| every.label().to_owned()),
        "from" | "to" | "repeat_until" => match dates::parse(typed) {
            Ok(dates::PartialDate::Day(on)) => Some(day::long(on)),
            _ => None,
        },
        "begins" | "ends" => times::parse_time(typed).ok().map(|time| time.format("%H:%M").to_string()),
        "all_day" => Some(if typed == "1" { "はい" } else { "" }.to_owned()),
        _ => None,
    };
    chosen.unwrap_or_else(|| typed.replace("\r\n", "\n"))
}

/// The fields in which two forms differ: label, the first in words, the second in words.
pub fn differences(one: &Form, other: &Form, vocabulary: &Vocabulary<'_>) -> Vec<(&'static str, String, String)> {
    let names = FIELDS.iter().map(|(name, _)| *name).chain(["items"]);
    let pairs = names.map(|name| (label(name), said(one, name, vocabulary), said(other, name, vocabulary)));
    pairs.filter(|(_, one, other)| one != other).collect()
}

/// What tells one state of an entry from another: a digest of everything in the form.
pub fn version(form: &Form) -> String {
    let mut text = String::new();
    for name in FIELDS.iter().map(|(name, _)| *name).chain(["items"]) {
        text.push_str(&format!("{name}={:?};", form.all(name)));
    }
    crate::chance::digest("entry", &text)
}
