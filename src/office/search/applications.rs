//! Applications by the name of the group or the address; drafts are the applicants' own business.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::words::{Words, like};
use crate::db::statement;
use crate::groups::application;

/// Applications shown.
const SHOWN: usize = 10;

/// An application that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Hit {
    pub id: Uuid,
    pub name: String,
    state: String,
    pub submitted_at: Option<DateTime<Utc>>,
}

impl Hit {
    /// Where it stands.
    pub fn stands(&self) -> &'static str {
        application::Stage::from_key(&self.state).map_or("", application::Stage::label)
    }
}

/// The applications found, the newest first, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Hit>, bool), DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let mut all = Vec::new();
    for spellings in &words.keys {
        all.push(format!("({})", vec!["name_key LIKE (? || '') ESCAPE '!'"; spellings.len()].join(" OR ")));
        values.extend(spellings.iter().map(|spelling| Value::from(like(&spelling.replace(' ', "")))));
    }
    values.extend([like(&words.typed).into(), (SHOWN as i64 + 1).into()]);
    let sql = format!(
        "SELECT id, name, state, submitted_at FROM applications
        WHERE submitted_at IS NOT NULL AND (({}) OR mail LIKE (? || '') ESCAPE '!') ORDER BY submitted_at DESC, id LIMIT ?",
        all.join(" AND ")
    );
    let mut found = Hit::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}
