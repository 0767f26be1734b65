//! The only place that throws dice: tokens, codes, and the digests under which the database knows them.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// Letters of a code that is read from paper: nothing that looks like something else.
const PAPER: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes of the operating system; without them nothing here may go on.
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    bytes
}

/// A secret for a link or a cookie: 256 bits in 43 letters that need no escaping.
pub fn token() -> String {
    BASE64URL_NOPAD.encode(&bytes::<32>())
}

/// A code of six digits that a person types from one screen into another.
pub fn digits() -> String {
    format!("{:06}", below(1_000_000))
}

/// A code that a person types from paper: three times four letters, such as `7KQM-3XVA-PR5T` (58 bits).
pub fn paper_code() -> String {
    let letter = |_| char::from(PAPER[usize::try_from(below(PAPER.len() as u64)).unwrap_or_default()]);
    let letters: Vec<char> = (0..12).map(letter).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Twenty random bytes, the secret of a one-time password (RFC 4226 §4 R6).
pub fn secret() -> [u8; 20] {
    bytes()
}

/// A number below `bound`, each equally likely.
pub fn below(bound: u64) -> u64 {
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let number = u64::from_le_bytes(bytes());
        if number < fair {
            return number % bound;
        }
    }
}

/// The digest under which a secret is kept; `salt` tells apart secrets that are short enough to collide.
pub fn digest(salt: &str, secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{salt}:{secret}")))
}

/// A typed paper code as it was printed: capital letters and digits alone.
pub fn typed_paper_code(typed: &str) -> String {
    let plain = crate::text::fold::fold(typed).to_uppercase();
    plain.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_secrets_are_alike_and_none_needs_escaping() {
        let tokens: std::collections::HashSet<String> = (0..1000).map(|_| token()).collect();
        assert_eq!(tokens.len(), 1000);
        assert!(tokens.iter().all(|token| token.len() == 43
            && token.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))));
    }

    #[test]
    fn a_code_of_digits_keeps_its_leading_zeros() {
        assert!((0..1000).map(|_| digits()).all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())));
    }

    #[test]
    fn a_paper_code_reads_back_however_it_is_typed() {
        let code = paper_code();
        assert_eq!(code.len(), 14);
        let printed = typed_paper_code(&code);
        assert_eq!(printed.len(), 12);
        assert_eq!(typed_paper_code(&code.to_lowercase().replace('-', "　")), printed);
    }

    #[test]
    fn a_digest_depends_on_its_salt() {
        assert_ne!(digest("a", "123456"), digest("b", "123456"));
        assert_eq!(digest("a", "123456").len(), 64);
    }
}
