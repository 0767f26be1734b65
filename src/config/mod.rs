//! What the IT clerk can set: `KYODO_*` variables, or the same keys in `kyodo.toml`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

mod permit;
mod range;

pub use permit::Permit;
pub use range::Range;

/// The settings of one running Kyodo.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port the server listens on.
    pub listen: SocketAddr,
    /// Address under which people reach the site, without a trailing slash.
    pub base_url: String,
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Folder of everything Kyodo keeps beside the database.
    pub data_dir: PathBuf,
    /// Mail server: `smtps://user:password@host:465`, `smtp://host:587?tls=required`; without it mail stays in the outbox.
    pub smtp_url: Option<String>,
    /// Address that every letter comes from, such as `協働のひろば <kyodo@city.example.jp>`.
    pub mail_from: Option<String>,
    /// `DOMAIN:SELECTOR:FILE` of the private key with which letters are signed (DKIM, RFC 6376).
    pub dkim: Option<String>,
    /// Mailbox that answers come to: `imaps://user:password@host/INBOX`; without it none is read.
    pub imap_url: Option<String>,
    /// Where photos are kept: nothing for a folder in `data_dir`, or `s3://bucket/prefix?endpoint=…&region=…`.
    pub storage_url: Option<String>,
    /// Access key and secret key of that store.
    pub storage_keys: Option<(String, String)>,
    /// Proxies whose word on a client's address is taken.
    pub trusted_proxies: Vec<Range>,
    /// Addresses that calendars of others may be fetched from although they are private.
    pub fetch_allow: Vec<Permit>,
    /// Whether the site shows the fictional demo year.
    pub demo: bool,
}

/// A setting that cannot be used, told to the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// `kyodo.toml` is there but cannot be read.
    #[error("kyodo.toml を読めません: {0}")]
    File(String),
    /// A value has the wrong form.
    #[error("設定 {key} の値「{value}」は使えません。{hint}")]
    Value {
        /// The key as it is written.
        key: &'static str,
        /// What was written.
        value: String,
        /// What would be right.
        hint: &'static str,
    },
    /// `kyodo.toml` names a key that does not exist.
    #[error("kyodo.toml の「{0}」という設定はありません。使えるのは {keys} です。", keys = KEYS.join(", "))]
    Unknown(String),
}

const KEYS: [&str; 13] = [
    "LISTEN",
    "BASE_URL",
    "DATABASE_URL",
    "DATA_DIR",
    "SMTP_URL",
    "MAIL_FROM",
    "DKIM",
    "IMAP_URL",
    "STORAGE_URL",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "TRUSTED_PROXIES",
    "FETCH_ALLOW",
];

