//! The whole record of a group as it is stored: checked first, or not stored at all.

use std::borrow::Cow;

use chrono::NaiveDate;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::contact::{Contact, ContactKind};
use super::state::State;
use crate::text::dates::PartialDate;
use crate::text::kana;

/// Longest one-line text, in characters.
pub(super) const LINE: usize = 300;
/// Longest name and reading, in characters.
pub(super) const NAME: usize = 200;
/// Longest text of several lines, in characters.
pub(super) const BLOCK: usize = 4_000;

/// A group's record; only what passes its checks can be stored.
#[derive(Clone, Debug, Default, PartialEq, Validate, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Draft {
    /// 登録番号.
    #[validate(length(min = 1, max = 40, message = "登録番号: 40文字以内で書いてください。"))]
    pub number: Option<String>,
    /// Name.
    #[validate(custom(function = is_name))]
    pub name: String,
    /// Reading in katakana, as the group states it.
    #[validate(custom(function = is_reading))]
    pub kana: String,
    /// Key of the kind of group; empty where nobody said.
    pub kind: String,
    /// 法人番号, 13 digits.
    #[validate(custom(function = is_corporate_number))]
    pub corporate_number: Option<String>,
    /// Where the group stands.
    pub state: State,
    /// Key of the town it is based in; empty where nobody said.
    pub town_key: String,
    /// Title of the representative, such as 会長.
    #[validate(length(max = 300, message = "代表者役職名: 300文字以内で書いてください。"))]
    pub representative_title: String,
    /// When it was founded, to the day, the month or the year.
    pub founded: Option<PartialDate>,
    /// Number of members.
    #[validate(range(min = 0, max = 1_000_000, message = "会員数: 0人から100万人までで書いてください。"))]
    pub members: Option<i32>,
    /// The day the members were counted.
    pub members_on: Option<NaiveDate>,
    /// Membership fee in words.
    #[validate(length(max = 300, message = "会費: 300文字以内で書いてください。"))]
    pub fee: String,
    /// The group's own website, beginning with http:// or https://.
    #[validate(custom(function = is_web_address))]
    pub website: String,
    /// What it is for.
    #[validate(length(max = 4000, message = "活動の目的: 4000文字以内で書いてください。"))]
    pub purpose: String,
    /// What it does.
    #[validate(length(max = 4000, message = "活動の内容: 4000文字以内で書いてください。"))]
    pub activities: String,
    /// Where it meets, in words.
    #[validate(length(max = 300, message = "活動場所: 300文字以内で書いてください。"))]
    pub places: String,
    /// On which days it meets, in words.
    #[validate(length(max = 300, message = "活動日: 300文字以内で書いてください。"))]
    pub meeting_days: String,
    /// Whether it looks for members, in words.
    #[validate(length(max = 300, message = "会員募集: 300文字以内で書いてください。"))]
    pub recruiting: String,
    /// Who can join.
    #[validate(length(max = 4000, message = "入会条件: 4000文字以内で書いてください。"))]
    pub joining: String,
    /// Whether it has written rules; for the office only.
    pub has_rules: Option<bool>,
    /// Grants received; for the office only.
    #[validate(length(max = 4000, message = "助成の実績: 4000文字以内で書いてください。"))]
    pub grants: String,
    /// Whether it has pledged to have no tie to organised crime; for the office only.
    pub pledged: Option<bool>,
    /// Day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Day of the latest renewal.
    pub renewed_on: Option<NaiveDate>,
    /// The day the group last said that its profile is right.
    pub confirmed_on: Option<NaiveDate>,
    /// The office's own remarks.
    #[validate(length(max = 4000, message = "備考: 4000文字以内で書いてください。"))]
    pub remark: String,
    /// Columns of an imported file that the register has no place for, by heading; for the office only.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Where the record came from.
    pub source: String,
    /// At most one of each kind.
    #[validate(nested)]
    pub contacts: Vec<Contact>,
    /// Keys of the fields of activity.
    pub fields: Vec<String>,
    /// Keys of the towns it is active in.
    pub towns: Vec<String>,
    /// The action items it works for.
    pub items: Vec<Uuid>,
}

