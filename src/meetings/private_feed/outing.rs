//! The 出前説明会 that somebody of the office goes to, held or decided. The tables are those of a later slice, read with one
//! question, so that one feed holds everything that takes a person out.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::calendar::{self, Entry, Status};
use crate::city::City;
use crate::db::statement;
use crate::ics;

/// Most of them in a feed.
const MOST: i64 = 300;

/// A session that somebody goes to.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Outing {
    pub entry_id: Uuid,
    body_name: String,
    contact_name: String,
    phone: String,
    people: i32,
    updated_at: DateTime<Utc>,
}

/// The sessions that an account goes to, from a moment on; those called off before another moment are left out.
pub(super) async fn of_account(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    (from, cancelled_from): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Outing>, DbErr> {
    let sql = "SELECT s.entry_id, r.body_name, r.contact_name, r.phone, r.people, s.updated_at FROM outreach_sessions s
        JOIN outreach_assignments a ON a.session_id = s.id JOIN outreach_requests r ON r.id = s.request_id
        WHERE a.account_id = ? AND s.entry_id IS NOT NULL AND s.ends_at >= ? AND (s.state <> 'cancelled'
        OR s.cancelled_at >= ?) ORDER BY s.starts_at DESC, s.id LIMIT ?";
    let values = vec![account_id.into(), from.into(), cancelled_from.into(), MOST.into()];
    Outing::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

impl Outing {
    /// As it stands in the person's own calendar: TENTATIVE while it is only held.
    pub(super) fn event(&self, city: &City, entry: &Entry, site: &str) -> ics::Entry {
        let (status, words) = match entry.status() {
            Status::Tentative => (ics::Status::Tentative, "仮押さえ(まだ決まっていません)"),
            Status::Confirmed => (ics::Status::Confirmed, "決定"),
            Status::Cancelled => (ics::Status::Cancelled, "中止"),
        };
        let description = format!(
            "状況: {words}\n団体: {}({}人の予定)\n連絡先: {} {}\n\n{}",
            self.body_name, self.people, self.contact_name, self.phone, entry.notice
        );
        let event = calendar::vevent(entry, city.profile.zone, description.trim().to_owned(), site);
        ics::Entry { stamp: entry.updated_at.max(self.updated_at), status: Some(status), ..event }
    }
}
