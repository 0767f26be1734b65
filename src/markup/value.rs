//! What values of JSON-LD say in words, numbers and names.

use std::collections::HashMap;

use super::json::{Object, Value};
use super::plain_text::plain_text;
use super::recognise::{has_tag, looks_like_html};

/// The most characters of a text, and of a line.
pub(super) const BLOCK: usize = 20_000;
pub(super) const LINE: usize = 1_000;

/// The most values of a list that are looked at.
pub(super) const LISTED: usize = 100;

/// The objects of a page by their `@id`.
pub(super) type Known<'a> = HashMap<&'a str, &'a Object>;

/// The words a value stands for: itself, its `@value`, or of several languages the Japanese.
pub(super) fn words(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Number(text) => Some(text).map(|text| text.trim()).filter(|text| !text.is_empty()),
        Value::Object(object) => words(object.get("@value")?),
        Value::List(list) => {
            let japanese =
                list.iter().take(LISTED).find(|value| language(value).is_some_and(|tag| tag.starts_with("ja")));
            words(japanese.or_else(|| list.first())?)
        }
        Value::Null | Value::Truth(_) => None,
    }
}

fn language(value: &Value) -> Option<&str> {
    match value {
        Value::Object(object) => words(object.get("@language")?),
        _ => None,
    }
}

/// The words of a member.
pub(super) fn said<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    words(object.get(name)?)
}

/// Text for a reader out of words that may be HTML, escaped once too often or not.
pub(super) fn readable(words: &str, most: usize) -> String {
    let words = &words[..words.floor_char_boundary(most.saturating_mul(20))];
    let mut text = if looks_like_html(words) { plain_text(words) } else { crate::ics::clean(words) };
    if has_tag(&text) {
        text = plain_text(&text);
    }
    let text = text.trim();
    text.chars().take(most).collect()
}

/// One line for a reader.
pub(super) fn line(words: &str) -> String {
    readable(words, LINE).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as a list, of which at most [`LISTED`] are looked at.
pub(super) fn each(value: &Value) -> &[Value] {
    match value {
        Value::List(list) => &list[..list.len().min(LISTED)],
        other => std::slice::from_ref(other),
    }
}

/// The objects of a member; one that only names another is that other.
pub(super) fn objects<'a>(object: &'a Object, name: &str, known: &Known<'a>) -> Vec<&'a Object> {
    let values = object.get(name).map(each).unwrap_or_default();
    values.iter().filter_map(|value| as_object(value, known)).collect()
}

/// A value that is an object, or names one of the page.
pub(super) fn as_object<'a>(value: &'a Value, known: &Known<'a>) -> Option<&'a Object> {
    let Value::Object(object) = value else { return None };
    match object.members.as_slice() {
        [(name, Value::Text(id))] if name == "@id" => Some(known.get(id.as_str()).copied().unwrap_or(object)),
        _ => Some(object),
    }
}

/// The number of a member.
pub(super) fn number(object: &Object, name: &str) -> Option<f64> {
    said(object, name)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A word of the vocabulary without the address before it: `https://schema.org/EventCancelled`, `schema:Monday`.
pub(super) fn term(words: &str) -> &str {
    words.rsplit(['/', '#', ':']).next().unwrap_or(words).trim()
}

/// The types of an object.
pub(super) fn types(object: &Object) -> impl Iterator<Item = &str> {
    let types = object.get("@type").or_else(|| object.get("type")).map(each).unwrap_or_default();
    types.iter().filter_map(words).map(term)
}
