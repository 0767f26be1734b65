//! Telephone numbers in one form: half-width digits, grouped by hyphens, the extension apart.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::kana::is_dash;

const LENGTH_AT_MOST: usize = 60;

/// The area codes of five digits (総務省 市外局番の一覧); every other code whose rest would begin with 0 or 1 has four.
const FIVE_DIGIT_AREAS: &str = "01267 01372 01374 01377 01392 01397 01398 01456 01457 01466 01547 01558 01564 01586 01587 01632 \
    01634 01635 01648 01654 01655 01656 01658 04992 04994 04996 04998 05769 05979 07468 08387 08388 08396 08477 08512 08514 \
    09496 09802 09912 09913 09969";

/// A telephone number and, inside a house, its extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Such as 0920-53-6111, or +82-51-123-4567 from abroad.
    pub number: String,
    /// Digits only.
    pub extension: Option<String>,
}

impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.number)?;
        self.extension.iter().try_for_each(|extension| write!(out, " 内線{extension}"))
    }
}

/// A typed telephone number that cannot be taken; as text, a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneFault {
    /// Nothing was typed.
    Empty,
    /// It holds something other than digits, brackets, hyphens and 内線.
    Unreadable,
    /// It has this many digits, which no number has.
    Length(usize),
    /// The area code is missing.
    NoAreaCode,
    /// It does not begin with 0, as a spreadsheet leaves it; with 0 it would be this number.
    LeadingZeroLost(String),
}

impl fmt::Display for PhoneFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "電話番号を入力してください。"),
            Self::Unreadable => {
                write!(out, "電話番号として読めません。0920-53-6111のように、番号を1つだけ入力してください。")
            }
            Self::Length(digits) => {
                write!(
                    out,
                    "電話番号のけた数が合いません（いまは{digits}けたです）。10けたか11けたで入力してください。"
                )
            }
            Self::NoAreaCode => write!(out, "市外局番から入力してください（例：0920-53-6111）。"),
            Self::LeadingZeroLost(meant) => {
                write!(out, "電話番号の先頭の0が消えているようです。{meant}ではありませんか。")
            }
        }
    }
}

impl std::error::Error for PhoneFault {}

/// Reads one typed telephone number.
///
/// `０９２０（５３）６１１１`, `(0920)53-6111` and `+81 920 53 6111` become 0920-53-6111. Digits without groups are grouped where
/// the numbering plan says how (mobile, IP, フリーダイヤル, 03, 06, codes of four and five digits such as 0920); else they stay.
pub fn phone(typed: &str) -> Result<Phone, PhoneFault> {
    if typed.chars().count() > LENGTH_AT_MOST {
        return Err(PhoneFault::Unreadable);
    }
    let normal = typed.nfkc().collect::<String>().to_lowercase();
    let (number, extension) = split_extension(normal.trim())?;
    let (abroad, groups) = groups(number)?;
    let number = match (abroad, groups.concat().strip_prefix("81")) {
        (true, Some(home)) => domestic(&from_home(home), &[])?,
        (true, None) => international(&groups)?,
        (false, _) => domestic(&groups.concat(), &groups)?,
    };
    Ok(Phone { number, extension })
}

fn split_extension(text: &str) -> Result<(&str, Option<String>), PhoneFault> {
    let Some((number, extension)) = text.split_once("内線").or_else(|| text.split_once("ext")) else {
        return Ok((text, None));
    };
    let digits = extension.trim_matches(|letter: char| letter.is_whitespace() || "():.番号".contains(letter));
    let is_extension = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.trim_end_matches(|letter: char| letter.is_whitespace() || letter == '(' || letter == ',');
    if is_extension { Ok((number, Some(digits.to_owned()))) } else { Err(PhoneFault::Unreadable) }
}

