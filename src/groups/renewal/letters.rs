//! The letters of the yearly confirmation, and what their wordings may hold.

use chrono::NaiveDate;
use uuid::Uuid;

use super::desk::Desk;
use crate::groups::Person;
use crate::mail::{Batch, Letter, Place, Recipient, Unfilled, Wording};
use crate::text::day;

const GROUP: Place = Place { name: "団体名", example: "見本 海の会" };
const NAME: Place = Place { name: "宛名", example: "見本 花子" };
const CITY: Place = Place { name: "市名", example: "見本市" };
const DUE: Place = Place { name: "期限", example: "令和8年6月30日(火)" };
const RECORD: Place = Place { name: "掲載内容", example: "・団体名［公開］\n　　見本 海の会" };
const REST: Place = Place { name: "休止日", example: "令和8年12月26日(土)" };
const LINK: Place = Place { name: "リンク", example: "https://kyodo.example.jp/me/groups/0" };
const CONFIRMED: Place = Place { name: "最終確認日", example: "令和6年11月30日(土)" };

/// 更新確認のお願い.
pub const ASK: Wording = Wording {
    key: "groups.renewal_ask",
    title: "更新確認のお願い",
    text: include_str!("../../../templates/groups/mail/renewal_ask.txt"),
    places: &[GROUP, NAME, CITY, DUE, RECORD],
};

/// 更新確認がまだの団体へのお知らせ.
pub const REMIND: Wording = Wording {
    key: "groups.renewal_remind",
    title: "更新確認がまだの団体へのお知らせ",
    text: include_str!("../../../templates/groups/mail/renewal_remind.txt"),
    places: &[GROUP, NAME, DUE, RECORD],
};

/// 休止の予告.
pub const REST_NOTICE: Wording = Wording {
    key: "groups.renewal_rest",
    title: "休止の予告",
    text: include_str!("../../../templates/groups/mail/renewal_rest.txt"),
    places: &[GROUP, NAME, REST, CONFIRMED, LINK],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&ASK, &REMIND, &REST_NOTICE];

/// The question of a round to one person of a group, with their personal link still to be put in as `リンク`.
pub(super) fn question(
    wording: &Wording,
    desk: &Desk<'_>,
    (group, person): (&str, &Person),
    due_on: NaiveDate,
    record: &str,
) -> Result<Letter, Unfilled> {
    let due = day::long(due_on);
    let values = [
        ("団体名", group),
        ("宛名", addressee(person)),
        ("市名", &desk.city.profile.name),
        ("期限", &due),
        ("掲載内容", record),
    ];
    Ok(to(wording, person, wording.fill(&desk.city.settings, &values)?))
}

/// The warning that a group will rest.
pub(super) fn rest_notice(
    desk: &Desk<'_>,
    (group_id, group, person): (Uuid, &str, &Person),
    rest_on: NaiveDate,
    confirmed_on: Option<NaiveDate>,
) -> Result<Letter, Unfilled> {
    let link = desk.url(&super::own_path(group_id));
    let (rest, confirmed) = (day::long(rest_on), confirmed_on.map_or_else(|| "記録なし".to_owned(), day::long));
    let values = [
        ("団体名", group),
        ("宛名", addressee(person)),
        ("市名", &desk.city.profile.name),
        ("休止日", &rest),
        ("最終確認日", &confirmed),
        ("リンク", &link),
    ];
    Ok(to(&REST_NOTICE, person, REST_NOTICE.fill(&desk.city.settings, &values)?))
}

fn addressee(person: &Person) -> &str {
    if person.name.is_empty() { "ご担当者" } else { &person.name }
}

fn to(wording: &Wording, person: &Person, text: (String, String)) -> Letter {
    let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
    let mut letter = Letter::new(wording.key, to, text);
    letter.account_id = person.account_id;
    letter
}

/// The letter as one of a batch, about its group, with its link.
pub(super) fn ready(letter: Letter, group_id: Uuid, batch: Batch, link: Option<String>) -> Letter {
    let mut letter = letter.about(group_id);
    letter.batch = Some(batch);
    match link {
        Some(link) => letter.with_secret("リンク", link),
        None => letter,
    }
}
