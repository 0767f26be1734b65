//! A mail as it is kept, and what became of it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;
use crate::waiting::Waiting;

/// How a mail came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Out of a mailbox.
    Imap,
    /// By a mail server's pipe.
    Pipe,
}

impl Channel {
    fn key(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Pipe => "pipe",
        }
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect.
    Taken,
    /// It did not, and staff have to look.
    Refused,
    /// Nothing is to be done.
    Ignored,
    /// A person wrote it: staff read it.
    Written,
}

impl Outcome {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Taken, "taken", "受け取りました"),
        (Self::Refused, "refused", "受け取れません"),
        (Self::Ignored, "ignored", "対応はいりません"),
        (Self::Written, "written", "人が書いた返事"),
    ];

    pub(super) fn key(self) -> &'static str {
        Self::ALL.iter().find(|(outcome, ..)| *outcome == self).map_or("", |(_, key, _)| key)
    }

    /// The office's words.
    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(outcome, ..)| *outcome == self).map_or("", |(.., label)| label)
    }

    /// Whether staff have to look.
    pub fn waits(self) -> bool {
        matches!(self, Self::Refused | Self::Written)
    }
}

/// A mail that came in.
#[derive(Clone, Debug, FromQueryResult)]
pub struct InboundMail {
    /// Identifier.
    pub id: Uuid,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// `imap` or `pipe`.
    pub channel: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its Message-ID.
    pub message_id: String,
    /// Who wrote it; empty where that is not clear.
    pub from_mail: String,
    /// Subject, may be empty.
    pub subject: String,
    /// What it is, in the office's words.
    pub kind: String,
    /// The meeting that it answers.
    pub uid: String,
    /// The letter that it is about.
    pub letter_id: Option<Uuid>,
    outcome: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Its head, cut off.
    pub head: String,
    /// Its text, cut off.
    pub body: String,
    state: String,
    /// Who dealt with it.
    pub done_by: String,
    /// When they did.
    pub done_at: Option<DateTime<Utc>>,
}

impl InboundMail {
    /// What became of it.
    pub fn outcome(&self) -> Outcome {
        Outcome::ALL.iter().find(|(_, key, _)| *key == self.outcome).map_or(Outcome::Refused, |(outcome, ..)| *outcome)
    }

    /// Whether staff still have to look.
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    /// Where staff look at it.
    pub fn path(&self) -> String {
        super::staff_path(self.id)
    }

    /// Its subject, or words in its place.
    pub fn title(&self) -> &str {
        if self.subject.is_empty() { "(件名なし)" } else { &self.subject }
    }
}

/// What is written down about a mail.
pub(super) struct Draft<'a> {
    pub channel: Channel,
    pub digest: &'a str,
    pub message_id: &'a str,
    pub from_mail: &'a str,
    pub subject: &'a str,
    pub kind: &'static str,
    pub uid: String,
    pub letter_id: Option<Uuid>,
    pub outcome: Outcome,
    pub reason: String,
    pub head: &'a str,
    pub body: &'a str,
}

/// Keeps a mail; says whether it is new.
pub(super) async fn insert(db: &impl ConnectionTrait, draft: &Draft<'_>, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "INSERT INTO inbound_mails (id, received_at, channel, digest, message_id, from_mail, subject, kind, uid,
        letter_id, outcome, reason, head, body, state, done_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT (digest) DO NOTHING";
    let values: Vec<Value> = vec![
        new_id().into(),
        now.into(),
        draft.channel.key().into(),
        draft.digest.into(),
        draft.message_id.into(),
        draft.from_mail.into(),
        draft.subject.into(),
        draft.kind.into(),
        draft.uid.as_str().into(),
        draft.letter_id.into(),
        draft.outcome.key().into(),
        draft.reason.as_str().into(),
        draft.head.into(),
        draft.body.into(),
        if draft.outcome.waits() { "waiting" } else { "done" }.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

const COLUMNS: &str = "id, received_at, channel, digest, message_id, from_mail, subject, kind, uid, letter_id, outcome,
    reason, head, body, state, done_by, done_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<InboundMail>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM inbound_mails {rest}");
    InboundMail::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Whether a mail of these bytes is there already.
pub(super) async fn is_known(db: &impl ConnectionTrait, digest: &str) -> Result<bool, DbErr> {
    Ok(!select(db, "WHERE digest = ?", vec![digest.into()]).await?.is_empty())
}

/// The mail under this identifier.
pub(super) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<InboundMail>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// The mails that came in, newest first.
pub(super) async fn list(db: &impl ConnectionTrait, skip: i64, most: i64) -> Result<Vec<InboundMail>, DbErr> {
    select(db, "ORDER BY received_at DESC, id DESC LIMIT ? OFFSET ?", vec![most.into(), skip.into()]).await
}

/// How many mails came in.
pub(super) async fn count(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let sql = statement(db.get_database_backend(), "SELECT COUNT(*) AS total FROM inbound_mails", vec![]);
    let total: i64 = db.query_one_raw(sql).await?.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(usize::try_from(total).unwrap_or_default())
}

/// Marks a mail that waits as dealt with; says whether it still waited.
pub(super) async fn settle(db: &impl ConnectionTrait, id: Uuid, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE inbound_mails SET state = 'done', done_by = ?, done_at = ? WHERE id = ? AND state = 'waiting'";
    let values = vec![by.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// What waits for the office, oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let sql = "SELECT COUNT(*) AS total FROM inbound_mails WHERE state = 'waiting'";
    let count = statement(db.get_database_backend(), sql, vec![]);
    let total = db.query_one_raw(count).await?.map_or(Ok(0), |row| row.try_get("", "total"))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found = select(db, "WHERE state = 'waiting' ORDER BY received_at, id LIMIT ?", vec![most.into()]).await?;
    let told = |mail: InboundMail| Waiting {
        kind: "届いたメール",
        path: mail.path(),
        title: format!("{}: {}", mail.outcome().label(), mail.title()),
        since: mail.received_at,
        group_id: None,
    };
    Ok((total, found.into_iter().map(told).collect()))
}
