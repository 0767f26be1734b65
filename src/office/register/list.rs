//! The list of groups by state, in the order and for the town that the office asks for.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::city::City;
use crate::db::{placeholders, statement};
use crate::groups::State;
use crate::text::kana;
use crate::web::Query;

/// Groups on one page.
pub(super) const PAGE: usize = 50;

/// In which order the groups stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// By their readings.
    #[default]
    Kana,
    /// What was changed last stands first.
    Updated,
    /// Who confirmed longest ago, or never, stands first.
    Confirmed,
}

impl Sort {
    pub const ALL: [(&'static str, &'static str, Self); 3] = [
        ("kana", "よみの順", Self::Kana),
        ("updated", "新しく変わった順", Self::Updated),
        ("confirmed", "確認が古い順", Self::Confirmed),
    ];

    pub fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, _, sort)| *sort == self).map_or("", |(key, _, _)| key)
    }

    fn order(self) -> &'static str {
        match self {
            Self::Kana => "g.kana_key, g.id",
            Self::Updated => "g.updated_at DESC, g.id DESC",
            Self::Confirmed => "g.confirmed_on NULLS FIRST, g.id",
        }
    }
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub state: Option<State>,
    pub town: Option<String>,
    pub unmanned: bool,
    pub trusted: bool,
    pub sort: Sort,
}

impl Filter {
    /// Reads the filter of an address or of a form that repeats it.
    pub fn read(query: &mut Query, city: &City) -> Self {
        let state = query.choice("state", "状態", |key| match key {
            "all" => Some(None),
            key => State::from_key(key).map(Some),
        });
        let sort = query.choice("sort", "並び順", |key| Sort::ALL.into_iter().find(|(name, _, _)| *name == key));
        Self {
            state: state.flatten(),
            town: query.choice("town", "町", |key| city.town(key).map(|town| town.key.clone())),
            unmanned: query.choice("unmanned", "担当者", |key| (key == "1").then_some(())).is_some(),
            trusted: query.choice("trusted", "予定の承認", |key| (key == "1").then_some(())).is_some(),
            sort: sort.map(|(_, _, sort)| sort).unwrap_or_default(),
        }
    }

    /// The parameters that make this filter again.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let tick = |ticked: bool| if ticked { "1" } else { "" };
        vec![
            ("state", self.state.map_or("", State::key)),
            ("town", self.town.as_deref().unwrap_or_default()),
            ("unmanned", tick(self.unmanned)),
            ("trusted", tick(self.trusted)),
            ("sort", if self.sort == Sort::Kana { "" } else { self.sort.key() }),
        ]
    }

    fn condition(&self, state: Option<State>) -> (String, Vec<Value>) {
        let (mut all, mut values) = (Vec::new(), Vec::new());
        if let Some(state) = state {
            all.push("g.state = ?");
            values.push(Value::from(state.key()));
        }
        if let Some(town) = &self.town {
            all.push("g.town_key = ?");
            values.push(town.as_str().into());
        }
        if self.unmanned {
            all.push("NOT EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = g.id)");
        }
        if self.trusted {
            all.push("g.trusted = TRUE");
        }
        (if all.is_empty() { "1 = 1".to_owned() } else { all.join(" AND ") }, values)
    }
}

/// A group as a line of the list.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Line {
    pub id: Uuid,
    pub number: Option<String>,
    pub name: String,
    kana: String,
    state: String,
    pub town_key: String,
    pub trusted: bool,
    pub confirmed_on: Option<NaiveDate>,
    pub updated_at: DateTime<Utc>,
    pub people: i64,
}

impl Line {
    pub fn reading(&self) -> String {
        kana::hiragana(&self.kana)
    }

    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Dormant)
    }
}

/// How many groups of the filter stand in each state, whatever state is chosen.
pub(super) async fn counts(db: &impl ConnectionTrait, filter: &Filter) -> Result<HashMap<String, i64>, DbErr> {
    let (condition, values) = filter.condition(None);
    let sql = format!("SELECT g.state, COUNT(*) AS count FROM groups g WHERE {condition} GROUP BY g.state");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "state")?, row.try_get("", "count")?))).collect()
}

/// The identifiers of the list in its order; `most` of them from `start`.
pub(super) async fn ids(
    db: &impl ConnectionTrait,
    filter: &Filter,
    (start, most): (usize, usize),
) -> Result<Vec<Uuid>, DbErr> {
    let (condition, mut values) = filter.condition(filter.state);
    values.extend([Value::from(most as i64), Value::from(start as i64)]);
    let sql = format!("SELECT g.id FROM groups g WHERE {condition} ORDER BY {} LIMIT ? OFFSET ?", filter.sort.order());
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The lines of these groups, in the same order.
pub(super) async fn lines(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Line>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT g.id, g.number, g.name, g.kana, g.state, g.town_key, g.trusted, g.confirmed_on, g.updated_at,
        (SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id) AS people FROM groups g WHERE g.id IN ({})",
        placeholders(ids.len())
    );
    let values = ids.iter().map(|id| (*id).into()).collect();
    let lines = Line::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    let mut of: HashMap<Uuid, Line> = lines.into_iter().map(|line| (line.id, line)).collect();
    Ok(ids.iter().filter_map(|id| of.remove(id)).collect())
}
