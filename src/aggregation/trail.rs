//! Writing down what was done with a source. Its address never goes in: it may be a secret.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value as Json, json};

use super::kinds::State;
use super::source::Source;
use crate::audit::{self, Actor, Channel, Event};

/// Writes a change down.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    (source, action): (&Source, &str),
    (before, after): (Json, Json),
    (reason, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel: match actor.account_id {
            Some(_) => Channel::Screen,
            None if *actor == Actor::system() => Channel::System,
            None => Channel::Command,
        },
        action,
        noun: "source",
        noun_id: source.id.to_string(),
        group_id: source.group_id,
        title: &source.name,
        before,
        after,
        reason,
    };
    audit::record(db, event, now).await
}

/// Writes down where a source stands now.
pub(super) async fn state(
    db: &impl ConnectionTrait,
    actor: &Actor,
    what: (&Source, &str),
    (before, after): (State, State),
    said: (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let words = |state: State| json!({ "状態": state.label() });
    record(db, actor, what, (words(before), words(after)), said).await
}
