//! Everything that the register holds about a group, line by line, as its letter, its page and its sheet show it.

use crate::city::{City, Term};
use crate::groups::{ContactKind, Draft};
use crate::text::{kana, postal, wareki};

/// One thing on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: &'static str,
    /// What the register says; empty where it says nothing.
    pub text: String,
    /// Whether everybody may see it; otherwise the office alone does.
    pub is_public: bool,
}

impl Line {
    /// Who may see it, in words.
    pub fn seen_by(&self) -> &'static str {
        if self.is_public { "公開" } else { "事務局のみ" }
    }
}

/// The record of a group in the order of the registration form; the office's own remarks are not part of it.
pub fn lines(draft: &Draft, city: &City) -> Vec<Line> {
    let public = |label, text: String| Line { label, text, is_public: true };
    let office = |label, text: String| Line { label, text, is_public: false };
    let kind = city.group_kinds.iter().find(|kind| kind.key == draft.kind);
    let members = draft.members.map(|members| match draft.members_on {
        Some(day) => format!("{members}人（{}現在）", wareki::date(day)),
        None => format!("{members}人"),
    });
    let mut lines = vec![
        public("団体名", draft.name.clone()),
        public("ふりがな", kana::hiragana(&draft.kana)),
        public("登録番号", draft.number.clone().unwrap_or_default()),
        public("団体の種類", kind.map_or_else(String::new, |kind| kind.name.clone())),
        public("代表者の役職", draft.representative_title.clone()),
    ];
    lines.extend(ContactKind::ALL.into_iter().map(|kind| contact(draft, kind)));
    lines.extend([
        public("本拠の町", city.town_name(&draft.town_key).to_owned()),
        public("活動する町", names(&city.towns, &draft.towns)),
        public("活動場所", draft.places.clone()),
        public("活動の分野", names(&city.fields, &draft.fields)),
        public("活動の目的", draft.purpose.clone()),
        public("活動の内容", draft.activities.clone()),
        public("設立", draft.founded.map_or_else(String::new, |founded| founded.wareki())),
        public("会員数", members.unwrap_or_default()),
        public("会費", draft.fee.clone()),
        public("会員募集", draft.recruiting.clone()),
        public("入会の条件", draft.joining.clone()),
        public("ホームページ", draft.website.clone()),
        public("法人番号", draft.corporate_number.clone().unwrap_or_default()),
        office("規約", yes_or_no(draft.has_rules, ["あり", "なし"])),
        office("助成の実績", draft.grants.clone()),
    ]);
    lines
}

fn contact(draft: &Draft, kind: ContactKind) -> Line {
    let label = match kind {
        ContactKind::Representative => "代表者の氏名",
        ContactKind::Person => "担当者の氏名",
        ContactKind::Phone => "電話",
        ContactKind::Fax => "FAX",
        ContactKind::Mail => "メール",
        ContactKind::Postal => "郵便番号",
        ContactKind::Address => "所在地",
    };
    let Some(contact) = draft.contact(kind) else { return Line { label, text: String::new(), is_public: false } };
    let text = match kind {
        ContactKind::Postal => postal::display(&contact.value),
        _ => contact.value.clone(),
    };
    Line { label, text, is_public: contact.published }
}

fn names(terms: &[Term], keys: &[String]) -> String {
    let named: Vec<&str> =
        terms.iter().filter(|term| keys.contains(&term.key)).map(|term| term.name.as_str()).collect();
    named.join("、")
}

fn yes_or_no(answer: Option<bool>, words: [&str; 2]) -> String {
    answer.map_or_else(String::new, |yes| words[usize::from(!yes)].to_owned())
}

/// The record as plain text for a letter: every line that says something, with who may see it.
pub fn text(draft: &Draft, city: &City) -> String {
    let mut text = String::new();
    for line in lines(draft, city).iter().filter(|line| !line.text.is_empty()) {
        let body = line.text.replace('\n', "\n　　");
        text.push_str(&format!("・{}［{}］\n　　{body}\n", line.label, line.seen_by()));
    }
    text.trim_end().to_owned()
}
