//! The mail server and the sender's address, as the settings name them; nothing is guessed.

use lettre::message::Mailbox;

use super::compose;
use super::dkim::{self, Key};
use crate::config::Config;

/// A setting of mail that cannot be used, told to the person who wrote it. The value stays unsaid: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("設定 {key} が使えません。{hint}")]
pub struct Unusable {
    /// The key as it is written.
    pub key: &'static str,
    /// What would be right.
    pub hint: String,
}

/// How the way to the server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (`smtps://`, RFC 8314).
    Implicit,
    /// By STARTTLS; a server that cannot do it gets no letter.
    Required,
    /// By STARTTLS where the server offers it, whoever signed its certificate (RFC 7435).
    Opportunistic,
    /// Not at all.
    None,
}

impl Tls {
    /// The words of `kyodo check`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Implicit => "暗号化(SMTPS)",
            Self::Required => "暗号化(STARTTLS必須)",
            Self::Opportunistic => "サーバーが対応していれば暗号化",
            Self::None => "暗号化なし",
        }
    }
}

/// A mail server and how to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// User and password.
    pub login: Option<(String, String)>,
}

/// The key of the server's setting, as it is written.
const SMTP_URL: &str = "KYODO_SMTP_URL";
/// What a right value looks like.
const URL_HINT: &str = "「smtps://利用者:パスワード@mail.example.jp」か「smtp://mail.example.jp:587?tls=required」の形で書いてください。記号(@ : / % など)を含むパスワードは、%40 のように書きます。";

impl Server {
    /// Reads `smtp://` and `smtps://` addresses; `?tls=` is `required`, `opportunistic` or `none`.
    ///
    /// Without it a password is only sent encrypted, and letters are encrypted where the server offers it. The ports are 465
    /// for `smtps`, 587 where encryption is required, 25 otherwise.
    pub fn parse(value: &str) -> Result<Self, Unusable> {
        let unusable = |hint: &str| Unusable { key: SMTP_URL, hint: hint.to_owned() };
        let url = url::Url::parse(value.trim()).map_err(|_| unusable(URL_HINT))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| unusable(URL_HINT))?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(unusable(URL_HINT));
        }
        let login = match (decoded(url.username()), url.password().map(decoded)) {
            (Some(user), None) if user.is_empty() => None,
            (Some(user), Some(Some(password))) if !user.is_empty() => Some((user, password)),
            _ => return Err(unusable("利用者とパスワードは、両方を「利用者:パスワード@」の形で書いてください。")),
        };
        let mut tls = None;
        for (name, value) in url.query_pairs() {
            tls = Some(match (name.as_ref(), value.as_ref()) {
                ("tls", "required") => Tls::Required,
                ("tls", "opportunistic") => Tls::Opportunistic,
                ("tls", "none") => Tls::None,
                _ => return Err(unusable("「?」の後に書けるのは tls=required、tls=opportunistic、tls=none です。")),
            });
        }
        let tls = match (url.scheme(), tls) {
            ("smtps", None) => Tls::Implicit,
            ("smtp", Some(tls)) => tls,
            ("smtp", None) if login.is_some() => Tls::Required,
            ("smtp", None) => Tls::Opportunistic,
            ("smtps", Some(_)) => return Err(unusable("smtps:// はいつも暗号化するので、tls= は書けません。")),
            _ => return Err(unusable(URL_HINT)),
        };
        let usual = match tls {
            Tls::Implicit => 465,
            Tls::Required => 587,
            Tls::Opportunistic | Tls::None => 25,
        };
        // An IPv6 address stands in brackets in a URL, and without them everywhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(usual), tls, login })
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The address that gets the answers of calendars: the one that letters come from.
pub fn answers_to(config: &Config) -> String {
    let named = config.mail_from.as_deref().and_then(|from| sender(from).ok());
    named.map_or_else(|| format!("kyodo@{}", config.host()), |from| from.email.to_string())
}

