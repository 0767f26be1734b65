//! A decision of a meeting, or what it gave somebody to do, with the items of the plan that it is for.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::kind::{Kind, State};
use crate::db::{placeholders, statement};
use crate::text::day;

/// A decision as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Decision {
    /// Identifier.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The point of the agenda it belongs to.
    pub agenda_item_id: Option<Uuid>,
    kind: String,
    /// What.
    pub words: String,
    /// The group that does it.
    pub owner_group: Option<Uuid>,
    /// The section, or whoever else does it, in words.
    pub owner: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    state: String,
    /// What came of it.
    pub outcome: String,
    /// Counts the changes.
    pub version: i32,
    /// Title of the meeting.
    pub meeting_title: String,
    /// The group that does it; empty where it is none.
    pub group_name: String,
    /// Whether that group stands in the public register.
    pub group_listed: bool,
}

impl Decision {
    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind).unwrap_or(Kind::Decision)
    }

    /// How far it is.
    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Open)
    }

    /// How far it is, in words; empty for what was simply decided.
    pub fn shown_state(&self) -> &'static str {
        if self.kind() == Kind::Decision { "" } else { self.state().label() }
    }

    /// Whether its day is over and it is not done.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.state() == State::Open && self.due_on.is_some_and(|due| due < today)
    }
}

/// An item of the plan that a decision is for.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ForItem {
    decision_id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Key of its plan.
    pub plan_key: String,
}

/// A decision with its items.
#[derive(Clone, Debug)]
pub struct Told {
    /// The decision.
    pub decision: Decision,
    /// Its items, by code.
    pub items: Vec<ForItem>,
}

impl Told {
    /// Who does it, for those who work on the meeting.
    pub fn owner(&self) -> &str {
        if self.decision.group_name.is_empty() { &self.decision.owner } else { &self.decision.group_name }
    }

    /// Who does it, for everybody: a group that is not in the public register stays unnamed.
    pub fn public_owner(&self) -> &str {
        let is_hidden = !self.decision.group_name.is_empty() && !self.decision.group_listed;
        if is_hidden { "参加団体" } else { self.owner() }
    }

    /// Until when, in words; empty where no day was set.
    pub fn due(&self) -> String {
        self.decision.due_on.map(day::long).unwrap_or_default()
    }
}

/// A decision about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The point of the agenda.
    pub agenda_item_id: Option<Uuid>,
    /// What it is.
    pub kind: Kind,
    /// What.
    pub words: String,
    /// The group that does it.
    pub owner_group: Option<Uuid>,
    /// Or whoever else, in words.
    pub owner: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// The items of the plan.
    pub items: Vec<Uuid>,
}

pub(super) async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Told>, DbErr> {
    let backend = db.get_database_backend();
    let sql = format!(
        "SELECT d.id, d.meeting_id, d.agenda_item_id, d.kind, d.words, d.owner_group, d.owner, d.due_on, d.state,
        d.outcome, d.version, m.title AS meeting_title, COALESCE(g.name, '') AS group_name,
        COALESCE(g.listed, FALSE) AS group_listed FROM decisions d JOIN meetings m ON m.id = d.meeting_id
        LEFT JOIN groups g ON g.id = d.owner_group {rest}"
    );
    let decisions = Decision::find_by_statement(statement(backend, &sql, values)).all(db).await?;
    let mut items = items_of(db, &decisions).await?;
    let told = |decision: Decision| Told { items: items.remove(&decision.id).unwrap_or_default(), decision };
    Ok(decisions.into_iter().map(told).collect())
}

