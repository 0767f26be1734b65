//! Text as typed, without what nobody typed on purpose: control characters, direction overrides, a byte order mark.

use std::fmt;

/// A typed text that cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// It is longer than the field allows, in characters.
    TooLong {
        /// What the field allows.
        at_most: usize,
        /// What was typed.
        typed: usize,
    },
}

impl fmt::Display for TextFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::TooLong { at_most, typed } = self;
        write!(out, "{at_most}文字以内で入力してください（いまは{typed}文字です）。")
    }
}

impl std::error::Error for TextFault {}

/// A text of one line: line breaks and tabs become spaces, the ends are trimmed (全角 spaces too).
///
/// Refused when more than `max_chars` characters remain. Width, kanji forms and inner spaces stay as typed.
pub fn line(typed: &str, max_chars: usize) -> Result<String, TextFault> {
    let text = block_text(typed);
    let parts: Vec<&str> = text.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect();
    measured(&parts.join(" "), max_chars)
}

/// A text of several lines, each ending in `\n` however it was typed; the ends are trimmed (全角 spaces too).
///
/// Refused when more than `max_chars` characters remain.
pub fn block(typed: &str, max_chars: usize) -> Result<String, TextFault> {
    measured(block_text(typed).trim(), max_chars)
}

fn block_text(typed: &str) -> String {
    let one_newline = typed.replace("\r\n", "\n");
    one_newline.chars().map(newline).filter(|letter| !is_unwanted(*letter)).collect()
}

fn newline(letter: char) -> char {
    match letter {
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        other => other,
    }
}

/// Joiners, direction marks and variation selectors stay: emoji, names and other languages need them.
fn is_unwanted(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => true,
        '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' => true,
        other => other.is_control() || other as u32 & 0xFFFE == 0xFFFE,
    }
}

fn measured(text: &str, at_most: usize) -> Result<String, TextFault> {
    match text.chars().count() {
        typed if typed > at_most => Err(TextFault::TooLong { at_most, typed }),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_stays_as_typed() {
        for typed in ["髙﨑　①㈱ ﾂｼﾏ", "雞知〜", "葛\u{E0100}城", "👩\u{200D}👦", "<script>alert('a')</script>"]
        {
            assert_eq!(line(typed, 100).as_deref(), Ok(typed));
        }
    }

    #[test]
    fn what_nobody_typed_is_taken_out() {
        assert_eq!(
            line("\u{FEFF}\u{3000} 対\u{0}馬\u{202E}市\u{7}\u{200B}\u{FFFF} \u{3000}", 10).as_deref(),
            Ok("対馬市")
        );
        assert_eq!(line("一行\r\n\r\n　二行\t三", 20).as_deref(), Ok("一行 二行 三"));
        assert_eq!(line(" \u{0} ", 0).as_deref(), Ok(""));
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("\r\n一\r二\r\n\n三\u{2028}四\u{B}\t五　\n", 20).as_deref(), Ok("一\n二\n\n三\n四\n\t五"));
    }

    #[test]
    fn a_long_text_is_refused_with_both_figures() {
        assert_eq!(line("対馬市", 3).as_deref(), Ok("対馬市"));
        let refused = line("対馬市民", 3).expect_err("four characters are more than three");
        assert_eq!(refused.to_string(), "3文字以内で入力してください（いまは4文字です）。");
        assert!(block(&"あ".repeat(100_000), 4_000).is_err());
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            for clean in [line, block] {
                let once = clean(&text, 10_000).unwrap_or_default();
                prop_assert_eq!(clean(&once, 10_000), Ok(once.clone()));
                prop_assert!(once.chars().all(|letter| matches!(letter, '\n' | '\t') || !letter.is_control()));
            }
        }
    }
}
