//! The one table of the fields of a group's profile: what each is called, who fills it in, whether a change of it waits for
//! the office, and how it stands in a record. The form, the comparison, the history and the trail all read it.

use super::contacts::{self, Consent};
use crate::groups::contact::ContactKind;
use crate::groups::draft::{Draft, LINE, NAME};
use crate::groups::state::State;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line, at most so many characters.
    Line(usize),
    /// Several lines.
    Block,
    /// A reading in kana.
    Kana,
    /// A web address.
    Web,
    /// A number of people.
    Number,
    /// A whole day.
    Day,
    /// A day, a month or a year.
    Since,
    /// One of the former towns.
    Town,
    /// Any of the former towns.
    Towns,
    /// Any of the fields of activity.
    Fields,
    /// One of the kinds of groups.
    GroupKind,
    /// 法人番号.
    CorporateNumber,
    /// 有 or 無.
    YesNo,
    /// Where the group stands.
    State,
    /// A contact with its consent.
    Contact(ContactKind),
}

/// Who fills a field in and reads it in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Members and the office.
    Member,
    /// The office alone.
    Office,
    /// The office alone, and never brought back with an old version: it tells where the group stands, not what it is.
    Life,
}

/// A field of the profile. Its text is the form in which it is compared, kept and proposed.
#[derive(Debug)]
pub struct Field {
    /// Key in forms, proposals and the trail.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What to write; may be empty.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: Kind,
    /// Who fills it in.
    pub audience: Audience,
    /// Whether a member's change of it waits for the office.
    pub waits: bool,
    read: fn(&Draft) -> String,
    write: fn(&mut Draft, &str, &Consent),
}

impl Field {
    /// The text of the field in a record.
    pub fn of(&self, draft: &Draft) -> String {
        (self.read)(draft)
    }

    /// Puts a text into a record; a published contact is written down with the consent.
    pub fn put(&self, draft: &mut Draft, text: &str, consent: &Consent) {
        (self.write)(draft, text, consent);
    }

    /// Whether it must not be empty.
    pub fn is_needed(&self) -> bool {
        matches!(self.key, "name" | "kana")
    }

    /// Whether these readers may see it.
    pub fn is_for(&self, audience: Audience) -> bool {
        self.audience <= audience
    }
}

/// The field under a key.
pub fn find(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}

/// The fields that these readers see, in the order of the form.
pub fn of_audience(audience: Audience) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.is_for(audience))
}

/// The parts of the form: the heading and the key of the first field of each.
pub const PARTS: [(&str, &str); 5] = [
    ("団体について", "name"),
    ("活動", "fields"),
    ("会員", "members"),
    ("連絡先", "representative_title"),
    ("事務局の記録", "number"),
];

const fn field(
    (key, label, hint): (&'static str, &'static str, &'static str),
    kind: Kind,
    read: fn(&Draft) -> String,
    write: fn(&mut Draft, &str, &Consent),
) -> Field {
    Field { key, label, hint, kind, audience: Audience::Member, waits: false, read, write }
}

/// The same field, whose changes wait for the office.
const fn waiting(field: Field) -> Field {
    Field { waits: true, ..field }
}

/// The same field for the office alone.
const fn office(field: Field) -> Field {
    Field { audience: Audience::Office, ..field }
}

/// The same field as one that tells where the group stands.
const fn life(field: Field) -> Field {
    Field { audience: Audience::Life, ..field }
}

macro_rules! text {
    ($name:literal, $label:literal, $hint:expr, $kind:expr, $field:ident) => {
        field(
            ($name, $label, $hint),
            $kind,
            |draft| draft.$field.clone(),
            |draft, text, _| {
                draft.$field = text.to_owned();
            },
        )
    };
}

/// A field whose text is read by its own type, or is nothing.
macro_rules! parsed {
    ($name:literal, $label:literal, $hint:expr, $kind:expr, $field:ident) => {
        field(
            ($name, $label, $hint),
            $kind,
            |draft| draft.$field.as_ref().map(ToString::to_string).unwrap_or_default(),
            |draft, text, _| draft.$field = text.parse().ok(),
        )
    };
}

macro_rules! optional {
    ($name:literal, $label:literal, $hint:expr, $kind:expr, $field:ident) => {
        field(
            ($name, $label, $hint),
            $kind,
            |draft| draft.$field.clone().unwrap_or_default(),
            |draft, text, _| {
                draft.$field = Some(text.to_owned()).filter(|text| !text.is_empty());
            },
        )
    };
}

macro_rules! keys {
    ($name:literal, $label:literal, $hint:expr, $kind:expr, $field:ident) => {
        field(
            ($name, $label, $hint),
            $kind,
            |draft| sorted(draft.$field.iter()),
            |draft, text, _| {
                draft.$field = text.split(';').filter(|key| !key.is_empty()).map(str::to_owned).collect();
            },
        )
    };
}

macro_rules! contact {
    ($label:literal, $hint:expr, $kind:ident, $key:literal) => {
        field(
            ($key, $label, $hint),
            Kind::Contact(ContactKind::$kind),
            |draft| contacts::text(draft, ContactKind::$kind),
            |draft, text, consent| contacts::put(draft, ContactKind::$kind, text, consent),
        )
    };
}

/// Keys in an order that does not depend on who ticked what first.
pub(super) fn sorted<'a>(keys: impl Iterator<Item = &'a String>) -> String {
    let mut keys: Vec<&str> = keys.map(String::as_str).collect();
    keys.sort_unstable();
    keys.join(";")
}

