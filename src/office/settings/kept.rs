//! Keeping settings: each changed value and one line in the trail, together.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Map, Value as Json};

use crate::audit::{self, Actor, Channel, Event};
use crate::city::settings;

/// A setting that changes.
pub(super) struct Change {
    /// Its key.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What was valid until now.
    pub before: Json,
    /// What is valid from now on.
    pub after: Json,
    /// The city's own value; nothing brings the shipped one back.
    pub own: Option<String>,
}

/// Keeps what changed; nothing is written where nothing did.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    actor: &Actor,
    (action, title): (&str, &str),
    changes: &[Change],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    for change in changes {
        settings::put(db, &change.key, change.own.as_deref(), &actor.name, now).await?;
    }
    let of = |value: fn(&Change) -> &Json| -> Json {
        Json::Object(Map::from_iter(changes.iter().map(|change| (change.label.clone(), value(change).clone()))))
    };
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "setting",
        noun_id: changes.first().map(|change| change.key.clone()).unwrap_or_default(),
        group_id: None,
        title,
        before: of(|change| &change.before),
        after: of(|change| &change.after),
        reason: "",
    };
    audit::record(db, event, now).await
}