async fn items_of(db: &impl ConnectionTrait, decisions: &[Decision]) -> Result<HashMap<Uuid, Vec<ForItem>>, DbErr> {
    let mut found: HashMap<Uuid, Vec<ForItem>> = HashMap::new();
    for some in decisions.chunks(500) {
        let sql = format!(
            "SELECT l.decision_id, l.item_id, i.code, i.title, p.key AS plan_key FROM decision_items l
            JOIN items i ON i.id = l.item_id JOIN plans p ON p.id = i.plan_id WHERE l.decision_id IN ({}) ORDER BY i.code",
            placeholders(some.len())
        );
        let ids = some.iter().map(|decision| decision.id.into()).collect();
        let rows = ForItem::find_by_statement(statement(db.get_database_backend(), &sql, ids)).all(db).await?;
        for row in rows {
            found.entry(row.decision_id).or_default().push(row);
        }
    }
    Ok(found)
}

/// What a meeting decided, in the order in which it was written down.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Told>, DbErr> {
    select(db, "WHERE d.meeting_id = ? ORDER BY d.position, d.id", vec![meeting_id.into()]).await
}

/// One decision of a meeting.
pub async fn find(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<Option<Told>, DbErr> {
    let rest = "WHERE d.meeting_id = ? AND d.id = ?";
    Ok(select(db, rest, vec![meeting_id.into(), id.into()]).await?.pop())
}

/// Writes a decision down; the same form sent twice writes one.
pub async fn insert(
    db: &impl ConnectionTrait,
    (meeting_id, id): (Uuid, Uuid),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql =
        "INSERT INTO decisions (id, meeting_id, agenda_item_id, position, kind, words, owner_group, owner, due_on,
        state, outcome, settled_by, chases, version, created_at, updated_at)
        VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM decisions WHERE meeting_id = ?), ?, ?, ?, ?, ?, ?,
        '', '', 0, 1, ?, ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        meeting_id.into(),
        draft.agenda_item_id.into(),
        meeting_id.into(),
        draft.kind.key().into(),
        draft.words.clone().into(),
        draft.owner_group.into(),
        draft.owner.clone().into(),
        draft.due_on.into(),
        draft.kind.first_state().key().into(),
        now.into(),
        now.into(),
    ];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    set_items(db, id, &draft.items).await?;
    Ok(true)
}

/// Changes a decision; says whether it did: not when somebody changed it since this version. A task that becomes a decision is done.
pub async fn update(
    db: &impl ConnectionTrait,
    (meeting_id, id, seen): (Uuid, Uuid, i32),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE decisions SET agenda_item_id = ?, state = CASE WHEN kind = ? THEN state ELSE ? END, kind = ?,
        words = ?, owner_group = ?, owner = ?, due_on = ?, chased_at = NULL, chases = 0, version = version + 1,
        updated_at = ? WHERE meeting_id = ? AND id = ? AND version = ?";
    let values = vec![
        draft.agenda_item_id.into(),
        draft.kind.key().into(),
        draft.kind.first_state().key().into(),
        draft.kind.key().into(),
        draft.words.clone().into(),
        draft.owner_group.into(),
        draft.owner.clone().into(),
        draft.due_on.into(),
        now.into(),
        meeting_id.into(),
        id.into(),
        seen.into(),
    ];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    set_items(db, id, &draft.items).await?;
    Ok(true)
}

async fn set_items(db: &impl ConnectionTrait, id: Uuid, items: &[Uuid]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    db.execute_raw(statement(backend, "DELETE FROM decision_items WHERE decision_id = ?", vec![id.into()])).await?;
    for item in items {
        let sql = "INSERT INTO decision_items (decision_id, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        db.execute_raw(statement(backend, sql, vec![id.into(), (*item).into()])).await?;
    }
    Ok(())
}

/// Takes a decision out of minutes that are not out.
pub async fn remove(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "DELETE FROM decisions WHERE meeting_id = ? AND id = ?";
    let values = vec![meeting_id.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Says what became of a task; says whether it did: not when somebody said it since this version.
pub async fn settle(
    db: &impl ConnectionTrait,
    (id, seen): (Uuid, i32),
    (state, outcome): (State, &str),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE decisions SET state = ?, outcome = ?, settled_at = ?, settled_by = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ? AND kind <> 'decision'";
    let values = vec![state.key().into(), outcome.into(), now.into(), by.into(), now.into(), id.into(), seen.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
