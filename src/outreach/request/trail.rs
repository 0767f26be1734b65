//! What the trail says about requests.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value as Json, json};

use super::draft::Draft;
use super::request::Request;
use crate::audit::{self, Actor, Channel, Event};
use crate::city::City;

/// Writes a line about a request into the trail.
pub async fn tell(
    db: &impl ConnectionTrait,
    request: &Request,
    (actor, channel, action, reason): (&Actor, Channel, &str, &str),
    (before, after): (Json, Json),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel,
        action,
        noun: "outreach",
        noun_id: request.id.to_string(),
        group_id: request.group_id,
        title: &request.title(),
        before,
        after,
        reason,
    };
    audit::record(db, event, now).await
}

/// What is asked for, in words.
pub fn words(draft: &Draft, city: &City) -> Json {
    let wishes: Vec<String> = draft.wishes.iter().map(super::Wish::words).collect();
    json!({
        "内容": draft.title,
        "団体": draft.body_name,
        "連絡する方": draft.contact_name,
        "メール": draft.mail,
        "電話": draft.phone,
        "会場": format!("{} {}", city.town_name(&draft.place.town_key), draft.place.place).trim(),
        "人数": draft.people,
        "希望": wishes.join("、"),
        "カレンダーに載せる": if draft.public { "はい" } else { "いいえ" },
    })
}
