//! A session as its owner reads it: which device, from where, since when.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Session, device};
use crate::text::day;

/// One browser in the list of those that are signed in.
#[derive(Clone, Debug)]
pub struct ShownSession {
    /// Identifier.
    pub id: Uuid,
    /// The device in plain words, such as 「Windows の Edge」.
    pub device: String,
    /// The network it came from.
    pub network: String,
    /// When it began.
    pub since: String,
    /// Its latest visit.
    pub seen: String,
    /// Whether it is the browser that asks.
    pub is_this: bool,
}

/// The sessions as people read them; `own` is the one that asks.
pub fn sessions(sessions: Vec<Session>, own: Option<Uuid>, zone: Tz) -> Vec<ShownSession> {
    let shown = |session: Session| ShownSession {
        id: session.id,
        device: device::words(&session.device),
        since: moment(session.created_at, zone),
        seen: moment(session.seen_at, zone),
        is_this: own == Some(session.id),
        network: session.network,
    };
    sessions.into_iter().map(shown).collect()
}

/// A moment where the city is, such as 令和8年11月23日(月・勤労感謝の日) 9時05分.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}時{:02}分", day::long(local.date_naive()), local.hour(), local.minute())
}
