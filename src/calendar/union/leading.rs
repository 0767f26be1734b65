//! Who leads: handing over, and leaving when a source does not have an entry any more.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::super::entry;
use super::super::family::Family;
use super::super::store::Desk;
use super::{Union, candidates_for_lead, end, leave, members, named, of_entry, run, told, write};
use crate::audit::Actor;
use crate::clock::new_id;

/// What became of an entry that its source does not have any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// It was in no union: nothing takes its place.
    Alone,
    /// It was not seen; the union goes on without it. It is not public.
    Left,
    /// It led; another member is seen now under the same UID. It is not public and has a UID of its own.
    HandedOver(Uuid),
}

/// Lets an entry leave its union because its source does not have it any more; whoever calls decides what becomes of the entry itself.
pub async fn release(db: &impl ConnectionTrait, desk: &Desk<'_>, entry_id: Uuid) -> Result<Released, DbErr> {
    Family::hold(db, entry_id).await?;
    let Some(union) = of_entry(db, entry_id).await? else { return Ok(Released::Alone) };
    let actor = Actor::system();
    let leads = union.lead_id == entry_id;
    if leads && !members(db, union.id).await?.iter().any(|member| member.shown && member.entry_id != entry_id) {
        // Nobody else may be seen in its place: everybody hears from itself that it is gone.
        end(db, &[union.id]).await?;
        return Ok(Released::Alone);
    }
    if leads && let Some(next) = next(db, &union).await? {
        hand_over(db, desk, &union, next).await?;
        let sql = "INSERT INTO entry_heirs (entry_id, heir_id) VALUES (?, ?)
            ON CONFLICT (entry_id) DO UPDATE SET heir_id = excluded.heir_id";
        run(db, sql, vec![entry_id.into(), next.into()]).await?;
        if let Some(family) = Family::find(db, next).await? {
            let before = json!({ "表示する予定": entry_id.to_string() });
            let after = json!({ "表示する予定": named(&family) });
            told(db, desk, (&actor, "予定の引き継ぎ"), &family, (before, after)).await?;
        }
    }
    leave(db, entry_id).await?;
    if members(db, union.id).await?.len() < 2 {
        end(db, &[union.id]).await?;
    }
    if let Some(family) = Family::find(db, entry_id).await? {
        // It does not come back into sight because nothing holds it any more.
        write(db, desk, &family, false).await?;
        told(
            db,
            desk,
            (&actor, "まとめからの離脱"),
            &family,
            (json!(null), json!({ "状態": "取り込み元から消えました" })),
        )
        .await?;
    }
    Ok(match carrier(db, &union, entry_id).await? {
        Some(lead) if leads => Released::HandedOver(lead),
        _ => Released::Left,
    })
}

/// Who carries the union's UID now, if it is somebody else.
async fn carrier(db: &impl ConnectionTrait, union: &Union, gone: Uuid) -> Result<Option<Uuid>, DbErr> {
    let found = entry::select(db, "WHERE uid = ? AND recurrence_id = ''", vec![union.uid.as_str().into()]).await?;
    Ok(found.first().map(|entry| entry.id).filter(|id| *id != gone))
}

/// Who leads when the one that leads goes: what would be public by itself before anything else, then as always.
pub(super) async fn next(db: &impl ConnectionTrait, union: &Union) -> Result<Option<Uuid>, DbErr> {
    let mut others = members(db, union.id).await?;
    others.retain(|member| member.entry_id != union.lead_id);
    if others.iter().any(|member| member.shown) {
        others.retain(|member| member.shown);
    }
    let ids: Vec<Uuid> = others.iter().map(|member| member.entry_id).collect();
    Ok(candidates_for_lead(db, &ids).await?.first().copied())
}

/// Lets another member be seen in place of the one that leads, and says whether it was one that could.
pub async fn lead(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    union: &Union,
    entry_id: Uuid,
    actor: &Actor,
) -> Result<bool, DbErr> {
    Family::hold(db, union.lead_id.min(entry_id)).await?;
    Family::hold(db, union.lead_id.max(entry_id)).await?;
    let Some(now) = super::find(db, union.id).await? else { return Ok(false) };
    let fits = |member: &super::Member| member.entry_id == entry_id && member.shown;
    if now.lead_id == entry_id || !members(db, union.id).await?.iter().any(fits) {
        return Ok(now.lead_id == entry_id);
    }
    let before = Family::find(db, now.lead_id).await?;
    hand_over(db, desk, &now, entry_id).await?;
    if let Some(family) = Family::find(db, entry_id).await? {
        let before = before.as_ref().map(named).unwrap_or_default();
        let lines = (json!({ "表示する予定": before }), json!({ "表示する予定": named(&family) }));
        told(db, desk, (actor, "表示する予定の変更"), &family, lines).await?;
    }
    Ok(true)
}

/// Gives the union's UID to another member, with a SEQUENCE above all that phones have seen, and takes the old lead out of sight.
pub(super) async fn hand_over(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    union: &Union,
    to: Uuid,
) -> Result<(), DbErr> {
    let from = union.lead_id;
    let condition = "WHERE id IN (?, ?) OR master_id IN (?, ?)";
    let values = vec![from.into(), to.into(), from.into(), to.into()];
    let entries = entry::select(db, condition, values).await?;
    let highest = entries.iter().map(|entry| entry.sequence).max().unwrap_or_default();
    let members = members(db, union.id).await?;
    let of = |id: Uuid| members.iter().find(|member| member.entry_id == id);
    let fresh = of(from).map(|member| member.own_uid.clone()).filter(|uid| !uid.is_empty());
    let fresh = fresh.unwrap_or_else(|| format!("{}@{}", new_id(), desk.host));
    let sql = "UPDATE entry_union_members SET own_uid = ? WHERE entry_id = ?";
    run(db, sql, vec![fresh.as_str().into(), from.into()]).await?;
    run(db, "UPDATE entry_unions SET lead_id = ? WHERE id = ?", vec![to.into(), union.id.into()]).await?;
    let sql = "UPDATE calendar_entries SET uid = ? WHERE id = ? OR master_id = ?";
    run(db, sql, vec![fresh.as_str().into(), from.into(), from.into()]).await?;
    let sql = "UPDATE calendar_entries SET uid = ?, sequence = ? WHERE id = ? OR master_id = ?";
    run(db, sql, vec![union.uid.as_str().into(), highest.into(), to.into(), to.into()]).await?;
    // Becoming public is a change that counts one further.
    for (id, shown) in
        [(from, of(from).is_none_or(|member| member.shown)), (to, of(to).is_some_and(|member| member.shown))]
    {
        if let Some(family) = Family::find(db, id).await? {
            write(db, desk, &family, shown).await?;
        }
    }
    Ok(())
}

/// Lets another member lead every union whose lead is not in the calendar any more, and ends what has nobody left.
pub async fn heal(db: &impl ConnectionTrait, desk: &Desk<'_>) -> Result<(), DbErr> {
    let lost = "WHERE NOT EXISTS (SELECT 1 FROM calendar_entries e WHERE e.id = u.lead_id)";
    for union in super::unions(db, lost, vec![]).await? {
        if let Some(next) = next(db, &union).await? {
            hand_over(db, desk, &union, next).await?;
        }
        if members(db, union.id).await?.len() < 2 {
            end(db, &[union.id]).await?;
        }
    }
    Ok(())
}
