//! Before and after, field by field, in words that people read.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use super::words;
use crate::accounts::Role;
use crate::city::{City, Term};
use crate::groups::{ContactKind, State};
use crate::office::register::contact_label;
use crate::text::{postal, wareki};

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// What the keys and identifiers in the trail mean.
pub(super) struct Reader<'a> {
    pub city: &'a City,
    /// Codes of plan items by their identifiers.
    pub items: HashMap<String, String>,
}

impl Reader<'_> {
    /// The fields that differ between two states of a thing.
    pub fn differences(&self, before: &Json, after: &Json) -> Vec<Field> {
        let (before, after) = (object(before), object(after));
        let mut keys: Vec<&String> =
            after.keys().chain(before.keys().filter(|key| !after.contains_key(*key))).collect();
        keys.dedup();
        let mut fields = Vec::new();
        for key in keys {
            let (old, new) = (before.get(key), after.get(key));
            if key == "contacts" {
                fields.extend(self.contacts(old, new));
                continue;
            }
            let told = |value: Option<&Json>| value.map_or_else(String::new, |value| self.value(key, value));
            fields.push(Field { label: words::field(key).to_owned(), before: told(old), after: told(new) });
        }
        fields.retain(|field| field.before != field.after);
        fields
    }

    fn contacts(&self, before: Option<&Json>, after: Option<&Json>) -> Vec<Field> {
        let line = |list: Option<&Json>, kind: ContactKind| {
            let list = list.and_then(Json::as_array)?;
            let contact = list.iter().find(|contact| contact["kind"] == kind.key())?;
            Some(contact_words(kind, contact))
        };
        let field = |kind| Field {
            label: contact_label(kind).to_owned(),
            before: line(before, kind).unwrap_or_default(),
            after: line(after, kind).unwrap_or_default(),
        };
        ContactKind::ALL.into_iter().map(field).collect()
    }

    fn value(&self, key: &str, value: &Json) -> String {
        match value {
            Json::Null => String::new(),
            Json::Bool(yes) => if *yes { "はい" } else { "いいえ" }.to_owned(),
            Json::Number(number) => number.to_string(),
            Json::String(text) => self.text(key, text),
            Json::Array(list) => list.iter().map(|one| self.value(key, one)).collect::<Vec<_>>().join("、"),
            Json::Object(fields) => {
                let line =
                    |(key, value): (&String, &Json)| format!("{}: {}", words::field(key), self.value(key, value));
                fields.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn text(&self, key: &str, text: &str) -> String {
        let name = |terms: &[Term]| terms.iter().find(|term| term.key == text).map(|term| term.name.clone());
        let known = match key {
            "state" => State::from_key(text).map(|state| state.label().to_owned()),
            "town_key" | "towns" => name(&self.city.towns),
            "fields" => name(&self.city.fields),
            "kind" => name(&self.city.group_kinds),
            "items" => self.items.get(text).cloned(),
            "role" => Role::from_key(text).map(|role| role.label().to_owned()),
            _ if key.ends_with("_on") => text.parse::<NaiveDate>().ok().map(wareki::date_with_weekday),
            _ => None,
        };
        known.unwrap_or_else(|| text.to_owned())
    }
}

fn object(value: &Json) -> Map<String, Json> {
    match value {
        Json::Object(fields) => fields.clone(),
        Json::Null => Map::new(),
        other => Map::from_iter([("text".to_owned(), other.clone())]),
    }
}

fn contact_words(kind: ContactKind, contact: &Json) -> String {
    let text = |key: &str| contact[key].as_str().unwrap_or_default();
    let value = if kind == ContactKind::Postal { postal::display(text("value")) } else { text("value").to_owned() };
    let shown = if contact["published"] == true { "公開" } else { "事務局のみ" };
    let day = text("consented_on").parse::<NaiveDate>().map(wareki::date).unwrap_or_default();
    let mut consent: Vec<String> = vec![day, text("method").to_owned(), text("by").to_owned()];
    consent.retain(|part| !part.is_empty());
    let consent = if consent.is_empty() { String::new() } else { format!("、同意: {}", consent.join(" ")) };
    format!("{value}({shown}{consent})")
}
