//! Writing at the desk: adding, changing, cancelling and bringing back, each with its line in the trail.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::super::draft::Draft;
use super::super::edits;
use super::super::entry::{Entry, Status};
use super::super::family::Family;
use super::super::leaving::ended_before;
use super::super::store::{self, Desk, StoreFault};
use super::super::succession;
use super::fields::{self, Vocabulary};
use super::form::{self, Scope};
use super::when;
use crate::audit::{self, Actor, Channel, Event};
use crate::clock::new_id;
use crate::web::Form;

/// A line for the trail.
pub(super) struct Told<'a> {
    pub actor: &'a Actor,
    pub channel: Channel,
    pub action: &'a str,
    pub reason: &'a str,
    pub now: DateTime<Utc>,
}

/// Writes a new entry and returns its identifier.
pub(super) async fn add(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (actor, channel): (&Actor, Channel),
    draft: &Draft,
) -> Result<Uuid, StoreFault> {
    let stored = store::store(db, &vocabulary.desk, draft).await?;
    let told = Told { actor, channel, action: "予定の追加", reason: "", now: vocabulary.desk.now };
    let after = (draft.title.as_str(), draft.group_id, form::filled(draft, vocabulary));
    record(db, vocabulary, &told, stored.id, &Form::new(), after).await?;
    Ok(stored.id)
}

/// Changes an entry, one occurrence of it or everything from one on, and returns the identifier of what was written.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (family, scope): (&Family, &Scope),
    draft: &Draft,
    told: &Told<'_>,
) -> Result<Uuid, StoreFault> {
    let desk = &vocabulary.desk;
    let old = shown(family, scope, desk);
    let before = form::filled(&old, vocabulary);
    let id = match scope {
        Scope::One(_) => store::store(db, desk, draft).await?.id,
        Scope::Later(at) if *at != when::first_instance(&family.master) => later(db, desk, family, at, draft).await?,
        _ => whole(db, desk, family, draft).await?,
    };
    follow(db, family, id, (&old, draft), told).await?;
    let after = (draft.title.as_str(), draft.group_id, form::filled(draft, vocabulary));
    record(db, vocabulary, told, id, &before, after).await?;
    Ok(id)
}

/// Remembers what was changed here of an entry that follows a calendar elsewhere.
async fn follow(
    db: &impl ConnectionTrait,
    family: &Family,
    id: Uuid,
    drafts: (&Draft, &Draft),
    told: &Told<'_>,
) -> Result<(), StoreFault> {
    if !family.is_followed() {
        return Ok(());
    }
    let by = (told.actor.name.as_str(), told.now);
    if !drafts.1.recurrence_id.is_empty() && family.change(&drafts.1.recurrence_id).is_none() {
        edits::note_occurrence(db, id, by).await?;
    }
    Ok(edits::note(db, id, drafts, by).await?)
}

/// What the form shows for a scope: the entry, its changed occurrence, or the series moved to one of its starts.
pub(super) fn shown(family: &Family, scope: &Scope, desk: &Desk<'_>) -> Draft {
    let whole = family.draft(&family.master);
    let moved = |at: &str| when::moved(&whole, at, desk).unwrap_or_else(|| whole.clone());
    match scope {
        Scope::Whole => whole,
        Scope::Later(at) => moved(at),
        Scope::One(at) => match family.change(at) {
            Some(change) => family.draft(change),
            None => {
                let one = moved(at);
                Draft { recurrence_id: at.clone(), rrule: String::new(), rdates: vec![], exdates: vec![], ..one }
            }
        },
    }
}

/// Writes the whole series; changed occurrences whose start it no longer has go back to it.
async fn whole(db: &impl ConnectionTrait, desk: &Desk<'_>, family: &Family, draft: &Draft) -> Result<Uuid, StoreFault> {
    let starts: HashSet<String> = store::planned(draft, desk).into_iter().map(|(start, _)| start).collect();
    let kept = family.changes.iter().filter(|change| starts.contains(&change.recurrence_id));
    let mut drafts = vec![Draft { recurrence_id: String::new(), ..draft.clone() }];
    drafts.extend(kept.map(|change| family.draft(change)));
    store_all(db, desk, &drafts).await?;
    Ok(family.master.id)
}

/// Ends the series before a start and opens a new one there: phones do not follow a series whose start moves.
async fn later(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    family: &Family,
    at: &str,
    draft: &Draft,
) -> Result<Uuid, StoreFault> {
    let mut drafts = ended_before(family, at, desk);
    let name = new_id().to_string();
    let new = Draft { source_uid: name.clone(), recurrence_id: String::new(), ..draft.clone() };
    let starts: HashSet<String> = store::planned(&new, desk).into_iter().map(|(start, _)| start).collect();
    drafts.push(new);
    for change in family.changes.iter().filter(|change| starts.contains(&change.recurrence_id)) {
        drafts.push(Draft { source_uid: name.clone(), ..family.draft(change) });
    }
    let first = drafts.iter().position(|draft| draft.source_uid == name).unwrap_or_default();
    let stored = store_all(db, desk, &drafts).await?;
    let begins_at = when::instance(&draft.span);
    succession::note(db, (family.master.id, at), (stored[first], &begins_at)).await?;
    Ok(stored[first])
}

