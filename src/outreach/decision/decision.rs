//! A decision (通知書): numbered, dated, and kept as it was told.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;
use crate::outreach::numbers;
use crate::text::{day, wareki};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 決定.
    Approval,
    /// 否決.
    Refusal,
    /// 変更.
    Change,
    /// 中止.
    Cancellation,
}

impl Kind {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Refusal => "refusal",
            Self::Change => "change",
            Self::Cancellation => "cancellation",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Self {
        match key {
            "refusal" => Self::Refusal,
            "change" => Self::Change,
            "cancellation" => Self::Cancellation,
            _ => Self::Approval,
        }
    }

    /// The name of the paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Approval => "決定通知書",
            Self::Refusal => "否決通知書",
            Self::Change => "変更通知書",
            Self::Cancellation => "中止通知書",
        }
    }
}

/// A decision as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Decision {
    /// Identifier.
    pub id: Uuid,
    /// The request it is about.
    pub request_id: Uuid,
    fiscal_year: i32,
    number: i32,
    kind: String,
    /// The values that were told, by name.
    pub told: Json,
    /// Its letters; nothing where nobody could be written to.
    pub batch_id: Option<Uuid>,
    decided_on: NaiveDate,
    /// Who decided.
    pub decided_by: String,
}

impl Decision {
    /// What was decided.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind)
    }

    /// Its 文書番号, such as 令和8年度 出前第12号.
    pub fn label(&self) -> String {
        label(self.fiscal_year, self.number)
    }

    /// The day on it.
    pub fn dated(&self) -> String {
        day::long(self.decided_on)
    }

    /// A value that was told.
    pub fn value(&self, name: &str) -> &str {
        self.told.get(name).and_then(Json::as_str).unwrap_or_default()
    }
}

fn label(fiscal_year: i32, number: i32) -> String {
    format!("{} 出前第{number}号", wareki::fiscal_year_label(fiscal_year))
}

const COLUMNS: &str = "id, request_id, fiscal_year, number, kind, told, batch_id, decided_on, decided_by";

/// The decision under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Decision>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_decisions WHERE id = ?");
    Decision::find_by_statement(statement(db.get_database_backend(), &sql, vec![id.into()])).one(db).await
}

/// The decisions about a request, the newest first.
pub async fn of_request(db: &impl ConnectionTrait, request_id: Uuid) -> Result<Vec<Decision>, DbErr> {
    let sql =
        format!("SELECT {COLUMNS} FROM outreach_decisions WHERE request_id = ? ORDER BY created_at DESC, number DESC");
    Decision::find_by_statement(statement(db.get_database_backend(), &sql, vec![request_id.into()])).all(db).await
}

/// The decisions about a request that its applicant may know: those without letters that are still held.
pub async fn told_of(db: &impl ConnectionTrait, request_id: Uuid) -> Result<Vec<Decision>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outreach_decisions d WHERE request_id = ? AND NOT EXISTS (SELECT 1 FROM letters l
        WHERE l.batch_id = d.batch_id AND l.state = 'held') ORDER BY created_at DESC, number DESC"
    );
    Decision::find_by_statement(statement(db.get_database_backend(), &sql, vec![request_id.into()])).all(db).await
}

/// The next number of the year: the fiscal year, the number, and both as they are written.
pub(super) async fn next_number(db: &impl ConnectionTrait, today: NaiveDate) -> Result<(i32, i32, String), DbErr> {
    let year = wareki::fiscal_year(today);
    let number = numbers::next(db, numbers::DECISIONS, year).await?;
    Ok((year, number, label(year, number)))
}

/// What is written down of a decision.
pub(super) struct Draft<'a> {
    pub request_id: Uuid,
    pub session_id: Option<Uuid>,
    pub kind: Kind,
    pub number: (i32, i32),
    pub ground: &'a str,
    pub words: &'a str,
    pub told: Json,
    pub batch_id: Uuid,
    pub by: &'a str,
}

/// Writes a decision down.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    draft: Draft<'_>,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<(), DbErr> {
    let sql =
        "INSERT INTO outreach_decisions (id, request_id, session_id, fiscal_year, number, kind, ground, words, told,
        batch_id, decided_on, decided_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = vec![
        new_id().into(),
        draft.request_id.into(),
        draft.session_id.into(),
        draft.number.0.into(),
        draft.number.1.into(),
        draft.kind.key().into(),
        draft.ground.into(),
        draft.words.into(),
        draft.told.into(),
        draft.batch_id.into(),
        today.into(),
        draft.by.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
