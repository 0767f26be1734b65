//! The people behind a group and the ways to reach it, each 公開 or 事務局のみ, with the consent that goes with it.

use super::{Manner, Read, Words, optional};
use crate::audit::Channel;
use crate::groups::contact::{Contact, ContactKind};
use crate::groups::draft::{LINE, NAME};
use crate::groups::import::parse;
use crate::web::Form;

/// The choice by which a contact is published.
pub const PUBLIC: &str = "public";
/// The choice by which the office alone sees it.
pub const OFFICE: &str = "office";

/// What people call each kind of contact.
fn label(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Representative => "代表者の氏名",
        ContactKind::Person => "担当者の氏名",
        ContactKind::Phone => "電話",
        ContactKind::Fax => "FAX",
        ContactKind::Mail => "メール",
        ContactKind::Postal => "郵便番号",
        ContactKind::Address => "住所",
    }
}

/// Reads the step into the record.
pub(super) fn read(form: &mut Form, words: &Words<'_>, manner: Manner, read: &mut Read) {
    read.draft.representative_title = form.line("representative_title", "代表者の役職名", LINE);
    let values: Vec<(ContactKind, Option<String>)> =
        ContactKind::ALL.into_iter().map(|kind| value(kind, form)).collect();
    read.applicant = match manner.strict {
        true => form.needed_line("applicant", "申請する方のお名前", NAME),
        false => form.line("applicant", "申請する方のお名前", NAME),
    };
    let by = match (read.applicant.as_str(), manner.channel) {
        ("", _) => "団体の申請".to_owned(),
        (name, Channel::Screen) => format!("{name}(申請者)"),
        (name, _) => format!("{name}(書面などの申請者)"),
    };
    let by: String = by.chars().take(100).collect();
    let given = values.into_iter().filter_map(|(kind, value)| Some((kind, value?)));
    let zone = words.city.profile.zone;
    let day = manner.handed_in.map_or(words.today, |at| at.with_timezone(&zone).date_naive());
    let contacts = given.map(|(kind, value)| {
        let published = is_published(kind, form);
        Contact {
            kind,
            value,
            published,
            consented_on: published.then_some(day),
            method: if published { manner.channel.label().to_owned() } else { String::new() },
            by: if published { by.clone() } else { String::new() },
        }
    });
    read.draft.contacts = contacts.collect();
    if manner.strict {
        needed(form, &read.draft.contacts);
    }
    if read.draft.town_key.is_empty()
        && let Some(address) = read.draft.contact(ContactKind::Address)
        && let Some(town) = words.city.town_in(&address.value)
    {
        read.draft.town_key.clone_from(&town.key);
    }
}

fn value(kind: ContactKind, form: &mut Form) -> (ContactKind, Option<String>) {
    let value = optional(form, kind.key(), label(kind), |typed| parse::contact(kind, typed));
    let choice = choice_of(kind);
    if value.is_some() && kind != ContactKind::Postal && !matches!(form.get(&choice), PUBLIC | OFFICE) {
        form.fault(&choice, format!("{}を公開するか、事務局だけが見るかを選んでください。", label(kind)));
    }
    (kind, value)
}

/// Name of the field in which somebody chose who sees a contact; the postal code is shown with the address.
fn choice_of(kind: ContactKind) -> String {
    let kind = if kind == ContactKind::Postal { ContactKind::Address } else { kind };
    format!("publish_{}", kind.key())
}

/// Nothing chosen is no consent.
fn is_published(kind: ContactKind, form: &Form) -> bool {
    form.get(&choice_of(kind)) == PUBLIC
}

fn needed(form: &mut Form, contacts: &[Contact]) {
    let has = |kind: ContactKind| contacts.iter().any(|contact| contact.kind == kind);
    if !has(ContactKind::Representative) && form.fault_of("representative").is_none() {
        form.fault("representative", "代表者の氏名を書いてください。公開しないこともできます。");
    }
    let ways = [ContactKind::Phone, ContactKind::Fax, ContactKind::Mail, ContactKind::Address];
    if !ways.into_iter().any(has) && ways.iter().all(|kind| form.fault_of(kind.key()).is_none()) {
        form.fault("phone", "電話・FAX・メール・住所のうち、どれか1つは書いてください。公開しないこともできます。");
    }
}