impl Config {
    /// Reads the settings of this process; variables win over the file.
    pub fn load() -> Result<Self, ConfigFault> {
        let file = match std::fs::read_to_string("kyodo.toml") {
            Ok(text) => parse_file(&text)?,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(fault) => return Err(ConfigFault::File(fault.to_string())),
        };
        Self::from_lookup(|key| {
            std::env::var(format!("KYODO_{key}")).ok().filter(|v| !v.is_empty()).or_else(|| file.get(key).cloned())
        })
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigFault> {
        let listen = lookup("LISTEN").unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| ConfigFault::Value {
            key: "LISTEN",
            value: listen,
            hint: "「127.0.0.1:8080」のように、アドレスとポート番号を書いてください。",
        })?;
        let data_dir = PathBuf::from(lookup("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let base_url = lookup("BASE_URL").unwrap_or_else(|| format!("http://{listen}"));
        let base_url = checked_base_url(base_url)?;
        let database_url = lookup("DATABASE_URL").unwrap_or_else(|| sqlite_url(&data_dir, "kyodo.sqlite"));
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database_url.starts_with(scheme)) {
            return Err(ConfigFault::Value {
                key: "DATABASE_URL",
                value: database_url,
                hint: "「sqlite://data/kyodo.sqlite」か「postgres://利用者@ホスト/データベース」の形で書いてください。",
            });
        }
        Ok(Self {
            listen,
            base_url,
            database_url,
            data_dir,
            smtp_url: lookup("SMTP_URL"),
            mail_from: lookup("MAIL_FROM"),
            dkim: lookup("DKIM"),
            imap_url: lookup("IMAP_URL"),
            storage_url: lookup("STORAGE_URL").map(checked_storage_url).transpose()?,
            storage_keys: lookup("S3_ACCESS_KEY").zip(lookup("S3_SECRET_KEY")),
            trusted_proxies: listed(
                "TRUSTED_PROXIES",
                lookup("TRUSTED_PROXIES"),
                "「10.0.0.0/8,127.0.0.1」のように、アドレスか範囲をコンマで区切って書いてください。",
            )?,
            fetch_allow: listed(
                "FETCH_ALLOW",
                lookup("FETCH_ALLOW"),
                "「127.0.0.1:8099,10.0.0.0/8」のように、アドレスか範囲を、必要ならポート番号を付けて、コンマで区切って書いてください。",
            )?,
            demo: false,
        })
    }

    /// The same settings on the demo's own embedded database.
    pub fn into_demo(mut self) -> Self {
        self.database_url = sqlite_url(&self.data_dir, "demo.sqlite");
        self.demo = true;
        self
    }

    /// Host name of the site, used in the identifiers of calendar entries.
    pub fn host(&self) -> String {
        url::Url::parse(&self.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned())
    }
}

fn listed<T: FromStr>(key: &'static str, value: Option<String>, hint: &'static str) -> Result<Vec<T>, ConfigFault> {
    let value = value.unwrap_or_default();
    let read: Result<_, _> = value.split(',').filter(|part| !part.trim().is_empty()).map(T::from_str).collect();
    read.map_err(|_| ConfigFault::Value { key, value, hint })
}

fn sqlite_url(data_dir: &std::path::Path, file: &str) -> String {
    format!("sqlite://{}", data_dir.join(file).display())
}

fn checked_base_url(value: String) -> Result<String, ConfigFault> {
    let fine =
        url::Url::parse(&value).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if !fine {
        let hint = "「https://kyodo.example.jp」のように、http か https で始まるアドレスを書いてください。";
        return Err(ConfigFault::Value { key: "BASE_URL", value, hint });
    }
    Ok(value.trim_end_matches('/').to_owned())
}

fn checked_storage_url(value: String) -> Result<String, ConfigFault> {
    if crate::storage::Bucket::parse(&value).is_some() {
        return Ok(value);
    }
    let hint = "「s3://バケット/フォルダ?endpoint=https://…&region=…」の形で書くか、設定をやめてください（写真は DATA_DIR の photos に置かれます）。";
    Err(ConfigFault::Value { key: "STORAGE_URL", value, hint })
}

fn parse_file(text: &str) -> Result<BTreeMap<String, String>, ConfigFault> {
    let table: toml::Table = toml::from_str(text).map_err(|fault| ConfigFault::File(fault.to_string()))?;
    let mut settings = BTreeMap::new();
    for (typed, value) in table {
        let key = typed.to_uppercase();
        let key = key.strip_prefix("KYODO_").unwrap_or(&key).to_owned();
        if !KEYS.contains(&key.as_str()) {
            return Err(ConfigFault::Unknown(typed));
        }
        let value = match value {
            toml::Value::String(text) => text,
            _ => return Err(ConfigFault::File(format!("{typed} の値を \"…\" で囲んでください"))),
        };
        settings.insert(key, value);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigFault> {
        let pairs: BTreeMap<String, String> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from_lookup(|key| pairs.get(key).cloned())
    }

    #[test]
    fn without_settings_the_site_is_local_and_embedded() {
        let config = config(&[]).unwrap();
        assert_eq!(config.base_url, "http://127.0.0.1:8080");
        assert_eq!(config.database_url, "sqlite://data/kyodo.sqlite");
        assert_eq!(config.into_demo().database_url, "sqlite://data/demo.sqlite");
    }

    #[test]
    fn a_wrong_value_names_its_key_and_says_what_would_be_right() {
        let fault = config(&[("LISTEN", "ここ")]).unwrap_err().to_string();
        assert!(fault.contains("LISTEN") && fault.contains("127.0.0.1:8080"), "{fault}");
        assert!(config(&[("BASE_URL", "javascript:alert(1)")]).is_err());
        assert!(config(&[("DATABASE_URL", "mysql://x")]).is_err());
        assert!(config(&[("TRUSTED_PROXIES", "10.0.0.0/8, そこ")]).is_err());
        assert_eq!(config(&[("TRUSTED_PROXIES", "10.0.0.0/8,::1")]).unwrap().trusted_proxies.len(), 2);
        assert!(config(&[]).unwrap().fetch_allow.is_empty());
        assert_eq!(config(&[("FETCH_ALLOW", "127.0.0.1:8099, 10.0.0.0/8")]).unwrap().fetch_allow.len(), 2);
        let fault = config(&[("FETCH_ALLOW", "localhost")]).unwrap_err().to_string();
        assert!(fault.contains("FETCH_ALLOW") && fault.contains("127.0.0.1:8099"), "{fault}");
    }

    #[test]
    fn photos_go_to_a_bucket_where_one_is_set_with_its_keys() {
        let url = "s3://kyodo/x?endpoint=http://127.0.0.1:9000";
        let set = config(&[("STORAGE_URL", url), ("S3_ACCESS_KEY", "a"), ("S3_SECRET_KEY", "b")]).unwrap();
        assert_eq!(set.storage_url.as_deref(), Some(url));
        assert_eq!(set.storage_keys, Some(("a".to_owned(), "b".to_owned())));
        let fault = config(&[("STORAGE_URL", "ftp://x")]).unwrap_err().to_string();
        assert!(fault.contains("STORAGE_URL") && fault.contains("s3://"), "{fault}");
    }

    #[test]
    fn the_file_takes_the_same_keys_in_any_case_and_refuses_others() {
        let settings = parse_file("listen = \"0.0.0.0:80\"\nKYODO_DATA_DIR = \"x\"").unwrap();
        assert_eq!(settings["LISTEN"], "0.0.0.0:80");
        assert_eq!(settings["DATA_DIR"], "x");
        assert!(parse_file("smtp = 1").unwrap_err().to_string().contains("smtp"));
    }
}
