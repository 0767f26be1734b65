//! What fulfils an item: groups that work for it and dated things that were or will be held for it.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;

/// Most dated things shown on either side of today.
const NEAREST: i64 = 10;

/// A group that works for an activity.
#[derive(Clone, Debug, FromQueryResult)]
pub struct GroupEvidence {
    /// The group.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A dated thing held for an activity.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DatedEvidence {
    /// The calendar entry.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// The day.
    pub day: NaiveDate,
    /// confirmed, tentative or cancelled.
    pub status: String,
    /// How far a meeting is: 開催, or 議事録公開; of an explanation session 実施(報告済み), 報告待ち, or 実施せず; empty for
    /// everything else.
    pub stage: String,
}

/// Something that a meeting decided, or gave somebody to do, for an activity.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DecidedEvidence {
    /// The meeting.
    pub meeting_id: Uuid,
    /// Its title.
    pub title: String,
    /// What.
    pub words: String,
    /// open, done or dropped.
    pub state: String,
    /// Whether somebody has, or had, to do something about it.
    pub is_task: bool,
}

/// Explanation sessions (出前説明会) that took place and do not stand in the calendar: everybody may know how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Unnamed {
    /// How many.
    pub sessions: i64,
    /// For how many people, each time counted.
    pub people: i64,
}

/// Everything public that points to an activity.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Groups in the order of their readings.
    pub groups: Vec<GroupEvidence>,
    /// The next dated things, soonest first.
    pub coming: Vec<DatedEvidence>,
    /// The latest dated things, newest first.
    pub past: Vec<DatedEvidence>,
    /// What meetings decided, once their minutes were out, the newest first.
    pub decided: Vec<DecidedEvidence>,
    /// How many days there were or will be in all, without those that were cancelled or did not take place.
    pub held_or_planned: i64,
    /// Sessions that took place and are not named.
    pub unnamed: Unnamed,
}

/// What points to an activity, under whichever of its items it was linked.
pub async fn of_activity(db: &impl ConnectionTrait, activity: Uuid, today: NaiveDate) -> Result<Evidence, DbErr> {
    let backend = db.get_database_backend();
    let groups = "SELECT DISTINCT g.id, g.name, g.kana_key FROM items i JOIN group_items l ON l.item_id = i.id
        JOIN groups g ON g.id = l.group_id WHERE i.activity_id = ? AND g.listed ORDER BY g.kana_key, g.id";
    let groups = GroupEvidence::find_by_statement(statement(backend, groups, vec![activity.into()])).all(db).await?;
    let dated = |condition: &str, order: &str| {
        let sql = format!(
            "SELECT DISTINCT e.id, e.title, o.day, e.status, o.begins, {STAGE} AS stage FROM items i
            JOIN entry_items l ON l.item_id = i.id JOIN calendar_entries e ON e.id = l.entry_id
            JOIN occurrences o ON o.entry_id = e.id LEFT JOIN meetings m ON m.entry_id = e.id
            LEFT JOIN outreach_sessions s ON s.entry_id = e.id LEFT JOIN outreach_reports r ON r.session_id = s.id
            WHERE i.activity_id = ? AND o.public AND o.day = o.first_day AND o.day {condition} ?
            ORDER BY o.day {order}, o.begins {order}, e.id LIMIT ?"
        );
        statement(backend, &sql, vec![today.into(), activity.into(), today.into(), NEAREST.into()])
    };
    let coming = DatedEvidence::find_by_statement(dated(">=", "ASC")).all(db).await?;
    let past = DatedEvidence::find_by_statement(dated("<", "DESC")).all(db).await?;
    let decided = decided(db, activity).await?;
    let held_or_planned = count(db, activity).await?;
    Ok(Evidence { groups, coming, past, decided, held_or_planned, unnamed: unnamed(db, activity).await? })
}

/// How far a meeting `m` or a session `s` with its report `r` is; `?` is today.
const STAGE: &str = "CASE WHEN m.published_at IS NOT NULL THEN '議事録公開' WHEN m.held_at IS NOT NULL THEN '開催'
    WHEN e.status = 'cancelled' THEN '' WHEN r.took_place THEN '実施(報告済み)' WHEN r.session_id IS NOT NULL THEN '実施せず'
    WHEN s.state = 'confirmed' AND o.day < ? THEN '報告待ち' ELSE '' END";

