//! What waits for the office: entries that may be one event, and sources that do not say the same of it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::candidate;
use super::pair_path;
use crate::calendar::union::{self, Difference};
use crate::waiting::{Waiting, counted};

/// What waits, oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let open = candidate::oldest(db, limit).await?;
    let ids: Vec<Uuid> = open.iter().flat_map(|one| [one.first_id, one.second_id]).collect();
    let entries = crate::calendar::find_all(db, &ids).await?;
    let of = |id: Uuid| entries.iter().find(|entry| entry.id == id);
    let candidates = open.iter().filter_map(|one| {
        let (first, second) = (of(one.first_id)?, of(one.second_id)?);
        Some(Waiting {
            kind: "同じ予定",
            title: format!("「{}」と「{}」は、同じ予定かもしれません", first.title, second.title),
            path: pair_path(one.first_id, one.second_id),
            since: one.found_at,
            group_id: first.group_id.or(second.group_id),
        })
    });
    // Near enough: what ended yesterday may stand here for some hours more.
    let differences = union::differences(db, now.date_naive()).await?;
    let count = counted(db, (open.len(), most), "SELECT COUNT(*) AS count FROM entry_likenesses WHERE state = 'open'");
    let total = count.await? + i64::try_from(differences.len()).unwrap_or_default();
    let mut list: Vec<Waiting> = candidates.chain(differences.iter().map(told)).collect();
    list.sort_by_key(|one| one.since);
    list.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((total, list))
}

fn told(one: &Difference) -> Waiting {
    Waiting {
        kind: "同じ予定",
        title: format!("「{}」: {}", one.title, sentence(one)),
        path: union::path(one.union_id),
        since: one.since,
        group_id: None,
    }
}

/// What a union does not agree about, in a few words.
pub(super) fn sentence(one: &Difference) -> &'static str {
    match (one.is_unseen(), one.in_status(), one.is_lead_cancelled()) {
        (true, ..) => "表示している予定が、公開でなくなりました",
        (_, true, true) => "表示している予定は中止ですが、ほかの取り込み元では行われます",
        (_, true, false) => "取り込み元の1つで、中止になっています",
        _ => "取り込み元で、日時が食い違っています",
    }
}
