//! The form of an item: from typed text to a [`Draft`], and back.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::item::{Draft, Item};
use crate::meetings::work_pages::moment;
use crate::text::times;
use crate::web::Form;

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form) -> Option<Draft> {
    let title = form.needed_line("title", "議題", 200);
    let words = form.block("words", "説明", 4_000);
    let minutes = form.number("minutes", "時間(分)", 1, 600).unwrap_or(0);
    let speaker = form.line("speaker", "説明する人", 200);
    form.is_fine().then_some(Draft { title, words, minutes, speaker })
}

/// A form that holds an item.
pub(super) fn filled(item: &Item) -> Form {
    Form::filled([
        ("title", item.title.clone()),
        ("words", item.words.clone()),
        ("minutes", if item.minutes > 0 { item.minutes.to_string() } else { String::new() }),
        ("speaker", item.speaker.clone()),
        ("version", item.version.to_string()),
    ])
}

/// The version that a form was made from.
pub(super) fn version(form: &Form) -> i32 {
    form.get("version").parse().unwrap_or_default()
}

/// Reads until when groups may propose: a day and a time, or nothing at all.
pub(super) fn read_until(form: &mut Form, zone: Tz) -> Option<DateTime<Utc>> {
    let on = form.day("until", "提案の締切")?;
    let typed = form.get("until_time").trim().to_owned();
    let typed = if typed.is_empty() { "17:00" } else { &typed };
    match times::parse_time(typed) {
        Ok(time) => Some(moment(on, time, zone)),
        Err(fault) => {
            form.fault("until_time", fault.to_string());
            None
        }
    }
}
