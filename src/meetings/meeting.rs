//! A liaison meeting: who convenes it, what was wished for, when it takes place, and how far it is.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::state::State;
use super::subject::{Subject, Venue};
use crate::db::statement;

/// A meeting as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Meeting {
    /// Identifier.
    pub id: Uuid,
    /// Its entry in the calendar, once a day was fixed.
    pub entry_id: Option<Uuid>,
    /// The series it belongs to.
    pub series_id: Option<Uuid>,
    /// The meeting it was copied from.
    pub copied_from: Option<Uuid>,
    /// Title.
    pub title: String,
    /// What it is about, in plain text.
    pub purpose: String,
    /// The group that convenes it; nothing for the city.
    pub convener_group: Option<Uuid>,
    /// Who convenes it, in words.
    pub convener: String,
    /// The group whose person chairs it; nothing for the city.
    pub chair_group: Option<Uuid>,
    /// Who chairs it, in words; empty while that is open.
    pub chair: String,
    /// Whether everybody may see it in the calendar and at `/meetings`.
    pub public: bool,
    /// How long it takes.
    pub length_minutes: i32,
    /// The first day on which it may take place.
    pub first_day: NaiveDate,
    /// The last one.
    pub last_day: NaiveDate,
    weekdays: String,
    /// Not before this time of day, such as 09:00.
    pub opens: String,
    /// Over by this time of day.
    pub closes: String,
    /// How many groups have to be able to come.
    pub least_groups: i32,
    /// Key of the town it takes place in; empty while that is open.
    pub town_key: String,
    /// The facility.
    pub facility_id: Option<Uuid>,
    /// The place, or the room in the facility.
    pub place: String,
    /// When it starts, once a day is fixed.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Until when the poll takes answers.
    pub poll_until: Option<DateTime<Utc>>,
    /// Since when it does.
    pub poll_opened_at: Option<DateTime<Utc>>,
    /// Since when it does not any more.
    pub poll_closed_at: Option<DateTime<Utc>>,
    /// Until when groups may propose items of the agenda.
    pub agenda_until: Option<DateTime<Utc>>,
    /// Until when groups are asked to reply.
    pub reply_until: Option<DateTime<Utc>>,
    /// When the day was fixed.
    pub fixed_at: Option<DateTime<Utc>>,
    /// When it was said to have taken place.
    pub held_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why, for the groups.
    pub cancel_reason: String,
    /// When its minutes were published.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts the changes; a form that was made from an older one is shown the newer one first.
    pub version: i32,
    /// Who began it.
    pub created_by: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str =
    "id, entry_id, series_id, copied_from, title, purpose, convener_group, convener, chair_group, chair,
    public, length_minutes, first_day, last_day, weekdays, opens, closes, least_groups, town_key, facility_id, place,
    starts_at, ends_at, poll_until, poll_opened_at, poll_closed_at, agenda_until, reply_until, fixed_at, held_at,
    cancelled_at, cancel_reason, published_at, version, created_by, created_at, updated_at";

impl Meeting {
    /// How far it is.
    pub fn state(&self) -> State {
        if self.cancelled_at.is_some() {
            State::Cancelled
        } else if self.published_at.is_some() {
            State::Published
        } else if self.held_at.is_some() {
            State::Held
        } else if self.fixed_at.is_some() {
            State::Fixed
        } else if self.poll_closed_at.is_some() {
            State::Polled
        } else if self.poll_opened_at.is_some() {
            State::Polling
        } else {
            State::Planned
        }
    }

    /// The weekdays on which it may take place, Monday as 1.
    pub fn weekdays(&self) -> Vec<u32> {
        self.weekdays.split(',').filter_map(|day| day.parse().ok()).collect()
    }

    /// Where it takes place.
    pub fn venue(&self) -> Venue {
        Venue { facility_id: self.facility_id, town_key: self.town_key.clone(), place: self.place.clone() }
    }

    /// Address of its public page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }

    /// Address of the page on which those who convene it work.
    pub fn work_path(&self) -> String {
        super::work_path(self.id)
    }
}

pub(super) async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Meeting>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meetings {rest}");
    Meeting::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The meeting under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Meeting>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// The meeting, if everybody may see it: it is public and its day was fixed once.
