//! What waits for staff: sources that are asked for, what is held, and sources that rest because they cannot be read.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::source::Source;
use super::{source, source_path};
use crate::waiting::{Waiting, counted};

const WAITS: &str =
    "s.state = 'asked' OR (s.state = 'active' AND s.held_at IS NOT NULL) OR (s.state = 'paused' AND s.failures > 0)";

/// What waits for the office, oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let rest = format!(
        "WHERE {WAITS} ORDER BY CASE WHEN s.state = 'asked' THEN s.asked_at WHEN s.held_at IS NOT NULL THEN s.held_at
        ELSE s.checked_at END, s.id LIMIT ?"
    );
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let found = source::select(db, &rest, vec![limit.into()]).await?;
    let list: Vec<Waiting> = found.iter().map(shown).collect();
    let sql = format!("SELECT COUNT(*) AS count FROM sources s WHERE {WAITS}");
    Ok((counted(db, (list.len(), most), &sql).await?, list))
}

fn shown(source: &Source) -> Waiting {
    let (why, since): (&str, Option<DateTime<Utc>>) = match source.state.as_str() {
        "asked" => ("承認待ち", Some(source.asked_at)),
        "paused" => ("読めないため休止", source.failing_since),
        _ => ("取り込む前の確認", source.held_at),
    };
    Waiting {
        kind: "情報源",
        title: format!("{}（{why}）", source.name),
        path: source_path(source.id),
        since: since.unwrap_or(source.asked_at),
        group_id: source.group_id,
    }
}
