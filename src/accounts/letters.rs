//! The letters about signing in and about accounts.

use chrono::{DateTime, Utc};

use super::sign_in::{self, Secrets};
use super::{Account, SIGN_IN, link_path};
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};

/// A way in for somebody who has an account.
pub const WAY_IN: Wording = Wording {
    key: "accounts.sign_in",
    title: "サインインのご案内",
    text: include_str!("../../templates/accounts/mail/sign_in.txt"),
    places: &[Place { name: "宛名", example: "見本 花子" }, Place { name: "期限", example: "9時30分" }],
};

/// The answer to an address that has no account: the same steps, another text.
pub const UNKNOWN: Wording = Wording {
    key: "accounts.unknown",
    title: "登録のないアドレスへのご案内",
    text: include_str!("../../templates/accounts/mail/unknown.txt"),
    places: &[
        Place { name: "サインインのページ", example: "https://kyodo.example.jp/sign-in" },
        Place { name: "団体登録のページ", example: "https://kyodo.example.jp/groups/new" },
    ],
};

/// Word to new staff.
pub const ADDED: Wording = Wording {
    key: "accounts.added",
    title: "職員のアカウント登録のお知らせ",
    text: include_str!("../../templates/accounts/mail/added.txt"),
    places: &[
        Place { name: "氏名", example: "見本 職員" },
        Place { name: "役割", example: "職員" },
        Place { name: "サインインのページ", example: "https://kyodo.example.jp/sign-in" },
    ],
};

/// Word to somebody whose account an administrator changed.
pub const CHANGED: Wording = Wording {
    key: "accounts.changed",
    title: "アカウント変更のお知らせ",
    text: include_str!("../../templates/accounts/mail/changed.txt"),
    places: &[
        Place { name: "氏名", example: "見本 職員" },
        Place { name: "内容", example: "役割を「職員」から「管理者」に変えました。" },
    ],
};

/// Every wording of this part.
pub const WORDINGS: &[&Wording] = &[&WAY_IN, &UNKNOWN, &ADDED, &CHANGED];

/// The letter that answers somebody who typed an address, whether or not it has an account.
pub fn way_in(
    (city, base_url): (&City, &str),
    mail: &str,
    account: Option<&Account>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<Letter, Unfilled> {
    let link = format!("{base_url}{}", link_path(&secrets.link));
    let to = Recipient { mail: mail.to_owned(), name: account.map(|a| a.name.clone()).unwrap_or_default() };
    let Some(account) = account else {
        let page = |path: &str| format!("{base_url}{path}");
        let values = [("サインインのページ", page(SIGN_IN)), ("団体登録のページ", page("/groups/new"))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        return Ok(Letter::new(UNKNOWN.key, to, UNKNOWN.fill(&city.settings, &values)?));
    };
    let until = (now + chrono::Duration::minutes(sign_in::MINUTES)).with_timezone(&city.profile.zone);
    let until = until.format("%-H時%M分").to_string();
    let text = WAY_IN.fill(&city.settings, &[("宛名", account.shown_name()), ("期限", &until)])?;
    let mut letter =
        Letter::new(WAY_IN.key, to, text).with_secret("リンク", link).with_secret("番号", secrets.code.clone());
    letter.account_id = Some(account.id);
    Ok(letter)
}

/// Word to new staff.
pub fn added(city: &City, base_url: &str, account: &Account) -> Result<Letter, Unfilled> {
    let page = format!("{base_url}{SIGN_IN}");
    let values =
        [("氏名", account.shown_name()), ("役割", account.role().label()), ("サインインのページ", page.as_str())];
    Ok(Letter::new(ADDED.key, recipient(account), ADDED.fill(&city.settings, &values)?))
}

/// Word to somebody whose account was changed; `what` says how.
pub fn changed(city: &City, account: &Account, what: &str) -> Result<Letter, Unfilled> {
    let text = CHANGED.fill(&city.settings, &[("氏名", account.shown_name()), ("内容", what)])?;
    Ok(Letter::new(CHANGED.key, recipient(account), text))
}

fn recipient(account: &Account) -> Recipient {
    Recipient { mail: account.mail.clone(), name: account.name.clone() }
}
