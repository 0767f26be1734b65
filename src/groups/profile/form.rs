//! The form of a profile: filled from the texts of the fields, and read back into them with a sentence for each fault.

use super::contacts;
use super::field::{Audience, Field, Kind, of_audience, sorted};
use super::merging::{self, Texts};
use crate::city::{City, Term};
use crate::groups::contact::ContactKind;
use crate::groups::draft::{BLOCK, LINE, NAME};
use crate::groups::import::parse;
use crate::groups::state::State;
use crate::text::{clean, dates, kana, wareki};
use crate::web::Form;

/// Name of the field that says what the form was made from.
pub const BASE: &str = "base";

/// Name of the buttons that say whether a contact may be published.
pub fn consent_name(field: &Field) -> String {
    format!("{}.open", field.key)
}

/// A form with these texts in its fields.
pub fn filled(texts: &Texts, audience: Audience) -> Form {
    let mut form = Form::new();
    for field in of_audience(audience) {
        fill(&mut form, field, texts.get(field.key).map_or("", String::as_str));
    }
    form.set(BASE, merging::base(texts));
    form
}

fn fill(form: &mut Form, field: &Field, text: &str) {
    match field.kind {
        Kind::Fields | Kind::Towns => text.split(';').for_each(|key| form.add(field.key, key)),
        Kind::Contact(kind) => {
            let (value, open) = contacts::parts(text);
            form.set(field.key, value);
            if kind != ContactKind::Postal {
                form.set(&consent_name(field), if open { contacts::OPEN } else { contacts::OFFICE });
            }
        }
        _ => form.set(field.key, typed(field, text)),
    }
}

/// A text as it stands in its box.
fn typed(field: &Field, text: &str) -> String {
    match field.kind {
        Kind::Kana => kana::hiragana(text),
        Kind::Since => dates::wareki_of_iso(text),
        Kind::Day => text.parse().map_or_else(|_| text.to_owned(), wareki::date),
        _ => text.to_owned(),
    }
}

/// Reads every field that was sent. A box that still holds what it was filled with is taken as it is: nobody has to put right
/// what an import brought.
pub fn read(form: &mut Form, present: &Texts, city: &City, audience: Audience) -> Texts {
    let mut texts = Texts::new();
    for field in of_audience(audience) {
        if !form.sent(field.key) {
            continue;
        }
        let present = present.get(field.key).map_or("", String::as_str);
        let text = if is_untouched(form, field, present) { present.to_owned() } else { text(form, field, city) };
        texts.insert(field.key, text);
    }
    texts
}

fn is_untouched(form: &Form, field: &Field, present: &str) -> bool {
    let mut fresh = Form::new();
    fill(&mut fresh, field, present);
    let names = [field.key.to_owned(), consent_name(field)];
    names.iter().all(|name| {
        let sent = |form: &Form| {
            let mut all: Vec<String> = form.all(name).iter().map(|text| text.replace("\r\n", "\n")).collect();
            all.retain(|text| !text.is_empty());
            all.sort_unstable();
            all
        };
        sent(form) == sent(&fresh)
    })
}

fn text(form: &mut Form, field: &Field, city: &City) -> String {
    let (key, label) = (field.key, field.label);
    match field.kind {
        Kind::Line(most) if field.is_needed() => form.needed_line(key, label, most),
        Kind::Line(most) => form.line(key, label, most),
        Kind::Block => form.block(key, label, BLOCK),
        Kind::Number => form.number(key, label, 0, 1_000_000).map(|number| number.to_string()).unwrap_or_default(),
        Kind::Day => form.day(key, label).map(|day| day.to_string()).unwrap_or_default(),
        Kind::Fields => ticked(form, key, &city.fields),
        Kind::Towns => ticked(form, key, &city.towns),
        Kind::Town => chosen(form, field, |key| city.town(key).is_some()),
        Kind::GroupKind => chosen(form, field, |key| city.group_kinds.iter().any(|kind| kind.key == key)),
        Kind::YesNo => chosen(form, field, |key| matches!(key, "true" | "false")),
        Kind::State => chosen(form, field, |key| State::from_key(key).is_some()),
        Kind::Kana => {
            let read = form.needed_line(key, label, NAME);
            let reading = kana::reading(&read);
            if reading.is_none() && !read.is_empty() {
                form.fault(key, format!("{label}は、ひらがなかカタカナで書いてください。"));
            }
            reading.unwrap_or_default()
        }
        Kind::Since => read_by(form, field, |typed| {
            dates::parse(typed)
                .map(|date| date.to_string())
                .map_err(|_| "「平成3年4月」のように書いてください。".to_owned())
        }),
        Kind::Web => read_by(form, field, parse::website),
        Kind::CorporateNumber => read_by(form, field, parse::corporate_number),
        Kind::Contact(kind) => contact(form, field, kind),
    }
}

/// Reads what is typed in a box, if anything is; the fault names the field.
fn read_by(form: &mut Form, field: &Field, read: impl Fn(&str) -> Result<String, String>) -> String {
    let typed = form.line(field.key, field.label, LINE);
    if typed.is_empty() {
        return typed;
    }
    read(&typed).unwrap_or_else(|fault| {
        form.fault(field.key, format!("{}: {fault}", field.label));
        String::new()
    })
}

fn contact(form: &mut Form, field: &Field, kind: ContactKind) -> String {
    let value = read_by(form, field, |typed| match kind {
        ContactKind::Mail => crate::accounts::checked_address(typed)
            .ok_or_else(|| "「mihon@example.jp」のように、半角で書いてください。".to_owned()),
        _ => parse::contact(kind, typed),
    });
    if kind == ContactKind::Postal {
        return value;
    }
    let name = consent_name(field);
    let open = match form.get(&name) {
        contacts::OPEN => true,
        contacts::OFFICE => false,
        "" if value.is_empty() => false,
        _ => {
            form.fault(&name, format!("{}を公開するか、事務局だけが見るかを選んでください。", field.label));
            false
        }
    };
    contacts::joined(&value, open)
}

fn ticked(form: &Form, key: &str, terms: &[Term]) -> String {
    let ticked = terms.iter().filter(|term| form.has(key, &term.key)).map(|term| &term.key);
    sorted(ticked)
}

fn chosen(form: &mut Form, field: &Field, is_known: impl Fn(&str) -> bool) -> String {
    let key = clean::line(form.get(field.key), LINE).unwrap_or_default();
    if !key.is_empty() && !is_known(&key) || key.is_empty() && field.kind == Kind::State {
        form.fault(field.key, format!("{}を選んでください。", field.label));
        return String::new();
    }
    key
}
