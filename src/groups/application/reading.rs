//! Reads what was typed into a record: every fault is a sentence beside its field, and the typed text stays.

mod contacts;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::application::Application;
use super::step::Step;
use super::typed::Typed;
use crate::audit::Channel;
use crate::city::{City, settings};
use crate::groups::draft::{BLOCK, Draft, LINE, NAME};
use crate::groups::import::parse;
use crate::text::{dates, kana};
use crate::web::Form;

/// What an application is read with.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// The city's words.
    pub city: &'a City,
    /// The items of the current plan: code, title, identifier.
    pub items: Vec<(String, String, Uuid)>,
    /// The day on which it is read.
    pub today: NaiveDate,
}

/// An application as it was understood.
#[derive(Clone, Debug)]
pub struct Read {
    /// The record, as far as it can be made.
    pub draft: Draft,
    /// Who applies.
    pub applicant: String,
    /// The form of each step, with its faults.
    pub forms: BTreeMap<Step, Form>,
}

impl Read {
    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.forms.values().all(Form::is_fine)
    }

    /// Every fault with its step.
    pub fn faults(&self) -> Vec<(Step, String)> {
        let of = |(step, form): (&Step, &Form)| {
            form.faults().iter().map(|(_, sentence)| (*step, sentence.clone())).collect::<Vec<_>>()
        };
        self.forms.iter().flat_map(of).collect()
    }
}

/// How an application is read: on which way it came, and whether all is asked of it that a screen asks.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// The way on which it came, and so the way on which consent was given.
    pub channel: Channel,
    /// Whether everything that registration asks for must be there; a sheet of paper may have gaps that the office sees.
    pub strict: bool,
    /// When it was handed in: consent counts from that day.
    pub handed_in: Option<DateTime<Utc>>,
}

impl Manner {
    /// How this application is read.
    pub fn of(application: &Application) -> Self {
        Self {
            channel: application.channel(),
            strict: application.channel() == Channel::Screen,
            handed_in: application.submitted_at,
        }
    }
}

/// Reads a whole application.
pub fn all(typed: &Typed, words: &Words<'_>, manner: Manner) -> Read {
    let mut read = Read { draft: Draft::default(), applicant: String::new(), forms: BTreeMap::new() };
    for step in Step::TYPED {
        let mut form = typed.form(step);
        one(step, &mut form, words, manner, &mut read);
        read.forms.insert(step, form);
    }
    read
}

/// Reads one step into the record.
pub fn one(step: Step, form: &mut Form, words: &Words<'_>, manner: Manner, read: &mut Read) {
    match step {
        Step::Name => name(form, words, manner, &mut read.draft),
        Step::Activity => activity(form, words, manner, &mut read.draft),
        Step::Members => members(form, words, manner, &mut read.draft),
        Step::Contacts => contacts::read(form, words, manner, read),
        Step::Requirements => requirements(form, manner, &mut read.draft),
        Step::Confirm => {}
    }
}

fn name(form: &mut Form, words: &Words<'_>, manner: Manner, draft: &mut Draft) {
    draft.name = form.needed_line("name", "団体名", NAME);
    let typed = form.needed_line("kana", "団体名のよみ", NAME);
    match kana::reading(&typed) {
        Some(reading) => draft.kana = reading,
        None => form.fault(
            "kana",
            "団体名のよみは、かなだけで書いてください。漢字・数字・アルファベットも、読むとおりのかなにします(例: NPO は えぬぴーおー)。",
        ),
    }
    if manner.strict || !form.get("kind").is_empty() {
        let kinds = &words.city.group_kinds;
        let kind = form.choice("kind", "団体の種類", |key| kinds.iter().find(|kind| kind.key == key));
        draft.kind = kind.map_or_else(String::new, |kind| kind.key.clone());
    }
    draft.corporate_number = optional(form, "corporate_number", "法人番号", parse::corporate_number);
}

