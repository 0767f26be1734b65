//! Plain text whose addresses become links, and nothing else does.

use super::draft::is_openable;

/// A piece of text; an address can be opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub text: &'a str,
    pub is_link: bool,
}

/// Cuts a text into plain pieces and http(s) addresses.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain_from = 0;
    while let Some(at) = next_address(rest) {
        let start = text.len() - rest.len() + at;
        let length = address_length(&text[start..]);
        if is_openable(&text[start..start + length]) {
            push(&mut pieces, &text[plain_from..start], false);
            push(&mut pieces, &text[start..start + length], true);
            plain_from = start + length;
        }
        rest = &text[start + length..];
    }
    push(&mut pieces, &text[plain_from..], false);
    pieces
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str, is_link: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text, is_link });
    }
}

fn next_address(text: &str) -> Option<usize> {
    [text.find("http://"), text.find("https://")].into_iter().flatten().min()
}

/// How long the address at the start of a text is: to the first letter that no address has, less what ends a sentence.
fn address_length(text: &str) -> usize {
    let allowed = |letter: char| {
        letter.is_ascii_graphic() && !matches!(letter, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    let end = text.find(|letter| !allowed(letter)).unwrap_or(text.len());
    // "https://" itself must stay, or the search would not move on.
    let kept = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')']).len();
    kept.max("http://".len()).min(end)
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn links(text: &str) -> Vec<&str> {
        pieces(text).into_iter().filter(|piece| piece.is_link).map(|piece| piece.text).collect()
    }

    #[test]
    fn an_address_in_a_japanese_sentence_ends_where_the_sentence_goes_on() {
        assert_eq!(
            pieces("申込みはhttps://example.jp/a?b=1&c=2へ。"),
            [
                Piece { text: "申込みは", is_link: false },
                Piece { text: "https://example.jp/a?b=1&c=2", is_link: true },
                Piece { text: "へ。", is_link: false },
            ]
        );
        assert_eq!(
            links("(https://example.jp/x). http://example.com,"),
            ["https://example.jp/x", "http://example.com"]
        );
    }

    #[test]
    fn nothing_but_http_becomes_a_link() {
        assert_eq!(links("javascript:alert(1) data:text/html,x http:// https://\"><script> ftp://example.jp"), [""; 0]);
    }

    #[test]
    fn no_letter_is_lost() {
        for text in ["", "http://", "https://https://https://", "xhttp://a.jp/http://b.jp", "http://あ"] {
            assert_eq!(pieces(text).iter().map(|piece| piece.text).collect::<String>(), text);
        }
    }
}
