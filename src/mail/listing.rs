//! The outbox as staff look at it: how many letters are in which state, batches and their progress, lists and searches.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::state::State;
use super::{batch_path, letter_path};
use crate::db::{placeholders, statement};
use crate::waiting::{Waiting, counted};

/// Letters on one page of a list.
pub const PAGE: usize = 50;
/// Groups that a search looks for by name at most.
const GROUPS: i64 = 200;

/// A letter as a line of a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// Identifier.
    pub id: Uuid,
    /// Subject; secrets stand as `{{secret:NAME}}`.
    pub subject: String,
    /// Address it goes to.
    pub to_mail: String,
    /// Name it goes to, may be empty.
    pub to_name: String,
    state: String,
    /// What went wrong, may be empty.
    pub fault: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Name of the group it concerns, may be empty.
    pub group_name: String,
}

impl Line {
    /// How far it is.
    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Failed)
    }

    /// Where it is looked at.
    pub fn path(&self) -> String {
        letter_path(self.id)
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// State.
    pub state: Option<State>,
    /// Part of an address, a name, a subject or a group's name.
    pub words: String,
    /// Group.
    pub group_id: Option<Uuid>,
    /// Batch.
    pub batch_id: Option<Uuid>,
}

impl Filter {
    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        self.state.is_none() && self.words.is_empty() && self.group_id.is_none() && self.batch_id.is_none()
    }
}

/// The letters that fit, the newest first, from behind the letter `after`; one more than a page shows that there are more.
pub async fn letters(db: &impl ConnectionTrait, filter: &Filter, after: Option<Uuid>) -> Result<Vec<Line>, DbErr> {
    let mut conditions: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut demand = |condition: String, bound: Vec<Value>| {
        conditions.push(condition);
        values.extend(bound);
    };
    if let Some(state) = filter.state {
        demand("l.state = ?".to_owned(), vec![state.key().into()]);
    }
    if let Some(id) = filter.group_id {
        demand("l.group_id = ?".to_owned(), vec![id.into()]);
    }
    if let Some(id) = filter.batch_id {
        demand("l.batch_id = ?".to_owned(), vec![id.into()]);
    }
    if !filter.words.is_empty() {
        let (any, bound) = containing_words(db, &filter.words).await?;
        demand(format!("({any})"), bound);
    }
    if let Some(id) = after {
        let from = "(l.created_at, l.id) < (SELECT created_at, id FROM letters WHERE id = ?)";
        demand(from.to_owned(), vec![id.into()]);
    }
    let narrowed = match conditions.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", conditions.join(" AND ")),
    };
    let sql = format!(
        "SELECT found.id, found.subject, found.to_mail, found.to_name, found.state, found.fault, found.created_at,
            COALESCE(g.name, '') AS group_name
        FROM letters AS found LEFT JOIN groups AS g ON g.id = found.group_id
        WHERE found.id IN (SELECT l.id FROM letters AS l {narrowed} ORDER BY l.created_at DESC, l.id DESC LIMIT {})
        ORDER BY found.created_at DESC, found.id DESC",
        PAGE + 1
    );
    Line::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Where the words may stand: those with an @ only in an address, Japanese ones anywhere else, others everywhere.
async fn containing_words(db: &impl ConnectionTrait, words: &str) -> Result<(String, Vec<Value>), DbErr> {
    let mut any: Vec<String> = Vec::new();
    let mut bound: Vec<Value> = Vec::new();
    if words.is_ascii() {
        any.push("LOWER(l.to_mail) LIKE (? || '') ESCAPE '!'".to_owned());
        bound.push(containing(&words.to_lowercase()).into());
    }
    if !words.contains('@') {
        let part = Value::from(containing(words));
        any.push("l.subject LIKE (? || '') ESCAPE '!' OR l.to_name LIKE (? || '') ESCAPE '!'".to_owned());
        bound.extend([part.clone(), part.clone()]);
        let groups = groups_named(db, part).await?;
        if !groups.is_empty() {
            any.push(format!("l.group_id IN ({})", placeholders(groups.len())));
            bound.extend(groups.into_iter().map(Value::from));
        }
    }
    if any.is_empty() {
        // No address has an @ among Japanese letters.
        any.push("1 = 0".to_owned());
    }
    Ok((any.join(" OR "), bound))
}

