//! The whole application in words: what will stand on the group's page, and what the office alone will see.

use super::reading::{ELSEWHERE, Read, Words};
use super::step::{Field, Shown, Step};
use crate::groups::contact::ContactKind;
use crate::groups::draft::Draft;
use crate::text::{day, kana, postal};
use crate::web::Form;

/// One line of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Name of the field.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What was typed, as it was understood; empty where nothing was.
    pub text: String,
    /// Whether everybody will see it.
    pub is_public: bool,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// One step of the summary.
#[derive(Clone, Debug)]
pub struct Part {
    /// The step.
    pub step: Step,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The summary of an application.
pub fn of(read: &Read, words: &Words<'_>) -> Vec<Part> {
    let part = |(step, form): (&Step, &Form)| {
        let fields = step.fields().iter().filter(|field| field.shown != Shown::Never);
        Part { step: *step, lines: fields.map(|field| line(*field, form, &read.draft, words)).collect() }
    };
    read.forms.iter().map(part).collect()
}

fn line(field: Field, form: &Form, draft: &Draft, words: &Words<'_>) -> Line {
    let choice = format!("publish_{}", if field.name == "postal" { "address" } else { field.name });
    let fault = form.fault_of(field.name).or_else(|| form.fault_of(&choice)).map(str::to_owned);
    let kind = ContactKind::from_key(field.name).filter(|_| field.shown == Shown::Chosen);
    let contact = kind.and_then(|kind| draft.contact(kind));
    let is_public = match field.shown {
        Shown::Chosen => contact.is_some_and(|contact| contact.published),
        shown => shown == Shown::Public,
    };
    let understood = match (&fault, contact) {
        (Some(_), _) => None,
        (None, Some(contact)) if contact.kind == ContactKind::Postal => Some(postal::display(&contact.value)),
        (None, Some(contact)) => Some(contact.value.clone()),
        (None, None) => text(field.name, form, draft, words),
    };
    let text = understood.unwrap_or_else(|| form.all(field.name).join("、"));
    Line { name: field.name, label: field.label, text, is_public, fault }
}

/// The texts that read otherwise than they were typed.
fn text(name: &str, form: &Form, draft: &Draft, words: &Words<'_>) -> Option<String> {
    let city = words.city;
    let yes = |name: &str, text: &str| if form.has(name, "1") { text.to_owned() } else { String::new() };
    Some(match name {
        "kana" => kana::hiragana(&draft.kana),
        "kind" => city.group_kinds.iter().find(|kind| kind.key == draft.kind)?.name.clone(),
        "fields" => names(city.fields.iter().filter(|term| draft.fields.contains(&term.key)).map(|term| &term.name)),
        "town" if form.get("town") == ELSEWHERE => "市外".to_owned(),
        "town" => city.town_name(&draft.town_key).to_owned(),
        "towns" if draft.towns.len() == city.towns.len() => "市内全域".to_owned(),
        "towns" => names(city.towns.iter().filter(|term| draft.towns.contains(&term.key)).map(|term| &term.name)),
        "items" => {
            let chosen = words.items.iter().filter(|(_, _, id)| draft.items.contains(id));
            chosen.map(|(code, title, _)| format!("{code} {title}")).collect::<Vec<_>>().join("\n")
        }
        "founded" => draft.founded.map_or_else(String::new, |founded| founded.wareki()),
        "members" => draft.members.map_or_else(String::new, |members| format!("{members}人")),
        "members_on" => draft.members_on.map_or_else(String::new, day::long),
        "corporate_number" => draft.corporate_number.clone().unwrap_or_default(),
        "has_rules" => match draft.has_rules {
            Some(true) => "ある".to_owned(),
            Some(false) => "ない".to_owned(),
            None => String::new(),
        },
        "local" => yes("local", "市内に拠点があるか、市内で活動しています"),
        "aims" => yes("aims", "宗教・政治・営利は主な目的ではありません"),
        "pledged" => yes("pledged", "誓約しました"),
        _ => return None,
    })
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join("、")
}

/// What the office changed since the group handed its application in: label, before, after.
pub fn corrections(before: &[Part], after: &[Part]) -> Vec<(&'static str, String, String)> {
    let seen = |line: &Line| match (line.text.is_empty(), line.is_public) {
        (true, _) => "(なし)".to_owned(),
        (false, true) => line.text.clone(),
        (false, false) => format!("{}(事務局のみ)", line.text),
    };
    let pairs = before.iter().zip(after).flat_map(|(old, new)| old.lines.iter().zip(&new.lines));
    pairs
        .filter(|(old, new)| (&old.text, old.is_public) != (&new.text, new.is_public))
        .map(|(old, new)| (new.label, seen(old), seen(new)))
        .collect()
}