/// The runs of digits between hyphens, brackets and spaces, and whether a + stands before them.
fn groups(number: &str) -> Result<(bool, Vec<&str>), PhoneFault> {
    let number = number.trim_start_matches("tel").trim_start_matches([':', '.']).trim();
    // Says who answers and nothing about the number.
    let number = ["(代表)", "(代)", "(直通)", "代表"].iter().fold(number, |number, note| number.trim_end_matches(note));
    let (abroad, digits) = number.strip_prefix('+').map_or((false, number), |rest| (true, rest));
    let is_separator = |letter: char| is_dash(letter) || letter.is_whitespace() || "()ー.".contains(letter);
    let groups: Vec<&str> = digits.split(is_separator).filter(|group| !group.is_empty()).collect();
    match groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit())) {
        true if groups.is_empty() => Err(PhoneFault::Empty),
        true => Ok((abroad, groups)),
        false => Err(PhoneFault::Unreadable),
    }
}

/// `+81 920 …` and the common mistake `+81 (0)920 …`.
fn from_home(digits: &str) -> String {
    format!("0{}", digits.strip_prefix('0').unwrap_or(digits))
}

/// At most 15 digits behind the + (ITU-T E.164).
fn international(groups: &[&str]) -> Result<String, PhoneFault> {
    match groups.concat().len() {
        8..=15 => Ok(format!("+{}", groups.join("-"))),
        length => Err(PhoneFault::Length(length)),
    }
}

fn domestic(digits: &str, typed_groups: &[&str]) -> Result<String, PhoneFault> {
    if !digits.starts_with('0') {
        return Err(without_zero(digits));
    }
    let expected = if by_service(digits).is_some_and(|lengths| lengths.iter().sum::<usize>() == 11) { 11 } else { 10 };
    if digits.len() != expected {
        return Err(PhoneFault::Length(digits.len()));
    }
    let typed: Vec<usize> = typed_groups.iter().map(|group| group.len()).collect();
    let lengths = by_service(digits).or_else(|| by_area(digits)).or_else(|| plausible(&typed));
    Ok(lengths.map_or_else(|| digits.to_owned(), |lengths| grouped(digits, lengths)))
}

fn without_zero(digits: &str) -> PhoneFault {
    match domestic(&format!("0{digits}"), &[]) {
        Ok(meant) => PhoneFault::LeadingZeroLost(meant),
        Err(_) if (5..=8).contains(&digits.len()) => PhoneFault::NoAreaCode,
        Err(_) => PhoneFault::Length(digits.len()),
    }
}

/// Numbers that belong to no place, by their first digits (電気通信番号計画).
fn by_service(digits: &str) -> Option<[usize; 3]> {
    let starts = |prefix: &str| digits.starts_with(prefix);
    match digits.len() {
        _ if starts("0120") || starts("0570") || starts("0990") => Some([4, 3, 3]),
        _ if starts("0800") => Some([4, 3, 4]),
        _ if starts("070") || starts("080") || starts("090") || starts("050") || starts("020") => Some([3, 4, 4]),
        // Ten digits that begin with 060 are a number in Osaka's 06.
        11 if starts("060") => Some([3, 4, 4]),
        _ => None,
    }
}

/// Numbers of a place where the digits alone tell the area code: an exchange never begins with 0 or 1.
fn by_area(digits: &str) -> Option<[usize; 3]> {
    let area = |length: usize| digits.get(..length).unwrap_or_default();
    if FIVE_DIGIT_AREAS.split(' ').any(|five| five == area(5)) {
        return Some([5, 1, 4]);
    }
    match digits.as_bytes() {
        [b'0', b'3' | b'6', ..] => Some([2, 4, 4]),
        [b'0', _, _, b'0' | b'1', ..] => Some([4, 2, 4]),
        _ => None,
    }
}

/// The groups as typed, when they look like area code, exchange and number.
fn plausible(typed: &[usize]) -> Option<[usize; 3]> {
    match *typed {
        [area @ 2..=5, exchange @ 1..=4, 4] => Some([area, exchange, 4]),
        _ => None,
    }
}

