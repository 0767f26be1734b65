//! A topic of the menu: what the city comes and explains, in one fiscal year.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use validator::Validate;

use crate::clock::new_id;
use crate::db::statement;
use crate::revision::{self, Scope};

/// A topic as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Topic {
    /// Identifier.
    pub id: Uuid,
    /// The fiscal year whose menu it stands in.
    pub fiscal_year: i32,
    /// Its number in that menu.
    pub number: i32,
    /// Title.
    pub title: String,
    /// What is explained, in plain text.
    pub summary: String,
    /// The section that looks after it.
    pub section: String,
    /// How long it takes.
    pub length_minutes: i32,
    /// How many speakers go.
    pub people_needed: i32,
    /// What the speakers bring.
    pub brings: String,
    /// What the applicant gets ready.
    pub asks: String,
    /// The topic of the year before that it continues.
    pub copied_from: Option<Uuid>,
    /// Since when it is no longer offered.
    pub retired_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Topic {
    /// Whether it can be asked for.
    pub fn is_offered(&self) -> bool {
        self.retired_at.is_none()
    }
}

/// A checked topic that can be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate)]
pub struct Draft {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Title.
    #[validate(length(min = 1, max = 100, message = "題は1文字から100文字までです。"))]
    pub title: String,
    /// What is explained.
    #[validate(length(max = 2_000, message = "内容は2000文字までです。"))]
    pub summary: String,
    /// The section.
    #[validate(length(max = 100, message = "担当課は100文字までです。"))]
    pub section: String,
    /// How long it takes.
    pub length_minutes: i32,
    /// How many speakers go.
    pub people_needed: i32,
    /// What the speakers bring.
    #[validate(length(max = 500, message = "持っていく物は500文字までです。"))]
    pub brings: String,
    /// What the applicant gets ready.
    #[validate(length(max = 500, message = "用意してもらう物は500文字までです。"))]
    pub asks: String,
    /// Who may speak about it.
    pub speakers: Vec<Uuid>,
}

const COLUMNS: &str = "id, fiscal_year, number, title, summary, section, length_minutes, people_needed, brings, asks,
    copied_from, retired_at, version, updated_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Topic>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_topics {rest}");
    Topic::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The topic under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Topic>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// The menu of a fiscal year in its order, with what is no longer offered.
pub async fn of_year(db: &impl ConnectionTrait, fiscal_year: i32) -> Result<Vec<Topic>, DbErr> {
    select(db, "WHERE fiscal_year = ? ORDER BY number, id", vec![fiscal_year.into()]).await
}

/// What can be asked for in a fiscal year.
pub async fn offered(db: &impl ConnectionTrait, fiscal_year: i32) -> Result<Vec<Topic>, DbErr> {
    Ok(of_year(db, fiscal_year).await?.into_iter().filter(Topic::is_offered).collect())
}

/// The fiscal years that have a menu, the newest first.
pub async fn years(db: &impl ConnectionTrait) -> Result<Vec<i32>, DbErr> {
    let sql = "SELECT DISTINCT fiscal_year FROM outreach_topics ORDER BY fiscal_year DESC";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(|row| row.try_get("", "fiscal_year")).collect()
}

/// Who may speak about a topic.
pub async fn speakers(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT account_id FROM outreach_speakers WHERE topic_id = ? ORDER BY account_id";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "account_id")).collect()
}

/// Writes a new topic at the end of its menu; says whether it did: not when the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, copied_from): (Uuid, Option<Uuid>),
    draft: &Draft,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM outreach_topics WHERE fiscal_year = ?";
    let row = db.query_one_raw(statement(backend, sql, vec![draft.fiscal_year.into()])).await?;
    let number: i32 = row.map_or(Ok(1), |row| row.try_get("", "number"))?;
    let sql =
        "INSERT INTO outreach_topics (id, fiscal_year, number, title, summary, section, length_minutes, people_needed,
        brings, asks, copied_from, version, created_by, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let mut values: Vec<Value> = vec![id.into(), draft.fiscal_year.into(), number.into()];
    values.extend(columns(draft));
    values.extend([copied_from.into(), by.into(), now.into(), now.into()]);
    let done = db.execute_raw(statement(backend, sql, values)).await?.rows_affected() > 0;
    if done {
        set_speakers(db, id, &draft.speakers).await?;
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(done)
}

/// Changes a topic; says whether it did: not when somebody changed it since this version.
pub async fn update(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_topics SET title = ?, summary = ?, section = ?, length_minutes = ?, people_needed = ?,
        brings = ?, asks = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?";
    let mut values = columns(draft);
    values.extend([now.into(), id.into(), version.into()]);
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0;
    if done {
        set_speakers(db, id, &draft.speakers).await?;
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(done)
}

fn columns(draft: &Draft) -> Vec<Value> {
    vec![
        draft.title.clone().into(),
        draft.summary.clone().into(),
        draft.section.clone().into(),
        draft.length_minutes.into(),
        draft.people_needed.into(),
        draft.brings.clone().into(),
        draft.asks.clone().into(),
    ]
}

/// Takes a topic off the menu, or puts it back; says whether that changed anything.
pub async fn retire(db: &impl ConnectionTrait, id: Uuid, retired: bool, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_topics SET retired_at = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND (retired_at IS NULL) = ?";
    let at = retired.then_some(now);
    let values = vec![at.into(), now.into(), id.into(), retired.into()];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0;
    revision::bump(db, Scope::Calendar, now).await?;
    Ok(done)
}

async fn set_speakers(db: &impl ConnectionTrait, id: Uuid, speakers: &[Uuid]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    db.execute_raw(statement(backend, "DELETE FROM outreach_speakers WHERE topic_id = ?", vec![id.into()])).await?;
    for account in speakers {
        let sql = "INSERT INTO outreach_speakers (topic_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        db.execute_raw(statement(backend, sql, vec![id.into(), (*account).into()])).await?;
    }
    Ok(())
}

/// Starts the menu of a year as a copy of what the year before offers; says how many topics it has then. Nothing where the
/// year has a menu already.
pub async fn copy_year(
    db: &impl ConnectionTrait,
    (from, to): (i32, i32),
    (by, now): (&str, DateTime<Utc>),
) -> Result<usize, DbErr> {
    if !of_year(db, to).await?.is_empty() {
        return Ok(0);
    }
    let offered = offered(db, from).await?;
    for topic in &offered {
        let draft = Draft { fiscal_year: to, ..draft_of(topic, speakers(db, topic.id).await?) };
        insert(db, (new_id(), Some(topic.id)), &draft, (by, now)).await?;
    }
    Ok(offered.len())
}

/// The draft that a topic was made from.
pub fn draft_of(topic: &Topic, speakers: Vec<Uuid>) -> Draft {
    Draft {
        fiscal_year: topic.fiscal_year,
        title: topic.title.clone(),
        summary: topic.summary.clone(),
        section: topic.section.clone(),
        length_minutes: topic.length_minutes,
        people_needed: topic.people_needed,
        brings: topic.brings.clone(),
        asks: topic.asks.clone(),
        speakers,
    }
}
