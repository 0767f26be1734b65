//! Who answers for a group: one representative at most, and changes of the people one after the other.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Actor, Channel, Event};
use crate::city::City;
use crate::db::statement;
use crate::groups::contact::{Contact, ContactKind};
use crate::groups::history::{self, Change};
use crate::groups::member::{self, Duty, Membership};
use crate::groups::store::Refused;

/// The representative among the people of a group.
pub(super) fn representative(people: &[Membership]) -> Option<&Membership> {
    people.iter().find(|person| person.duty() == Duty::Representative)
}

/// How the new representative stands in the group's record.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    /// Name.
    pub name: String,
    /// Title, such as 会長.
    pub title: String,
    /// Whether the person agreed that everybody may read the name; otherwise the office alone does.
    pub published: bool,
}

/// Who makes the change, on which way and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// On which way it came.
    pub channel: Channel,
    /// Why, where a reason was given.
    pub reason: &'a str,
}

/// Makes an account the one representative of a group, in the memberships and in the record; returns the one before.
///
/// The old representative stays as 担当者. The caller holds the group (`lock`).
pub(super) async fn appoint(
    db: &impl ConnectionTrait,
    city: &City,
    (group_id, account_id): (Uuid, Uuid),
    naming: &Naming,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Membership>, Refused> {
    let people = member::of_group(db, group_id).await?;
    let old = representative(&people).filter(|old| old.account_id != account_id).cloned();
    let sql = "UPDATE memberships SET duty = 'member' WHERE group_id = ? AND duty = 'representative'";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    member::join(db, (group_id, account_id), Duty::Representative, &by.actor.name, now).await?;
    let today = now.with_timezone(&city.profile.zone).date_naive();
    rename(db, city, group_id, naming, by, (today, now)).await?;
    let people = member::of_group(db, group_id).await?;
    let new = representative(&people);
    let event = Event {
        actor: by.actor,
        channel: by.channel,
        action: "代表者の交代",
        noun: "membership",
        noun_id: new.map_or_else(String::new, |new| new.id.to_string()),
        group_id: Some(group_id),
        title: new.map_or("", |new| &new.group_name),
        before: json!({ "代表者": old.as_ref().map(|old| &old.mail) }),
        after: json!({ "代表者": new.map(|new| &new.mail) }),
        reason: by.reason,
    };
    audit::record(db, event, now).await?;
    Ok(old)
}

/// Puts the new name and title into the record. Consent is a person's own: it never passes on with the office.
async fn rename(
    db: &impl ConnectionTrait,
    city: &City,
    group_id: Uuid,
    naming: &Naming,
    by: By<'_>,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<(), Refused> {
    let Some(mut draft) = history::load(db, group_id).await? else { return Ok(()) };
    draft.contacts.retain(|contact| contact.kind != ContactKind::Representative);
    draft.contacts.push(Contact {
        kind: ContactKind::Representative,
        value: naming.name.clone(),
        published: naming.published,
        consented_on: naming.published.then_some(today),
        method: if naming.published { by.channel.label().to_owned() } else { String::new() },
        by: if naming.published { by.actor.name.chars().take(100).collect() } else { String::new() },
    });
    draft.representative_title.clone_from(&naming.title);
    let change = Change {
        group_id: Some(group_id),
        draft: &draft,
        actor: by.actor,
        channel: by.channel,
        action: "代表者の変更",
        reason: by.reason,
    };
    history::keep(db, city, change, now).await?;
    Ok(())
}

/// Writes into the trail what happened to a person of a group.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    (group_id, group_name): (Uuid, &str),
    (action, noun, noun_id): (&str, &str, Uuid),
    (before, after): (serde_json::Value, serde_json::Value),
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor: by.actor,
        channel: by.channel,
        action,
        noun,
        noun_id: noun_id.to_string(),
        group_id: Some(group_id),
        title: group_name,
        before,
        after,
        reason: by.reason,
    };
    audit::record(db, event, now).await
}
