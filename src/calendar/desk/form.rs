//! The form of an entry: from typed text to a draft, and from a draft back to the form.

use super::super::draft::{BLOCK, Draft, LINE, TITLE};
use super::super::entry::Kind;
use super::super::origin::FEED;
use super::fields::Vocabulary;
use super::when;
use crate::web::Form;

/// What of an entry is being changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole series, or a single entry.
    Whole,
    /// Only the occurrence with this start.
    One(String),
    /// The occurrence with this start and all later ones.
    Later(String),
}

impl Scope {
    /// Key in forms.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Whole => "all",
            Self::One(_) => "one",
            Self::Later(_) => "later",
        }
    }

    /// The start that it names.
    pub fn at(&self) -> &str {
        match self {
            Self::Whole => "",
            Self::One(at) | Self::Later(at) => at,
        }
    }

    /// The words people read.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Whole => "すべての回",
            Self::One(_) => "この回だけ",
            Self::Later(_) => "この回からあと",
        }
    }

    /// The scope of a form or an address; nothing while none is chosen.
    pub fn read(key: &str, at: &str) -> Option<Self> {
        match key {
            "all" => Some(Self::Whole),
            "one" if !at.is_empty() => Some(Self::One(at.to_owned())),
            "later" if !at.is_empty() => Some(Self::Later(at.to_owned())),
            _ => None,
        }
    }
}

/// Reads the form over a draft that already says whose it is; nothing while something is wrong.
pub(super) fn read(form: &mut Form, base: &Draft, scope: &Scope, vocabulary: &Vocabulary<'_>) -> Option<Draft> {
    let mut draft = base.clone();
    draft.title = form.needed_line("title", "名称", TITLE);
    draft.kana = form.line("kana", "名称の読み", LINE);
    if form.sent("kind") {
        draft.kind = form.choice("kind", "種類", Kind::from_key).unwrap_or(base.kind);
    }
    read_category(form, &mut draft, vocabulary);
    when::read(form, &mut draft, vocabulary.city().profile.zone);
    draft.time_note = form.line("time_note", "日時の補足", LINE);
    match scope {
        Scope::One(at) => {
            (draft.recurrence_id, draft.rrule) = (at.clone(), String::new());
            (draft.rdates, draft.exdates) = (Vec::new(), Vec::new());
        }
        _ if form.fault_of("from").is_none() && form.fault_of("begins").is_none() => {
            when::read_repeat(form, &mut draft, &base.rrule, &vocabulary.desk);
        }
        _ => {}
    }
    read_place(form, &mut draft, vocabulary);
    draft.description = form.block("description", "内容", BLOCK);
    draft.audience = form.block("audience", "対象", LINE);
    draft.fee = form.block("fee", "料金", LINE);
    draft.capacity = form.line("capacity", "定員", LINE);
    draft.apply = form.block("apply", "申し込み", LINE);
    draft.contact = form.block("contact", "問い合わせ先", LINE);
    draft.url = form.line("url", "ホームページ", 2000);
    read_items(form, &mut draft, vocabulary);
    tell_faults(form, &draft);
    form.is_fine().then_some(draft)
}

fn read_category(form: &mut Form, draft: &mut Draft, vocabulary: &Vocabulary<'_>) {
    // What follows a calendar elsewhere may go without, as it came.
    if draft.source.starts_with(FEED) && form.get("category").is_empty() {
        return;
    }
    let find = |typed: &str| vocabulary.city().category(typed).map(|term| term.key.clone());
    let Some(chosen) = form.choice("category", "分類", find) else { return };
    if draft.categories.first() != Some(&chosen) {
        draft.categories = vec![chosen];
    }
}

fn read_place(form: &mut Form, draft: &mut Draft, vocabulary: &Vocabulary<'_>) {
    let typed = form.line("place", "場所", 300);
    let chosen = form.get("facility").to_owned();
    let hall = vocabulary.facilities.iter().find(|one| one.key == chosen);
    if hall.is_none() && !chosen.is_empty() {
        form.fault("facility", "会場を一覧から選んでください。");
    }
    let Some(hall) = hall else {
        if typed.is_empty() {
            form.fault(
                "place",
                "場所を書くか、会場を一覧から選んでください。まだ決まっていないときは「未定」と書いてください。",
            );
        }
        let changed = draft.facility_id.is_some() || draft.place != typed;
        draft.address = form.line("address", "住所", LINE);
        let town = form.get("town").to_owned();
        if !town.is_empty() && vocabulary.city().town(&town).is_none() {
            form.fault("town", "町を一覧から選んでください。");
        }
        if changed {
            (draft.facility_id, draft.lat, draft.lon) = (None, None, None);
        }
        (draft.place, draft.town_key) = (typed, town);
        return;
    };
    draft.facility_id = Some(hall.id);
    draft.place = format!("{} {typed}", hall.name).trim_end().to_owned();
    draft.address.clone_from(&hall.address);
    draft.town_key.clone_from(&hall.town_key);
    (draft.lat, draft.lon) = (hall.lat, hall.lon);
}

fn read_items(form: &mut Form, draft: &mut Draft, vocabulary: &Vocabulary<'_>) {
    let current = |id: &uuid::Uuid| vocabulary.items.iter().any(|item| item.id == *id);
    draft.items.retain(|id| !current(id));
    let codes: Vec<String> = form.all("items").into_iter().map(str::to_owned).collect();
    for code in codes {
        match vocabulary.items.iter().find(|item| item.code == code) {
            Some(item) => draft.items.push(item.id),
            None => form.fault("items", "計画の項目を一覧から選んでください。"),
        }
    }
    draft.items.sort();
    draft.items.dedup();
}

/// What the draft itself finds wrong, beside the field it was typed into.
fn tell_faults(form: &mut Form, draft: &Draft) {
    if !form.is_fine() {
        return;
    }
    for (field, sentence) in draft.faults_by_field() {
        let name = match field.as_str() {
            "span" if form.has("all_day", "1") || form.get("ends").is_empty() => "to",
            "span" => "ends",
            "rrule" => "repeat",
            "lat" | "lon" => "place",
            other => other,
        };
        form.fault(name, sentence);
    }
}

/// The form of a draft.
pub(super) fn filled(draft: &Draft, vocabulary: &Vocabulary<'_>) -> Form {
    let hall = vocabulary.facilities.iter().find(|one| Some(one.id) == draft.facility_id);
    let place = match hall {
        Some(hall) => draft.place.strip_prefix(&hall.name).unwrap_or(&draft.place).trim(),
        None => &draft.place,
    };
    let own = |text: &str| if hall.is_some() { String::new() } else { text.to_owned() };
    let mut form = Form::filled([
        ("title", draft.title.clone()),
        ("kana", draft.kana.clone()),
        ("kind", draft.kind.key().to_owned()),
        ("category", draft.categories.first().cloned().unwrap_or_default()),
        ("time_note", draft.time_note.clone()),
        ("facility", hall.map(|hall| hall.key.clone()).unwrap_or_default()),
        ("place", place.to_owned()),
        ("address", own(&draft.address)),
        ("town", own(&draft.town_key)),
        ("description", draft.description.clone()),
        ("audience", draft.audience.clone()),
        ("fee", draft.fee.clone()),
        ("capacity", draft.capacity.clone()),
        ("apply", draft.apply.clone()),
        ("contact", draft.contact.clone()),
        ("url", draft.url.clone()),
    ]);
    when::fill(&mut form, draft, vocabulary.city().profile.zone);
    for item in vocabulary.items.iter().filter(|item| draft.items.contains(&item.id)) {
        form.add("items", item.code.clone());
    }
    form
}