const DAY_HINT: &str = "例: 令和8年11月26日";

/// Every field, in the order of the form.
pub static FIELDS: [Field; 35] = [
    waiting(text!("name", "団体名", "", Kind::Line(NAME), name)),
    waiting(text!("kana", "団体名の読み", "ひらがなで書いてください。名簿の五十音順に使います。", Kind::Kana, kana)),
    text!("kind", "団体の種類", "", Kind::GroupKind, kind),
    optional!(
        "corporate_number",
        "法人番号",
        "法人の場合だけ、13桁の数字を書いてください。",
        Kind::CorporateNumber,
        corporate_number
    ),
    text!("town_key", "所在する町", "", Kind::Town, town_key),
    parsed!("founded", "設立", "例: 平成3年4月。年だけ、年月だけでもかまいません。", Kind::Since, founded),
    waiting(text!("website", "ホームページ", "https:// で始まるアドレスを書いてください。", Kind::Web, website)),
    waiting(keys!("fields", "活動の分野", "あてはまるものをすべて選んでください。", Kind::Fields, fields)),
    waiting(text!("purpose", "活動の目的", "", Kind::Block, purpose)),
    text!("activities", "活動の内容", "", Kind::Block, activities),
    keys!("towns", "活動する町", "", Kind::Towns, towns),
    text!("places", "活動場所", "例: 厳原地区公民館", Kind::Line(LINE), places),
    text!("meeting_days", "活動日", "例: 毎月第2土曜日の午前10時から", Kind::Line(LINE), meeting_days),
    parsed!("members", "会員数", "例: 24人", Kind::Number, members),
    parsed!("members_on", "会員数を数えた日", DAY_HINT, Kind::Day, members_on),
    text!("fee", "会費", "例: 年1,000円、なし", Kind::Line(LINE), fee),
    text!("recruiting", "会員募集", "例: 募集中、見学も歓迎します", Kind::Line(LINE), recruiting),
    text!("joining", "入会の条件", "", Kind::Block, joining),
    waiting(text!("representative_title", "代表者の役職", "例: 会長", Kind::Line(LINE), representative_title)),
    waiting(contact!("代表者の氏名", "", Representative, "representative")),
    contact!("担当者の氏名", "代表者とちがう場合に書いてください。", Person, "person"),
    contact!("電話", "例: 0920-53-6111", Phone, "phone"),
    contact!("FAX", "", Fax, "fax"),
    contact!("メールアドレス", "", Mail, "mail"),
    contact!("郵便番号", "住所と同じ扱いになります。例: 817-0022", Postal, "postal"),
    contact!("住所", "", Address, "address"),
    life(optional!("number", "登録番号", "", Kind::Line(40), number)),
    life(field(
        ("state", "状態", ""),
        Kind::State,
        |draft| draft.state.key().to_owned(),
        |draft, text, _| {
            draft.state = State::from_key(text).unwrap_or(draft.state);
        },
    )),
    life(parsed!("registered_on", "登録年月日", DAY_HINT, Kind::Day, registered_on)),
    life(parsed!("renewed_on", "更新年月日", DAY_HINT, Kind::Day, renewed_on)),
    life(parsed!("confirmed_on", "最終確認日", DAY_HINT, Kind::Day, confirmed_on)),
    office(parsed!("has_rules", "規約・会則", "", Kind::YesNo, has_rules)),
    office(parsed!("pledged", "暴力団排除の誓約", "", Kind::YesNo, pledged)),
    office(text!("grants", "助成の実績", "", Kind::Block, grants)),
    office(text!("remark", "事務局の備考", "団体には見えません。", Kind::Block, remark)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_back_what_was_written() {
        let consent = Consent::default();
        for field in &FIELDS {
            let text = match field.kind {
                Kind::Number => "24",
                Kind::Day => "2026-11-23",
                Kind::Since => "1991-04",
                Kind::YesNo => "true",
                Kind::State => "dormant",
                Kind::Towns | Kind::Fields => "a;b",
                Kind::Contact(ContactKind::Postal) => "8170022",
                Kind::Contact(_) => "見本\nopen",
                _ => "見本",
            };
            let mut draft = Draft::default();
            field.put(&mut draft, text, &consent);
            assert_eq!(field.of(&draft), text, "{}", field.key);
            assert_ne!(draft, Draft::default(), "{}", field.key);
            if field.key != "state" {
                field.put(&mut draft, "", &consent);
                assert_eq!(field.of(&draft), "", "{}", field.key);
            }
        }
    }

    #[test]
    fn what_the_issue_names_waits_and_nothing_else() {
        let waiting: Vec<&str> = FIELDS.iter().filter(|field| field.waits).map(|field| field.key).collect();
        assert_eq!(waiting, ["name", "kana", "website", "fields", "purpose", "representative_title", "representative"]);
        assert!(PARTS.iter().all(|(_, key)| find(key).is_some()));
    }
}
