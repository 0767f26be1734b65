//! A postal label: 86.4 × 42.3 mm, two beside each other and six below on A4.

use crate::groups::{ContactKind, Draft};
use crate::text::postal;

/// Labels on one sheet.
pub(super) const ON_A_SHEET: usize = 12;

/// To whom an envelope goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// 〒 and the code; empty where there is none.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Name of the group, with 御中 where no person follows.
    pub group: String,
    /// Title and name of the representative with 様; empty where the register has none.
    pub person: String,
}

impl Label {
    /// The label of a group; nothing where the register has no address.
    ///
    /// A letter to a person carries 様 and none beside the group's name; 御中 stands for everybody in the group.
    pub fn new(draft: &Draft) -> Option<Self> {
        let contact = |kind| draft.contact(kind).map(|contact| contact.value.trim()).filter(|value| !value.is_empty());
        let address = contact(ContactKind::Address)?.to_owned();
        let person = contact(ContactKind::Representative)
            .map(|name| format!("{} {name} 様", draft.representative_title).trim_start().to_owned());
        let group = if person.is_some() { draft.name.clone() } else { format!("{} 御中", draft.name) };
        let postal = contact(ContactKind::Postal).map_or_else(String::new, postal::display);
        Some(Self { postal, address, group, person: person.unwrap_or_default() })
    }

    /// Whether its lines need smaller letters to fit.
    pub fn is_long(&self) -> bool {
        self.address.chars().count() > 34 || self.group.chars().count() > 19 || self.person.chars().count() > 17
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::Contact;

    fn contact(kind: ContactKind, value: &str) -> Contact {
        Contact {
            kind,
            value: value.to_owned(),
            published: false,
            consented_on: None,
            method: String::new(),
            by: String::new(),
        }
    }

    #[test]
    fn a_label_names_the_representative_or_the_group_as_a_whole_and_needs_an_address() {
        let mut draft =
            Draft {
                name: "見本 海の会".to_owned(), representative_title: "会長".to_owned(), ..Draft::default()
            };
        assert_eq!(Label::new(&draft), None);
        draft.contacts = vec![contact(ContactKind::Postal, "8170022"), contact(ContactKind::Address, "厳原町国分")];
        let label = Label::new(&draft).unwrap();
        assert_eq!(
            (label.postal.as_str(), label.group.as_str(), label.person.as_str()),
            ("〒817-0022", "見本 海の会 御中", "")
        );
        draft.contacts.push(contact(ContactKind::Representative, "見本 太郎"));
        let label = Label::new(&draft).unwrap();
        assert_eq!((label.group.as_str(), label.person.as_str()), ("見本 海の会", "会長 見本 太郎 様"));
    }
}
