//! A vote: what one group said to the candidates. Every answer is kept; the latest counts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::audit::Channel;
use crate::clock::new_id;
use crate::db::statement;

/// What a group says to one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// ○: somebody can come.
    Yes,
    /// △: perhaps.
    Maybe,
    /// ×: nobody can.
    No,
}

impl Answer {
    /// All answers in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Maybe, Self::No];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Maybe => "maybe",
            Self::No => "no",
        }
    }

    /// The answer under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.key() == key)
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Yes => "○",
            Self::Maybe => "△",
            Self::No => "×",
        }
    }

    /// Its sign with the words for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Yes => "○ 出られます",
            Self::Maybe => "△ まだわかりません",
            Self::No => "× 出られません",
        }
    }
}

/// The answers of one group.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Vote {
    /// The seat.
    pub seat_id: Uuid,
    answers: serde_json::Value,
    /// What the group added.
    pub comment: String,
    channel: String,
    /// Who said it.
    pub said_by: String,
    /// Who typed it in.
    pub written_by: String,
    /// When.
    pub answered_at: DateTime<Utc>,
    /// Whether it is the one that counts.
    pub latest: bool,
}

impl Vote {
    /// What was said to a candidate; nothing to one that was added later.
    pub fn answer(&self, candidate: Uuid) -> Option<Answer> {
        self.answers.get(candidate.to_string()).and_then(serde_json::Value::as_str).and_then(Answer::from_key)
    }

    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }
}

const COLUMNS: &str = "seat_id, answers, comment, channel, said_by, written_by, answered_at, latest";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Vote>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_votes WHERE {rest}");
    Vote::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The answers that count, by seat.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<HashMap<Uuid, Vote>, DbErr> {
    let votes = select(db, "meeting_id = ? AND latest = TRUE", vec![meeting_id.into()]).await?;
    Ok(votes.into_iter().map(|vote| (vote.seat_id, vote)).collect())
}

/// Everything that a group answered, the newest first.
pub async fn of_seat(db: &impl ConnectionTrait, seat_id: Uuid) -> Result<Vec<Vote>, DbErr> {
    select(db, "seat_id = ? ORDER BY answered_at DESC, id DESC", vec![seat_id.into()]).await
}

/// An answer about to be kept.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// What is said to which candidate.
    pub answers: &'a [(Uuid, Answer)],
    /// What is added.
    pub comment: &'a str,
    /// On which way it came.
    pub channel: Channel,
    /// Who said it.
    pub said_by: &'a str,
    /// Who typed it in.
    pub written_by: &'a str,
}

/// Keeps an answer while the poll is open; says whether it is. What was answered before stays in the history.
pub async fn keep(
    db: &impl ConnectionTrait,
    (meeting_id, seat_id): (Uuid, Uuid),
    said: &Said<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    // Takes the meeting's row, so that closing the poll and answering it wait for one another.
    let held = "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND poll_opened_at IS NOT NULL
        AND poll_closed_at IS NULL AND cancelled_at IS NULL AND poll_until > ?";
    if db.execute_raw(statement(backend, held, vec![meeting_id.into(), now.into()])).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let sql = "UPDATE meeting_votes SET latest = FALSE WHERE seat_id = ? AND latest = TRUE";
    db.execute_raw(statement(backend, sql, vec![seat_id.into()])).await?;
    let answers: HashMap<String, &str> =
        said.answers.iter().map(|(id, answer)| (id.to_string(), answer.key())).collect();
    let sql = "INSERT INTO meeting_votes (id, meeting_id, seat_id, answers, comment, channel, said_by, written_by,
        answered_at, latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, TRUE)";
    let values = vec![
        new_id().into(),
        meeting_id.into(),
        seat_id.into(),
        serde_json::json!(answers).into(),
        said.comment.into(),
        said.channel.key().into(),
        said.said_by.into(),
        said.written_by.into(),
        now.into(),
    ];
    db.execute_raw(statement(backend, sql, values)).await?;
    Ok(true)
}
