//! The letters of the calendar: what became of a group's entry.

use super::desk::{edit_path, group_path, submission};
use super::entry::Entry;
use crate::accounts::Account;
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};
use crate::text::day;

const NAME: Place = Place { name: "宛名", example: "見本 花子" };
const GROUP: Place = Place { name: "団体名", example: "見本 海の会" };
pub(super) const TITLE: Place = Place { name: "予定", example: "浜の清掃（見本）" };
pub(super) const WHEN: Place = Place { name: "日", example: "令和8年12月5日(土)" };
pub(super) const PAGE: Place = Place { name: "ページ", example: "https://kyodo.example.jp/events/0" };

/// 予定の公開のお知らせ.
pub const APPROVED: Wording = Wording {
    key: "calendar.entry_approved",
    title: "予定の公開のお知らせ",
    text: include_str!("../../templates/calendar/mail/entry_approved.txt"),
    places: &[
        NAME,
        GROUP,
        TITLE,
        WHEN,
        PAGE,
        Place { name: "次から", example: "次からは、載せるとすぐに公開されます。" },
        Place { name: "予定一覧", example: "https://kyodo.example.jp/me/groups/0/events" },
    ],
};

/// 予定の見送りのお知らせ.
pub const REFUSED: Wording = Wording {
    key: "calendar.entry_refused",
    title: "予定の見送りのお知らせ",
    text: include_str!("../../templates/calendar/mail/entry_refused.txt"),
    places: &[NAME, GROUP, TITLE, WHEN, PAGE, Place { name: "理由", example: "会場の予約が確かめられないためです。" }],
};

/// Every wording of the calendar.
pub const WORDINGS: &[&Wording] =
    &[&APPROVED, &REFUSED, &submission::letters::LINK, &submission::letters::APPROVED, &submission::letters::REFUSED];

/// What staff decided about an entry.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// Everybody sees it.
    Approved {
        /// Whether the group's next entries appear at once.
        trusted: bool,
    },
    /// It is not published.
    Refused {
        /// Why.
        reason: &'a str,
    },
}

/// The letter that tells a member what was decided.
pub fn decided(
    city: &City,
    base_url: &str,
    account: &Account,
    entry: &Entry,
    decision: Decision<'_>,
) -> Result<Letter, Unfilled> {
    let when = day::span(entry.starts_on, entry.ends_on);
    let name = if account.name.is_empty() { "ご担当者" } else { &account.name };
    let own = entry.group_id.map(group_path).unwrap_or_default();
    let own = format!("{base_url}{own}");
    let mut values = vec![("宛名", name), ("団体名", entry.organiser.as_str()), ("予定", &entry.title), ("日", &when)];
    let page;
    let wording = match decision {
        Decision::Approved { trusted } => {
            page = format!("{base_url}{}", super::path(entry.id));
            let next = match trusted {
                true => "次からは、載せるとすぐに公開されます。",
                false => "次の予定も、事務局が確かめてから公開します。",
            };
            values.extend([("次から", next), ("予定一覧", own.as_str())]);
            APPROVED
        }
        Decision::Refused { reason } => {
            page = format!("{base_url}{}", edit_path(entry.id));
            values.push(("理由", reason));
            REFUSED
        }
    };
    values.push(("ページ", &page));
    let to = Recipient { mail: account.mail.clone(), name: account.name.clone() };
    let mut letter = Letter::new(wording.key, to, wording.fill(&city.settings, &values)?);
    letter.account_id = Some(account.id);
    Ok(letter)
}
