//! Reminding those who have not answered, by a button or by the calendar; never anybody else.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::answer::Answer;
use super::asked::{self, Narrowed};
use super::desk::{Desk, Fault};
use super::round::Round;
use super::start::{self, Asking};
use crate::audit::{self, Actor, Channel, Event};
use crate::db::{placeholders, statement};
use crate::groups::addressees;
use crate::mail::Topic;

/// Most groups of a round.
const ALL: u64 = 1_000_000;

/// The two automatic reminders of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// By the office's button; holds how many reminders the page showed, so that a second press writes nothing.
    Button(i32),
    /// The first by the calendar.
    First,
    /// The second by the calendar.
    Second,
}

/// Writes a reminder to everybody of the groups that have not answered; nothing when this turn was taken already.
pub(super) async fn remind(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (round, turn): (&Round, Turn),
    (actor, channel): (&Actor, Channel),
) -> Result<Option<usize>, Fault> {
    if !take_turn(db, round.id, turn, desk).await? {
        return Ok(None);
    }
    let open = Narrowed { answer: Some(Answer::Open), on_paper: false };
    let groups: Vec<Uuid> =
        asked::list(db, round.id, open, (0, ALL)).await?.into_iter().map(|asked| asked.group_id).collect();
    let people = addressees::people(db, &groups, Topic::Renewal).await?;
    let reached: Vec<Uuid> = groups.into_iter().filter(|id| people.contains_key(id)).collect();
    let letters = start::write(db, desk, &Asking::reminder(round), (&reached, &people), &actor.name).await?;
    note(db, round.id, &reached, desk).await?;
    let event = Event {
        actor,
        channel,
        action: "更新確認のお知らせ",
        noun: "round",
        noun_id: round.id.to_string(),
        group_id: None,
        title: &round.title,
        before: json!(null),
        after: json!({ "groups": reached.len(), "letters": letters }),
        reason: "",
    };
    audit::record(db, event, desk.now).await?;
    Ok(Some(letters))
}

async fn take_turn(db: &impl ConnectionTrait, id: Uuid, turn: Turn, desk: &Desk<'_>) -> Result<bool, DbErr> {
    let (set, condition) = match turn {
        Turn::Button(shown) => ("", format!("reminders = {shown}")),
        Turn::First => (", first_reminder_at = ?", "first_reminder_at IS NULL".to_owned()),
        Turn::Second => (", second_reminder_at = ?", "second_reminder_at IS NULL".to_owned()),
    };
    let sql =
        format!("UPDATE rounds SET reminders = reminders + 1{set} WHERE id = ? AND closed_at IS NULL AND {condition}");
    let mut values = if set.is_empty() { vec![] } else { vec![desk.now.into()] };
    values.push(id.into());
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0)
}

async fn note(db: &impl ConnectionTrait, round_id: Uuid, groups: &[Uuid], desk: &Desk<'_>) -> Result<(), DbErr> {
    for groups in groups.chunks(500) {
        let sql = format!(
            "UPDATE round_groups SET reminders = reminders + 1, reminded_at = ?, by_mail = TRUE
            WHERE round_id = ? AND group_id IN ({})",
            placeholders(groups.len())
        );
        let mut values = vec![desk.now.into(), round_id.into()];
        values.extend(groups.iter().map(|id| sea_orm::Value::from(*id)));
        db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    }
    Ok(())
}
