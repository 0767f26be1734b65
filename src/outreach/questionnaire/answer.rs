//! One sheet of answers: what somebody ticked and wrote, without who it was.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::question::{AGES, Scale};
use crate::db::statement;

/// Key of the way on which an answer came by a screen in the hall.
pub const SCREEN: &str = "screen";
/// Key of the way on which an answer came on paper (紙).
pub const PAPER: &str = "paper";

/// What was ticked, as far as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Marks {
    /// The session.
    pub session_id: Uuid,
    /// わかりやすかったか, 4 to 1.
    pub clear: Option<i32>,
    /// 役に立つか, 4 to 1.
    pub useful: Option<i32>,
    /// 知っていたか, 3 to 1.
    pub known: Option<i32>,
    /// 参加してみたいか, 3 to 1.
    pub joining: Option<i32>,
    /// Key of the age; empty where nothing was ticked.
    pub age: String,
}

impl Marks {
    /// What was ticked for a question.
    pub fn of(&self, scale: Scale) -> Option<i32> {
        match scale {
            Scale::Clear => self.clear,
            Scale::Useful => self.useful,
            Scale::Known => self.known,
            Scale::Joining => self.joining,
        }
    }
}

/// A sheet of answers as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Answer {
    /// Identifier.
    pub id: Uuid,
    /// Running number of a sheet of paper in its session.
    pub number: Option<i32>,
    clear: Option<i32>,
    useful: Option<i32>,
    known: Option<i32>,
    joining: Option<i32>,
    age: String,
    /// What was written.
    pub words: String,
    channel: String,
    /// Since when the words are hidden as unfit.
    pub hidden_at: Option<DateTime<Utc>>,
    /// Since when the whole sheet does not count.
    pub removed_at: Option<DateTime<Utc>>,
    /// When it came.
    pub answered_at: DateTime<Utc>,
}

impl Answer {
    /// Whether it came on paper.
    pub fn is_paper(&self) -> bool {
        self.channel == PAPER
    }

    /// The age in words; empty where nothing was ticked.
    pub fn age(&self) -> &'static str {
        AGES.iter().find(|(key, _)| *key == self.age).map_or("", |(_, words)| words)
    }

    /// What was ticked.
    pub fn marks(&self, session_id: Uuid) -> Marks {
        Marks {
            session_id,
            clear: self.clear,
            useful: self.useful,
            known: self.known,
            joining: self.joining,
            age: self.age.clone(),
        }
    }

    /// What was ticked, in numbers and one line, to compare with the paper.
    pub fn in_short(&self) -> String {
        let number = |mark: Option<i32>| mark.map_or_else(|| "−".to_owned(), |mark| mark.to_string());
        let marks = [self.clear, self.useful, self.known, self.joining].map(number).join("・");
        let age = if self.age().is_empty() { "年代なし" } else { self.age() };
        format!("{marks}・{age}")
    }
}

/// A checked sheet of answers that can be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What was ticked; the session in it is the one it is for.
    pub marks: Marks,
    /// What was written.
    pub words: String,
}

impl Draft {
    /// Whether nothing was answered at all.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.marks.age.is_empty()
            && Scale::ALL.into_iter().all(|scale| self.marks.of(scale).is_none())
    }
}

const COLUMNS: &str =
    "id, number, clear, useful, known, joining, age, words, channel, hidden_at, removed_at, answered_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Answer>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_answers WHERE {rest}");
    Answer::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The sheets of a session that count, the oldest first.
