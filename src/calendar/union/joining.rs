//! Making one of several entries.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, Value};
use serde_json::json;
use uuid::Uuid;

use super::super::entry::Kind;
use super::super::family::{Family, OWN};
use super::super::origin::source_id;
use super::super::rows;
use super::super::store::Desk;
use super::{Member, Union, differing, end, members, named, of_entry, run, told, write};
use crate::audit::Actor;
use crate::clock::new_id;
use crate::db::{placeholders, statement};
use crate::revision::{self, Scope};

/// Why entries cannot be made one.
#[derive(Debug, thiserror::Error)]
pub enum MergeFault {
    /// One of them is not there any more.
    #[error("予定が見つかりません。取り込み元から消えたのかもしれません。一覧を開き直してください。")]
    Gone,
    /// There is only one.
    #[error("同じ予定どうしはまとめられません。別の予定を選んでください。")]
    Single,
    /// What is to be seen is not public.
    #[error("表示する予定が、まだ公開されていません。先に公開するか、公開されているほうを選んでください。")]
    Unpublished,
    /// Meetings and sessions have pages of their own and have to be the ones that are seen.
    #[error("連絡調整会議と出前説明会の予定は、表示する予定に選んでください。ほかの予定の下には入れられません。")]
    Bound,
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Shows several entries as the one that leads, and returns the union. Unions that they already belong to become one.
///
/// The lead keeps its row, its UID and its bytes in every feed; the others are not public any more. Doing it twice changes nothing.
pub async fn merge(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (lead, others): (Uuid, &[Uuid]),
    (actor, by_itself): (&Actor, bool),
) -> Result<Uuid, MergeFault> {
    let asked: BTreeSet<Uuid> = std::iter::once(lead).chain(others.iter().copied()).collect();
    for id in &asked {
        Family::hold(db, *id).await?;
    }
    let mut old: Vec<Union> = Vec::new();
    for id in &asked {
        if let Some(union) = of_entry(db, *id).await?.filter(|union| old.iter().all(|known| known.id != union.id)) {
            old.push(union);
        }
    }
    let mut known: Vec<Member> = Vec::new();
    for union in &old {
        known.extend(members(db, union.id).await?);
    }
    let is_member = |id: &Uuid| known.iter().any(|member| member.entry_id == *id);
    let all: BTreeSet<Uuid> = known.iter().map(|member| member.entry_id).chain(asked.iter().copied()).collect();
    // Of a union only its own lead can lead the next one: it has the UID that phones know.
    let lead =
        old.iter().find(|union| is_member(&lead) && holds(&known, union.id, lead)).map_or(lead, |union| union.lead_id);
    if old.len() == 1 && asked.iter().all(is_member) {
        return Ok(old[0].id);
    }
    let mut families = Vec::with_capacity(all.len());
    for id in all.iter().filter(|id| !is_member(id)) {
        Family::hold(db, *id).await?;
    }
    for id in &all {
        families.push(Family::find(db, *id).await?.filter(|family| family.master.id == *id).ok_or(MergeFault::Gone)?);
    }
    let first = checked(&families, lead)?;
    end(db, &old.iter().map(|union| union.id).collect::<Vec<_>>()).await?;
    let union = make(db, desk, (first, &families), &known, (&actor.name, by_itself)).await?;
    for family in families.iter().filter(|family| family.master.id != lead) {
        let shown = family.draft(&family.master).public;
        write(db, desk, family, shown).await?;
    }
    if !by_itself {
        differing::accept(db, union).await?;
    }
    revision::bump(db, Scope::Calendar, desk.now).await?;
    let action = if by_itself { "予定の自動のまとめ" } else { "予定のまとめ" };
    let names: Vec<String> = families.iter().map(named).collect();
    told(db, desk, (actor, action), first, (json!(null), json!({ "まとめた予定": names.join("、") }))).await?;
    Ok(union)
}

fn holds(known: &[Member], union: Uuid, entry: Uuid) -> bool {
    known.iter().any(|member| member.union_id == union && member.entry_id == entry)
}

/// The family that leads, if everything is as it has to be.
fn checked(families: &[Family], lead: Uuid) -> Result<&Family, MergeFault> {
    if families.len() < 2 {
        return Err(MergeFault::Single);
    }
    let first = families.iter().find(|family| family.master.id == lead).ok_or(MergeFault::Gone)?;
    let mut others = families.iter().filter(|family| family.master.id != lead);
    if others.any(|family| family.master.kind() != Kind::Event) {
        return Err(MergeFault::Bound);
    }
    if first.master.public { Ok(first) } else { Err(MergeFault::Unpublished) }
}

async fn make(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (lead, families): (&Family, &[Family]),
    known: &[Member],
    (made_by, by_itself): (&str, bool),
) -> Result<Uuid, DbErr> {
    let id = new_id();
    let sql = "INSERT INTO entry_unions (id, lead_id, uid, by_itself, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)";
    let uid = lead.master.uid.as_str();
    let values: Vec<Value> =
        vec![id.into(), lead.master.id.into(), uid.into(), by_itself.into(), made_by.into(), desk.now.into()];
    run(db, sql, values).await?;
    let lines = families.iter().map(|family| {
        let entry = &family.master;
        let before = known.iter().find(|member| member.entry_id == entry.id);
        let own_uid = match (before, entry.id == lead.master.id) {
            (None, true) => "",
            (Some(before), true) => before.own_uid.as_str(),
            (_, false) => entry.uid.as_str(),
        };
        let joined = before.map_or(desk.now, |member| member.joined_at);
        let shown = family.draft(entry).public;
        vec![entry.id.into(), id.into(), own_uid.into(), shown.into(), "".into(), joined.into()]
    });
    let head = "INSERT INTO entry_union_members (entry_id, union_id, own_uid, shown, accepted, joined_at) VALUES";
    rows::insert(db, head, &placeholders(6), "", lines.collect()).await?;
    Ok(id)
}

/// These entries with the one first that is to lead unless somebody chooses: what is public, meetings and sessions, what was written here,
/// the source that is trusted most, the older one.
pub async fn candidates_for_lead(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let mut trust = std::collections::HashMap::new();
    for row in db.query_all_raw(statement(db.get_database_backend(), "SELECT id, trust FROM sources", vec![])).await? {
        let (id, level): (Uuid, i32) = (row.try_get("", "id")?, row.try_get("", "trust")?);
        trust.insert(id, level);
    }
    let mut entries = super::super::entry::find_all(db, ids).await?;
    entries.sort_by_key(|entry| {
        let level = source_id(&entry.source).and_then(|id| trust.get(&id).copied()).unwrap_or(0);
        let own = entry.source == OWN;
        (!entry.public, entry.kind() == Kind::Event, !own, -level, entry.created_at, entry.id)
    });
    Ok(entries.into_iter().map(|entry| entry.id).collect())
}
