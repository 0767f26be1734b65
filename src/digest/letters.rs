//! The letters of the calendar by mail.

use chrono::NaiveDate;

use super::edition::Edition;
use super::text::{self, Links};
use super::{INDEX, end_path, own_path};
use crate::calendar;
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};
use crate::text::day;

/// 申し込みの確認.
pub const CONFIRM: Wording = Wording {
    key: "digest.confirm",
    title: "お知らせメールの申し込みの確認",
    text: include_str!("../../templates/digest/mail/confirm.txt"),
    places: &[
        Place { name: "内容", example: "「厳原町の予定」を、毎週木曜日の朝6時ごろに" },
        Place { name: "期限", example: "令和8年11月30日(月)" },
    ],
};

/// 設定のページのリンク.
pub const LINK: Wording = Wording {
    key: "digest.link",
    title: "お知らせメールの設定のページ",
    text: include_str!("../../templates/digest/mail/link.txt"),
    places: &[Place { name: "日数", example: "180" }],
};

/// 登録のないアドレス.
pub const UNKNOWN: Wording = Wording {
    key: "digest.unknown",
    title: "お知らせメールの登録がないとき",
    text: include_str!("../../templates/digest/mail/unknown.txt"),
    places: &[Place { name: "申し込み", example: "https://kyodo.example.jp/subscribe/mail" }],
};

/// 予定のお知らせ.
pub const EDITION: Wording = Wording {
    key: "digest.edition",
    title: "お知らせメール(毎週・毎日)",
    text: include_str!("../../templates/digest/mail/edition.txt"),
    places: &[
        Place { name: "期間", example: "11月26日(木)から12月3日(木)までの予定" },
        Place { name: "しるし", example: "(中止・変更があります)" },
        Place { name: "配信名", example: "厳原町の予定" },
        Place {
            name: "本文", example: "■ 11月28日(土)\n\n10:00〜12:00 見本 海岸清掃\n　場所: 見本海岸"
        },
        Place { name: "予定", example: "https://kyodo.example.jp/events?view=list" },
    ],
};

/// 中止・変更のお知らせ.
pub const NOTICE: Wording = Wording {
    key: "digest.notice",
    title: "中止・変更のお知らせ(すぐに届くもの)",
    text: include_str!("../../templates/digest/mail/notice.txt"),
    places: &[
        Place { name: "しるし", example: "【中止】" },
        Place { name: "予定名", example: "見本 海岸清掃" },
        Place { name: "本文", example: "【中止】見本 海岸清掃\n　日時: 11月28日(土) 10:00〜12:00" },
    ],
};

/// Every wording of this slice.
pub const WORDINGS: &[&Wording] = &[&CONFIRM, &LINK, &UNKNOWN, &EDITION, &NOTICE];
/// Their keys.
pub const KINDS: &[&str] = &[CONFIRM.key, LINK.key, UNKNOWN.key, EDITION.key, NOTICE.key];
/// Keys of the letters that somebody gets without asking for each of them.
pub const REGULAR: &[&str] = &[EDITION.key, NOTICE.key];

/// For whom, and from where, letters are written.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    /// Address of the site.
    pub base_url: &'a str,
}

impl Desk<'_> {
    fn to(mail: &str) -> Recipient {
        Recipient { mail: mail.to_owned(), name: String::new() }
    }

    fn own(&self, token: &str) -> String {
        format!("{}{}", self.base_url, own_path(token))
    }

    /// Asks the owner of an address whether they have ordered this.
    pub fn confirm(&self, mail: &str, token: &str, what: &str, until: NaiveDate) -> Result<Letter, Unfilled> {
        let text = CONFIRM.fill(&self.city.settings, &[("内容", what), ("期限", &day::long(until))])?;
        Ok(Letter::new(CONFIRM.key, Self::to(mail), text).unattended().with_secret("リンク", self.own(token)))
    }

    /// Brings the link of their page to a reader.
    pub fn link(&self, mail: &str, token: &str) -> Result<Letter, Unfilled> {
        let days = super::way::DAYS.to_string();
        let text = LINK.fill(&self.city.settings, &[("日数", &days)])?;
        Ok(Letter::new(LINK.key, Self::to(mail), text).unattended().with_secret("リンク", self.own(token)))
    }

    /// Tells the owner of an address that it gets no letters.
    pub fn unknown(&self, mail: &str) -> Result<Letter, Unfilled> {
        let page = format!("{}{INDEX}", self.base_url);
        let text = UNKNOWN.fill(&self.city.settings, &[("申し込み", &page)])?;
        Ok(Letter::new(UNKNOWN.key, Self::to(mail), text).unattended())
    }

    /// The subject and the text of an edition, for all who get it.
    pub fn edition(
        &self,
        edition: &Edition,
        title: &str,
        links: &Links<'_>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<(String, String), Unfilled> {
        let days = format!("{}から{}までの予定", day::short(from), day::short(to));
        let mark = if edition.changes.is_empty() { "" } else { "(中止・変更があります)" };
        let body = text::body(edition, links, (from, to));
        let list = format!("{}{}?view=list", self.base_url, calendar::INDEX);
        let values = [("期間", days.as_str()), ("しるし", mark), ("配信名", title), ("本文", &body), ("予定", &list)];
        EDITION.fill(&self.city.settings, &values)
    }

    /// The subject and the text that tell of changes of one entry, for all who have starred it.
    pub fn notice(&self, changes: &[super::change::Change], list: &str) -> Result<(String, String), Unfilled> {
        let Some(first) = changes.first() else { return Ok((String::new(), String::new())) };
        let same = changes.iter().all(|change| change.what == first.what);
        let mark = if same { first.what.mark() } else { "【変更】" };
        let title = first.now.as_ref().map_or(&first.before.title, |now| &now.title);
        let body = text::changes(changes, self.base_url, list);
        NOTICE.fill(&self.city.settings, &[("しるし", mark), ("予定名", title), ("本文", &body)])
    }

    /// A written text as the letter of one reader, which stops by its link alone.
    pub fn regular(&self, kind: &'static str, mail: &str, text: &(String, String), token: &str) -> Letter {
        let letter = Letter::new(kind, Self::to(mail), text.clone()).with_secret("リンク", self.own(token));
        letter.unattended().that_can_be_left(token, end_path)
    }
}
