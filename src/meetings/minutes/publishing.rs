//! Publishing the minutes, withdrawing them to be corrected, and the letters about that.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::document;
use super::letters;
use super::minute::{self, change};
use super::review::reading_path;
use super::version;
use crate::audit::Actor;
use crate::groups::Person;
use crate::meetings::calendar_entry;
use crate::meetings::convening::record;
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::notice::{self, Draft, Kind, Page};
use crate::meetings::seat::{self, Seat};
use crate::meetings::stewards;
use crate::meetings::work_pages::when;
use crate::revision::{self, Scope};

/// Publishes the minutes within the caller's transaction and makes a held letter for everybody invited; says whether it did: not
/// when they changed since this version, were not checked, or are out already.
pub async fn publish(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seen): (&Meeting, i32),
    words: &str,
    actor: &Actor,
) -> Result<bool, Fault> {
    if !take(db, (meeting.id, seen), (&actor.name, desk.now)).await? {
        return Ok(false);
    }
    let Some(published) = meeting::find(db, meeting.id).await? else { return Ok(false) };
    let document = document::of_meeting(db, desk.city, &published).await?;
    version::keep(db, meeting.id, &document, (&actor.name, desk.now)).await?;
    calendar_entry::keep(db, desk, meeting.id).await?;
    revision::bump(db, Scope::Calendar, desk.now).await?;
    let letters = tell_invited(db, desk, &published, (words, actor)).await?;
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    let told = json!({ "決まったことの数": document.decisions(), "手紙の数": letters });
    record(db, actor, about, "議事録の公開", (json!(null), told), desk.now).await?;
    Ok(true)
}

async fn take(
    db: &impl ConnectionTrait,
    (id, seen): (Uuid, i32),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET published_at = ?, published_by = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND held_at IS NOT NULL AND published_at IS NULL AND cancelled_at IS NULL AND EXISTS
        (SELECT 1 FROM meeting_minutes m WHERE m.meeting_id = meetings.id AND m.version = ?
        AND m.submitted_at IS NOT NULL AND m.chair_seen_at IS NOT NULL
        AND (m.attendee_seat IS NULL OR m.attendee_seen_at IS NOT NULL))";
    change(db, sql, vec![now.into(), by.into(), now.into(), id.into(), seen.into()]).await
}

async fn tell_invited(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    (words, actor): (&str, &Actor),
) -> Result<usize, Fault> {
    let seats = seat::of_meeting(db, meeting.id).await?;
    let draft = Draft {
        kind: Kind::Minutes,
        wording: &letters::PUBLISHED,
        seen: notice::turns(db, meeting.id, Kind::Minutes).await?,
        sequence: 0,
        number: "",
        dated: desk.today,
        words,
        by: &actor.name,
    };
    let day = when(meeting, desk.city.profile.zone);
    let page = |_: &Seat, _: &Person| Page {
        values: vec![("招集者", meeting.convener.clone()), ("日時", day.clone()), ("ひとこと", words.to_owned())],
        calendar: None,
    };
    let made = notice::make(db, desk, (meeting, &seats), &draft, (reading_path, &page)).await?;
    Ok(made.map_or(0, |made| made.letters))
}

/// Takes published minutes back to correct them; says whether they were out. What was published is kept.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    reason: &str,
    actor: &Actor,
) -> Result<bool, Fault> {
    let sql = "UPDATE meetings SET published_at = NULL, published_by = '', version = version + 1, updated_at = ?
        WHERE id = ? AND published_at IS NOT NULL";
    if !change(db, sql, vec![desk.now.into(), meeting.id.into()]).await? {
        return Ok(false);
    }
    version::withdraw(db, meeting.id, reason, (&actor.name, desk.now)).await?;
    let sql = "UPDATE meeting_minutes SET submitted_at = NULL, submitted_by = '' WHERE meeting_id = ?";
    change(db, sql, vec![meeting.id.into()]).await?;
    minute::touch(db, meeting.id, desk.now).await?;
    calendar_entry::keep(db, desk, meeting.id).await?;
    revision::bump(db, Scope::Calendar, desk.now).await?;
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    record(db, actor, about, "議事録の取り下げ", (json!(null), json!({ "理由": reason })), desk.now).await?;
    Ok(true)
}

/// Writes to whoever looks after a meeting that somebody wants its minutes changed.
pub async fn tell_convener(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    words: &str,
) -> Result<usize, Fault> {
    let address = desk.url(&format!("{}/minutes/review", meeting.path()));
    stewards::tell(db, desk, meeting, (&letters::REMARK, &[("申し出", words), ("ページ", address.as_str())])).await
}
