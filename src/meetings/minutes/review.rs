//! Having the minutes checked: handed to the chair and to one attendee, who find them right or say what to change.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::letters;
use super::minute::{self, Minutes, change};
use crate::groups::{self, Person};
use crate::mail::{self, Letter, Recipient, Topic, Wording};
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::link;
use crate::meetings::meeting::Meeting;
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::when;

/// Who checks the minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checker {
    /// 議長.
    Chair,
    /// 出席者.
    Attendee,
}

impl Checker {
    /// Key in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::Attendee => "attendee",
        }
    }

    /// The checker under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Chair, Self::Attendee].into_iter().find(|checker| checker.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Chair => "進行(議長)",
            Self::Attendee => "出席した団体",
        }
    }
}

/// As whom a group checks the minutes of a meeting; nothing for all others.
pub fn checker(meeting: &Meeting, minutes: &Minutes, seat: &Seat) -> Option<Checker> {
    if minutes.submitted_at.is_none() || meeting.published_at.is_some() {
        None
    } else if meeting.chair_group == Some(seat.group_id) {
        Some(Checker::Chair)
    } else {
        (minutes.attendee_seat == Some(seat.id)).then_some(Checker::Attendee)
    }
}

/// Hands the minutes to those who check them; says whether it did: not while the meeting is not held or its minutes are out.
pub async fn submit(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    attendee: Option<Uuid>,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    if !minute::open(db, meeting_id, now).await? {
        return Ok(false);
    }
    let sql = "UPDATE meeting_minutes SET submitted_at = ?, submitted_by = ?, attendee_seat = ?, remarks = '',
        chair_seen_at = NULL, chair_seen_by = '', attendee_seen_at = NULL, attendee_seen_by = '',
        reminded_at = NULL, updated_at = ? WHERE meeting_id = ? AND EXISTS
        (SELECT 1 FROM meetings m WHERE m.id = meeting_minutes.meeting_id AND m.held_at IS NOT NULL)";
    change(db, sql, vec![now.into(), by.into(), attendee.into(), now.into(), meeting_id.into()]).await
}

/// Writes down that somebody found the minutes right; says whether it did: not when they changed since this version.
pub async fn see(
    db: &impl ConnectionTrait,
    (meeting_id, seen): (Uuid, i32),
    checker: Checker,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    if !minute::open(db, meeting_id, now).await? {
        return Ok(false);
    }
    let column = checker.key();
    let sql = format!(
        "UPDATE meeting_minutes SET {column}_seen_at = ?, {column}_seen_by = ?, updated_at = ?
        WHERE meeting_id = ? AND version = ? AND submitted_at IS NOT NULL"
    );
    change(db, &sql, vec![now.into(), by.into(), now.into(), meeting_id.into(), seen.into()]).await
}

/// Keeps what somebody wants changed; whoever wrote the minutes has them again.
pub async fn remark(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    checker: Checker,
    words: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    if !minute::open(db, meeting_id, now).await? {
        return Ok(false);
    }
    let column = checker.key();
    let sql = format!(
        "UPDATE meeting_minutes SET remarks = CASE WHEN remarks = '' THEN ? ELSE remarks || ? END,
        {column}_seen_at = NULL, {column}_seen_by = '', updated_at = ? WHERE meeting_id = ? AND submitted_at IS NOT NULL"
    );
    let line = format!("{by}: {words}");
    let further = format!("\n\n{line}");
    change(db, &sql, vec![line.into(), further.into(), now.into(), meeting_id.into()]).await
}

/// The seats that have to check the minutes and have not found them right yet.
pub async fn asked(db: &impl ConnectionTrait, meeting: &Meeting, minutes: &Minutes) -> Result<Vec<Seat>, DbErr> {
    let mut seats = seat::of_meeting(db, meeting.id).await?;
    seats.retain(|seat| match checker(meeting, minutes, seat) {
        Some(Checker::Chair) => minutes.chair_seen_at.is_none(),
        Some(Checker::Attendee) => minutes.attendee_seen_at.is_none(),
        None => false,
    });
    Ok(seats)
}

/// Writes to everybody who looks after these groups and asks to check the minutes; tells how many letters.
pub async fn ask(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seats): (&Meeting, &[Seat]),
    wording: &'static Wording,
) -> Result<usize, Fault> {
    let ids: Vec<Uuid> = seats.iter().map(|seat| seat.group_id).collect();
    let people = groups::addressees(db, &ids, Topic::Meetings).await?;
    let known = |seat: &Seat| people.get(&seat.group_id).cloned().unwrap_or_default();
    let addressed: Vec<(&Seat, Person)> =
        seats.iter().flat_map(|seat| known(seat).into_iter().map(move |person| (seat, person))).collect();
    let lines: Vec<(Uuid, &Person)> = addressed.iter().map(|(seat, person)| (seat.id, person)).collect();
    let tokens = link::make(db, meeting.id, &lines, desk.now).await?;
    let zone = desk.city.profile.zone;
    for ((seat, person), token) in addressed.iter().zip(tokens) {
        let day = when(meeting, zone);
        let values = [
            ("団体名", seat.name.as_str()),
            ("宛名", if person.name.is_empty() { "ご担当者" } else { person.name.as_str() }),
            ("会議名", meeting.title.as_str()),
            ("招集者", meeting.convener.as_str()),
            ("日時", day.as_str()),
        ];
        let text = wording.fill(&desk.city.settings, &values)?;
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let mut letter = Letter::new(wording.key, to, text).about(seat.group_id);
        letter.account_id = person.account_id;
        let letter = letter.with_secret("リンク", desk.url(&reading_path(&token)));
        mail::post(db, &letter, desk.host, desk.now).await?;
    }
    Ok(addressed.len())
}

/// Address of a personal link to the minutes.
pub fn reading_path(token: &str) -> String {
    format!("/minutes/{token}")
}

/// The letter that asks to check the minutes.
pub const ASK: &Wording = &letters::CHECK;
