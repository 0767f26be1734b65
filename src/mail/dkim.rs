//! Signing letters, so that a receiving server can tell that they come from the city (DKIM, RFC 6376 and RFC 8463).
//!
//! lettre could sign as well, but with the `rsa` crate, whose time leaks the key (RUSTSEC-2023-0071); ring's does not.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};

use super::transport::Unusable;

/// What is signed where it is there. Named once more than they occur, the first four cannot be added to on the way (§8.15).
const SIGNED: [&str; 14] = [
    "from",
    "subject",
    "to",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "reply-to",
    "in-reply-to",
];
const SEALED: [&str; 4] = ["from", "subject", "to", "date"];

/// The private key of a domain, and the name under which the domain publishes the public one.
#[derive(Clone)]
pub struct Key {
    domain: String,
    selector: String,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Key({}._domainkey.{})", self.selector, self.domain)
    }
}

impl Key {
    /// Reads `DOMAIN:SELECTOR:FILE`; the file holds a private key as PEM (PKCS #8), RSA of at least 2048 bits or Ed25519.
    pub fn read(setting: &str) -> Result<Self, Unusable> {
        let unusable = |hint: String| Unusable { key: "KYODO_DKIM", hint };
        let parts: Vec<&str> = setting.trim().splitn(3, ':').collect();
        let [domain, selector, file] = parts[..] else {
            return Err(unusable("「ドメイン:セレクター:鍵のファイル」の形で書いてください。".to_owned()));
        };
        let pem =
            std::fs::read_to_string(file).map_err(|fault| unusable(format!("鍵のファイルを読めません: {fault}")))?;
        Self::from_pem(domain, selector, &pem).ok_or_else(|| {
            let hint = "鍵は「-----BEGIN PRIVATE KEY-----」で始まるPKCS #8のファイル(RSA 2048ビット以上かEd25519)にしてください。";
            unusable(hint.to_owned())
        })
    }

    fn from_pem(domain: &str, selector: &str, pem: &str) -> Option<Self> {
        let name = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        if !name(domain) || !name(selector) {
            return None;
        }
        let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
        let (text, _) = rest.split_once("-----END PRIVATE KEY-----")?;
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let der = BASE64.decode(text.as_bytes()).ok()?;
        let pair = match RsaKeyPair::from_pkcs8(&der) {
            Ok(pair) => Pair::Rsa(Arc::new(pair)),
            // OpenSSL writes no public key beside the private one.
            Err(_) => Pair::Ed25519(Arc::new(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok()?)),
        };
        Some(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), pair })
    }

    /// The name of the domain's public key in the DNS.
    pub fn record(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The letter with its signature in front; `message` has CRLF at the ends of its lines.
    pub(super) fn sign(&self, message: &[u8], now: DateTime<Utc>) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(message).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let headers = unfolded(head);
        let (names, mut signed) = chosen(&headers);
        let digest = BASE64.encode(&Sha256::digest(relaxed_body(body)));
        let algorithm = match self.pair {
            Pair::Rsa(_) => "rsa-sha256",
            Pair::Ed25519(_) => "ed25519-sha256",
        };
        let value = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={digest};\r\n b=",
            self.domain,
            self.selector,
            now.timestamp(),
            names.join(":\r\n "),
        );
        signed.push_str(relaxed_header("dkim-signature", &value).trim_end());
        let signature = BASE64.encode(&self.signature(signed.as_bytes())?);
        let lines: Vec<&str> =
            signature.as_bytes().chunks(72).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        Some(format!("DKIM-Signature: {value}{}\r\n{text}", lines.join("\r\n ")).into_bytes())
    }

    fn signature(&self, signed: &[u8]) -> Option<Vec<u8>> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed, &mut signature).ok()?;
                Some(signature)
            }
            // Ed25519 signs the digest of the headers, not the headers (RFC 8463 §3).
            Pair::Ed25519(pair) => Some(pair.sign(&Sha256::digest(signed)).as_ref().to_vec()),
        }
    }
}

/// The header fields with the lines that continue them, as name and value.
fn unfolded(head: &str) -> Vec<(String, String)> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => {
                field.push_str("\r\n");
                field.push_str(line);
            }
            _ => fields.push(line.to_owned()),
        }
    }
    let pairs = fields.iter().filter_map(|field| field.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.to_owned())).collect()
}

/// The names that are signed, and the fields in the form in which they are signed.
fn chosen(headers: &[(String, String)]) -> (Vec<&'static str>, String) {
    let (mut names, mut signed) = (Vec::new(), String::new());
    for name in SIGNED {
        if let Some((_, value)) = headers.iter().find(|(header, _)| header == name) {
            names.push(name);
            signed.push_str(&relaxed_header(name, value));
        }
    }
    names.extend(SEALED);
    (names, signed)
}

/// A header field without what may change on the way (RFC 6376 §3.4.2).
fn relaxed_header(name: &str, value: &str) -> String {
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{name}:{}\r\n", words.join(" "))
}

/// A text without what may change on the way: spaces at the ends of lines, empty lines at the end (RFC 6376 §3.4.4).
fn relaxed_body(body: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.split("\r\n") {
        let mut relaxed = String::with_capacity(line.len());
        let mut in_space = false;
        for letter in line.trim_end_matches([' ', '\t']).chars() {
            let is_space = matches!(letter, ' ' | '\t');
            if !is_space {
                relaxed.push(letter);
            } else if !in_space {
                relaxed.push(' ');
            }
            in_space = is_space;
        }
        lines.push(relaxed);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_on_the_way_is_not_signed() {
        // The examples of RFC 6376 §3.4.5.
        assert_eq!(relaxed_header("a", " X"), "a:X\r\n");
        assert_eq!(relaxed_header("b", " Y\t\r\n\tZ  "), "b:Y Z\r\n");
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(""), "");
    }

    #[test]
    fn a_setting_that_names_no_key_is_told() {
        for wrong in ["", "city.example.jp:kyodo", "city.example.jp:kyodo:/no/such/file"] {
            assert!(Key::read(wrong).unwrap_err().to_string().contains("KYODO_DKIM"), "{wrong}");
        }
        assert!(Key::from_pem("city.example.jp", "kyodo", "no key").is_none());
        assert!(Key::from_pem("city example", "kyodo", "no key").is_none());
    }
}
