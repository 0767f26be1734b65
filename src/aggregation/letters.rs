//! The letters to those whose calendars are read.

use sea_orm::{ConnectionTrait, DbErr};

use super::desk::Desk;
use super::source::Source;
use super::source_path;
use crate::accounts::account;
use crate::groups::member;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};
use crate::text::day;

const SOURCE: Place = Place { name: "情報源", example: "見本の会のカレンダー" };
const NAME: Place = Place { name: "宛名", example: "見本 太郎" };
const PAGE: Place = Place { name: "ページ", example: "https://kyodo.example.jp/sources/0" };
const GROUND: Place = Place { name: "理由", example: "このアドレスには何もありません(404)。" };

/// 取り込みを始めたお知らせ.
pub const APPROVED: Wording = Wording {
    key: "sources.approved",
    title: "カレンダーの取り込みを始めたお知らせ",
    text: include_str!("../../templates/aggregation/mail/approved.txt"),
    places: &[
        SOURCE,
        NAME,
        Place { name: "公開", example: "予定は、すぐに公開されます。" },
        Place { name: "間隔", example: "60分" },
        PAGE,
        Place { name: "ひとこと", example: "\n事務局から: ありがとうございます。\n" },
    ],
};

/// 見送りのお知らせ.
pub const REFUSED: Wording = Wording {
    key: "sources.refused",
    title: "カレンダーの取り込みを見送ったお知らせ",
    text: include_str!("../../templates/aggregation/mail/refused.txt"),
    places: &[SOURCE, NAME, GROUND, PAGE],
};

/// 読めないため休んでいるお知らせ.
pub const PAUSED: Wording = Wording {
    key: "sources.paused",
    title: "カレンダーが読めないため休んでいるお知らせ",
    text: include_str!("../../templates/aggregation/mail/paused.txt"),
    places: &[
        SOURCE,
        NAME,
        Place { name: "回数", example: "8" },
        Place { name: "最後に読めた日", example: "令和8年11月17日(火)" },
        GROUND,
        PAGE,
    ],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&APPROVED, &REFUSED, &PAUSED];

/// Those who hear about a source: whoever looks after its group, or the address that was given for an institution.
async fn owners(db: &impl ConnectionTrait, source: &Source) -> Result<Vec<Recipient>, DbErr> {
    let Some(group) = source.group_id else {
        let given = Some(source.contact_mail.clone()).filter(|mail| !mail.is_empty());
        return Ok(given.map(|mail| Recipient { mail, name: source.institution.clone() }).into_iter().collect());
    };
    let members = member::of_group(db, group).await?.into_iter();
    Ok(members.map(|member| Recipient { mail: member.mail, name: member.name }).collect())
}

/// Whoever asked for a source, or else all who hear of it.
async fn askers(db: &impl ConnectionTrait, source: &Source) -> Result<Vec<Recipient>, DbErr> {
    if let (Some(asked), Some(_)) = (source.asked_account, source.group_id)
        && let Some(account) = account::find(db, asked).await?
        && !account.role().is_staff()
    {
        return Ok(vec![Recipient { mail: account.mail.clone(), name: account.name.clone() }]);
    }
    owners(db, source).await
}

fn letters(
    desk: &Desk<'_>,
    source: &Source,
    wording: &'static Wording,
    to: Vec<Recipient>,
    values: &[(&str, &str)],
) -> Result<Vec<Letter>, Unfilled> {
    let page = format!("{}{}", desk.base_url, source_path(source.id));
    let mut letters = Vec::with_capacity(to.len());
    for person in to {
        let name = if person.name.is_empty() { source.owner().to_owned() } else { person.name.clone() };
        let mut all = vec![("情報源", source.name.as_str()), ("宛名", name.as_str()), ("ページ", page.as_str())];
        all.extend_from_slice(values);
        let letter = Letter::new(wording.key, person, wording.fill(&desk.city.settings, &all)?);
        letters.push(match source.group_id {
            Some(group) => letter.about(group),
            None => letter,
        });
    }
    Ok(letters)
}

/// The letters that a source is being read from now on.
pub(super) async fn approved(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    (minutes, note): (i32, &str),
) -> Result<Vec<Letter>, super::Fault> {
    let shows = match source.shows() {
        super::kinds::Shows::Public => "予定は、すぐに公開されます。",
        super::kinds::Shows::Review => "予定は、事務局が1件ずつ確かめてから公開します。",
    };
    let every = format!("{minutes}分");
    let note = if note.is_empty() { String::new() } else { format!("\n事務局から: {note}\n") };
    let values = [("公開", shows), ("間隔", every.as_str()), ("ひとこと", note.as_str())];
    Ok(letters(desk, source, &APPROVED, askers(db, source).await?, &values)?)
}

/// The letters that a source is not read.
pub(super) async fn refused(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    why: &str,
) -> Result<Vec<Letter>, super::Fault> {
    Ok(letters(desk, source, &REFUSED, askers(db, source).await?, &[("理由", why)])?)
}

/// The letters that a source rests because it cannot be read.
pub(super) async fn paused(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    fault: &str,
) -> Result<Vec<Letter>, super::Fault> {
    let good = source.good_at.map(|at| day::long(at.with_timezone(&desk.city.profile.zone).date_naive()));
    let good = good.unwrap_or_else(|| "まだありません".to_owned());
    let times = source.failures.saturating_add(1).to_string();
    let values = [("回数", times.as_str()), ("最後に読めた日", good.as_str()), ("理由", fault)];
    Ok(letters(desk, source, &PAUSED, owners(db, source).await?, &values)?)
}