/// An entry whose session was reported as not having taken place; stands after the name of the entry's identifier.
const DID_NOT: &str = "IN (SELECT s.entry_id FROM outreach_sessions s JOIN outreach_reports r ON r.session_id = s.id
    WHERE s.entry_id IS NOT NULL AND NOT r.took_place)";

async fn unnamed(db: &impl ConnectionTrait, activity: Uuid) -> Result<Unnamed, DbErr> {
    let sql = "SELECT COUNT(*) AS sessions, CAST(COALESCE(SUM(r.people), 0) AS BIGINT) AS people
        FROM outreach_sessions s JOIN outreach_reports r ON r.session_id = s.id
        JOIN calendar_entries e ON e.id = s.entry_id WHERE s.state = 'confirmed' AND r.took_place AND NOT e.public
        AND e.id IN (SELECT l.entry_id FROM items i JOIN entry_items l ON l.item_id = i.id WHERE i.activity_id = ?)";
    let found = Unnamed::find_by_statement(statement(db.get_database_backend(), sql, vec![activity.into()]));
    Ok(found.one(db).await?.unwrap_or_default())
}

async fn decided(db: &impl ConnectionTrait, activity: Uuid) -> Result<Vec<DecidedEvidence>, DbErr> {
    let sql = "SELECT DISTINCT d.id, m.id AS meeting_id, m.title, d.words, d.state, d.kind <> 'decision' AS is_task,
        m.starts_at, d.position FROM items i JOIN decision_items l ON l.item_id = i.id
        JOIN decisions d ON d.id = l.decision_id JOIN meetings m ON m.id = d.meeting_id WHERE i.activity_id = ?
        AND m.published_at IS NOT NULL AND m.public ORDER BY m.starts_at DESC, d.position, d.id LIMIT ?";
    let values = vec![activity.into(), NEAREST.into()];
    DecidedEvidence::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

async fn count(db: &impl ConnectionTrait, activity: Uuid) -> Result<i64, DbErr> {
    let sql = format!(
        "SELECT COUNT(*) AS days FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
        WHERE o.public AND o.day = o.first_day AND e.status <> 'cancelled' AND e.id NOT {DID_NOT} AND o.entry_id IN
        (SELECT l.entry_id FROM items i JOIN entry_items l ON l.item_id = i.id WHERE i.activity_id = ?)"
    );
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, vec![activity.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "days"))
}

/// How many groups and days stand under each activity, for the list of items.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Tally {
    /// The activity.
    pub activity_id: Uuid,
    /// Distinct groups.
    pub groups: i64,
    /// Distinct calendar entries that take place.
    pub entries: i64,
    /// Sessions that took place and do not stand in the calendar.
    pub unnamed: i64,
}

/// The tally of every activity of a plan.
pub async fn tallies(db: &impl ConnectionTrait, plan_id: Uuid) -> Result<Vec<Tally>, DbErr> {
    let sql = format!(
        "SELECT i.activity_id,
        (SELECT COUNT(DISTINCT g.id) FROM items j JOIN group_items l ON l.item_id = j.id
            JOIN groups g ON g.id = l.group_id AND g.listed WHERE j.activity_id = i.activity_id) AS groups,
        (SELECT COUNT(DISTINCT e.id) FROM items j JOIN entry_items l ON l.item_id = j.id
            JOIN calendar_entries e ON e.id = l.entry_id AND e.public AND e.status <> 'cancelled'
            WHERE j.activity_id = i.activity_id AND e.id NOT {DID_NOT}) AS entries,
        (SELECT COUNT(DISTINCT s.id) FROM items j JOIN entry_items l ON l.item_id = j.id
            JOIN calendar_entries e ON e.id = l.entry_id AND NOT e.public
            JOIN outreach_sessions s ON s.entry_id = e.id AND s.state = 'confirmed'
            JOIN outreach_reports r ON r.session_id = s.id AND r.took_place
            WHERE j.activity_id = i.activity_id) AS unnamed
        FROM items i WHERE i.plan_id = ? GROUP BY i.activity_id"
    );
    Tally::find_by_statement(statement(db.get_database_backend(), &sql, vec![plan_id.into()])).all(db).await
}
