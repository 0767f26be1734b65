//! Giving a group another state for a reason: by its age, or because staff decided so.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::desk::{Desk, Fault};
use crate::audit::{Actor, Channel};
use crate::groups::{Change, Draft, State, history, keep};

/// Another state on its way in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turning<'a> {
    pub to: State,
    pub action: &'a str,
    pub reason: &'a str,
}

/// Keeps the record of a group with another state, as a version of its own; says whether that changed anything.
pub(super) async fn turn(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (group_id, turning): (Uuid, Turning<'_>),
    (actor, channel): (&Actor, Channel),
) -> Result<bool, Fault> {
    // Whoever changes the same record waits here until this is done.
    history::hold(db, group_id).await?;
    let Some(before) = history::load(db, group_id).await?.filter(|draft| draft.state != turning.to) else {
        return Ok(false);
    };
    let draft = Draft { state: turning.to, ..before };
    let change = Change {
        group_id: Some(group_id),
        draft: &draft,
        actor,
        channel,
        action: turning.action,
        reason: turning.reason,
    };
    keep(db, desk.city, change, desk.now).await?;
    Ok(true)
}
