//! Taking answers: each counts once, however often and on whichever way it comes, and staff can take back what they typed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::answer::Answer;
use super::asked::Asked;
use super::confirmation;
use crate::audit::{self, Actor, Channel, Event};
use crate::db::statement;

/// An answer on its way in.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What was answered.
    pub answer: Answer,
    /// What was written to the office.
    pub words: &'a str,
    /// Who answered, or typed it in.
    pub actor: &'a Actor,
    /// On which way it came.
    pub channel: Channel,
}

/// Takes the answer of a group in every open round that waits for it; says whether one did.
///
/// 変更なし and 変更あり confirm the record. Letters to the group that have not left yet are dropped: nobody is reminded of
/// what they have done.
pub async fn take(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    said: Said<'_>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(standing) = confirmation::standing(db, group_id).await? else { return Ok(false) };
    // What staff were told to put right is answered once it has been put right.
    let waiting = if said.answer == Answer::Edited { "'open', 'told'" } else { "'open'" };
    let sql = format!(
        "UPDATE round_groups SET state = ?, channel = ?, answered_at = ?, answered_by = ?, words = ?, for_office = ?,
        before_state = ?, before_confirmed_on = ? WHERE group_id = ? AND state IN ({waiting})
        AND round_id IN (SELECT id FROM rounds WHERE closed_at IS NULL)"
    );
    let values = vec![
        said.answer.key().into(),
        said.channel.key().into(),
        now.into(),
        said.actor.name.clone().into(),
        said.words.into(),
        said.answer.is_for_office().into(),
        standing.state.clone().into(),
        standing.confirmed_on.into(),
        group_id.into(),
    ];
    if db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if said.answer.confirms() {
        confirmation::confirm(db, group_id, today, (said.actor, said.channel), now).await?;
    }
    drop_held(db, group_id, now).await?;
    let event = Event {
        actor: said.actor,
        channel: said.channel,
        action: "更新確認の回答",
        noun: "group",
        noun_id: group_id.to_string(),
        group_id: Some(group_id),
        title: &standing.name,
        before: json!({ "answer": Answer::Open.key() }),
        after: json!({ "answer": said.answer.key() }),
        reason: said.words,
    };
    audit::record(db, event, now).await?;
    Ok(true)
}

/// Counts a change of the record as the answer of its group, where an open round waits for one.
///
/// To be called in the transaction of every change that a group, or staff for it, made to its record.
pub async fn answered_by_edit(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    (actor, channel): (&Actor, Channel),
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    take(db, group_id, Said { answer: Answer::Edited, words: "", actor, channel }, today, now).await
}

/// Takes back an answer that staff typed in, with the confirmation that came of it; says whether it still stood.
pub async fn undo(
    db: &impl ConnectionTrait,
    asked: &Asked,
    actor: &Actor,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (Some(answered_at), true) = (asked.answered_at, asked.is_keyed_in()) else { return Ok(false) };
    let sql = "UPDATE round_groups SET state = 'open', channel = '', answered_at = NULL, answered_by = '', words = '',
        for_office = FALSE, settled_at = NULL, settled_by = '' WHERE round_id = ? AND group_id = ? AND state = ?
        AND answered_at = ?";
    let values = vec![asked.round_id.into(), asked.group_id.into(), asked.answer().key().into(), answered_at.into()];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if asked.answer().confirms() {
        let before = (asked.before_state.as_str(), asked.before_confirmed_on);
        confirmation::take_back(db, asked.group_id, today, before, (actor, Channel::Screen), now).await?;
    }
    note(db, asked, "更新確認の回答の取り消し", Answer::Open, actor, now).await?;
    Ok(true)
}

/// Notes that staff dealt with an answer; says whether there was anything left to do.
pub async fn settle(
    db: &impl ConnectionTrait,
    asked: &Asked,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE round_groups SET for_office = FALSE, settled_at = ?, settled_by = ?
        WHERE round_id = ? AND group_id = ? AND for_office = TRUE";
    let values = vec![now.into(), actor.name.clone().into(), asked.round_id.into(), asked.group_id.into()];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    note(db, asked, "更新確認の連絡に対応", asked.answer(), actor, now).await?;
    Ok(true)
}

async fn note(
    db: &impl ConnectionTrait,
    asked: &Asked,
    action: &str,
    becomes: Answer,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "round",
        noun_id: asked.round_id.to_string(),
        group_id: Some(asked.group_id),
        title: &asked.name,
        before: json!({ "answer": asked.answer().key() }),
        after: json!({ "answer": becomes.key() }),
        reason: "",
    };
    audit::record(db, event, now).await
}

/// Drops the letters of rounds to a group that have not left yet.
async fn drop_held(db: &impl ConnectionTrait, group_id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE letters SET state = 'cancelled', secrets = ?, decided_at = ?, decided_by = '更新確認の回答'
        WHERE group_id = ? AND state IN ('held', 'queued') AND kind LIKE 'groups.renewal%'";
    let values = vec![json!({}).into(), now.into(), group_id.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
