//! The list of a round as a table: who answered what, and how to reach those who have not.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::answer::Answer;
use super::asked::Asked;
use super::round::Round;
use crate::groups::{ContactKind, record};
use crate::table::Cell;
use crate::text::{kana, postal};

/// Headings of the table.
pub(super) const HEADINGS: [&str; 18] = [
    "登録番号",
    "団体名",
    "ふりがな",
    "回答",
    "回答日",
    "回答の方法",
    "回答・入力した人",
    "連絡事項",
    "案内の方法",
    "最後の連絡",
    "お知らせの回数",
    "代表者役職名",
    "代表者氏名",
    "電話",
    "FAX",
    "メール",
    "郵便番号",
    "所在地",
];

/// When and how a group was last written to in a round.
pub(super) fn last_contact(asked: &Asked, round: &Round, day: impl Fn(DateTime<Utc>) -> String) -> String {
    let began = asked.by_mail.then_some((round.started_at, "お願いのメール"));
    let reminded = asked.reminded_at.map(|at| (at, "お知らせのメール"));
    let printed = asked.printed_at.map(|at| (at, "用紙の印刷"));
    let last = [began, reminded, printed].into_iter().flatten().max_by_key(|(at, _)| *at);
    last.map_or_else(|| "まだありません".to_owned(), |(at, what)| format!("{} {what}", day(at)))
}

/// One line for each group, contacts included whether or not they are published: the file is for the office.
pub(super) async fn table(
    db: &impl ConnectionTrait,
    round: &Round,
    found: &[Asked],
    day: impl Fn(DateTime<Utc>) -> String + Copy,
) -> Result<Vec<Vec<Cell>>, DbErr> {
    let mut lines = Vec::with_capacity(found.len());
    for found in found.chunks(500) {
        let ids: Vec<Uuid> = found.iter().map(|asked| asked.group_id).collect();
        let records = record::load(db, &ids).await?;
        for asked in found {
            let contact = |kind| {
                let value = records.get(&asked.group_id).and_then(|draft| draft.contact(kind));
                value.map_or_else(String::new, |contact| contact.value.clone())
            };
            let post = contact(ContactKind::Postal);
            let is_open = asked.answer() == Answer::Open;
            let texts = [
                asked.number.clone().unwrap_or_default(),
                asked.name.clone(),
                kana::hiragana(&asked.kana),
                asked.answer().label().to_owned(),
                asked.answered_at.map_or_else(String::new, day),
                if is_open { String::new() } else { asked.channel().label().to_owned() },
                asked.answered_by.clone(),
                asked.words.clone(),
                if asked.by_mail { "メール" } else { "用紙" }.to_owned(),
                last_contact(asked, round, day),
                asked.reminders.to_string(),
                records.get(&asked.group_id).map_or_else(String::new, |draft| draft.representative_title.clone()),
                contact(ContactKind::Representative),
                contact(ContactKind::Phone),
                contact(ContactKind::Fax),
                contact(ContactKind::Mail),
                if post.is_empty() { post } else { postal::display(&post) },
                contact(ContactKind::Address),
            ];
            lines.push(texts.into_iter().map(Cell::Text).collect());
        }
    }
    Ok(lines)
}
