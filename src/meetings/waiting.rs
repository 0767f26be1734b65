//! What waits about meetings: for staff where the city convenes, for the members of the group that does elsewhere.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::path;
use crate::db::statement;
use crate::waiting::Waiting;

/// So long before the deadline missing replies wait for somebody to ask again.
const SHORTLY: Duration = Duration::days(3);
/// Until when a day is over.
const OVER: Duration = Duration::days(-1);
/// Most hints for one group.
const HINTS: u64 = 20;

/// Something to do about a meeting `m`.
struct Work {
    words: &'static str,
    /// The column that says since when it waits.
    since: &'static str,
    /// The page on which it is done.
    page: &'static str,
    when: &'static str,
    /// How far from now the moments lie that stand as `?` in `when`.
    moments: &'static [Duration],
}

const WORKS: [Work; 7] = [
    Work {
        words: "日程を決める",
        since: "m.poll_closed_at",
        page: "/poll",
        when: "m.poll_closed_at IS NOT NULL AND m.fixed_at IS NULL AND m.cancelled_at IS NULL",
        moments: &[],
    },
    Work {
        words: "開催通知を作る",
        since: "m.fixed_at",
        page: "/notice",
        when: "m.fixed_at IS NOT NULL AND m.held_at IS NULL AND m.cancelled_at IS NULL AND m.starts_at > ?
            AND NOT EXISTS (SELECT 1 FROM meeting_notices n WHERE n.meeting_id = m.id AND n.kind = 'invitation')",
        moments: &[Duration::zero()],
    },
    Work {
        words: "変更や中止のお知らせを作る",
        since: "m.updated_at",
        page: "/notice",
        when: "m.fixed_at IS NOT NULL AND m.held_at IS NULL AND m.starts_at > ? AND EXISTS (SELECT 1
            FROM meeting_invitees i JOIN meeting_seats s ON s.id = i.seat_id JOIN calendar_entries e ON e.id = m.entry_id
            WHERE i.meeting_id = m.id AND s.removed_at IS NULL AND i.sequence < e.sequence)",
        moments: &[Duration::zero()],
    },
    Work {
        words: "返事のない団体に、もう一度お願いする",
        since: "m.updated_at",
        page: "/replies",
        when: "m.fixed_at IS NOT NULL AND m.held_at IS NULL AND m.cancelled_at IS NULL AND m.reply_until > ?
            AND m.reply_until <= ? AND EXISTS (SELECT 1 FROM meeting_notices n WHERE n.meeting_id = m.id
            AND n.kind = 'invitation') AND EXISTS (SELECT 1 FROM meeting_seats s WHERE s.meeting_id = m.id
            AND s.removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM meeting_replies r WHERE r.seat_id = s.id))",
        moments: &[Duration::zero(), SHORTLY],
    },
    Work {
        words: "出欠を確かめ、「開催済み」にする",
        since: "m.ends_at",
        page: "/attendance",
        when: "m.fixed_at IS NOT NULL AND m.held_at IS NULL AND m.cancelled_at IS NULL AND m.ends_at <= ?",
        moments: &[Duration::zero()],
    },
    Work {
        words: "議事録を書き、公開する",
        since: "m.held_at",
        page: "/minutes",
        when: "m.held_at IS NOT NULL AND m.published_at IS NULL AND m.cancelled_at IS NULL",
        moments: &[],
    },
    Work {
        words: "期限を過ぎた宿題を確かめる",
        since: "m.published_at",
        page: "/work",
        when: "m.published_at IS NOT NULL AND EXISTS (SELECT 1 FROM decisions d WHERE d.meeting_id = m.id
            AND d.state = 'open' AND d.due_on < ?)",
        moments: &[OVER],
    },
];

#[derive(FromQueryResult)]
struct Row {
    work: i32,
    id: Uuid,
    title: String,
    convener_group: Option<Uuid>,
    since: DateTime<Utc>,
}

impl Row {
    fn told(self) -> Waiting {
        let work = usize::try_from(self.work).ok().and_then(|at| WORKS.get(at));
        let (words, page) = work.map_or(("", ""), |work| (work.words, work.page));
        Waiting {
            kind: "会議",
            title: format!("{words}: {}", self.title),
            path: format!("{}{page}", path(self.id)),
            since: self.since,
            group_id: self.convener_group,
        }
    }
}

/// One question about all kinds of work, over the meetings that `whose` names.
fn question(now: DateTime<Utc>, whose: &str, own: Option<Uuid>) -> (String, Vec<Value>) {
    let part = |(at, work): (usize, &Work)| {
        format!(
            "SELECT {at} AS work, m.id, m.title, m.convener_group, {} AS since FROM meetings m WHERE {} AND {whose}",
            work.since, work.when
        )
    };
    let parts: Vec<String> = WORKS.iter().enumerate().map(part).collect();
    let values = WORKS.iter().flat_map(|work| {
        let moments = work.moments.iter().map(move |ahead| Value::from(now + *ahead));
        moments.chain(own.map(Value::from))
    });
    (parts.join(" UNION ALL "), values.collect())
}

async fn listed(db: &impl ConnectionTrait, question: &(String, Vec<Value>), most: u64) -> Result<Vec<Waiting>, DbErr> {
    let sql = format!("SELECT * FROM ({}) AS w ORDER BY since, id LIMIT {most}", question.0);
    let rows = Row::find_by_statement(statement(db.get_database_backend(), &sql, question.1.clone())).all(db).await?;
    Ok(rows.into_iter().map(Row::told).collect())
}

/// What waits for the office, the oldest first, and how many in all. Letters that are held stand among the letters.
pub async fn waiting(db: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let question = question(now, "m.convener_group IS NULL", None);
    let found = listed(db, &question, most).await?;
    if u64::try_from(found.len()).is_ok_and(|found| found < most) {
        return Ok((i64::try_from(found.len()).unwrap_or(i64::MAX), found));
    }
    let sql = format!("SELECT COUNT(*) AS count FROM ({}) AS w", question.0);
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, question.1)).await?;
    Ok((row.map_or(Ok(0), |row| row.try_get("", "count"))?, found))
}

/// What waits for the members of a group about the meetings that it convenes, the oldest first.
pub(super) async fn of_group(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, DbErr> {
    listed(db, &question(now, "m.convener_group = ?", Some(group_id)), HINTS).await
}

/// The meetings of a group whose letters staff have not released yet, by title.
pub(super) async fn held_letters(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT m.title FROM meetings m WHERE m.convener_group = ? AND EXISTS (SELECT 1 FROM meeting_notices n
        JOIN letters l ON l.batch_id = n.batch_id WHERE n.meeting_id = m.id AND l.state = 'held') ORDER BY m.created_at, m.id";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "title")).collect()
}
