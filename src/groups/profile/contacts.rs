//! A contact as one text of the profile: the value and, on a second line, whether it may be published.
//!
//! Value and consent are one thing here, because consent is given for this number or this name and for no other.

use chrono::NaiveDate;

use crate::groups::contact::{Contact, ContactKind};
use crate::groups::draft::Draft;

/// Second line of a contact that everybody may see.
pub const OPEN: &str = "open";
/// Second line of a contact for the office alone.
pub const OFFICE: &str = "office";

/// Who agreed to a publication, when and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// When.
    pub on: Option<NaiveDate>,
    /// How: 画面, 電話, FAX.
    pub method: String,
    /// Who recorded it.
    pub by: String,
}

/// Value and consent of a contact's text.
pub fn parts(text: &str) -> (&str, bool) {
    let (value, consent) = text.split_once('\n').unwrap_or((text, OFFICE));
    (value, consent == OPEN)
}

/// The text of a value with its consent; nothing has no consent.
pub fn joined(value: &str, open: bool) -> String {
    if value.is_empty() { String::new() } else { format!("{value}\n{}", if open { OPEN } else { OFFICE }) }
}

/// The text of a contact in a record; the postal code is published with the address and has no consent of its own.
pub(super) fn text(draft: &Draft, kind: ContactKind) -> String {
    let Some(contact) = draft.contact(kind) else { return String::new() };
    if kind == ContactKind::Postal { contact.value.clone() } else { joined(&contact.value, contact.published) }
}

/// Puts a contact into a record. Consent that was already given for this very value keeps its day and its way.
pub(super) fn put(draft: &mut Draft, kind: ContactKind, text: &str, consent: &Consent) {
    let (value, open) = parts(text);
    let old = draft.contact(kind).cloned();
    draft.contacts.retain(|contact| contact.kind != kind);
    if !value.is_empty() {
        let kept = old.filter(|old| open && old.published && old.value == value);
        draft.contacts.push(kept.unwrap_or_else(|| contact(kind, value, open, consent)));
    }
    settle_postal(draft);
}

fn contact(kind: ContactKind, value: &str, published: bool, consent: &Consent) -> Contact {
    let given = if published { consent.clone() } else { Consent::default() };
    let short = |text: &str| text.chars().take(100).collect();
    Contact {
        kind,
        value: value.to_owned(),
        published,
        consented_on: given.on,
        method: short(&given.method),
        by: short(&given.by),
    }
}

/// The postal code follows the address.
fn settle_postal(draft: &mut Draft) {
    let address = draft.contact(ContactKind::Address).cloned();
    if let Some(postal) = draft.contacts.iter_mut().find(|contact| contact.kind == ContactKind::Postal) {
        let given = address.filter(|address| address.published);
        let value = std::mem::take(&mut postal.value);
        *postal = match given {
            Some(address) => Contact { kind: ContactKind::Postal, value, ..address },
            None => contact(ContactKind::Postal, &value, false, &Consent::default()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(on: &str) -> Consent {
        Consent { on: on.parse().ok(), method: "画面".to_owned(), by: "見本 花子".to_owned() }
    }

    #[test]
    fn consent_belongs_to_the_value_it_was_given_for() {
        let mut draft = Draft::default();
        put(&mut draft, ContactKind::Phone, "0920-53-6111\nopen", &consent("2026-04-01"));
        put(&mut draft, ContactKind::Phone, "0920-53-6111\nopen", &consent("2026-11-23"));
        let day = |draft: &Draft| draft.contact(ContactKind::Phone).and_then(|contact| contact.consented_on);
        assert_eq!(day(&draft), "2026-04-01".parse().ok(), "the same number, the same consent");
        put(&mut draft, ContactKind::Phone, "0920-53-6112\nopen", &consent("2026-11-23"));
        assert_eq!(day(&draft), "2026-11-23".parse().ok(), "another number, a new consent");
        put(&mut draft, ContactKind::Phone, "0920-53-6112\noffice", &consent("2026-11-23"));
        assert_eq!(day(&draft), None);
    }

    #[test]
    fn the_postal_code_is_published_with_the_address_and_hidden_with_it() {
        let mut draft = Draft::default();
        put(&mut draft, ContactKind::Postal, "8170022", &consent("2026-11-23"));
        let open = |draft: &Draft| draft.contact(ContactKind::Postal).is_some_and(|contact| contact.published);
        assert!(!open(&draft));
        put(&mut draft, ContactKind::Address, "厳原町国分\nopen", &consent("2026-11-23"));
        assert!(open(&draft));
        put(&mut draft, ContactKind::Address, "厳原町国分\noffice", &consent("2026-11-23"));
        assert!(!open(&draft));
        assert_eq!(text(&draft, ContactKind::Postal), "8170022");
    }
}
