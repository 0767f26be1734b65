//! What people type into single cells, read with patience; every fault is a sentence for the person who typed it.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;
use validator::ValidateEmail;

use crate::groups::contact::ContactKind;
use crate::groups::draft::{LINE, corporate_number_fits};
use crate::text::dates::{self, PartialDate};
use crate::text::{clean, phone, postal};

/// Text in one width, without spaces at its ends.
pub(in crate::groups) fn plain(typed: &str) -> String {
    typed.nfkc().collect::<String>().trim().to_owned()
}

/// A whole day; a month alone is not enough.
pub(in crate::groups) fn day(typed: &str) -> Result<NaiveDate, String> {
    match dates::parse(typed).map_err(|fault| fault.to_string())? {
        PartialDate::Day(day) => Ok(day),
        _ => Err("年月日まで書いてください。".to_owned()),
    }
}

/// A number of members such as `24`, `２４人` or `約30名`.
pub(in crate::groups) fn members(typed: &str) -> Result<i32, String> {
    let plain = plain(typed).replace([',', ' '], "");
    let digits = plain.trim_start_matches('約').trim_end_matches(['人', '名', '程', '度']);
    let number = digits.parse().ok().filter(|number| (0..=1_000_000).contains(number));
    number.ok_or_else(|| "人数を数字で書いてください。".to_owned())
}

/// Whether something is there.
pub(in crate::groups) fn yes_no(typed: &str) -> Result<bool, String> {
    match plain(typed).as_str() {
        "有" | "有り" | "あり" | "はい" | "○" | "〇" | "◯" | "済" | "1" => Ok(true),
        "無" | "無し" | "なし" | "いいえ" | "×" | "未" | "0" => Ok(false),
        _ => Err("「有」か「無」で書いてください。".to_owned()),
    }
}

/// Whether a person agreed to publication; only a clear word does.
pub(super) fn consent(typed: &str) -> Result<bool, String> {
    match plain(typed).as_str() {
        "公開" | "公開可" | "可" | "同意" | "同意する" | "同意あり" | "はい" | "○" | "〇" | "◯" => {
            Ok(true)
        }
        "" | "事務局のみ" | "会員と事務局のみ" | "非公開" | "不可" | "同意しない" | "同意なし" | "いいえ" | "×" => {
            Ok(false)
        }
        _ => Err("「公開」か「事務局のみ」で書いてください。".to_owned()),
    }
}

/// A 法人番号.
pub(in crate::groups) fn corporate_number(typed: &str) -> Result<String, String> {
    let plain = plain(typed);
    let number: String = plain.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    if corporate_number_fits(&number) {
        return Ok(number);
    }
    Err(match plain.to_lowercase().contains("e+") {
        true => "Excelで桁が失われています。セルを文字列にして、13桁を書き直してください。".to_owned(),
        false => "13桁の番号として正しくありません（検査数字が合いません）。".to_owned(),
    })
}

/// The group's own website.
pub(in crate::groups) fn website(typed: &str) -> Result<String, String> {
    let plain = plain(typed);
    let fits =
        plain.chars().count() <= LINE && !plain.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    let parsed = url::Url::parse(&plain).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match parsed.filter(|url| fits && url.username().is_empty() && url.password().is_none()) {
        Some(_) => Ok(plain),
        None => Err("http:// か https:// で始まるアドレスを書いてください。".to_owned()),
    }
}

/// A contact of any kind; several telephone numbers stand with `/` between them.
pub(in crate::groups) fn contact(kind: ContactKind, typed: &str) -> Result<String, String> {
    match kind {
        ContactKind::Phone | ContactKind::Fax => phones(typed),
        ContactKind::Postal => postal::postal(typed).map_err(|fault| fault.to_string()),
        ContactKind::Mail => {
            let address = plain(typed);
            let fine = address.is_ascii() && address.validate_email();
            if fine { Ok(address) } else { Err("メールアドレスとして読めません。".to_owned()) }
        }
        _ => clean::line(typed, LINE).map_err(|fault| fault.to_string()),
    }
}

fn phones(typed: &str) -> Result<String, String> {
    let whole = phone::phone(typed);
    let parts: Vec<&str> =
        typed.split(['/', '／', '、', ';', '；', '\n', ',']).filter(|part| !part.trim().is_empty()).collect();
    match whole {
        Ok(one) => Ok(one.to_string()),
        Err(_) if (2..=5).contains(&parts.len()) => {
            let numbers: Result<Vec<String>, _> =
                parts.iter().map(|part| phone::phone(part).map(|one| one.to_string())).collect();
            numbers.map(|numbers| numbers.join(" / ")).map_err(|fault| fault.to_string())
        }
        Err(fault) => Err(fault.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_a_number_however_they_are_written() {
        for (typed, number) in [("24", 24), ("２４人", 24), ("約30名", 30), ("1,200", 1200), ("０", 0)] {
            assert_eq!(members(typed), Ok(number), "{typed}");
        }
        assert!(members("多数").is_err());
        assert!(members("-3").is_err());
        assert!(members("99999999999").is_err());
    }

    #[test]
    fn only_a_clear_word_is_consent() {
        assert_eq!(consent("公開"), Ok(true));
        for word in ["", "事務局のみ", "非公開", "×"] {
            assert_eq!(consent(word), Ok(false), "{word}");
        }
        assert!(consent("たぶん").is_err());
    }

    #[test]
    fn several_telephone_numbers_stay_several() {
        assert_eq!(contact(ContactKind::Phone, "０９２０（５３）６１１１").as_deref(), Ok("0920-53-6111"));
        assert_eq!(
            contact(ContactKind::Phone, "0920-53-6111／0920536112").as_deref(),
            Ok("0920-53-6111 / 0920-53-6112")
        );
        assert!(contact(ContactKind::Phone, "920536111").unwrap_err().contains("0920"));
    }

    #[test]
    fn a_website_is_a_web_address_and_nothing_else() {
        assert_eq!(website("https://example.jp/見本").as_deref(), Ok("https://example.jp/見本"));
        for typed in ["javascript:alert(1)", "https://", "http://a b", "https://user:pass@example.jp/", "例"] {
            assert!(website(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_mail_address_is_one_line_of_plain_letters() {
        assert_eq!(contact(ContactKind::Mail, "mihon@example.jp").as_deref(), Ok("mihon@example.jp"));
        assert_eq!(contact(ContactKind::Mail, "ｍｉｈｏｎ＠example.jp").as_deref(), Ok("mihon@example.jp"));
        assert!(contact(ContactKind::Mail, "a@example.jp\r\nBcc: b@example.jp").is_err());
    }
}