/// Reads `協働のひろば <kyodo@city.example.jp>` or an address alone.
pub fn sender(value: &str) -> Result<Mailbox, Unusable> {
    let value = value.trim();
    let (name, address) = match value.strip_suffix('>').and_then(|value| value.split_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", value),
    };
    let hint = "「協働のひろば <kyodo@city.example.jp>」のように、差出人の名前とアドレスを書いてください。";
    let unusable = || Unusable { key: "KYODO_MAIL_FROM", hint: hint.to_owned() };
    compose::mailbox(name, address).map_err(|_| unusable())
}

/// Everything that sending needs: the server, the sender, and the key that signs.
#[derive(Clone, Debug)]
pub struct Post {
    /// The server.
    pub server: Server,
    /// Whom letters come from.
    pub from: Mailbox,
    /// Signs letters (DKIM).
    pub key: Option<Key>,
}

impl Post {
    /// Reads the settings of mail; nothing without `SMTP_URL`. What is set must be usable, whether or not it is used.
    pub fn from_config(config: &Config) -> Result<Option<Self>, Unusable> {
        let from = config.mail_from.as_deref().map(sender).transpose()?;
        let key = config.dkim.as_deref().map(dkim::Key::read).transpose()?;
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let server = Server::parse(url)?;
        let from = from.ok_or_else(|| Unusable {
            key: "KYODO_MAIL_FROM",
            hint: "KYODO_SMTP_URL を書いたときは、差出人も「協働のひろば <kyodo@city.example.jp>」のように書いてください。"
                .to_owned(),
        })?;
        Ok(Some(Self { server, from, key }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> (String, u16, Tls, Option<(String, String)>) {
        let server = Server::parse(value).unwrap();
        (server.host, server.port, server.tls, server.login)
    }

    #[test]
    fn an_address_says_where_the_server_is_and_how_to_speak_with_it() {
        let login = Some(("kyodo@city".to_owned(), "a:b/c%".to_owned()));
        let secret = "smtps://kyodo%40city:a%3Ab%2Fc%25@mail.example.jp";
        assert_eq!(read(secret), ("mail.example.jp".to_owned(), 465, Tls::Implicit, login.clone()));
        let start = "smtp://kyodo%40city:a%3Ab%2Fc%25@mail.example.jp";
        assert_eq!(read(start), ("mail.example.jp".to_owned(), 587, Tls::Required, login));
        assert_eq!(read("smtp://127.0.0.1:2525"), ("127.0.0.1".to_owned(), 2525, Tls::Opportunistic, None));
        assert_eq!(read("smtp://[::1]?tls=none"), ("::1".to_owned(), 25, Tls::None, None));
        assert_eq!(read("smtp://localhost?tls=required").2, Tls::Required);
    }

    #[test]
    fn what_is_unclear_is_refused_and_no_password_is_repeated() {
        for wrong in [
            "mail.example.jp",
            "http://mail.example.jp",
            "smtp://user:secret-pass@",
            "smtp://user@mail.example.jp",
            "smtp://user:%zz@mail.example.jp",
            "smtp://mail.example.jp?tls=maybe",
            "smtps://mail.example.jp?tls=none",
            "smtp://mail.example.jp/path",
        ] {
            let told = Server::parse(wrong).unwrap_err().to_string();
            assert!(told.contains("KYODO_SMTP_URL") && !told.contains("secret-pass"), "{wrong}: {told}");
        }
    }

    #[test]
    fn the_sender_has_a_name_in_any_script_or_none() {
        let from = sender("協働のひろば <kyodo@city.example.jp>").unwrap();
        assert_eq!(
            (from.name.as_deref(), from.email.to_string().as_str()),
            (Some("協働のひろば"), "kyodo@city.example.jp")
        );
        assert_eq!(sender(" kyodo@city.example.jp ").unwrap().name, None);
        for wrong in ["", "協働のひろば", "協働 <市>", "a@b@c"] {
            assert!(sender(wrong).unwrap_err().to_string().contains("KYODO_MAIL_FROM"), "{wrong}");
        }
    }
}