fn activity(form: &mut Form, words: &Words<'_>, manner: Manner, draft: &mut Draft) {
    let block = |form: &mut Form, name: &str, label: &str| match manner.strict {
        true => form.needed_block(name, label, BLOCK),
        false => form.block(name, label, BLOCK),
    };
    draft.purpose = block(form, "purpose", "活動の目的");
    draft.activities = block(form, "activities", "活動の内容");
    let city = words.city;
    draft.fields =
        city.fields.iter().filter(|term| form.has("fields", &term.key)).map(|term| term.key.clone()).collect();
    if draft.fields.is_empty() && manner.strict {
        form.fault("fields", "活動の分野を、1つ以上選んでください。");
    }
    if manner.strict || !form.get("town").is_empty() {
        let elsewhere = |key: &str| (key == ELSEWHERE).then(String::new);
        let town = |key: &str| city.town(key).map(|town| town.key.clone()).or_else(|| elsewhere(key));
        draft.town_key = form.choice("town", "拠点のある町", town).unwrap_or_default();
    }
    draft.towns = city.towns.iter().filter(|term| form.has("towns", &term.key)).map(|term| term.key.clone()).collect();
    if draft.towns.is_empty() && manner.strict {
        form.fault("towns", "活動する町を、1つ以上選んでください。");
    }
    draft.places = form.line("places", "活動場所", LINE);
    draft.website = optional(form, "website", "ホームページ", parse::website).unwrap_or_default();
    let chosen = words.items.iter().filter(|(code, _, _)| form.has("items", code));
    draft.items = chosen.map(|(_, _, id)| *id).collect();
}

/// The choice of a group that is based in no town of the city.
pub const ELSEWHERE: &str = "elsewhere";

fn members(form: &mut Form, words: &Words<'_>, manner: Manner, draft: &mut Draft) {
    draft.founded = optional(form, "founded", "設立", |typed| dates::parse(typed).map_err(|fault| fault.to_string()));
    if draft.founded.is_some_and(|founded| founded.to_string() > words.today.to_string()) {
        form.fault("founded", "設立が今日より後になっています。年を確かめてください。");
    }
    draft.members = optional(form, "members", "会員数", parse::members);
    let least = words.city.settings.number(settings::MIN_MEMBERS);
    if manner.strict && draft.members.is_some_and(|members| members < least) {
        form.fault(
            "members",
            format!("登録できるのは、会員が{least}人以上の団体です。事情のあるときは、下の担当課にご相談ください。"),
        );
    }
    if manner.strict && form.get("members").trim().is_empty() {
        form.fault("members", "会員数を書いてください。およその人数でもかまいません。");
    }
    draft.members_on = form.day("members_on", "会員数を数えた日");
    if draft.members_on.is_some_and(|day| day > words.today) {
        form.fault("members_on", "会員数を数えた日が、今日より後になっています。");
    }
    draft.fee = form.line("fee", "会費", LINE);
    draft.recruiting = form.line("recruiting", "会員募集", LINE);
    draft.joining = form.block("joining", "入会の条件", BLOCK);
}

fn requirements(form: &mut Form, manner: Manner, draft: &mut Draft) {
    draft.has_rules = match form.get("has_rules") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    draft.grants = form.block("grants", "助成の実績", BLOCK);
    draft.pledged = form.has("pledged", "1").then_some(true);
    if !manner.strict {
        return;
    }
    match draft.has_rules {
        None => form.fault("has_rules", "規約や会則があるかどうかを選んでください。"),
        Some(false) => form.fault(
            "has_rules",
            "登録には、規約や会則を書いたものが必要です。A4の紙1枚でもかまいません。作り方は、下の担当課がお手伝いします。",
        ),
        Some(true) => {}
    }
    for (name, sentence) in [
        ("local", "市内に拠点があるか、市内で活動していることを確かめて、印を付けてください。"),
        ("aims", "宗教・政治・営利が主な目的でないことを確かめて、印を付けてください。"),
        ("pledged", "登録には、暴力団や関係者と関わりがないことの誓約が必要です。読んで、印を付けてください。"),
    ] {
        if !form.has(name, "1") {
            form.fault(name, sentence);
        }
    }
}

/// A text that may be missing but must be of its form when it is there.
fn optional<T>(form: &mut Form, name: &str, label: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
    let text = form.line(name, label, LINE);
    if text.is_empty() {
        return None;
    }
    match read(&text) {
        Ok(value) => Some(value),
        Err(fault) => {
            form.fault(name, format!("{label}: {fault}"));
            None
        }
    }
}
