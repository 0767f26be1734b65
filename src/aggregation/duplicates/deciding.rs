//! Deciding about two entries: one event, or two; each in one transaction with its line of the trail.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::candidate::{self, Decision, State};
use super::searching;
use crate::audit::{self, Actor, Channel, Event};
use crate::calendar::Desk;
use crate::calendar::union::{self, MergeFault, Union};

/// Shows two entries as the one that leads, and returns the union; nothing where somebody else was faster.
///
/// The caller takes everything back where it fails.
pub(super) async fn merge(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (lead, other, seen): (Uuid, Uuid, State),
    actor: &Actor,
) -> Result<Option<Uuid>, MergeFault> {
    let prints = searching::prints(db, lead, other, desk.today).await?;
    let decision = Decision { state: State::Merged, seen: Some(seen), prints: &prints, by: &actor.name };
    if !candidate::decide(db, (lead, other), decision, desk.now).await? {
        return Ok(None);
    }
    Ok(Some(union::merge(db, desk, (lead, &[other]), (actor, false)).await?))
}

/// The same without anybody: says whether it was done; the caller takes everything back where not.
pub(super) async fn merge_alone(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (one, other): (Uuid, Uuid),
) -> Result<bool, DbErr> {
    let order = union::candidates_for_lead(db, &[one, other]).await?;
    let [lead, other] = order[..] else { return Ok(false) };
    let actor = Actor::system();
    let prints = searching::prints(db, lead, other, desk.today).await?;
    let decision = Decision { state: State::Merged, seen: Some(State::Open), prints: &prints, by: &actor.name };
    let open = candidate::find(db, lead, other).await?.is_some_and(|one| one.state() == State::Open);
    if !open || !candidate::decide(db, (lead, other), decision, desk.now).await? {
        return Ok(false);
    }
    match union::merge(db, desk, (lead, &[other]), (&actor, true)).await {
        Ok(_) => Ok(true),
        Err(MergeFault::Database(fault)) => Err(fault),
        Err(_) => Ok(false),
    }
}

/// Says that two entries are two events; they are not asked about again while they keep their name and start.
pub(super) async fn distinguish(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (one, other, seen): (Uuid, Uuid, State),
    actor: &Actor,
) -> Result<bool, DbErr> {
    let prints = searching::prints(db, one, other, desk.today).await?;
    let decision = Decision { state: State::Distinct, seen: Some(seen), prints: &prints, by: &actor.name };
    if !candidate::decide(db, (one, other), decision, desk.now).await? {
        return Ok(false);
    }
    let sides = union::sides(db, desk.city, &[one, other], desk.today).await?;
    let title = |id: Uuid| sides.get(&id).map(|side| format!("{}（{}）", side.title, side.origin)).unwrap_or_default();
    let event = Event {
        actor,
        channel: Channel::Screen,
        action: "別の予定の確認",
        noun: "entry",
        noun_id: one.to_string(),
        group_id: None,
        title: &title(one),
        before: json!(null),
        after: json!({ "別の予定": title(other) }),
        reason: "",
    };
    audit::record(db, event, desk.now).await?;
    Ok(true)
}

/// Parts all entries of a union, or one of them, and remembers that they are different events; says whether anything was parted.
pub(super) async fn part(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (union, one): (&Union, Option<Uuid>),
    actor: &Actor,
) -> Result<bool, DbErr> {
    let members: Vec<Uuid> = union::members(db, union.id).await?.into_iter().map(|member| member.entry_id).collect();
    let parted = match one {
        Some(id) => union::part_one(db, desk, (union, id), actor).await?,
        None => !union::part(db, desk, union, actor).await?.is_empty(),
    };
    if !parted {
        return Ok(false);
    }
    for (at, first) in members.iter().enumerate() {
        for second in members[at + 1..].iter().filter(|second| one.is_none_or(|one| one == *first || one == **second)) {
            let prints = searching::prints(db, *first, *second, desk.today).await?;
            let decision = Decision { state: State::Distinct, seen: None, prints: &prints, by: &actor.name };
            candidate::decide(db, (*first, *second), decision, desk.now).await?;
        }
    }
    Ok(true)
}
