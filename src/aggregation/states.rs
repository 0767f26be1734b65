//! What happens to a source: asked for, approved, refused, paused, resumed, ended; and what is held taken in or thrown away.

use sea_orm::{ConnectionTrait, DbErr, Value};
use serde_json::json;
use uuid::Uuid;

use super::contents::{self, Slot};
use super::desk::Desk;
use super::kinds::{State, Way};
use super::reading;
use super::refresh::{Done, take};
use super::settling::Tags;
use super::source::Source;
use super::{Fault, letters, taking, trail};
use crate::audit::Actor;
use crate::calendar::{Leaving, Sent};
use crate::city::settings::sources::EVERY_MINUTES;
use crate::db::statement;
use crate::mail;

/// Hands a source that was tried, or was refused before, in to the office; says whether it still was.
pub async fn ask(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source, actor: &Actor) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'asked', asked_at = ?, version = version + 1 WHERE id = ? AND state IN ('trial', 'refused')";
    if !changed(db, sql, vec![desk.now.into(), source.id.into()]).await? {
        return Ok(false);
    }
    trail::state(db, actor, (source, "情報源の申込"), (source.state(), State::Asked), ("", desk.now)).await?;
    Ok(true)
}

/// Puts a source before the office again, because its group has given it the address of another server.
pub(super) async fn ask_again(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    actor: &Actor,
) -> Result<(), DbErr> {
    let sql = "UPDATE sources SET state = 'asked', asked_at = ?, asked_by = ?, asked_account = ? WHERE id = ?";
    let values = vec![desk.now.into(), actor.name.as_str().into(), actor.account_id.into(), source.id.into()];
    changed(db, sql, values).await?;
    trail::state(db, actor, (source, "情報源の申込"), (source.state(), State::Asked), ("アドレスの変更", desk.now))
        .await
}

/// Begins to read a source that waits: what came when it was tried comes in at once. Says whether it still waited.
pub async fn approve(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    (actor, note): (&Actor, &str),
) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'active', decided_by = ?, decided_at = ?, note = '', next_check_at = ?,
        version = version + 1 WHERE id = ? AND state IN ('trial', 'asked', 'refused')";
    let values = vec![actor.name.as_str().into(), desk.now.into(), desk.now.into(), source.id.into()];
    if !changed(db, sql, values).await? {
        return Ok(false);
    }
    trail::state(db, actor, (source, "情報源の承認"), (source.state(), State::Active), (note, desk.now)).await?;
    if source.state() == State::Asked {
        let minutes = match source.every_minutes {
            0 => desk.city.settings.number(EVERY_MINUTES),
            own => own,
        };
        let letters = letters::approved(db, desk, source, (minutes, note)).await?;
        mail::post_all(db, &letters, desk.host, desk.now).await?;
    }
    take_waiting(db, desk, source).await?;
    Ok(true)
}

/// Does not read a source, and says why; says whether it still waited.
pub async fn refuse(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    (actor, why): (&Actor, &str),
) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'refused', decided_by = ?, decided_at = ?, note = ?, version = version + 1
        WHERE id = ? AND state = 'asked'";
    let values = vec![actor.name.as_str().into(), desk.now.into(), why.into(), source.id.into()];
    if !changed(db, sql, values).await? {
        return Ok(false);
    }
    trail::state(db, actor, (source, "情報源の見送り"), (State::Asked, State::Refused), (why, desk.now)).await?;
    let letters = letters::refused(db, desk, source, why).await?;
    mail::post_all(db, &letters, desk.host, desk.now).await?;
    Ok(true)
}

/// Lets a source rest; its entries stay.
pub async fn pause(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source, actor: &Actor) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'paused', note = ?, claimed_until = NULL, version = version + 1
        WHERE id = ? AND state = 'active'";
    let note = format!("{}さんが休止しました。", actor.name);
    if !changed(db, sql, vec![note.into(), source.id.into()]).await? {
        return Ok(false);
    }
    trail::state(db, actor, (source, "情報源の休止"), (State::Active, State::Paused), ("", desk.now)).await?;
    Ok(true)
}

/// Lets a source that rests be read again, from this moment on.
pub async fn resume(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source, actor: &Actor) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'active', note = '', failures = 0, fault = '', failing_since = NULL,
        next_check_at = ?, claimed_until = NULL, version = version + 1 WHERE id = ? AND state = 'paused'";
    if !changed(db, sql, vec![desk.now.into(), source.id.into()]).await? {
        return Ok(false);
    }
    trail::state(db, actor, (source, "情報源の再開"), (State::Paused, State::Active), ("", desk.now)).await?;
    Ok(true)
}

/// Ends a source for good. What is over stays; what is coming stays or leaves.
pub async fn end(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    (actor, leaves): (&Actor, bool),
) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET state = 'ended', note = '', claimed_until = NULL, held_at = NULL, held = '',
        version = version + 1 WHERE id = ? AND state IN ('active', 'paused', 'asked', 'refused')";
    if !changed(db, sql, vec![source.id.into()]).await? {
        return Ok(false);
    }
    contents::drop_waiting(db, source.id).await?;
    if leaves {
        for id in coming(db, desk, source).await? {
            taking::let_go(db, source, &desk.calendar(), (id, Leaving::Withdrawn)).await?;
        }
    }
    let why =
        if leaves { "これからの予定も載せるのをやめる" } else { "予定は載せたままにする" };
    trail::state(db, actor, (source, "情報源の終了"), (source.state(), State::Ended), (why, desk.now)).await?;
    Ok(true)
}