/// A pattern for everything that contains the words as they are.
fn containing(words: &str) -> String {
    format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

async fn groups_named(db: &impl ConnectionTrait, part: Value) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT id FROM groups WHERE name LIKE (? || '') ESCAPE '!' LIMIT ?";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![part, GROUPS.into()])).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// How many letters are in each state.
pub async fn counts(db: &impl ConnectionTrait, batch_id: Option<Uuid>) -> Result<Vec<(State, i64)>, DbErr> {
    let (narrowed, values) = match batch_id {
        Some(id) => ("WHERE batch_id = ?", vec![id.into()]),
        None => ("", Vec::new()),
    };
    let sql = format!("SELECT state, COUNT(*) AS count FROM letters {narrowed} GROUP BY state");
    let mut counts: Vec<(State, i64)> = State::ALL.into_iter().map(|state| (state, 0)).collect();
    for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
        let state = State::from_key(&row.try_get::<String>("", "state")?);
        if let Some(entry) = counts.iter_mut().find(|(known, _)| Some(*known) == state) {
            entry.1 = row.try_get("", "count")?;
        }
    }
    Ok(counts)
}

/// A batch and how far it is.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Progress {
    /// Identifier of the batch.
    pub id: Uuid,
    /// What the letters are about.
    pub title: String,
    /// Who caused them.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Letters that wait for release.
    pub held: i64,
    /// Letters of the batch.
    pub total: i64,
    /// Letters that the server took.
    pub sent: i64,
    /// Letters that could not be sent.
    pub failed: i64,
}

impl Progress {
    /// Where it is looked at.
    pub fn path(&self) -> String {
        batch_path(self.id)
    }
}

fn of_batch(state: &str) -> String {
    format!("(SELECT COUNT(*) FROM letters AS l WHERE l.batch_id = b.id{state})")
}

/// The batches with letters that wait for release, then the latest of the others.
pub async fn batches(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Progress>, DbErr> {
    let waits = "EXISTS (SELECT 1 FROM letters h WHERE h.batch_id = b.id AND h.state = 'held')";
    progress(db, &format!("ORDER BY {waits} DESC, b.created_at DESC, b.id DESC LIMIT {most}")).await
}

async fn progress(db: &impl ConnectionTrait, rest: &str) -> Result<Vec<Progress>, DbErr> {
    let sql = format!(
        "SELECT b.id, b.title, b.created_by, b.created_at, {held} AS held, {total} AS total, {sent} AS sent,
            {failed} AS failed FROM letter_batches AS b {rest}",
        held = of_batch(" AND l.state = 'held'"),
        total = of_batch(""),
        sent = of_batch(" AND l.state = 'sent'"),
        failed = of_batch(" AND l.state = 'failed'"),
    );
    Progress::find_by_statement(statement(db.get_database_backend(), &sql, vec![])).all(db).await
}

/// A letter that should have left some time ago: since when it is due, and what was said the last time.
pub async fn overdue(
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
) -> Result<Option<(DateTime<Utc>, String)>, DbErr> {
    let sql = "SELECT next_at, fault FROM letters WHERE state = 'queued' AND next_at < ? ORDER BY next_at, id LIMIT 1";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![since.into()])).await?;
    row.map(|row| Ok((row.try_get("", "next_at")?, row.try_get("", "fault")?))).transpose()
}

/// Letters that failed and batches that wait for release, oldest first.
///
/// A letter that somebody ordered for themselves needs nobody of the office when it fails.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql = format!(
        "SELECT id, subject, group_id, created_at FROM letters WHERE state = 'failed' AND unattended = FALSE
        ORDER BY created_at, id LIMIT {most}"
    );
    let mut found = Vec::new();
    for row in db.query_all_raw(statement(backend, &sql, vec![])).await? {
        let subject: String = row.try_get("", "subject")?;
        found.push(Waiting {
            kind: "メール",
            title: format!("送れませんでした: {}", super::masked(&subject)),
            path: letter_path(row.try_get("", "id")?),
            since: row.try_get("", "created_at")?,
            group_id: row.try_get("", "group_id")?,
        });
    }
    let sql = "SELECT COUNT(*) AS count FROM letters WHERE state = 'failed' AND unattended = FALSE";
    let failed = counted(db, (found.len(), most), sql).await?;
    let held = progress(
        db,
        "WHERE EXISTS (SELECT 1 FROM letters AS w WHERE w.batch_id = b.id AND w.state = 'held') ORDER BY b.created_at, b.id",
    )
    .await?;
    let count = failed + i64::try_from(held.len()).unwrap_or(i64::MAX);
    found.extend(held.iter().map(|batch| Waiting {
        kind: "メール",
        title: format!("送信前の確認: {}({}通)", batch.title, batch.held),
        path: batch.path(),
        since: batch.created_at,
        group_id: None,
    }));
    found.sort_by_key(|waiting| waiting.since);
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((count, found))
}
