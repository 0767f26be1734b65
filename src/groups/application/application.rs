//! An application (登録の申請): what a group typed so far, whose address it is, and where it stands.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::step::Step;
use super::typed::Typed;
use crate::audit::Channel;
use crate::clock::new_id;
use crate::db::statement;

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 作成中: nobody but the applicant has seen it.
    Draft,
    /// 審査中: waits for the office.
    Submitted,
    /// 差し戻し: the office has a question.
    Returned,
    /// 承認.
    Approved,
    /// 不承認.
    Refused,
    /// 取り下げ.
    Withdrawn,
}

impl Stage {
    /// All of them, those that the office has to do with first.
    pub const ALL: [Self; 6] =
        [Self::Submitted, Self::Returned, Self::Approved, Self::Refused, Self::Withdrawn, Self::Draft];
    /// Those that the office may see.
    pub const SEEN: [Self; 5] = [Self::Submitted, Self::Returned, Self::Approved, Self::Refused, Self::Withdrawn];

    /// Key in the database and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The stage under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "作成中(まだ申請していません)",
            Self::Submitted => "審査中",
            Self::Returned => "差し戻し(お返事待ち)",
            Self::Approved => "承認",
            Self::Refused => "不承認",
            Self::Withdrawn => "取り下げ",
        }
    }
}

/// An application.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Application {
    /// Identifier.
    pub id: Uuid,
    /// Address for letters; empty for a group without one.
    pub mail: String,
    /// When the owner of the address showed that it is theirs.
    pub verified_at: Option<DateTime<Utc>>,
    channel: String,
    /// Who of the office typed it in for the group; empty where the group did.
    pub entered_by: String,
    form: Json,
    sent: Json,
    /// Name of the group as typed.
    pub name: String,
    step: String,
    state: String,
    /// What the office asked.
    pub question: String,
    /// What the applicant answered.
    pub answer: String,
    /// Why it was refused.
    pub reason: String,
    acknowledged: Json,
    /// Counts every change.
    pub version: i32,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last touched.
    pub updated_at: DateTime<Utc>,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the office decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: String,
    /// The group that came of it.
    pub group_id: Option<Uuid>,
    /// The account that looks after the group.
    pub account_id: Option<Uuid>,
}

impl Application {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        Stage::from_key(&self.state).unwrap_or(Stage::Withdrawn)
    }

    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }

    /// What was typed.
    pub fn typed(&self) -> Typed {
        Typed::from_json(&self.form)
    }

    /// What was typed when the group handed it in.
    pub fn typed_when_sent(&self) -> Typed {
        Typed::from_json(&self.sent)
    }

    /// The step at which the applicant was last.
    pub fn step(&self) -> Step {
        Step::from_key(&self.step).unwrap_or(Step::Name)
    }

    /// The groups of which the applicant said that they are others.
    pub fn acknowledged(&self) -> Vec<Uuid> {
        serde_json::from_value(self.acknowledged.clone()).unwrap_or_default()
    }

    /// Whether the applicant may still change what is typed.
    pub fn is_open(&self) -> bool {
        matches!(self.stage(), Stage::Draft | Stage::Returned)
    }

    /// Whether the applicant can still withdraw it.
    pub fn is_undecided(&self) -> bool {
        self.is_open() || self.stage() == Stage::Submitted
    }

    /// Whether letters may tell what the application holds: the address is shown to be the applicant's.
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }

    /// The name, or what stands for one that is not typed yet.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { "(団体名なし)" } else { &self.name }
    }
}

const COLUMNS: &str = "id, mail, verified_at, channel, entered_by, form, sent, name, step, state, question, answer,
    reason, acknowledged, version, created_at, updated_at, submitted_at, decided_at, decided_by, group_id, account_id";

async fn list(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Application>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM applications WHERE {rest}");
    Application::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The application under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Application>, DbErr> {
    Ok(list(db, "id = ?", vec![id.into()]).await?.pop())
}

/// The application under this identifier if the office may see it: it was handed in once, or the office typed it in.
pub async fn find_seen(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Application>, DbErr> {
    Ok(list(db, "id = ? AND submitted_at IS NOT NULL", vec![id.into()]).await?.pop())
}

/// The undecided applications of an address, the newest first.
pub async fn undecided_of(db: &impl ConnectionTrait, mail: &str) -> Result<Vec<Application>, DbErr> {
    let rest = "mail = ? AND state IN ('draft', 'returned', 'submitted') ORDER BY created_at DESC LIMIT 3";
    list(db, rest, vec![mail.into()]).await
}

/// The others that wait for the office under the same name.
pub async fn namesakes(db: &impl ConnectionTrait, id: Uuid, name: &str) -> Result<Vec<Application>, DbErr> {
    let rest = "name_key = ? AND state IN ('submitted', 'returned') AND id <> ? ORDER BY submitted_at LIMIT 5";
    list(db, rest, vec![super::super::group::name_key(name).into(), id.into()]).await
}

/// A page of the applications in a stage, oldest first for what waits and newest first for what is done.
pub async fn of_stage(
    db: &impl ConnectionTrait,
    stage: Stage,
    (skip, most): (u64, u64),
) -> Result<Vec<Application>, DbErr> {
    let order = if matches!(stage, Stage::Submitted | Stage::Returned) { "ASC" } else { "DESC" };
    let rest = format!(
        "state = ? AND submitted_at IS NOT NULL ORDER BY submitted_at {order}, id {order} LIMIT {most} OFFSET {skip}"
    );
    list(db, &rest, vec![stage.key().into()]).await
}

/// How many applications that the office may see are in each stage.
pub async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(Stage, i64)>, DbErr> {
    let sql = "SELECT state, COUNT(*) AS count FROM applications WHERE submitted_at IS NOT NULL GROUP BY state";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    let read = |row: &sea_orm::QueryResult| Ok((row.try_get("", "state")?, row.try_get("", "count")?));
    let found: Vec<(String, i64)> = rows.iter().map(read).collect::<Result<_, DbErr>>()?;
    let of = |stage: Stage| found.iter().find(|(key, _)| key == stage.key()).map_or(0, |(_, count)| *count);
    Ok(Stage::SEEN.into_iter().map(|stage| (stage, of(stage))).collect())
}

/// Begins an application that comes on a way; `by` is who of the office types it in.
pub async fn begin(
    db: &impl ConnectionTrait,
    mail: &str,
    (channel, by): (Channel, &str),
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let id = new_id();
    let sql =
        "INSERT INTO applications (id, mail, channel, entered_by, form, sent, name, name_key, step, state, question,
        answer, reason, acknowledged, version, created_at, updated_at, decided_by)
        VALUES (?, ?, ?, ?, ?, ?, '', '', 'name', 'draft', '', '', '', ?, 1, ?, ?, '')";
    let nothing = || Value::from(serde_json::json!({}));
    let values = vec![
        id.into(),
        mail.into(),
        channel.key().into(),
        by.into(),
        nothing(),
        nothing(),
        serde_json::json!([]).into(),
        now.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(id)
}

/// Forgets what was never handed in, or was taken back for good, and has not been touched for `days`; says how many.
pub async fn forget(db: &impl ConnectionTrait, days: i32, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "DELETE FROM applications WHERE state IN ('draft', 'withdrawn') AND updated_at < ?";
    let before = now - Duration::days(days.into());
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?.rows_affected())
}
