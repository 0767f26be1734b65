//! A reply (出欠の返事) of one group: whether it comes, who and how many. Every reply is kept; the latest counts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::audit::Channel;
use crate::clock::new_id;
use crate::db::statement;

/// Whether a group comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 出席.
    Attend,
    /// 代理: somebody from outside, or another group, stands in for it.
    Proxy,
    /// 欠席.
    Absent,
}

impl Answer {
    /// All answers in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Attend, Self::Proxy, Self::Absent];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Attend => "attend",
            Self::Proxy => "proxy",
            Self::Absent => "absent",
        }
    }

    /// The answer under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Attend => "出席",
            Self::Proxy => "代理の方が出席",
            Self::Absent => "欠席",
        }
    }
}

/// What a group replied.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Reply {
    /// The seat.
    pub seat_id: Uuid,
    answer: String,
    /// How many come.
    pub people: i32,
    /// Their names, one a line.
    pub delegates: String,
    /// Who stands in.
    pub proxy: String,
    /// What a group that does not come wants to say.
    pub opinion: String,
    /// Whether the names may stand in the published minutes.
    pub names_public: bool,
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

impl Reply {
    /// Whether the group comes.
    pub fn answer(&self) -> Answer {
        Answer::from_key(&self.answer).unwrap_or(Answer::Absent)
    }

    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }
}

const COLUMNS: &str = "seat_id, answer, people, delegates, proxy, opinion, names_public, channel, said_by, written_by,
    answered_at, latest";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Reply>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_replies WHERE {rest}");
    Reply::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The replies that count, by seat.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<HashMap<Uuid, Reply>, DbErr> {
    let replies = select(db, "meeting_id = ? AND latest = TRUE", vec![meeting_id.into()]).await?;
    Ok(replies.into_iter().map(|reply| (reply.seat_id, reply)).collect())
}

/// Everything that a group replied, the newest first.
pub async fn of_seat(db: &impl ConnectionTrait, seat_id: Uuid) -> Result<Vec<Reply>, DbErr> {
    select(db, "seat_id = ? ORDER BY answered_at DESC, id DESC", vec![seat_id.into()]).await
}

/// A reply about to be kept.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// Whether the group comes.
    pub answer: Answer,
    /// How many.
    pub people: i32,
    /// Their names.
    pub delegates: &'a str,
    /// Who stands in.
    pub proxy: &'a str,
    /// What is said instead of coming.
    pub opinion: &'a str,
    /// Whether the names may be published.
    pub names_public: bool,
    /// On which way it came.
    pub channel: Channel,
    /// Who said it.
    pub said_by: &'a str,
    /// Who typed it in.
    pub written_by: &'a str,
}

/// Keeps a reply until the meeting begins; says whether it did. What was replied before stays in the history.
pub async fn keep(
    db: &impl ConnectionTrait,
    (meeting_id, seat_id): (Uuid, Uuid),
    said: &Said<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    // Takes the meeting's row, so that cancelling it, taking a group out and replying wait for one another.
    let held = "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND fixed_at IS NOT NULL
        AND cancelled_at IS NULL AND held_at IS NULL AND starts_at > ? AND EXISTS (SELECT 1 FROM meeting_seats s
        WHERE s.id = ? AND s.meeting_id = meetings.id AND s.removed_at IS NULL)";
    let values = vec![meeting_id.into(), now.into(), seat_id.into()];
    if db.execute_raw(statement(backend, held, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let sql = "UPDATE meeting_replies SET latest = FALSE WHERE seat_id = ? AND latest = TRUE";
    db.execute_raw(statement(backend, sql, vec![seat_id.into()])).await?;
    let sql = "INSERT INTO meeting_replies (id, meeting_id, seat_id, answer, people, delegates, proxy, opinion,
        names_public, channel, said_by, written_by, sequence, answered_at, latest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, TRUE)";
    let values = vec![
        new_id().into(),
        meeting_id.into(),
        seat_id.into(),
        said.answer.key().into(),
        said.people.into(),
        said.delegates.into(),
        said.proxy.into(),
        said.opinion.into(),
        said.names_public.into(),
        said.channel.key().into(),
        said.said_by.into(),
        said.written_by.into(),
        now.into(),
    ];
    db.execute_raw(statement(backend, sql, values)).await?;
    Ok(true)
}
