//! What is carried over (前回からの持ち越し): open decisions and tasks of earlier meetings stand on the next agenda by themselves, read
//! afresh whenever it is shown, until they are settled or somebody here decides about them.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::item::{self, Draft, Origin};
use super::stage::Stage;
use crate::clock::new_id;
use crate::db::statement;
use crate::meetings::meeting::Meeting;
use crate::meetings::tasks;
use crate::text::day;

/// Longest title that is made of a decision's words.
const TITLE: usize = 200;

/// An open decision or task of an earlier meeting.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Carried {
    /// The decision.
    pub id: Uuid,
    kind: String,
    /// What was decided.
    pub words: String,
    /// Who does it: a group or a section.
    pub owner: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The meeting that decided it.
    pub meeting_id: Uuid,
    /// Its title.
    pub meeting_title: String,
    /// Whether everybody may read of it: that meeting is public and its minutes are published.
    pub is_public: bool,
    /// Whether everybody may read who does it.
    pub is_owner_public: bool,
}

impl Carried {
    /// The word people read.
    pub fn label(&self) -> &'static str {
        tasks::Kind::from_key(&self.kind).unwrap_or(tasks::Kind::Decision).label()
    }

    /// Who does it and by when, in words; empty where neither is known.
    pub fn duty(&self) -> String {
        let due = self.due_on.map(|on| format!("{}まで", day::long(on)));
        let owner = (!self.owner.is_empty()).then(|| format!("担当: {}", self.owner));
        owner.into_iter().chain(due).collect::<Vec<_>>().join("　")
    }

    /// As an item of its own.
    fn draft(&self) -> Draft {
        let title: String = self.words.lines().next().unwrap_or_default().chars().take(TITLE).collect();
        let words = [if title == self.words { "" } else { self.words.as_str() }, &self.duty()].join("\n");
        Draft { title, words: words.trim().to_owned(), ..Draft::default() }
    }
}

/// What is carried over to a meeting that was not held yet: what is open of meetings before it of the same series, of the same
/// convener, or of the one it was copied from, and is not on its agenda already.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Vec<Carried>, DbErr> {
    if meeting.held_at.is_some() || meeting.cancelled_at.is_some() || meeting.published_at.is_some() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![meeting.id.into(), meeting.series_id.into(), meeting.copied_from.into()];
    let convener = match meeting.convener_group {
        Some(group) => {
            values.push(group.into());
            "m.convener_group = ?"
        }
        None => "m.convener_group IS NULL",
    };
    values.push(meeting.id.into());
    let before = match meeting.starts_at {
        Some(starts) => {
            values.push(starts.into());
            "AND m.starts_at < ?"
        }
        None => "",
    };
    let sql = format!(
        "SELECT d.id, d.kind, d.words, COALESCE(g.name, d.owner) AS owner, d.due_on, m.id AS meeting_id,
        m.title AS meeting_title,
        CASE WHEN m.public = TRUE AND m.published_at IS NOT NULL THEN TRUE ELSE FALSE END AS is_public,
        CASE WHEN g.id IS NULL OR g.listed = TRUE THEN TRUE ELSE FALSE END AS is_owner_public
        FROM decisions d JOIN meetings m ON m.id = d.meeting_id LEFT JOIN groups g ON g.id = d.owner_group
        WHERE d.state = 'open' AND m.id <> ? AND m.cancelled_at IS NULL AND m.held_at IS NOT NULL
        AND (m.series_id = ? OR m.id = ? OR {convener})
        AND NOT EXISTS (SELECT 1 FROM agenda_items a WHERE a.meeting_id = ? AND a.decision_id = d.id) {before}
        ORDER BY m.starts_at, d.position, d.id"
    );
    Carried::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Keeps of what is carried over only what these groups may all read of: they took part where it was decided, or everybody may.
pub async fn known_to(
    db: &impl ConnectionTrait,
    mut carried: Vec<Carried>,
    groups: &[Uuid],
) -> Result<Vec<Carried>, DbErr> {
    let meetings: HashSet<Uuid> = carried.iter().filter(|one| !one.is_public).map(|one| one.meeting_id).collect();
    let mut unknown = HashSet::new();
    for meeting in meetings {
        let sql = "SELECT group_id FROM meeting_seats WHERE meeting_id = ? AND removed_at IS NULL";
        let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![meeting.into()])).await?;
        let seated: HashSet<Uuid> = rows.iter().map(|row| row.try_get("", "group_id")).collect::<Result<_, DbErr>>()?;
        if !groups.iter().all(|group| seated.contains(group)) {
            unknown.insert(meeting);
        }
    }
    carried.retain(|one| !unknown.contains(&one.meeting_id));
    Ok(carried)
}

/// Keeps of what is carried over only what everybody may read.
pub fn public(mut carried: Vec<Carried>) -> Vec<Carried> {
    carried.retain(|one| one.is_public);
    for one in &mut carried {
        if !one.is_owner_public {
            one.owner.clear();
        }
    }
    carried
}

/// Makes an item of its own of something carried over, on the agenda or left out of it; not when somebody did so before.
pub async fn take_up(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    (carried, stage): (&Carried, Stage),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let origin = Origin { decision_id: Some(carried.id), by: &carried.meeting_title, ..Origin::default() };
    item::insert(db, (new_id(), meeting_id), (&carried.draft(), stage), origin, now).await
}

/// Makes items of everything that is carried over, so that minutes can be written about each: to be called when a meeting is held,
/// in the same transaction and before it counts as held.
pub async fn keep(db: &impl ConnectionTrait, meeting: &Meeting, now: DateTime<Utc>) -> Result<usize, DbErr> {
    let carried = of_meeting(db, meeting).await?;
    let mut kept = Vec::new();
    for one in &carried {
        if take_up(db, meeting.id, (one, Stage::Listed), now).await? {
            kept.push(one.id);
        }
    }
    // What was carried over stands first, as it did while it was only read.
    let mut items = item::listed(db, meeting.id).await?;
    items.sort_by_key(|item| !item.decision_id.is_some_and(|id| kept.contains(&id)));
    item::order(db, &items.iter().map(|item| item.id).collect::<Vec<_>>()).await?;
    Ok(kept.len())
}