/// What is coming of a source and stands.
async fn coming(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT e.id FROM calendar_entries e WHERE e.source = ? AND e.recurrence_id = ''
        AND NOT EXISTS (SELECT 1 FROM entry_absences a WHERE a.entry_id = e.id)
        AND EXISTS (SELECT 1 FROM occurrences o WHERE o.entry_id = e.id AND o.last_day >= ?)";
    let values = vec![source.calendar_name().into(), desk.today.into()];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Takes in what waits, whatever is gone in it; nothing where nothing waits.
pub async fn take_waiting(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source) -> Result<Option<Done>, Fault> {
    match contents::sent(db, source.id, Slot::Waiting).await? {
        Some(sent) => Ok(Some(again(db, desk, source, sent).await?)),
        None => Ok(None),
    }
}

/// Reads again what was taken in last, with the settings that the source has now.
pub async fn take_again(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source) -> Result<Option<Done>, Fault> {
    match contents::sent(db, source.id, Slot::Taken).await? {
        Some(sent) => Ok(Some(again(db, desk, source, sent).await?)),
        None => Ok(None),
    }
}

/// Looks again at what waits, with the settings that the source has now; nothing is written into the calendar.
pub(super) async fn look_again(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source) -> Result<(), Fault> {
    let Some(sent) = contents::sent(db, source.id, Slot::Waiting).await? else { return Ok(()) };
    let reading = reading::read(db, &desk.calendar(), source, &sent).await?;
    Ok(keep_waiting(db, desk, source.id, (&sent, &reading.report, &source.held)).await?)
}

async fn again(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source, sent: Sent) -> Result<Done, Fault> {
    let reading = reading::read(db, &desk.calendar(), source, &sent).await?;
    let digest = contents::digest(&sent.bytes);
    // The tags are those of what came last. Where that is something else, such as a file that is held, it has to come again.
    let kept = |tag: &String| if digest == source.digest { tag.clone() } else { String::new() };
    let tags = Tags { etag: kept(&source.etag), last_modified: kept(&source.last_modified), digest };
    take(db, desk, source, reading, (&sent, &tags)).await
}

/// By what the state that somebody decides about is known again: its settings, and what came.
pub(super) async fn seen(db: &impl ConnectionTrait, source: &Source) -> Result<String, DbErr> {
    let waiting = contents::report(db, source.id, Slot::Waiting).await?;
    let came = waiting.map(|(_, at)| at.timestamp_micros()).unwrap_or_default();
    Ok(format!("{}.{came}", source.version))
}

/// Whether something of it is held; what waits of a source that is only tried or asked for is decided about with the source.
fn is_held(source: &Source) -> bool {
    source.held_at.is_some() && matches!(source.state(), State::Active | State::Paused)
}

/// Takes in what is held, with its line in the trail; says whether anything was.
pub async fn accept(db: &impl ConnectionTrait, desk: &Desk<'_>, source: &Source, actor: &Actor) -> Result<bool, Fault> {
    if !is_held(source) || take_waiting(db, desk, source).await?.is_none() {
        return Ok(false);
    }
    let told = json!({ "確認": source.held });
    trail::record(db, actor, (source, "保留した内容の取り込み"), (told, json!({ "確認": "取り込む" })), ("", desk.now))
        .await?;
    Ok(true)
}

/// Throws away what is held: the calendar stays as it is until the source says something else. Says whether anything was held.
pub async fn discard(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    actor: &Actor,
) -> Result<bool, Fault> {
    let sql = "UPDATE sources SET held_at = NULL, held = '' WHERE id = ? AND held_at IS NOT NULL";
    if !is_held(source) || !changed(db, sql, vec![source.id.into()]).await? {
        return Ok(false);
    }
    contents::drop_waiting(db, source.id).await?;
    let told = json!({ "確認": source.held });
    trail::record(db, actor, (source, "保留した内容の破棄"), (told, json!({ "確認": "元のまま" })), ("", desk.now))
        .await?;
    Ok(true)
}

/// Keeps what was read when somebody tried a source, or a file that was sent in, until it is decided about.
pub(super) async fn keep_waiting(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source_id: Uuid,
    (sent, report, why): (&Sent, &super::report::Report, &str),
) -> Result<(), DbErr> {
    contents::put(db, (source_id, Slot::Waiting), (sent, report), desk.now).await?;
    let sql = "UPDATE sources SET held_at = ?, held = ?, form = ?, checked_at = ? WHERE id = ?";
    let values = vec![desk.now.into(), why.into(), report.form.as_str().into(), desk.now.into(), source_id.into()];
    changed(db, sql, values).await?;
    Ok(())
}

/// Forgets sources that were only tried.
pub async fn forget_trials(db: &impl ConnectionTrait, before: chrono::DateTime<chrono::Utc>) -> Result<(), DbErr> {
    changed(db, "DELETE FROM sources WHERE state = 'trial' AND asked_at < ?", vec![before.into()]).await?;
    Ok(())
}

async fn changed(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Whether files are sent in for it.
pub(super) fn takes_files(source: &Source) -> bool {
    source.way() == Way::Upload && matches!(source.state(), State::Active | State::Paused)
}
