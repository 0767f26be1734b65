//! 郵便番号: seven digits, kept without the hyphen and shown with it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::kana::is_dash;

/// A typed postal code that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostalFault {
    /// Nothing was typed.
    Empty,
    /// It holds something other than digits and a hyphen.
    Unreadable,
    /// It has this many digits, not seven.
    Length(usize),
    /// It has six, as a spreadsheet leaves of a code that begins with 0; this may be the one meant.
    LeadingZeroLost(String),
}

impl fmt::Display for PostalFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "郵便番号を入力してください。"),
            Self::Unreadable => write!(out, "郵便番号は数字7けたで入力してください（例：817-0022）。"),
            Self::Length(digits) => {
                write!(out, "郵便番号は7けたです（いまは{digits}けたです）。例：817-0022")
            }
            Self::LeadingZeroLost(meant) => {
                write!(out, "郵便番号の先頭の0が消えているようです。{meant}ではありませんか。")
            }
        }
    }
}

impl std::error::Error for PostalFault {}

/// The seven digits of a typed postal code, such as 8170022 for `〒817−0022`.
pub fn postal(typed: &str) -> Result<String, PostalFault> {
    // No form of a code is this long; the rest would only cost time.
    let normal: String = typed.chars().take(100).nfkc().collect();
    let code = normal.trim().trim_start_matches('〒');
    let is_separator = |letter: char| is_dash(letter) || letter == 'ー' || letter.is_whitespace();
    let digits: String = code.chars().filter(|letter| !is_separator(*letter)).collect();
    match digits.len() {
        0 => Err(PostalFault::Empty),
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => Err(PostalFault::Unreadable),
        7 => Ok(digits),
        6 => Err(PostalFault::LeadingZeroLost(display(&format!("0{digits}")))),
        length => Err(PostalFault::Length(length)),
    }
}

/// A postal code as it is shown, `〒817-0022`; anything but seven digits is shown as it is.
pub fn display(digits: &str) -> String {
    match digits.split_at_checked(3) {
        Some((area, rest)) if digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("〒{area}-{rest}")
        }
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_is_read() {
        for typed in
            ["8170022", "817-0022", "〒817−0022", "８１７－００２２", " 〒 817 0022 ", "817ー0022", "〒817‐0022"]
        {
            assert_eq!(postal(typed).as_deref(), Ok("8170022"), "{typed}");
        }
    }

    #[test]
    fn anything_else_is_refused_in_words() {
        assert_eq!(postal(" 〒 "), Err(PostalFault::Empty));
        assert_eq!(postal("対馬市"), Err(PostalFault::Unreadable));
        assert_eq!(postal("817-00223"), Err(PostalFault::Length(8)));
        assert_eq!(postal(&"1".repeat(100_000)), Err(PostalFault::Length(100)));
        let lost = postal("600001").expect_err("six digits are no code");
        assert_eq!(lost.to_string(), "郵便番号の先頭の0が消えているようです。〒060-0001ではありませんか。");
    }

    #[test]
    fn a_code_is_shown_with_its_sign() {
        assert_eq!(display("8170022"), "〒817-0022");
        for other in ["", "817", "対馬市厳原", "81700221"] {
            assert_eq!(display(other), other);
        }
    }
}