pub async fn find_public(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Meeting>, DbErr> {
    Ok(select(db, "WHERE id = ? AND public = TRUE AND entry_id IS NOT NULL", vec![id.into()]).await?.pop())
}

/// Holds a meeting until the transaction ends and reads it, so that nobody else changes what is read from now on.
pub async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Meeting>, DbErr> {
    let sql = "UPDATE meetings SET updated_at = updated_at WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    find(db, id).await
}

/// The meetings that everybody may see, those ahead first (the soonest first), then those that are over (the latest first).
pub async fn all_public(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    most: u64,
) -> Result<(Vec<Meeting>, Vec<Meeting>), DbErr> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let ahead = "WHERE public = TRUE AND entry_id IS NOT NULL AND ends_at >= ? ORDER BY starts_at, id LIMIT ?";
    let over = "WHERE public = TRUE AND entry_id IS NOT NULL AND ends_at < ? ORDER BY starts_at DESC, id LIMIT ?";
    let values = || vec![now.into(), most.into()];
    Ok((select(db, ahead, values()).await?, select(db, over, values()).await?))
}

/// The meetings that staff see, the newest first.
pub async fn newest(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Meeting>, DbErr> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    select(db, "ORDER BY COALESCE(starts_at, created_at) DESC, id LIMIT ?", vec![most.into()]).await
}

/// The meetings that a group convenes, or has a seat in and was told about, the newest first.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid, most: u64) -> Result<Vec<Meeting>, DbErr> {
    let rest = "WHERE convener_group = ? OR (poll_opened_at IS NOT NULL OR fixed_at IS NOT NULL) AND EXISTS
        (SELECT 1 FROM meeting_seats s WHERE s.meeting_id = meetings.id AND s.group_id = ? AND s.removed_at IS NULL)
        ORDER BY COALESCE(starts_at, created_at) DESC, id LIMIT ?";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    select(db, rest, vec![group_id.into(), group_id.into(), most.into()]).await
}

/// Writes a new meeting down; says whether it did: not when it is there already, as the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    subject: &Subject,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO meetings (id, title, purpose, convener_group, convener, chair_group, chair, public,
        length_minutes, first_day, last_day, weekdays, opens, closes, least_groups, town_key, facility_id, place, fixed_by,
        held_by, cancelled_by, cancel_reason, published_by, version, created_by, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', '', 1, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING";
    let mut values = vec![id.into()];
    values.extend(columns(subject));
    values.extend([by.into(), now.into(), now.into()]);
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Changes what a meeting is about; says whether it did: not when somebody changed it since this version.
pub async fn update(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET title = ?, purpose = ?, convener_group = ?, convener = ?, chair_group = ?, chair = ?,
        public = ?, length_minutes = ?, first_day = ?, last_day = ?, weekdays = ?, opens = ?, closes = ?, least_groups = ?,
        town_key = ?, facility_id = ?, place = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND cancelled_at IS NULL";
    let mut values = columns(subject);
    values.extend([now.into(), id.into(), version.into()]);
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

fn columns(subject: &Subject) -> Vec<Value> {
    let weekdays: Vec<String> = subject.weekdays.iter().map(u32::to_string).collect();
    vec![
        subject.title.clone().into(),
        subject.purpose.clone().into(),
        subject.convener_group.into(),
        subject.convener.clone().into(),
        subject.chair_group.into(),
        subject.chair.clone().into(),
        subject.public.into(),
        subject.length_minutes.into(),
        subject.first_day.into(),
        subject.last_day.into(),
        weekdays.join(",").into(),
        subject.opens.clone().into(),
        subject.closes.clone().into(),
        subject.least_groups.into(),
        subject.venue.town_key.clone().into(),
        subject.venue.facility_id.into(),
        subject.venue.place.clone().into(),
    ]
}

/// Fixes, or moves, the day; says whether it did: not when the meeting changed since this version, was held or cancelled.
pub async fn fix(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    venue: &Venue,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET starts_at = ?, ends_at = ?, town_key = ?, facility_id = ?, place = ?,
        fixed_at = COALESCE(fixed_at, ?), fixed_by = CASE WHEN fixed_at IS NULL THEN ? ELSE fixed_by END,
        poll_closed_at = CASE WHEN poll_opened_at IS NULL THEN NULL ELSE COALESCE(poll_closed_at, ?) END,
        version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND cancelled_at IS NULL AND held_at IS NULL";
    let values = vec![
        starts.into(),
        ends.into(),
        venue.town_key.clone().into(),
        venue.facility_id.into(),
        venue.place.clone().into(),
        now.into(),
        by.into(),
        now.into(),
        now.into(),
        id.into(),
        version.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Cancels a meeting; says whether it did: not when it was cancelled or held before.
pub async fn cancel(
    db: &impl ConnectionTrait,
    id: Uuid,
    reason: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET cancelled_at = ?, cancelled_by = ?, cancel_reason = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND cancelled_at IS NULL AND held_at IS NULL";
    let values = vec![now.into(), by.into(), reason.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Ties a meeting to its entry in the calendar.
pub(super) async fn tie(db: &impl ConnectionTrait, id: Uuid, entry_id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE meetings SET entry_id = ? WHERE id = ? AND entry_id IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![entry_id.into(), id.into()])).await?;
    Ok(())
}
