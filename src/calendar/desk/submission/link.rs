//! Personal links to a submission: one for the browser that sent it, one in each letter; the database knows their digests alone.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::own_path;
use super::record::{self, Submission};
use crate::chance;
use crate::db::statement;

/// A submission opened by a personal link.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The submission.
    pub submission: Submission,
    /// Whether the link came by letter.
    pub by_letter: bool,
    token: String,
}

impl Opened {
    /// Address of its page for whoever asked.
    pub fn path(&self) -> String {
        own_path(&self.token)
    }

    /// Whether the address must be shown first to be theirs: a letter may have reached a stranger.
    pub fn must_verify(&self) -> bool {
        self.by_letter && !self.submission.is_confirmed()
    }
}

/// Makes a link.
pub async fn make(db: &impl ConnectionTrait, submission_id: Uuid, by_letter: bool) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO entry_submission_links (token_hash, submission_id, by_letter) VALUES (?, ?, ?)";
    let values = vec![digest(&token).into(), submission_id.into(), by_letter.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// The submission behind a link.
pub async fn open(db: &impl ConnectionTrait, token: &str) -> Result<Option<Opened>, DbErr> {
    let sql = "SELECT submission_id, by_letter FROM entry_submission_links WHERE token_hash = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![digest(token).into()])).await?;
    let Some(row) = row else { return Ok(None) };
    let by_letter = row.try_get("", "by_letter")?;
    let found = record::find(db, row.try_get("", "submission_id")?).await?;
    Ok(found.map(|submission| Opened { submission, by_letter, token: token.to_owned() }))
}

fn digest(token: &str) -> String {
    chance::digest("submission", token)
}
