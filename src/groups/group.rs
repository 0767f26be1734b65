//! What the public may see of a group, and the ways to find one.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::state::State;
use crate::db::statement;
use crate::text::fold::fold;
use crate::text::kana;

/// Most groups offered in a list to choose from; a longer one helps nobody.
const OFFERED: i64 = 1_000;

/// The public part of a group's record.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Group {
    /// Identifier.
    pub id: Uuid,
    /// 登録番号.
    pub number: Option<String>,
    /// Name.
    pub name: String,
    /// Reading in katakana.
    pub kana: String,
    /// Key of the kind of group.
    pub kind: String,
    /// 法人番号.
    pub corporate_number: Option<String>,
    state: String,
    /// Key of the town it is based in.
    pub town_key: String,
    /// Title of the representative.
    pub representative_title: String,
    /// When it was founded, in ISO form to the day, the month or the year; empty where nobody said.
    pub founded: String,
    /// Number of members.
    pub members: Option<i32>,
    /// The day the members were counted.
    pub members_on: Option<NaiveDate>,
    /// Membership fee in words.
    pub fee: String,
    /// The group's own website.
    pub website: String,
    /// What it is for.
    pub purpose: String,
    /// What it does.
    pub activities: String,
    /// Where it meets.
    pub places: String,
    /// On which days it meets.
    pub meeting_days: String,
    /// Whether it looks for members.
    pub recruiting: String,
    /// Who can join.
    pub joining: String,
    /// Day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Day of the latest renewal.
    pub renewed_on: Option<NaiveDate>,
    /// The day the group last said that its profile is right.
    pub confirmed_on: Option<NaiveDate>,
}

impl Group {
    /// Where the group stands.
    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Dormant)
    }

    /// The reading as people read it, in hiragana.
    pub fn reading(&self) -> String {
        kana::hiragana(&self.kana)
    }

    /// Address of the group's page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }
}

const COLUMNS: &str = "id, number, name, kana, kind, corporate_number, state, town_key, representative_title, founded,
    members, members_on, fee, website, purpose, activities, places, recruiting, joining, registered_on, renewed_on,
    confirmed_on, meeting_days";

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Group>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM groups WHERE {rest}");
    Group::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The group of the directory under this identifier.
pub async fn find_listed(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Group>, DbErr> {
    Ok(find(db, "id = ? AND listed", vec![id.into()]).await?.pop())
}

/// The group under this identifier if it is in the directory, rests or has been dissolved.
pub(super) async fn find_listed_or_gone(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Group>, DbErr> {
    let values = vec![id.into(), State::Dormant.key().into(), State::Dissolved.key().into()];
    Ok(find(db, "id = ? AND (listed OR state IN (?, ?))", values).await?.pop())
}

/// Keys of a group's fields of activity and of the towns it is active in.
pub(super) async fn fields_and_towns(db: &impl ConnectionTrait, id: Uuid) -> Result<(Vec<String>, Vec<String>), DbErr> {
    let keys = async |sql: &str| {
        let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
        rows.iter().map(|row| row.try_get("", "key")).collect::<Result<Vec<String>, DbErr>>()
    };
    Ok((
        keys("SELECT field_key AS key FROM group_fields WHERE group_id = ?").await?,
        keys("SELECT town_key AS key FROM group_towns WHERE group_id = ?").await?,
    ))
}

/// The only group of the directory that bears this name in any spelling; nothing where two do.
pub async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Uuid>, DbErr> {
    let key = name_key(name);
    let found = find(db, "name_key = ? AND listed LIMIT 2", vec![key.into()]).await?;
    Ok(if let [only] = found.as_slice() { Some(only.id) } else { None })
}

/// How many groups are in the directory.
pub async fn count_listed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let sql = "SELECT COUNT(*) AS count FROM groups WHERE listed = TRUE";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// A group as an entry of a list to choose from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Named {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Reading in katakana.
    pub kana: String,
}

/// The groups of the directory in 五十音 order, the first thousand at most.
pub async fn listed_names(db: &impl ConnectionTrait) -> Result<Vec<Named>, DbErr> {
    let sql = "SELECT id, name, kana FROM groups WHERE listed = TRUE ORDER BY kana_key, id LIMIT ?";
    Named::find_by_statement(statement(db.get_database_backend(), sql, vec![OFFERED.into()])).all(db).await
}

/// The form in which two spellings of one name are equal.
pub(super) fn name_key(name: &str) -> String {
    fold(name).replace(' ', "")
}
