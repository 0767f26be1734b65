//! What changes when an old version is brought back.

use crate::groups::contact::ContactKind;
use crate::groups::draft::Draft;
use crate::groups::profile::field::{Audience, Field, Kind, of_audience};
use crate::groups::profile::{contact_parts, contact_text};

/// The fields in which an old version differs from the present one, with the texts that come back.
///
/// Consent does not come back: a contact that is not public today stays with the office, and so does another number or name than
/// the one that is public today. Where the group stands (its state, its days, its number) never comes back either.
pub(super) fn changes(old: &Draft, present: &Draft, audience: Audience) -> Vec<(&'static Field, String)> {
    let fields = of_audience(audience).filter(|field| field.audience != Audience::Life);
    let change = |field: &'static Field| {
        let (now, mut text) = (field.of(present), field.of(old));
        if let Kind::Contact(kind) = field.kind
            && kind != ContactKind::Postal
        {
            let ((value, was_open), (value_now, is_open)) = (contact_parts(&text), contact_parts(&now));
            text = contact_text(value, was_open && is_open && value == value_now);
        }
        (text != now).then_some((field, text))
    };
    fields.filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::Contact;

    fn draft(name: &str, phone: &str, published: bool) -> Draft {
        let contact = Contact {
            kind: ContactKind::Phone,
            value: phone.to_owned(),
            published,
            consented_on: None,
            method: String::new(),
            by: String::new(),
        };
        Draft { name: name.to_owned(), remark: name.to_owned(), contacts: vec![contact], ..Draft::default() }
    }

    fn told(old: &Draft, present: &Draft, audience: Audience) -> Vec<(&'static str, String)> {
        changes(old, present, audience).into_iter().map(|(field, text)| (field.key, text)).collect()
    }

    #[test]
    fn consent_that_was_withdrawn_does_not_come_back() {
        let (open, hidden) = (draft("海", "0920-53-6111", true), draft("海", "0920-53-6111", false));
        assert_eq!(told(&open, &hidden, Audience::Member), []);
        assert_eq!(told(&hidden, &open, Audience::Member), [("phone", "0920-53-6111\noffice".to_owned())]);
        let other = draft("海", "0920-53-6112", true);
        assert_eq!(told(&open, &other, Audience::Member), [("phone", "0920-53-6111\noffice".to_owned())]);
    }

    #[test]
    fn members_bring_back_nothing_of_the_office() {
        let (old, present) = (draft("海", "", false), draft("山", "", false));
        assert_eq!(told(&old, &present, Audience::Member), [("name", "海".to_owned())]);
        assert_eq!(told(&old, &present, Audience::Office).len(), 2);
        let dormant = Draft { state: crate::groups::State::Dormant, ..draft("海", "", false) };
        assert_eq!(told(&dormant, &old, Audience::Life), [], "the state stays as it is");
    }
}
