//! 全国地方公共団体コード: five digits and a check digit, often short of one of them.

/// The six-digit code that was meant, and whether it had to be mended; nothing when it is no such code.
///
/// A spreadsheet drops the first zero (092011 becomes 92011); older lists leave the check digit out (42209).
pub(super) fn mended(typed: &str) -> Option<(String, bool)> {
    let digits = typed.trim();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        6 if is_sound(digits) => Some((digits.to_owned(), false)),
        5 if is_sound(&format!("0{digits}")) => Some((format!("0{digits}"), true)),
        5 => Some((format!("{digits}{}", check_digit(digits)), true)),
        4 => Some((format!("0{digits}{}", check_digit(&format!("0{digits}"))), true)),
        _ => None,
    }
}

fn is_sound(six: &str) -> bool {
    let (body, check) = six.split_at(5);
    check_digit(body).to_string() == check
}

/// Weights 6 to 2, modulo 11 (昭和43年の統計用コード).
fn check_digit(five: &str) -> u32 {
    let sum: u32 = five.bytes().zip([6, 5, 4, 3, 2]).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    (11 - sum % 11) % 10
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn a_missing_zero_and_a_missing_check_digit_are_put_back() {
        assert_eq!(mended("422096"), Some(("422096".to_owned(), false)));
        assert_eq!(mended("42209"), Some(("422096".to_owned(), true)));
        assert_eq!(mended("92011"), Some(("092011".to_owned(), true)));
        assert_eq!(mended("012025"), Some(("012025".to_owned(), false)));
    }

    #[test]
    fn a_wrong_check_digit_or_other_text_is_no_code() {
        assert_eq!(mended("422095"), None);
        assert_eq!(mended("対馬市"), None);
        assert_eq!(mended(""), None);
    }
}