/// Cancels an entry, one occurrence or everything from one on; what is cancelled stays visible as such.
pub(super) async fn cancel(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (family, scope): (&Family, &Scope),
    told: &Told<'_>,
) -> Result<Uuid, StoreFault> {
    let desk = &vocabulary.desk;
    let stopped = |draft: Draft| Draft { status: Status::Cancelled, notice: told.reason.to_owned(), ..draft };
    let old = shown(family, scope, desk);
    let draft = stopped(old.clone());
    let id = match scope {
        Scope::Later(at) if *at != when::first_instance(&family.master) => later(db, desk, family, at, &draft).await?,
        Scope::One(_) => store::store(db, desk, &draft).await?.id,
        _ => {
            let standing = |entry: &&Entry| entry.status() != Status::Cancelled;
            let mut drafts = vec![draft.clone()];
            drafts.extend(family.changes.iter().filter(standing).map(|change| stopped(family.draft(change))));
            drafts.extend(family.changes.iter().filter(|one| !standing(one)).map(|change| family.draft(change)));
            store_all(db, desk, &drafts).await?;
            family.master.id
        }
    };
    follow(db, family, id, (&old, &draft), told).await?;
    state(db, told, (id, &draft), "開催", "中止").await?;
    Ok(id)
}

/// Brings a cancelled entry back: the row itself and, for a series, the occurrences cancelled together with it.
pub(super) async fn restore(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (family, entry): (&Family, &Entry),
    told: &Told<'_>,
) -> Result<(), StoreFault> {
    let together =
        |one: &&Entry| one.id == entry.id || one.master_id == Some(entry.id) && one.cancelled_at == entry.cancelled_at;
    let drafts: Vec<Draft> = std::iter::once(&family.master)
        .chain(&family.changes)
        .filter(together)
        .map(|one| Draft { status: Status::Confirmed, notice: String::new(), ..family.draft(one) })
        .collect();
    store::store_all(db, &vocabulary.desk, &drafts, false).await?;
    if let Some(draft) = drafts.iter().find(|draft| draft.recurrence_id == entry.recurrence_id) {
        follow(db, family, entry.id, (&family.draft(entry), draft), told).await?;
    }
    state(db, told, (entry.id, &family.draft(entry)), "中止", "開催").await
}

/// Gives one part of a row back the text of the calendar that it follows.
pub(super) async fn take_back(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (family, entry_id, part): (&Family, Uuid, &str),
    told: &Told<'_>,
) -> Result<(), StoreFault> {
    let Some(draft) = edits::taken_back(db, family, (entry_id, part)).await? else { return Ok(()) };
    let rows = std::iter::once(&family.master).chain(&family.changes);
    let before = rows.filter(|entry| entry.id == entry_id).map(|entry| family.draft(entry)).next();
    let before = before.map(|before| form::filled(&before, vocabulary)).unwrap_or_default();
    store::store(db, &vocabulary.desk, &draft).await?;
    let after = (draft.title.as_str(), draft.group_id, form::filled(&draft, vocabulary));
    record(db, vocabulary, told, entry_id, &before, after).await
}

/// Lets everybody see an entry and all its occurrences.
pub(super) async fn publish(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    family: &Family,
    told: &Told<'_>,
) -> Result<(), StoreFault> {
    let drafts: Vec<Draft> = family.drafts().into_iter().map(|draft| Draft { public: true, ..draft }).collect();
    store::store_all(db, desk, &drafts, false).await?;
    state(db, told, (family.master.id, &drafts[0]), "確認待ち", "公開").await
}

/// Writes drafts of whole series, all checked again, and returns their identifiers.
async fn store_all(db: &impl ConnectionTrait, desk: &Desk<'_>, drafts: &[Draft]) -> Result<Vec<Uuid>, StoreFault> {
    let faults: Vec<String> = drafts.iter().flat_map(Draft::faults).collect();
    if !faults.is_empty() {
        return Err(StoreFault::Refused(faults));
    }
    Ok(store::store_all(db, desk, drafts, true).await?.into_iter().map(|stored| stored.id).collect())
}

/// A line of the trail about where an entry stands.
pub(super) async fn state(
    db: &impl ConnectionTrait,
    told: &Told<'_>,
    (id, draft): (Uuid, &Draft),
    before: &str,
    after: &str,
) -> Result<(), StoreFault> {
    let one = |word: &str| serde_json::json!({ "状態": word });
    put(db, told, id, (&draft.title, draft.group_id), (one(before), one(after))).await
}

/// A line of the trail about what changed, field by field.
async fn record(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    told: &Told<'_>,
    id: Uuid,
    before: &Form,
    (title, group_id, after): (&str, Option<Uuid>, Form),
) -> Result<(), StoreFault> {
    let (mut old, mut new) = (Map::new(), Map::new());
    for (label, one, other) in fields::differences(before, &after, vocabulary) {
        old.insert(label.to_owned(), Json::String(one));
        new.insert(label.to_owned(), Json::String(other));
    }
    let old = if before.values().is_empty() { Json::Null } else { Json::Object(old) };
    put(db, told, id, (title, group_id), (old, Json::Object(new))).await
}

async fn put(
    db: &impl ConnectionTrait,
    told: &Told<'_>,
    id: Uuid,
    (title, group_id): (&str, Option<Uuid>),
    (before, after): (Json, Json),
) -> Result<(), StoreFault> {
    let event = Event {
        actor: told.actor,
        channel: told.channel,
        action: told.action,
        noun: "entry",
        noun_id: id.to_string(),
        group_id,
        title,
        before,
        after,
        reason: told.reason,
    };
    Ok(audit::record(db, event, told.now).await?)
}
