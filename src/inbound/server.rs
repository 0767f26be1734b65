//! The mailbox that answers come to, as the IT clerk sets it.

use std::time::Duration;

/// The setting cannot be used. Its value stays unsaid: it holds a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "設定 KYODO_IMAP_URL が使えません。「imaps://利用者:パスワード@mail.example.jp/INBOX」か「imap://利用者:パスワード@127.0.0.1/INBOX?tls=none」の形で書いてください。記号(@ : / % など)を含むパスワードは、%40 のように書きます。"
)]
pub struct Unusable;

/// How the way to the server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// From the first byte.
    Implicit,
    /// By STARTTLS, or not at all.
    Required,
    /// Not at all.
    None,
}

/// A mailbox and how to open it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Name or address of the server.
    pub host: String,
    /// Port.
    pub port: u16,
    pub(super) tls: Tls,
    pub(super) login: (String, String),
    /// Folder.
    pub folder: String,
    /// How often it is looked into.
    pub every: Duration,
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}/{}", self.host, self.port, self.folder)
    }
}

impl Mailbox {
    /// Reads `imaps://user:password@host:993/INBOX` and `imap://…?tls=required|none`; `every=` says the seconds between looks.
    pub fn parse(value: &str) -> Result<Self, Unusable> {
        let url = url::Url::parse(value.trim()).map_err(|_| Unusable)?;
        let mut tls = match url.scheme() {
            "imaps" => Tls::Implicit,
            "imap" => Tls::Required,
            _ => return Err(Unusable),
        };
        let mut every = 60;
        for (name, value) in url.query_pairs() {
            match (name.as_ref(), value.as_ref(), tls) {
                ("tls", "required", Tls::Required | Tls::None) => tls = Tls::Required,
                ("tls", "none", Tls::Required | Tls::None) => tls = Tls::None,
                ("every", seconds, _) => every = seconds.parse().map_err(|_| Unusable)?,
                _ => return Err(Unusable),
            }
        }
        let login = (decoded(url.username())?, decoded(url.password().ok_or(Unusable)?)?);
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Unusable)?;
        let folder = decoded(url.path().trim_matches('/'))?;
        if login.0.is_empty() || folder.chars().any(char::is_control) {
            return Err(Unusable);
        }
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(if tls == Tls::Implicit { 993 } else { 143 }),
            tls,
            login,
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
            every: Duration::from_secs(every.clamp(5, 3600)),
        })
    }

    /// The words of `kyodo check`.
    pub fn label(&self) -> &'static str {
        match self.tls {
            Tls::Implicit => "暗号化(IMAPS)",
            Tls::Required => "暗号化(STARTTLS必須)",
            Tls::None => "暗号化なし",
        }
    }
}

fn decoded(text: &str) -> Result<String, Unusable> {
    // A plus sign stays one: it means a blank in forms alone.
    let query = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    let decoded = url::form_urlencoded::parse(query.as_bytes()).next();
    decoded.map(|(_, value)| value.into_owned()).ok_or(Unusable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_mailbox_and_how_to_open_it() {
        let read = Mailbox::parse("imaps://kyodo%40city:a%3Ab%2Fc+%26@mail.example.jp").unwrap();
        assert_eq!(
            (read.host.as_str(), read.port, read.tls, read.folder.as_str()),
            ("mail.example.jp", 993, Tls::Implicit, "INBOX")
        );
        assert_eq!(read.login, ("kyodo@city".to_owned(), "a:b/c+&".to_owned()));
        let read = Mailbox::parse("imap://u:p@[::1]:1143/Kyodo?tls=none&every=10").unwrap();
        assert_eq!((read.host.as_str(), read.port, read.tls, read.every.as_secs()), ("::1", 1143, Tls::None, 10));
        for wrong in
            ["mail.example.jp", "imap://host", "imap://user@host", "imaps://u:secret@h?tls=none", "smtp://u:secret@h"]
        {
            assert!(!Mailbox::parse(wrong).unwrap_err().to_string().contains("secret"), "{wrong}");
        }
        assert!(!format!("{read:?}").contains(":p"));
    }
}
