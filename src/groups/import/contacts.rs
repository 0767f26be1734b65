//! The contacts of a row, each with its own consent. Nothing said is no consent.

use chrono::NaiveDate;

use super::cells::Cells;
use super::parse;
use super::reading::Notes;
use crate::groups::contact::{Contact, ContactKind};
use crate::groups::draft::Draft;
use crate::groups::sheet::{Column, heading};
use crate::text::clean;

const ADDRESS: Column = Column::Consent(ContactKind::Address);
/// How consent was given when the file says no more than 公開.
const METHOD: &str = "名簿のファイル";

/// Reads the contacts of a row over what was known before.
pub(super) fn read(cells: &Cells, before: &Draft, notes: &mut Notes) -> Vec<Contact> {
    let circumstances = Circumstances::read(cells, notes);
    ContactKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let old = before.contact(kind);
            let value = value(kind, cells, old, notes)?;
            let kept = old.filter(|old| old.value == value);
            let published = match stated(kind, cells, notes) {
                Some(published) => published,
                None => {
                    // Consent was given for the old value; a new person or number needs a new one.
                    if kept.is_none() && old.is_some_and(|old| old.published) {
                        notes.say(
                            Column::Value(kind),
                            "変わりましたが、公開の同意が書かれていないため、公開をやめました。",
                        );
                    }
                    kept.is_some_and(|old| old.published)
                }
            };
            Some(circumstances.contact(kind, value, published, kept.filter(|old| old.published)))
        })
        .collect()
}

fn value(kind: ContactKind, cells: &Cells, old: Option<&Contact>, notes: &mut Notes) -> Option<String> {
    let column = Column::Value(kind);
    let before = old.map(|old| old.value.clone());
    match cells.get(column).map(str::trim) {
        None => before,
        Some("") => None,
        Some(typed) => match parse::contact(kind, typed) {
            Ok(value) => Some(value).filter(|value| !value.is_empty()),
            Err(fault) => {
                notes.left(column, typed, &fault, before.is_some());
                before
            }
        },
    }
}

/// What the file says about publication: nothing if it has no such column, otherwise yes only where it says so.
fn stated(kind: ContactKind, cells: &Cells, notes: &mut Notes) -> Option<bool> {
    let column = match kind {
        // The postal code is published with the address; what cannot be read there is told once.
        ContactKind::Postal => return cells.get(ADDRESS).map(|typed| parse::consent(typed).unwrap_or(false)),
        kind => Column::Consent(kind),
    };
    let typed = cells.get(column)?;
    Some(parse::consent(typed).unwrap_or_else(|fault| {
        notes.push(format!("{}: {} {fault}公開しません。", heading(column), crate::table::quoted(typed)));
        false
    }))
}

/// When, how and before whom the row says that consent was given.
struct Circumstances {
    on: Option<NaiveDate>,
    method: String,
    by: String,
}

impl Circumstances {
    fn read(cells: &Cells, notes: &mut Notes) -> Self {
        let said = |column| cells.get(column).map(str::trim).filter(|text| !text.is_empty());
        let on = said(Column::ConsentedOn).and_then(|typed| {
            let day = parse::day(typed);
            if let Err(fault) = &day {
                notes.left(Column::ConsentedOn, typed, fault, true);
            }
            day.ok()
        });
        let words = |column| cells.get(column).and_then(|text| clean::line(text, 100).ok()).unwrap_or_default();
        Self { on, method: words(Column::ConsentMethod), by: words(Column::ConsentedBy) }
    }

    fn contact(&self, kind: ContactKind, value: String, published: bool, old: Option<&Contact>) -> Contact {
        if !published {
            return Contact { kind, value, published, consented_on: None, method: String::new(), by: String::new() };
        }
        let or_old = |new: &str, old: Option<&String>, otherwise: &str| match (new, old) {
            ("", Some(old)) => old.clone(),
            ("", None) => otherwise.to_owned(),
            (new, _) => new.to_owned(),
        };
        Contact {
            kind,
            value,
            published,
            consented_on: self.on.or(old.and_then(|old| old.consented_on)),
            method: or_old(&self.method, old.map(|old| &old.method), METHOD),
            by: or_old(&self.by, old.map(|old| &old.by), ""),
        }
    }
}
