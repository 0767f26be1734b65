//! What the yearly confirmation gives the office to do.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::answer::Answer;
use super::{notice, round};
use crate::db::statement;
use crate::waiting::{Waiting, counted};

/// The word under which the office finds it.
const KIND: &str = "未確認";

#[derive(FromQueryResult)]
struct Told {
    round_id: Uuid,
    group_id: Uuid,
    name: String,
    state: String,
    answered_at: DateTime<Utc>,
}

/// Rounds past their day with groups that have not answered, rounds whose letters are held, answers that staff have to deal
/// with, and groups that will rest: how many in all, and the oldest of them.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let mut found = of_rounds(db).await?;
    let mut count = i64::try_from(found.len()).unwrap_or_default();
    let (told, unseen) = (told(db, most).await?, notice::unseen(db, most).await?);
    let sql = "SELECT COUNT(*) AS count FROM round_groups WHERE for_office";
    count += counted(db, (told.len(), most), sql).await?;
    let sql = "SELECT COUNT(*) AS count FROM rest_notices WHERE seen_at IS NULL";
    count += counted(db, (unseen.len(), most), sql).await?;
    found.extend(told);
    found.extend(unseen.into_iter().map(|notice| Waiting {
        kind: KIND,
        title: match notice.rested_at {
            Some(_) => format!("{}（確認がなく休止になりました）", notice.name),
            None => format!("{}（{}に休止になります）", notice.name, crate::text::day::short(notice.rest_on)),
        },
        path: format!("{}#rest", super::ROUNDS),
        since: notice.announced_at,
        group_id: Some(notice.group_id),
    }));
    found.sort_by_key(|waiting| waiting.since);
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((count, found))
}

async fn of_rounds(db: &impl ConnectionTrait) -> Result<Vec<Waiting>, DbErr> {
    let mut found = Vec::new();
    for round in round::open(db).await? {
        let mut add = |title: String, since| {
            let path = round.path();
            found.push(Waiting { kind: KIND, title, path, since, group_id: None });
        };
        if round::has_held_letters(db, round.id).await? {
            add(format!("{}（手紙が保留中です。送り出してください）", round.title), round.started_at);
        }
        if let Some(since) = round.overdue_at {
            let open = round::progress(db, round.id).await?.count(Answer::Open);
            match open {
                0 => add(format!("{}（期限がすぎ、全団体の回答があります）", round.title), since),
                open => add(format!("{}（期限をすぎて未回答 {open}団体）", round.title), since),
            }
        }
    }
    Ok(found)
}

async fn told(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Waiting>, DbErr> {
    let sql = "SELECT r.round_id, r.group_id, g.name, r.state, r.answered_at FROM round_groups r
        JOIN groups g ON g.id = r.group_id WHERE r.for_office ORDER BY r.answered_at LIMIT ?";
    let rows = Told::find_by_statement(statement(db.get_database_backend(), sql, vec![most.into()])).all(db).await?;
    let waiting = rows.into_iter().map(|row| Waiting {
        kind: KIND,
        title: format!("{}（{}）", row.name, Answer::from_key(&row.state).unwrap_or(Answer::Open).label()),
        path: super::round_group_path(row.round_id, row.group_id),
        since: row.answered_at,
        group_id: Some(row.group_id),
    });
    Ok(waiting.collect())
}
