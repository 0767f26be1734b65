//! Writing down what was done with somebody's time. The address of a calendar never goes in, and no reason of a leave.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value as Json;

use super::person::Person;
use crate::audit::{self, Actor, Channel, Event};

/// Writes a change down.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    (person, action): (&Person, &str),
    (before, after): (Json, Json),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "outreach_person",
        noun_id: person.account_id.to_string(),
        group_id: None,
        title: person.shown_name(),
        before,
        after,
        reason: "",
    };
    audit::record(db, event, now).await
}
