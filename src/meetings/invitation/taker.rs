//! The answer of a calendar (METHOD:REPLY): matched by UID and address, and kept as the reply of the group.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::invitee;
use super::reply::{self, Answer, Said};
use crate::audit::Channel;
use crate::db::statement;
use crate::ics::{self, Reply};
use crate::inbound::{Ruling, Taking};
use crate::meetings::meeting::{self, Meeting};

/// Takes the answer of a calendar to a meeting; nothing where the UID is of no meeting.
pub fn taker<'a>(db: &'a DatabaseTransaction, reply: &'a Reply, from: &'a str, now: DateTime<Utc>) -> Taking<'a> {
    Box::pin(async move {
        let Some((meeting, sequence)) = of_uid(db, &reply.uid).await? else { return Ok(None) };
        let told = match refusal(&meeting, sequence, reply, now) {
            Some(why) => Ruling::Refused(why.to_owned()),
            None => kept(db, &meeting, reply, from, now).await?,
        };
        Ok(Some(told))
    })
}

async fn of_uid(db: &impl ConnectionTrait, uid: &str) -> Result<Option<(Meeting, i64)>, DbErr> {
    let sql = "SELECT m.id, e.sequence FROM calendar_entries e JOIN meetings m ON m.entry_id = e.id WHERE e.uid = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![uid.into()])).await?;
    let Some(row) = row else { return Ok(None) };
    let (id, sequence): (Uuid, i32) = (row.try_get("", "id")?, row.try_get("", "sequence")?);
    Ok(meeting::hold(db, id).await?.map(|meeting| (meeting, sequence.into())))
}

/// Why an answer cannot be taken, whoever gives it.
fn refusal(meeting: &Meeting, sequence: i64, reply: &Reply, now: DateTime<Utc>) -> Option<&'static str> {
    if meeting.cancelled_at.is_some() {
        Some("中止になった会議への返事です。")
    } else if meeting.held_at.is_some() || meeting.starts_at.is_none_or(|starts| starts <= now) {
        Some("終わった会議への返事です。")
    } else if reply.recurrence_id.is_some() {
        Some("この会議にない回への返事です。")
    } else if reply.sequence.is_some_and(|answered| answered < sequence) {
        Some("変更する前の日時への返事です。新しい日時への返事を確かめてください。")
    } else {
        None
    }
}

async fn kept(
    db: &DatabaseTransaction,
    meeting: &Meeting,
    reply: &Reply,
    from: &str,
    now: DateTime<Utc>,
) -> Result<Ruling, DbErr> {
    let refused = |why: &str| Ok(Ruling::Refused(why.to_owned()));
    let invited = invitee::of_mail(db, meeting.id, &reply.attendee).await?;
    if invited.is_empty() {
        return refused("この会議に招いていないアドレスからの返事です。");
    }
    let answer = match reply.answer {
        ics::Answer::Accepted => Answer::Attend,
        ics::Answer::Declined => Answer::Absent,
        ics::Answer::Delegated => Answer::Proxy,
        ics::Answer::Tentative => {
            return refused("「仮の予定」という返事です。出席か欠席かを、団体に確かめてください。");
        }
        ics::Answer::NeedsAction => return refused("返事の中身がありません。"),
    };
    let mut told = Vec::new();
    for one in invited {
        let before = reply::of_seat(db, one.seat_id).await?.into_iter().next();
        if before.as_ref().zip(reply.stamp).is_some_and(|(before, stamp)| stamp < before.answered_at) {
            return refused("この返事より新しい返事が、すでにあります。");
        }
        // A calendar says who comes, not how many and by what names: what the group said of that before stays.
        let before = before.filter(|before| before.answer() != Answer::Absent && answer != Answer::Absent);
        let proxy = reply.delegated_to.join("、");
        let said = Said {
            answer,
            people: if answer == Answer::Absent { 0 } else { before.as_ref().map_or(1, |before| before.people) },
            delegates: before.as_ref().map_or("", |before| &before.delegates),
            proxy: if answer == Answer::Proxy { &proxy } else { "" },
            opinion: &reply.comment,
            names_public: before.as_ref().is_some_and(|before| before.names_public),
            channel: Channel::Mail,
            said_by: if one.name.is_empty() { from } else { &one.name },
            written_by: "",
        };
        if !reply::keep(db, (meeting.id, one.seat_id), &said, now).await? {
            return refused("この団体は、会議のご案内から外れています。");
        }
        told.push(answer.label());
    }
    Ok(Ruling::Taken(format!("「{}」へ「{}」の返事として受け付けました。", meeting.title, told[0])))
}
