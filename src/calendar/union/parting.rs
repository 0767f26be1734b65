//! Undoing a union: every entry is again what its source and the office say of it.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::super::family::Family;
use super::super::store::Desk;
use super::{Union, end, find, leading, leave, members, named, told, write};
use crate::audit::Actor;
use crate::revision::{self, Scope};

/// Parts all entries of a union again, and returns them; none where somebody else was faster.
///
/// The one that led keeps the union's UID, the others have their own.
pub async fn part(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    union: &Union,
    actor: &Actor,
) -> Result<Vec<Uuid>, DbErr> {
    let mut members = members(db, union.id).await?;
    members.sort_by_key(|member| member.entry_id);
    for member in &members {
        Family::hold(db, member.entry_id).await?;
    }
    let Some(union) = find(db, union.id).await? else { return Ok(Vec::new()) };
    let mut families = Vec::with_capacity(members.len());
    for member in &members {
        families.extend(Family::find(db, member.entry_id).await?);
    }
    end(db, &[union.id]).await?;
    for family in families.iter().filter(|family| family.master.id != union.lead_id) {
        let shown = family.draft(&family.master).public;
        write(db, desk, family, shown).await?;
    }
    revision::bump(db, Scope::Calendar, desk.now).await?;
    let names: Vec<String> = families.iter().map(named).collect();
    if let Some(lead) = families.iter().find(|family| family.master.id == union.lead_id).or(families.first()) {
        let lines = (json!({ "まとめた予定": names.join("、") }), json!({ "まとめた予定": "なし" }));
        told(db, desk, (actor, "予定のまとめの取り消し"), lead, lines).await?;
    }
    Ok(members.iter().map(|member| member.entry_id).collect())
}

/// Parts one entry from the others, and says whether it was one of them. Of two the union ends.
pub async fn part_one(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (union, entry_id): (&Union, Uuid),
    actor: &Actor,
) -> Result<bool, DbErr> {
    let all = members(db, union.id).await?;
    if all.iter().all(|member| member.entry_id != entry_id) {
        return Ok(false);
    }
    if all.len() < 3 {
        return Ok(!part(db, desk, union, actor).await?.is_empty());
    }
    for id in [union.lead_id.min(entry_id), union.lead_id.max(entry_id)] {
        Family::hold(db, id).await?;
    }
    let Some(union) = find(db, union.id).await? else { return Ok(false) };
    if union.lead_id == entry_id
        && let Some(next) = leading::next(db, &union).await?
    {
        leading::hand_over(db, desk, &union, next).await?;
    }
    let Some(family) = Family::find(db, entry_id).await? else { return Ok(false) };
    leave(db, entry_id).await?;
    let shown = family.draft(&family.master).public;
    write(db, desk, &family, shown).await?;
    revision::bump(db, Scope::Calendar, desk.now).await?;
    let lines = (json!({ "まとめ": "あり" }), json!({ "まとめ": "なし" }));
    told(db, desk, (actor, "予定をまとめから分けた"), &family, lines).await?;
    Ok(true)
}
