//! The answer of a calendar (METHOD:REPLY) to a session: kept beside what the address was told; a decline waits for the office.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::invitee;
use crate::db::statement;
use crate::ics::{Answer, Reply};
use crate::inbound::{Ruling, Taking};
use crate::outreach::session::{self, Session, State};

/// Takes the answer of a calendar to a session; nothing where the UID is of no session.
pub fn taker<'a>(db: &'a DatabaseTransaction, reply: &'a Reply, _from: &'a str, now: DateTime<Utc>) -> Taking<'a> {
    Box::pin(async move {
        let Some((session, sequence)) = of_uid(db, &reply.uid).await? else { return Ok(None) };
        let told = match refusal(&session, sequence, reply, now) {
            Some(why) => Ruling::Refused(why.to_owned()),
            None => kept(db, &session, reply, now).await?,
        };
        Ok(Some(told))
    })
}

async fn of_uid(db: &impl ConnectionTrait, uid: &str) -> Result<Option<(Session, i64)>, DbErr> {
    let sql =
        "SELECT s.id, e.sequence FROM calendar_entries e JOIN outreach_sessions s ON s.entry_id = e.id WHERE e.uid = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![uid.into()])).await?;
    let Some(row) = row else { return Ok(None) };
    let (id, sequence): (Uuid, i32) = (row.try_get("", "id")?, row.try_get("", "sequence")?);
    Ok(session::find(db, id).await?.map(|session| (session, sequence.into())))
}

/// Why an answer cannot be taken, whoever gives it.
fn refusal(session: &Session, sequence: i64, reply: &Reply, now: DateTime<Utc>) -> Option<&'static str> {
    if session.state() == State::Cancelled {
        Some("中止になった出前説明会への返事です。")
    } else if session.starts_at <= now {
        Some("終わった出前説明会への返事です。")
    } else if reply.sequence.is_some_and(|answered| answered < sequence) {
        Some("変更する前の日時への返事です。新しい日時への返事を確かめてください。")
    } else {
        None
    }
}

async fn kept(db: &DatabaseTransaction, session: &Session, reply: &Reply, now: DateTime<Utc>) -> Result<Ruling, DbErr> {
    let answer = match reply.answer {
        Answer::Accepted | Answer::Delegated => invitee::ACCEPTED,
        Answer::Declined => invitee::DECLINED,
        Answer::Tentative => invitee::TENTATIVE,
        Answer::NeedsAction => return Ok(Ruling::Refused("返事の中身がありません。".to_owned())),
    };
    if !invitee::answer(db, (session.id, &reply.attendee), answer, now).await? {
        return Ok(Ruling::Refused("この出前説明会をお知らせしていないアドレスからの返事です。".to_owned()));
    }
    Ok(Ruling::Taken(format!("出前説明会へ「{}」の返事として受け付けました。", invitee::answer_label(answer))))
}
