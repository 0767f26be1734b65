//! Searching (さがす): what was written since the last time is compared with everything that is still to come.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use uuid::Uuid;

use super::candidate;
use super::comparing::{Folded, Folder, Pair, Vocabulary, alike};
use super::{deciding, reading};
use crate::calendar::{Desk, union};
use crate::city::{City, settings};
use crate::db::{self, statement};

/// How long one search may take before another one begins in its place; whoever was killed holds it no longer.
const HELD_MINUTES: i64 = 10;
/// What was written this long before the last search is looked at once more: a long import tells of its beginning.
const OVERLAP_MINUTES: i64 = 15;

/// What a search did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Entries that were new or changed.
    pub compared: usize,
    /// Pairs that look like one event.
    pub found: usize,
    /// Pairs that were made one by themselves.
    pub merged: usize,
}

/// Compares what is new, keeps what looks alike, and shows as one what is beyond doubt, if the city wants that.
///
/// One search runs at a time, on whichever machine; doing it twice changes nothing.
pub async fn search(database: &DatabaseConnection, desk: &Desk<'_>) -> Result<Turn, DbErr> {
    let least = desk.city.settings.number(settings::DUPLICATE_SCORE);
    let Some(since) = claim(database, desk.now, least).await? else { return Ok(Turn::default()) };
    let since = since.map(|since| since - Duration::minutes(OVERLAP_MINUTES));
    let transaction = db::begin(database).await?;
    union::heal(&transaction, desk).await?;
    transaction.commit().await?;
    let new = reading::written_since(database, since).await?;
    let (pairs, prints) = pairs(database, desk, (since, &new), least).await?;
    let transaction = db::begin(database).await?;
    candidate::keep(&transaction, &pairs, &prints, |id| new.contains(&id), (desk.today, desk.now)).await?;
    transaction.commit().await?;
    let merged = merge_by_itself(database, desk, least).await?;
    done(database, desk.now, least).await?;
    Ok(Turn { compared: new.len(), found: pairs.len(), merged })
}

/// Takes the search for this process; the inner moment is when the last one began, nothing before the first and after a change of rules.
async fn claim(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    least: i32,
) -> Result<Option<Option<DateTime<Utc>>>, DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE likeness_search SET held_until = ? WHERE id = 1 AND (held_until IS NULL OR held_until <= ?)";
    let values = vec![(now + Duration::minutes(HELD_MINUTES)).into(), now.into()];
    if db.execute_raw(statement(backend, sql, values)).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let sql = "SELECT since, least FROM likeness_search WHERE id = 1";
    let Some(row) = db.query_one_raw(statement(backend, sql, vec![])).await? else { return Ok(None) };
    let (since, known): (Option<DateTime<Utc>>, Option<i32>) = (row.try_get("", "since")?, row.try_get("", "least")?);
    Ok(Some(since.filter(|_| known == Some(least))))
}

async fn done(db: &DatabaseConnection, began: DateTime<Utc>, least: i32) -> Result<(), DbErr> {
    let sql = "UPDATE likeness_search SET since = ?, least = ?, held_until = NULL WHERE id = 1";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![began.into(), least.into()])).await?;
    Ok(())
}

/// The words of a city.
pub(super) fn vocabulary(city: &City) -> Vocabulary {
    let short = [city.profile.short_name(), city.profile.short_kana()];
    let towns = city.towns.iter().map(|town| (town.key.as_str(), town.name.as_str()));
    Vocabulary::new(&city.profile.name, &short, towns)
}

type Found = (Vec<Pair>, HashMap<Uuid, String>);

/// All pairs of at least `least` points with something new, each with its best score, and what was compared of their entries.
async fn pairs(
    db: &DatabaseConnection,
    desk: &Desk<'_>,
    (since, new): (Option<DateTime<Utc>>, &HashSet<Uuid>),
    least: i32,
) -> Result<Found, DbErr> {
    let words = Arc::new(vocabulary(desk.city));
    let mut best: HashMap<(Uuid, Uuid), Pair> = HashMap::new();
    let mut prints: HashMap<Uuid, String> = HashMap::new();
    for window in reading::windows(db, desk.today, since).await? {
        let read = reading::read(db, window).await?;
        let is_new: Vec<usize> = (0..read.len()).filter(|at| new.contains(&read[*at].listed.id)).collect();
        let (listed, names): (Vec<_>, Vec<_>) =
            read.into_iter().map(|one| (one.listed.clone(), (one.listed.id, one.print))).unzip();
        let words = words.clone();
        // Beside the pages: this is work for the processor.
        let found = tokio::task::spawn_blocking(move || {
            let mut folder = Folder::new(&words);
            let all: Vec<Folded> = listed.into_iter().map(|listed| folder.fold(listed)).collect();
            alike(&all, &is_new, least)
        });
        let found = found.await.map_err(|fault| DbErr::Custom(fault.to_string()))?;
        let ids: HashSet<Uuid> = found.iter().flat_map(|pair| [pair.first, pair.second]).collect();
        prints.extend(names.into_iter().filter(|(id, _)| ids.contains(id)));
        for pair in found {
            let known = best.entry((pair.first, pair.second)).or_insert_with(|| pair.clone());
            if pair.likeness.score > known.likeness.score {
                *known = pair;
            }
        }
    }
    let mut pairs: Vec<Pair> = best.into_values().collect();
    pairs.sort_by_key(|pair| (pair.first, pair.second));
    Ok((pairs, prints))
}

/// Shows as one what has at least as many points as the city's rule says and nothing against it.
async fn merge_by_itself(database: &DatabaseConnection, desk: &Desk<'_>, least: i32) -> Result<usize, DbErr> {
    let rule = desk.city.settings.number(settings::MERGE_SCORE);
    if rule == 0 {
        return Ok(0);
    }
    let mut merged = 0;
    for one in candidate::open(database, 1000, 0).await? {
        let likeness = one.likeness();
        if likeness.score < rule.max(least) || !likeness.against.is_empty() {
            continue;
        }
        let transaction = db::begin(database).await?;
        let done = deciding::merge_alone(&transaction, desk, (one.first_id, one.second_id)).await?;
        if done {
            transaction.commit().await?;
            merged += 1;
        }
    }
    Ok(merged)
}

/// What was compared of two entries, for whoever decides about them.
pub(super) async fn prints(
    db: &impl ConnectionTrait,
    one: Uuid,
    other: Uuid,
    today: NaiveDate,
) -> Result<String, DbErr> {
    let read = reading::read_two(db, [one, other], today).await?;
    let prints = read.into_iter().map(|one| (one.listed.id, one.print)).collect();
    Ok(candidate::print_of(&prints, one, other))
}
