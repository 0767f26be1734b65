//! The letter to somebody whose own calendar cannot be read any more.

use super::calendar::Calendar;
use super::calendar_path;
use super::checking::{Desk, Unread};
use super::person::Person;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};
use crate::text::day;

/// 自分のカレンダーが読めないお知らせ.
pub const UNREAD: Wording = Wording {
    key: "outreach.calendar_unread",
    title: "職員のカレンダーが読めないお知らせ",
    text: include_str!("../../../templates/outreach/mail/calendar_unread.txt"),
    places: &[
        Place { name: "氏名", example: "見本 職員" },
        Place { name: "最後に読めた日", example: "令和8年11月17日(火)" },
        Place { name: "理由", example: "このアドレスには何もありません(404)。" },
        Place { name: "ページ", example: "https://kyodo.example.jp/staff/outreach/people/0/calendar" },
    ],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&UNREAD];

/// The letter to somebody whose calendar could not be read many times in a row; the address does not stand in it.
pub(super) fn unread(desk: &Desk<'_>, person: &Person, calendar: &Calendar, fault: Unread) -> Result<Letter, Unfilled> {
    let good = calendar.good_at.map(|at| day::long(at.with_timezone(&desk.city.profile.zone).date_naive()));
    let (good, fault) = (good.unwrap_or_else(|| "まだありません".to_owned()), fault.to_string());
    let page = format!("{}{}", desk.base_url, calendar_path(person.account_id));
    let values = [
        ("氏名", person.shown_name()),
        ("最後に読めた日", good.as_str()),
        ("理由", fault.as_str()),
        ("ページ", page.as_str()),
    ];
    let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
    let mut letter = Letter::new(UNREAD.key, to, UNREAD.fill(&desk.city.settings, &values)?);
    letter.account_id = Some(person.account_id);
    Ok(letter)
}
