//! Keeps a CSV cell from being taken for a formula.
//!
//! The rule: a cell is guarded by one apostrophe in front when, past leading white space, control characters and
//! apostrophes, it starts with `=`, `+`, `-`, `@` or their full-width forms, or when it starts with a tab or a line
//! break. Left alone are a plain number (`-12`, `+3.5`, `-1,200`, `-5%`), an international phone number
//! (`+81 920-53-6111`: digits, spaces, hyphens and brackets only, 7 to 15 digits) and dashes alone (`-`, `－`), which
//! stand for "none" in Japanese tables. Apostrophes are looked past so that taking one away again is exact: a cell
//! that was typed as `'=1` leaves as `''=1` and comes back as `'=1`.

use std::borrow::Cow;

/// The cell as it is written to CSV.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_risky(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The cell as it was before [`guarded`].
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(text)
}

fn is_risky(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    let body = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\'');
    text.starts_with(['\t', '\r', '\n'])
        || body.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
            && !(is_number(body) || is_phone(body) || body.chars().all(|c| matches!(c, '-' | '－' | '−')))
}

fn is_number(text: &str) -> bool {
    let figure = text.strip_prefix(['+', '-']).unwrap_or(text);
    let figure = figure.strip_suffix('%').unwrap_or(figure);
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    whole.split(',').all(is_digits) && is_digits(fraction)
}

fn is_phone(text: &str) -> bool {
    let Some(number) = text.strip_prefix('+') else { return false };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.starts_with(|c: char| c.is_ascii_digit())
        && (7..=15).contains(&digits)
        && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded() {
        for cell in [
            "=1+1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "＝1",
            "＋1＋1",
            "－1－1",
            "＠ホーム",
            "  =1",
            "\u{3000}=1",
            "\tabc",
            "\r=1",
            "\n-",
            "'=1",
            "''=1",
            "' =1",
            "-0920-53-6111",
            "+81-920-53-6111+cmd",
            "-1.2.3",
            "-A1",
            "--1",
            "+",
            "−1",
            "\u{0}=1",
        ] {
            assert_eq!(guarded(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(unguarded(&guarded(cell)), cell);
        }
    }

    #[test]
    fn numbers_phones_dashes_and_words_are_left_alone() {
        for cell in [
            "",
            "-5",
            "-1,200.50",
            "+3",
            "-5%",
            "-",
            "－",
            "---",
            "+81 920-53-6111",
            "+81(920)536111",
            "0920-53-6111",
            "対馬=島",
            "'90年代",
            "'",
            "3-05",
            "−",
            " -5",
        ] {
            assert_eq!(guarded(cell), cell, "{cell:?}");
            assert_eq!(unguarded(cell), cell, "{cell:?}");
        }
    }
}
