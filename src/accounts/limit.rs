//! Limits on attempts, counted in the database so that several replicas count together.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::chance;
use crate::db::statement;

/// Seconds of one slot; an hour is the six latest slots.
const SLOT: i64 = 600;
/// Slots of an hour.
const HOUR: i64 = 6;
/// Seconds after which somebody who was refused may try again.
pub const RETRY_SECONDS: i64 = SLOT * HOUR;

/// How often something may happen in an hour.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is counted.
    name: &'static str,
    /// How often it may happen in an hour.
    pub most: i64,
}

impl Limit {
    /// The same limit with the number that the city has set.
    pub fn set_to(self, most: i32) -> Self {
        Self { most: most.into(), ..self }
    }
}

/// Letters with a way in to one address, whether or not somebody has it.
pub const LETTERS_TO_ADDRESS: Limit = Limit { name: "letters-to", most: 5 };
/// Letters with a way in that one network asks for.
pub const LETTERS_FROM_NETWORK: Limit = Limit { name: "letters-from", most: 60 };
/// Six-digit codes of letters that one network types.
pub const CODES_FROM_NETWORK: Limit = Limit { name: "codes-from", most: 30 };
/// Codes from sheets of paper that one network types.
pub const SHEETS_FROM_NETWORK: Limit = Limit { name: "sheets-from", most: 60 };
/// One-time passwords and recovery codes typed for one account.
pub const PASSWORDS_OF_ACCOUNT: Limit = Limit { name: "passwords-of", most: 10 };
/// Reports of errors from one network.
pub const REPORTS_FROM_NETWORK: Limit = Limit { name: "reports-from", most: 5 };
/// Forms kept for one network.
pub const FORMS_FROM_NETWORK: Limit = Limit { name: "forms-from", most: 30 };
/// Invitations, hand-overs and claims that are sent to one address.
pub const INVITATIONS_TO_ADDRESS: Limit = Limit { name: "invitations-to", most: 5 };
/// Invitations that the people of one group send.
pub const INVITATIONS_OF_GROUP: Limit = Limit { name: "invitations-of", most: 20 };
/// Wrong codes of claim letters that one network types.
pub const CLAIM_CODES_FROM_NETWORK: Limit = Limit { name: "claim-codes-from", most: 10 };
/// Wrong codes of claim letters that everybody types together.
pub const CLAIM_CODES: Limit = Limit { name: "claim-codes", most: 200 };
/// Letters that the holder of one claim letter has sent.
pub const CLAIM_LETTERS_OF_CODE: Limit = Limit { name: "claim-letters-of", most: 10 };
/// Private calendars that are made for one address.
pub const FEEDS_OF_ADDRESS: Limit = Limit { name: "feeds-of", most: 20 };
/// Answers to the questionnaire of an explanation session from one network: the Wi-Fi of a hall is one network.
pub const ANSWERS_FROM_NETWORK: Limit = Limit { name: "outreach-answers-from", most: 60 };
/// Addresses of own calendars that one member of staff tries.
pub const CALENDARS_OF_ACCOUNT: Limit = Limit { name: "calendars-of", most: 20 };
/// Combinations of the calendar that one network makes into feeds.
pub const FEEDS_COMBINED_FROM_NETWORK: Limit = Limit { name: "feeds-combined-from", most: 20 };
/// Combinations that everybody makes together.
pub const FEEDS_COMBINED: Limit = Limit { name: "feeds-combined", most: 500 };
/// Letters about the calendar by mail that are asked for for one address.
pub const DIGESTS_TO_ADDRESS: Limit = Limit { name: "digests-to", most: 5 };
/// Letters about the calendar by mail that one network asks for: a library or a community hall is one network.
pub const DIGESTS_FROM_NETWORK: Limit = Limit { name: "digests-from", most: 40 };
/// Addresses of calendars to be gathered that one account tries.
pub const SOURCES_OF_ACCOUNT: Limit = Limit { name: "sources-of", most: 40 };
/// Letters about events that are to be published, to one address.
pub const SUBMISSIONS_TO_ADDRESS: Limit = Limit { name: "submissions-to", most: 5 };
/// Letters about events that are to be published, asked for from one network: a library or a community hall is one network.
pub const SUBMISSIONS_FROM_NETWORK: Limit = Limit { name: "submissions-from", most: 20 };
/// Letters about events that are to be published, for everybody together.
pub const SUBMISSIONS: Limit = Limit { name: "submissions", most: 200 };
/// How often one private calendar is fetched.
pub const FETCHES_OF_FEED: Limit = Limit { name: "fetches-of", most: 120 };

fn slot(now: DateTime<Utc>) -> i64 {
    now.timestamp() / SLOT
}

/// Addresses and networks are counted under a digest: the table names nobody.
fn key(limit: Limit, whose: &str) -> String {
    format!("{}:{}", limit.name, chance::digest("count", whose))
}

/// Counts one more and says whether that is still within the limit.
pub async fn count(db: &impl ConnectionTrait, limit: Limit, whose: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let (backend, key, slot) = (db.get_database_backend(), key(limit, whose), slot(now));
    let sql = "INSERT INTO counts (key, slot, count) VALUES (?, ?, 1)
        ON CONFLICT (key, slot) DO UPDATE SET count = counts.count + 1";
    db.execute_raw(statement(backend, sql, vec![key.clone().into(), slot.into()])).await?;
    let sql = "SELECT CAST(SUM(count) AS BIGINT) AS total FROM counts WHERE key = ? AND slot > ?";
    let row = db.query_one_raw(statement(backend, sql, vec![key.into(), (slot - HOUR).into()])).await?;
    let total: i64 = row.map(|row| row.try_get("", "total")).transpose()?.unwrap_or_default();
    Ok(total <= limit.most)
}

/// Takes one back that turned out to be right.
pub async fn uncount(db: &impl ConnectionTrait, limit: Limit, whose: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE counts SET count = count - 1 WHERE key = ? AND slot = ? AND count > 0";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![key(limit, whose).into(), slot(now).into()])).await?;
    Ok(())
}

/// Forgets what no limit looks at any more.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM counts WHERE slot <= ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![(slot(now) - HOUR).into()])).await?;
    Ok(())
}