pub async fn of_session(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Answer>, DbErr> {
    select(db, "session_id = ? AND removed_at IS NULL ORDER BY answered_at, id", vec![session_id.into()]).await
}

/// The sheets of a session that do not count any more, the newest first.
pub(super) async fn removed(db: &impl ConnectionTrait, session_id: Uuid, most: i64) -> Result<Vec<Answer>, DbErr> {
    let rest = "session_id = ? AND removed_at IS NOT NULL ORDER BY removed_at DESC, id LIMIT ?";
    select(db, rest, vec![session_id.into(), most.into()]).await
}

/// The sheets of paper that were keyed in last, the newest first.
pub(super) async fn latest(db: &impl ConnectionTrait, session_id: Uuid, most: i64) -> Result<Vec<Answer>, DbErr> {
    let rest = "session_id = ? AND removed_at IS NULL AND number IS NOT NULL ORDER BY number DESC, id LIMIT ?";
    select(db, rest, vec![session_id.into(), most.into()]).await
}

/// One sheet of a session.
pub(super) async fn find(db: &impl ConnectionTrait, (session_id, id): (Uuid, Uuid)) -> Result<Option<Answer>, DbErr> {
    Ok(select(db, "session_id = ? AND id = ?", vec![session_id.into(), id.into()]).await?.pop())
}

/// What was ticked at all decided sessions between two moments, as far as it counts.
pub async fn marks_between(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Marks>, DbErr> {
    let sql = "SELECT a.session_id, a.clear, a.useful, a.known, a.joining, a.age FROM outreach_answers a
        JOIN outreach_sessions s ON s.id = a.session_id WHERE a.removed_at IS NULL AND s.state = 'confirmed'
        AND s.starts_at >= ? AND s.starts_at < ?";
    let values = vec![from.into(), until.into()];
    Marks::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// The running number of the next sheet of paper of a session.
pub(super) async fn next_number(db: &impl ConnectionTrait, session_id: Uuid) -> Result<i32, DbErr> {
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM outreach_answers WHERE session_id = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![session_id.into()])).await?;
    row.map_or(Ok(1), |row| row.try_get("", "number"))
}

/// Keeps a sheet; says whether it did: not when the same form was sent before. With `keyed_by` it came on paper and takes
/// the next running number.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, draft): (Uuid, &Draft),
    keyed_by: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let session_id = draft.marks.session_id;
    let number = match keyed_by {
        Some(_) => {
            hold(db, session_id).await?;
            Some(next_number(db, session_id).await?)
        }
        None => None,
    };
    // From which network an answer came is counted elsewhere, as a digest; it is not kept with the answer.
    let sql =
        "INSERT INTO outreach_answers (id, session_id, number, clear, useful, known, joining, age, words, channel,
        entered_by, network, answered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        session_id.into(),
        number.into(),
        draft.marks.clear.into(),
        draft.marks.useful.into(),
        draft.marks.known.into(),
        draft.marks.joining.into(),
        draft.marks.age.clone().into(),
        draft.words.clone().into(),
        if keyed_by.is_some() { PAPER } else { SCREEN }.into(),
        keyed_by.unwrap_or_default().into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Holds the numbers of a session until the transaction ends, so that no two sheets take the same.
async fn hold(db: &impl ConnectionTrait, session_id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE outreach_sessions SET updated_at = updated_at WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![session_id.into()])).await?;
    Ok(())
}

/// Takes a sheet out of the count, or puts it back; says whether that changed anything.
pub(super) async fn remove(
    db: &impl ConnectionTrait,
    (id, is_removed): (Uuid, bool),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_answers SET removed_at = ?, removed_by = ? WHERE id = ? AND (removed_at IS NULL) = ?";
    set(db, sql, (id, is_removed), (by, now)).await
}

/// Hides the words of a sheet as unfit, or shows them again; says whether that changed anything.
pub(super) async fn hide(
    db: &impl ConnectionTrait,
    (id, is_hidden): (Uuid, bool),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_answers SET hidden_at = ?, hidden_by = ? WHERE id = ? AND (hidden_at IS NULL) = ?";
    set(db, sql, (id, is_hidden), (by, now)).await
}

async fn set(
    db: &impl ConnectionTrait,
    sql: &str,
    (id, is_so): (Uuid, bool),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let (at, by) = (is_so.then_some(now), if is_so { by } else { "" });
    let values = vec![at.into(), by.into(), id.into(), is_so.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