impl Draft {
    /// The contact of a kind, if there is one.
    pub fn contact(&self, kind: ContactKind) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.kind == kind)
    }

    /// Every sentence on what keeps this draft from being stored, in a fixed order.
    pub fn faults(&self) -> Vec<String> {
        let Err(faults) = self.validate() else { return Vec::new() };
        let mut told: Vec<String> = Vec::new();
        for faults in faults.field_errors().into_values().flatten() {
            told.push(faults.message.as_ref().map_or_else(|| faults.to_string(), Cow::to_string));
        }
        if told.is_empty() {
            told.push("連絡先: 書き方が正しくありません。".to_owned());
        }
        told.sort();
        told
    }
}

fn refusal(sentence: &'static str) -> ValidationError {
    ValidationError::new("form").with_message(sentence.into())
}

fn is_name(text: &str) -> Result<(), ValidationError> {
    match text.chars().count() {
        0 => Err(refusal("団体名: 書かれていません。")),
        1..=NAME => Ok(()),
        _ => Err(refusal("団体名: 200文字以内で書いてください。")),
    }
}

fn is_reading(text: &str) -> Result<(), ValidationError> {
    match text {
        "" => Err(refusal("団体名ふりがな: 書かれていません。読みは団体に確かめて書いてください。")),
        _ if text.chars().count() > NAME => Err(refusal("団体名ふりがな: 200文字以内で書いてください。")),
        _ if kana::reading(text).as_deref() == Some(text) => Ok(()),
        _ => Err(refusal("団体名ふりがな: かなで書いてください。")),
    }
}

fn is_web_address(text: &str) -> Result<(), ValidationError> {
    let fine = text.is_empty()
        || text.chars().count() <= LINE
            && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if fine {
        Ok(())
    } else {
        Err(refusal("ホームページ: http:// か https:// で始まるアドレスを書いてください。"))
    }
}

fn is_corporate_number(text: &str) -> Result<(), ValidationError> {
    if corporate_number_fits(text) {
        Ok(())
    } else {
        Err(refusal("法人番号: 13桁の番号として正しくありません。"))
    }
}

/// Whether 13 digits are a 法人番号: the first is the check digit of the rest (法人番号の指定等に関する省令 第2条).
pub(super) fn corporate_number_fits(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let [check, body @ ..] = digits.as_slice() else { return false };
    let sum: u32 = body.iter().rev().zip([1, 2].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    text.len() == 13 && digits.len() == 13 && *check == 9 - sum % 9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft { name: "見本 海の会".to_owned(), kana: "ウミノカイ".to_owned(), ..Draft::default() }
    }

    #[test]
    fn a_name_and_a_reading_are_enough() {
        assert_eq!(draft().faults(), Vec::<String>::new());
        let nothing = Draft::default().faults();
        assert_eq!(
            nothing,
            ["団体名: 書かれていません。", "団体名ふりがな: 書かれていません。読みは団体に確かめて書いてください。"]
        );
    }

    #[test]
    fn what_is_too_long_or_of_a_wrong_form_is_refused_in_japanese() {
        let refused = |draft: Draft| draft.faults().concat();
        assert!(refused(Draft { activities: "あ".repeat(100_000), ..draft() }).contains("4000文字"));
        assert!(refused(Draft { kana: "海の会".to_owned(), ..draft() }).contains("かなで"));
        assert!(refused(Draft { website: "javascript:alert(1)".to_owned(), ..draft() }).contains("https://"));
        assert!(refused(Draft { corporate_number: Some("3000020422097".to_owned()), ..draft() }).contains("13桁"));
        let contact = Contact {
            kind: ContactKind::Phone,
            value: "0".repeat(301),
            published: true,
            consented_on: None,
            method: String::new(),
            by: String::new(),
        };
        assert!(refused(Draft { contacts: vec![contact], ..draft() }).contains("連絡先"));
    }

    #[test]
    fn the_check_digit_of_a_corporate_number_counts() {
        assert!(corporate_number_fits("3000020422096"), "対馬市");
        assert!(!corporate_number_fits("3000020422095"));
        assert!(!corporate_number_fits("300002042209"));
        assert!(!corporate_number_fits("３０００02042209"));
        assert!(!corporate_number_fits(""));
    }
}
