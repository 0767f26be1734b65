//! Readers of the calendar by mail: a few addresses that nobody has, one of whose letters is due at once.

use chrono::{DateTime, Days, Utc};
use sea_orm::ConnectionTrait;

use crate::calendar::{self, Filter};
use crate::city::City;
use crate::city::settings::DIGEST_HOUR;
use crate::digest::{self, Cadence};

/// Who gets what: address, feed, number of the cadence, days since the latest letter may have been sent.
const READERS: [(&str, &str, i32, u64); 5] = [
    ("mihon-otayori1@example.jp", "all", 0, 1),
    ("mihon-otayori2@example.jp", "town/izuhara", 4, 0),
    ("mihon-otayori3@example.jp", "all", 4, 0),
    ("mihon-otayori3@example.jp", "kind/meeting", 1, 0),
    ("mihon-otayori4@example.jp", "policy/3", 0, 0),
];
/// Who has starred the next event.
const STARRED: &str = "mihon-otayori5@example.jp";

/// Writes the readers, as if each had confirmed.
pub async fn fill(tx: &impl ConnectionTrait, city: &City, now: DateTime<Utc>) -> anyhow::Result<()> {
    let local = now.with_timezone(&city.profile.zone).naive_local();
    let hour = u32::try_from(city.settings.number(DIGEST_HOUR))?;
    for (mail, feed, cadence, days) in READERS {
        let reader = digest::ensure_reader(tx, mail, now).await?;
        let cadence = Cadence::from_number(cadence).unwrap_or(Cadence::FIRST);
        let slot = cadence.slot(local, hour) - Days::new(days);
        digest::subscribe(tx, reader.id, (feed, cadence), slot, now).await?;
    }
    let reader = digest::ensure_reader(tx, STARRED, now).await?;
    let next = calendar::upcoming(tx, city, &Filter::default(), local.date(), 1).await?;
    for one in next {
        if let Some(entry) = calendar::find_public(tx, one.id).await? {
            digest::put_star(tx, reader.id, &entry, (local.date(), now)).await?;
        }
    }
    Ok(())
}