fn grouped(digits: &str, lengths: [usize; 3]) -> String {
    let (first, rest) = digits.split_at(lengths[0]);
    let (second, third) = rest.split_at(lengths[1]);
    format!("{first}-{second}-{third}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> String {
        phone(typed).map_or_else(|fault| format!("{fault:?}"), |phone| phone.to_string())
    }

    #[test]
    fn every_usual_form_of_one_number_is_read() {
        for typed in [
            "０９２０（５３）６１１１",
            "(0920)53-6111",
            "0920-53-6111",
            "0920536111",
            "0920 53 6111",
            "0920−53−6111",
            "0920ー53ー6111",
            "TEL:0920-53-6111",
            "0920-53-6111（代表）",
            "092-053-6111",
            "+81-920-53-6111",
            "+81 (0)920-53-6111",
        ] {
            assert_eq!(read(typed), "0920-53-6111", "{typed}");
        }
    }

    #[test]
    fn an_extension_stands_apart() {
        let with_extension = Phone { number: "0920-53-6111".into(), extension: Some("12".into()) };
        for typed in ["0920-53-6111 内線12", "0920-53-6111（内線１２）", "0920536111内線:12番", "0920-53-6111 ext.12"]
        {
            assert_eq!(phone(typed), Ok(with_extension.clone()), "{typed}");
        }
        assert_eq!(with_extension.to_string(), "0920-53-6111 内線12");
        assert_eq!(phone("0920-53-6111 内線"), Err(PhoneFault::Unreadable));
    }

    #[test]
    fn numbers_are_grouped_by_the_numbering_plan() {
        for (typed, number) in [
            ("09012345678", "090-1234-5678"),
            ("070-1234-5678", "070-1234-5678"),
            ("06012345678", "060-1234-5678"),
            ("05012345678", "050-1234-5678"),
            ("0120123456", "0120-123-456"),
            ("0120-12-3456", "0120-123-456"),
            ("08001234567", "0800-123-4567"),
            ("0570012345", "0570-012-345"),
            ("0312345678", "03-1234-5678"),
            ("0612345678", "06-1234-5678"),
            ("0980212345", "09802-1-2345"),
            ("095-824-1111", "095-824-1111"),
            ("0958241111", "0958241111"),
            ("+82-51-123-4567", "+82-51-123-4567"),
        ] {
            assert_eq!(read(typed), number, "{typed}");
        }
    }

    #[test]
    fn a_lost_zero_is_pointed_out_and_not_added() {
        for (typed, meant) in
            [("920536111", "0920-53-6111"), ("920-53-6111", "0920-53-6111"), ("9012345678", "090-1234-5678")]
        {
            assert_eq!(phone(typed), Err(PhoneFault::LeadingZeroLost(meant.into())), "{typed}");
        }
        let refused = phone("920536111").expect_err("nine digits").to_string();
        assert_eq!(refused, "電話番号の先頭の0が消えているようです。0920-53-6111ではありませんか。");
    }

    #[test]
    fn anything_else_is_refused_in_words() {
        assert_eq!(phone(" 　"), Err(PhoneFault::Empty));
        assert_eq!(phone("()"), Err(PhoneFault::Empty));
        assert_eq!(phone("53-6111"), Err(PhoneFault::NoAreaCode));
        assert_eq!(phone("0920-53-61111"), Err(PhoneFault::Length(11)));
        assert_eq!(phone("090-1234-567"), Err(PhoneFault::Length(10)));
        assert_eq!(phone("119"), Err(PhoneFault::Length(3)));
        for typed in ["なし", "0920-53-6111 / 0920-53-6112", "0920-53-6111、6112", "0920-53-611a", "٠٩٢٠536111"]
        {
            assert_eq!(phone(typed), Err(PhoneFault::Unreadable), "{typed}");
        }
        assert_eq!(phone(&"0".repeat(1_000_000)), Err(PhoneFault::Unreadable));
    }

    proptest! {
        #[test]
        fn a_number_once_read_reads_the_same_again(typed in "[0-9+() \\-]{0,18}|0[0-9]{9,10}|\\PC{0,20}") {
            if let Ok(read) = phone(&typed) {
                prop_assert_eq!(phone(&read.to_string()), Ok(read));
            }
        }
    }
}
