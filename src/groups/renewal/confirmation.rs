//! The day a group last said that its record is right (最終確認日), kept apart from the day of the last change.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Actor, Channel, Event};
use crate::db::statement;
use crate::groups::State;
use crate::revision::{self, Scope};

/// What a confirmation changes of a group, as it stands.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Standing {
    /// Name.
    pub name: String,
    /// Key of the state.
    pub state: String,
    /// The day of the last confirmation.
    pub confirmed_on: Option<NaiveDate>,
}

/// How a group stands now.
pub(super) async fn standing(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Standing>, DbErr> {
    let sql = "SELECT name, state, confirmed_on FROM groups WHERE id = ?";
    Standing::find_by_statement(statement(db.get_database_backend(), sql, vec![group_id.into()])).one(db).await
}

/// Writes down that a group's record was confirmed on a day; a group that was 更新待ち or 休止 is 公開 again.
///
/// The text of the record, its version and `updated_at` stay as they are. Says whether there was anything to confirm:
/// applied and dissolved groups cannot be.
pub async fn confirm(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    on: NaiveDate,
    (actor, channel): (&Actor, Channel),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(before) = standing(db, group_id).await? else { return Ok(false) };
    let sql = "UPDATE groups SET confirmed_on = ?, state = 'listed', listed = TRUE
        WHERE id = ? AND state IN ('listed', 'renewal', 'dormant')";
    let values = vec![on.into(), group_id.into()];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    forget_notice(db, group_id).await?;
    let after = Standing { state: State::Listed.key().to_owned(), confirmed_on: Some(on), ..before.clone() };
    tell(db, group_id, "内容の確認", (&before, &after), (actor, channel), now).await?;
    Ok(true)
}

/// Takes a confirmation of a day back, unless something else has happened to the group since.
pub(super) async fn take_back(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    on: NaiveDate,
    before: (&str, Option<NaiveDate>),
    (actor, channel): (&Actor, Channel),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(standing) = standing(db, group_id).await? else { return Ok(false) };
    let state = State::from_key(before.0).unwrap_or_default();
    let sql = "UPDATE groups SET confirmed_on = ?, state = ?, listed = ?
        WHERE id = ? AND confirmed_on = ? AND state = 'listed'";
    let values = vec![before.1.into(), state.key().into(), state.is_listed().into(), group_id.into(), on.into()];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let after = Standing { state: state.key().to_owned(), confirmed_on: before.1, ..standing.clone() };
    tell(db, group_id, "内容の確認の取り消し", (&standing, &after), (actor, channel), now).await?;
    Ok(true)
}

async fn tell(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    action: &str,
    (before, after): (&Standing, &Standing),
    (actor, channel): (&Actor, Channel),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let fields = |standing: &Standing| json!({ "state": standing.state, "confirmed_on": standing.confirmed_on });
    let event = Event {
        actor,
        channel,
        action,
        noun: "group",
        noun_id: group_id.to_string(),
        group_id: Some(group_id),
        title: &before.name,
        before: fields(before),
        after: fields(after),
        reason: "",
    };
    audit::record(db, event, now).await?;
    revision::bump(db, Scope::Groups, now).await?;
    if before.state != after.state {
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(())
}

async fn forget_notice(db: &impl ConnectionTrait, group_id: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM rest_notices WHERE group_id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    Ok(())
}
