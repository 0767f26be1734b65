//! A round (更新確認): once a year every group is asked whether its record is still right.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::answer::Answer;
use crate::db::statement;

/// Whether a round is the one of its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 年1回の更新確認: one in each fiscal year.
    Yearly,
    /// 臨時の更新確認: any other.
    Extra,
}

impl Kind {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Yearly => "yearly",
            Self::Extra => "extra",
        }
    }
}

/// One round.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Round {
    /// Identifier.
    pub id: Uuid,
    /// What it is called, such as 令和8年度 更新確認.
    pub title: String,
    /// The fiscal year in which it began.
    pub fiscal_year: i32,
    /// Which round of its fiscal year it is, from 1.
    pub number: i32,
    /// Until when groups are asked to answer.
    pub due_on: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Who began it.
    pub started_by: String,
    /// How often reminders were written.
    pub reminders: i32,
    /// When the first automatic reminder was written.
    pub first_reminder_at: Option<DateTime<Utc>>,
    /// When the second automatic reminder was written.
    pub second_reminder_at: Option<DateTime<Utc>>,
    /// Since when it is past its day.
    pub overdue_at: Option<DateTime<Utc>>,
    /// When it was closed; links are good until then.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Round {
    /// Whether answers are still taken.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Address of its page for staff.
    pub fn path(&self) -> String {
        super::round_path(self.id)
    }
}

/// How far a round is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many groups gave which answer, only answers that occur.
    pub answers: Vec<(Answer, i64)>,
    /// How many of the open ones can be reached by mail.
    pub open_by_mail: i64,
}

impl Progress {
    /// How many groups gave this answer.
    pub fn count(&self, answer: Answer) -> i64 {
        self.answers.iter().find(|(given, _)| *given == answer).map_or(0, |(_, count)| *count)
    }

    /// How many have not answered.
    pub fn open(&self) -> i64 {
        self.count(Answer::Open)
    }

    /// How many groups were asked.
    pub fn asked(&self) -> i64 {
        self.answers.iter().map(|(_, count)| count).sum()
    }

    /// How many answered, or could not be reached.
    pub fn answered(&self) -> i64 {
        self.asked() - self.open()
    }

    /// The answered part in whole hundredths; everything only when nobody is left.
    pub fn percent(&self) -> i64 {
        if self.asked() == 0 { 100 } else { self.answered() * 100 / self.asked() }
    }
}

const COLUMNS: &str = "id, title, fiscal_year, number, due_on, started_at, started_by, reminders, first_reminder_at,
    second_reminder_at, overdue_at, closed_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Round>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM rounds {rest}");
    Round::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The round under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Round>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// All rounds, the newest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Round>, DbErr> {
    select(db, "ORDER BY started_at DESC, id DESC", vec![]).await
}

/// The rounds that still take answers, the earliest due first.
pub async fn open(db: &impl ConnectionTrait) -> Result<Vec<Round>, DbErr> {
    select(db, "WHERE closed_at IS NULL ORDER BY due_on, id", vec![]).await
}

/// Whether the yearly round of a fiscal year has begun.
pub async fn has_yearly(db: &impl ConnectionTrait, fiscal_year: i32) -> Result<bool, DbErr> {
    Ok(!select(db, "WHERE fiscal_year = ? AND kind = 'yearly'", vec![fiscal_year.into()]).await?.is_empty())
}

/// A round about to begin.
#[derive(Clone, Debug)]
pub struct NewRound<'a> {
    /// Identifier; made when the form is shown, so that sending it twice begins one round.
    pub id: Uuid,
    /// What it is called.
    pub title: &'a str,
    /// Whether it is the one of its year.
    pub kind: Kind,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Until when groups are asked to answer.
    pub due_on: NaiveDate,
    /// Who begins it.
    pub by: &'a str,
}

/// Writes a round down; says whether it did: not when it, or the yearly one of its fiscal year, is there already.
pub(super) async fn insert(db: &impl ConnectionTrait, round: &NewRound<'_>, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "INSERT INTO rounds (id, title, kind, fiscal_year, number, due_on, started_at, started_by, reminders,
        closed_by) SELECT ?, ?, ?, ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, 0, '' FROM rounds WHERE fiscal_year = ?
        ON CONFLICT DO NOTHING";
    let values = vec![
        round.id.into(),
        round.title.into(),
        round.kind.key().into(),
        round.fiscal_year.into(),
        round.due_on.into(),
        now.into(),
        round.by.into(),
        round.fiscal_year.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Closes a round; says whether it was open.
pub(super) async fn close(db: &impl ConnectionTrait, id: Uuid, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE rounds SET closed_at = ?, closed_by = ? WHERE id = ? AND closed_at IS NULL";
    let values = vec![now.into(), by.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Notes which open rounds are past their day.
pub(super) async fn mark_overdue(db: &impl ConnectionTrait, today: NaiveDate, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE rounds SET overdue_at = ? WHERE closed_at IS NULL AND overdue_at IS NULL AND due_on < ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), today.into()])).await?;
    Ok(())
}

/// How far a round is.
pub async fn progress(db: &impl ConnectionTrait, id: Uuid) -> Result<Progress, DbErr> {
    let sql = "SELECT state, by_mail, COUNT(*) AS count FROM round_groups WHERE round_id = ? GROUP BY state, by_mail";
    let mut progress = Progress::default();
    for row in db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await? {
        let count: i64 = row.try_get("", "count")?;
        let answer = Answer::from_key(&row.try_get::<String>("", "state")?).unwrap_or(Answer::Open);
        if answer == Answer::Open && row.try_get("", "by_mail")? {
            progress.open_by_mail += count;
        }
        match progress.answers.iter_mut().find(|(given, _)| *given == answer) {
            Some((_, known)) => *known += count,
            None => progress.answers.push((answer, count)),
        }
    }
    progress.answers.sort_by_key(|(answer, _)| Answer::ALL.iter().position(|known| known == answer));
    Ok(progress)
}

/// Whether letters of a round still wait for staff to release them.
pub async fn has_held_letters(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS held FROM round_batches b JOIN letters l ON l.batch_id = b.batch_id AND l.state = 'held'
        WHERE b.round_id = ? LIMIT 1";
    Ok(db.query_one_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?.is_some())
}

/// Notes that a batch of letters belongs to a round.
pub(super) async fn add_batch(db: &impl ConnectionTrait, id: Uuid, batch: Uuid) -> Result<(), DbErr> {
    let sql = "INSERT INTO round_batches (batch_id, round_id) VALUES (?, ?)";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![batch.into(), id.into()])).await?;
    Ok(())
}

/// The batches of letters of a round, the oldest first.
pub async fn batches(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT batch_id FROM round_batches WHERE round_id = ? ORDER BY batch_id";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "batch_id")).collect()
}

/// The open round in which a group has not answered yet, the earliest due.
pub(super) async fn asks(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Round>, DbErr> {
    let rest =
        "WHERE closed_at IS NULL AND id IN (SELECT round_id FROM round_groups WHERE group_id = ? AND state = 'open')
        ORDER BY due_on, id LIMIT 1";
    Ok(select(db, rest, vec![group_id.into()]).await?.pop())
}
