//! A mark of attendance: whether a group is there, by whom and how many, or somebody who came without an invitation.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;

/// Whether a group is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// 出席.
    Present,
    /// 代理出席: somebody from outside, or another group, stands in for it.
    Proxy,
    /// 欠席.
    Absent,
}

impl Presence {
    /// All of them in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Present, Self::Proxy, Self::Absent];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Proxy => "proxy",
            Self::Absent => "absent",
        }
    }

    /// The presence under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|presence| presence.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Present => "出席",
            Self::Proxy => "代理出席",
            Self::Absent => "欠席",
        }
    }

    /// The word on a button.
    pub fn short(self) -> &'static str {
        if self == Self::Proxy { "代理" } else { self.label() }
    }

    /// Whether the group counts as there.
    pub fn is_there(self) -> bool {
        self != Self::Absent
    }
}

/// A mark as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Mark {
    /// Identifier.
    pub id: Uuid,
    /// The seat; nothing for somebody who came without an invitation.
    pub seat_id: Option<Uuid>,
    /// Who came without an invitation; empty for a seat.
    pub name: String,
    state: String,
    /// How many people.
    pub people: i32,
    /// Their names, one a line; for 代理 whoever stands in.
    pub delegates: String,
    /// Whether the names may stand in the published minutes.
    pub names_public: bool,
    /// Who marked it last.
    pub marked_by: String,
    /// When.
    pub marked_at: DateTime<Utc>,
    /// Counts the changes.
    pub version: i32,
}

impl Mark {
    /// Whether it says that the group is there.
    pub fn presence(&self) -> Presence {
        Presence::from_key(&self.state).unwrap_or(Presence::Absent)
    }

    /// The names, one by one.
    pub fn names(&self) -> Vec<&str> {
        self.delegates.lines().map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    fn says(&self, draft: &Marking<'_>) -> bool {
        self.presence() == draft.presence
            && self.people == draft.people
            && self.delegates == draft.delegates
            && self.names_public == draft.names_public
    }
}

/// A mark about to be made.
#[derive(Clone, Debug)]
pub struct Marking<'a> {
    /// Whether the group is there.
    pub presence: Presence,
    /// How many people; 0 for an absent group.
    pub people: i32,
    /// Their names.
    pub delegates: &'a str,
    /// Whether they may be published.
    pub names_public: bool,
}

const COLUMNS: &str = "id, seat_id, name, state, people, delegates, names_public, marked_by, marked_at, version";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Mark>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_attendances WHERE {rest}");
    Mark::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// All marks of a meeting, the first made first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Mark>, DbErr> {
    select(db, "meeting_id = ? ORDER BY marked_at, id", vec![meeting_id.into()]).await
}

/// The mark of a seat.
pub async fn of_seat(db: &impl ConnectionTrait, seat_id: Uuid) -> Result<Option<Mark>, DbErr> {
    Ok(select(db, "seat_id = ?", vec![seat_id.into()]).await?.pop())
}

/// What became of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// It stands.
    Done,
    /// It stood like that already: the same tick sent twice, or by two people.
    Same,
    /// Somebody else marked something different since the page was made.
    Overtaken,
    /// The meeting takes no marks: its minutes are out, or it was cancelled.
    Closed,
}

/// Marks a seat. `seen` is the version that the page showed, 0 where it showed none.
pub async fn put(
    db: &impl ConnectionTrait,
    (meeting_id, seat_id): (Uuid, Uuid),
    draft: &Marking<'_>,
    seen: i32,
    (by, now): (&str, DateTime<Utc>),
) -> Result<Marked, DbErr> {
    if !hold(db, meeting_id).await? {
        return Ok(Marked::Closed);
    }
    let known = of_seat(db, seat_id).await?;
    match &known {
        Some(mark) if mark.says(draft) => return Ok(Marked::Same),
        // One's own earlier tick is no surprise: its answer was lost on the way.
        Some(mark) if mark.version != seen && mark.marked_by != by => return Ok(Marked::Overtaken),
        None if seen != 0 => return Ok(Marked::Overtaken),
        _ => {}
    }
    let sql = "INSERT INTO meeting_attendances (id, meeting_id, seat_id, name, state, people, delegates, names_public,
        marked_by, marked_at, version) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (seat_id) DO UPDATE SET
        state = excluded.state, people = excluded.people, delegates = excluded.delegates,
        names_public = excluded.names_public, marked_by = excluded.marked_by, marked_at = excluded.marked_at,
        version = meeting_attendances.version + 1";
    let values = vec![
        new_id().into(),
        meeting_id.into(),
        seat_id.into(),
        draft.presence.key().into(),
        draft.people.into(),
        draft.delegates.into(),
        draft.names_public.into(),
        by.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(Marked::Done)
}

/// Takes the mark of a seat back.
pub async fn clear(db: &impl ConnectionTrait, (meeting_id, seat_id): (Uuid, Uuid), seen: i32) -> Result<Marked, DbErr> {
    if !hold(db, meeting_id).await? {
        return Ok(Marked::Closed);
    }
    match of_seat(db, seat_id).await? {
        None => return Ok(Marked::Same),
        Some(mark) if mark.version != seen => return Ok(Marked::Overtaken),
        Some(_) => {}
    }
    let sql = "DELETE FROM meeting_attendances WHERE meeting_id = ? AND seat_id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![meeting_id.into(), seat_id.into()])).await?;
    Ok(Marked::Done)
}

/// Marks somebody who came without an invitation; the same form sent twice marks them once.
pub async fn welcome(
    db: &impl ConnectionTrait,
    (meeting_id, id): (Uuid, Uuid),
    (name, draft): (&str, &Marking<'_>),
    (by, now): (&str, DateTime<Utc>),
) -> Result<Marked, DbErr> {
    if !hold(db, meeting_id).await? {
        return Ok(Marked::Closed);
    }
    let sql =
        "INSERT INTO meeting_attendances (id, meeting_id, name, state, people, delegates, names_public, marked_by,
        marked_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        meeting_id.into(),
        name.into(),
        draft.presence.key().into(),
        draft.people.into(),
        draft.delegates.into(),
        draft.names_public.into(),
        by.into(),
        now.into(),
    ];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0;
    Ok(if done { Marked::Done } else { Marked::Same })
}

/// Takes the mark of somebody without an invitation back.
pub async fn send_off(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<Marked, DbErr> {
    if !hold(db, meeting_id).await? {
        return Ok(Marked::Closed);
    }
    let sql = "DELETE FROM meeting_attendances WHERE meeting_id = ? AND id = ? AND seat_id IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![meeting_id.into(), id.into()])).await?;
    Ok(Marked::Done)
}

/// Keeps the names of a mark out of the minutes from now on, also of published ones; says whether they stood there.
pub async fn withhold(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_attendances SET names_public = FALSE, version = version + 1
        WHERE meeting_id = ? AND id = ? AND names_public";
    let values = vec![meeting_id.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Takes the meeting's row, so that marks, the end and the publication wait for one another; not when it takes no marks.
async fn hold(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND fixed_at IS NOT NULL
        AND cancelled_at IS NULL AND published_at IS NULL";
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, vec![meeting_id.into()])).await?.rows_affected() > 0)
}
