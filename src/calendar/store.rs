//! Writing entries: the one way into the calendar, for one entry or for ten thousand.

mod change;
mod known;
mod put;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::draft::{Draft, Span};
use super::entry::{Entry, Status};
use super::series;
use super::spread::{self, Stretch};
use super::union;
use crate::city::City;
use crate::clock::new_id;
use crate::revision::{self, Scope};
use crate::table::Outcome;
use known::{Known, Links};

/// Where and when entries are written.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    /// Host name that ends every UID.
    pub host: &'a str,
    /// The moment of writing.
    pub now: DateTime<Utc>,
    /// The day of writing, where the city is.
    pub today: NaiveDate,
}

/// What became of a draft.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The entry.
    pub id: Uuid,
    /// New, changed or as before.
    pub outcome: Outcome,
    /// What changed, and what could not be kept, in Japanese sentences.
    pub notes: Vec<String>,
}

/// Why an entry cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// The draft is not sound; Japanese sentences say why.
    #[error("{}", .0.join(" "))]
    Refused(Vec<String>),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Writes one entry, replacing what is known under the same name of the same source.
pub async fn store(db: &impl ConnectionTrait, desk: &Desk<'_>, draft: &Draft) -> Result<Stored, StoreFault> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return Err(StoreFault::Refused(faults));
    }
    let stored = store_all(db, desk, std::slice::from_ref(draft), false).await?;
    stored.into_iter().next().ok_or_else(|| DbErr::RecordNotInserted.into())
}

/// Writes many entries of one source whose drafts have no faults, and returns what became of each.
///
/// With `whole_series`, a changed occurrence that the drafts no longer mention goes back to its series, if they mention
/// the series itself.
pub async fn store_all(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    drafts: &[Draft],
    whole_series: bool,
) -> Result<Vec<Stored>, DbErr> {
    let Some(source) = drafts.first().map(|draft| draft.source.as_str()) else { return Ok(Vec::new()) };
    let mut known = Known::load(db, source, drafts).await?;
    let families = families(&known, drafts, desk.host);
    let mut stored = Vec::with_capacity(drafts.len());
    let mut written: Vec<(Entry, Links)> = Vec::new();
    let mut touched: HashSet<&str> = HashSet::new();
    for draft in drafts {
        let key = (draft.source_uid.clone(), draft.recurrence_id.clone());
        let links = Links::of(draft);
        let family = &families[draft.source_uid.as_str()];
        let mut entry = entry(draft, desk, family);
        if known.unions.hides(family.master) {
            // Another entry is seen in its place, whatever its source says.
            entry.public = false;
            entry.search_text.clear();
        }
        if known.unions.is_news(entry.id, draft.public) {
            union::wish(db, entry.id, draft.public).await?;
        }
        let old = known.entries.get(&key);
        if let (None, Some(series)) = (old, known.series(draft)) {
            // A subscriber compares it with what is known of the series.
            entry.sequence = series.sequence.saturating_add(1);
        }
        let result = change::settle(&mut entry, &links, old, &known.links, desk);
        let dropped = if whole_series { known.drop_absent(draft, drafts) } else { 0 };
        let (outcome, notes) = change::with_dropped(result, dropped, &mut entry, desk);
        stored.push(Stored { id: entry.id, outcome, notes });
        if outcome != Outcome::Unchanged {
            touched.insert(&draft.source_uid);
            known.entries.insert(key, entry.clone());
            written.push((entry, links));
        }
    }
    if !written.is_empty() {
        put::entries(db, desk.city, &written, &known.removed).await?;
        let mut places: HashMap<Uuid, usize> = HashMap::new();
        for (place, result) in stored.iter().enumerate() {
            places.entry(result.id).or_insert(place);
        }
        for (id, sentence) in expand(db, desk, &known, &touched).await? {
            if let Some(place) = places.get(&id) {
                stored[*place].notes.push(sentence);
            }
        }
        revision::bump(db, Scope::Calendar, desk.now).await?;
    }
    Ok(stored)
}

/// The days on which a draft would take place, from today on, each with its start in the form of `recurrence_id`.
pub(super) fn planned(draft: &Draft, desk: &Desk<'_>) -> Vec<(String, Stretch)> {
    let entry = entry(draft, desk, &Family { uid: "planned".to_owned(), master: None });
    let zone = desk.city.profile.zone;
    let (mut placed, _) = series::stretches(&[&entry], series::window(desk.today), zone);
    placed.sort_by_key(|one| one.2.first_day);
    placed.into_iter().map(|(_, instance, stretch)| (instance, stretch)).collect()
}

/// What the rows of one series share.
struct Family {
    uid: String,
    master: Option<Uuid>,
}

fn families<'a>(known: &Known, drafts: &'a [Draft], host: &str) -> HashMap<&'a str, Family> {
    let mut families: HashMap<&str, Family> = HashMap::with_capacity(drafts.len());
    for draft in drafts {
        let family = families.entry(&draft.source_uid).or_insert_with(|| Family {
            uid: known.uid(&draft.source_uid).unwrap_or_else(|| format!("{}@{host}", new_id())),
            master: known.master(&draft.source_uid),
        });
        if draft.recurrence_id.is_empty() && family.master.is_none() {
            family.master = Some(new_id());
        }
    }
    families
}

fn entry(draft: &Draft, desk: &Desk<'_>, family: &Family) -> Entry {
    let zone = desk.city.profile.zone;
    let (all_day, starts_at, ends_at, starts_on, ends_on) = match draft.span {
        Span::Days { first, last } => (true, None, None, first, last),
        Span::Times { starts, ends } => {
            let stretch = Stretch::times(starts, ends, zone);
            (false, Some(starts), ends, stretch.first_day, stretch.last_day)
        }
    };
    let is_master = draft.recurrence_id.is_empty();
    let recurring = !draft.rrule.is_empty() || !draft.rdates.is_empty();
    Entry {
        id: if is_master { family.master.unwrap_or_else(new_id) } else { new_id() },
        uid: family.uid.clone(),
        source: draft.source.clone(),
        source_uid: draft.source_uid.clone(),
        recurrence_id: draft.recurrence_id.clone(),
        master_id: if is_master { None } else { family.master },
        and_future: draft.and_future,
        sequence: 0,
        status: draft.status.key().to_owned(),
        kind: draft.kind.key().to_owned(),
        public: draft.public,
        title: draft.title.clone(),
        kana: draft.kana.clone(),
        description: draft.description.clone(),
        all_day,
        starts_on,
        ends_on,
        starts_at,
        ends_at,
        time_note: draft.time_note.clone(),
        zone: draft.zone.name().to_owned(),
        rrule: draft.rrule.clone(),
        rdates: serde_json::json!(draft.rdates),
        exdates: serde_json::json!(draft.exdates),
        expanded_to: recurring.then(|| series::horizon(desk.today)),
        facility_id: draft.facility_id,
        place: draft.place.clone(),
        address: draft.address.clone(),
        town_key: draft.town_key.clone(),
        lat: draft.lat,
        lon: draft.lon,
        group_id: draft.group_id,
        organiser: draft.organiser.clone(),
        audience: draft.audience.clone(),
        fee: draft.fee.clone(),
        capacity: draft.capacity.clone(),
        apply: draft.apply.clone(),
        contact: draft.contact.clone(),
        url: draft.url.clone(),
        extra: serde_json::json!(draft.extra),
        search_text: put::search_text(draft, desk.city),
        created_at: desk.now,
        updated_at: desk.now,
        cancelled_at: (draft.status == Status::Cancelled).then_some(desk.now),
        notice: draft.notice.clone(),
    }
}

/// Writes the occurrences of every touched series anew; returns sentences about rules that were cut.
async fn expand(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    known: &Known,
    touched: &HashSet<&str>,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let mut entries: Vec<&Entry> =
        known.entries.values().filter(|entry| touched.contains(entry.source_uid.as_str())).collect();
    entries.sort_by_key(|entry| entry.id);
    let zone = desk.city.profile.zone;
    let window = series::window(desk.today);
    let (rows, findings) = series::occurrences(&entries, window, zone);
    let before: Vec<Uuid> = entries.iter().map(|entry| entry.id).filter(|id| known.had.contains(id)).collect();
    spread::clear(db, &before).await?;
    spread::put(db, rows).await?;
    let mut notes: Vec<(Uuid, String)> = findings.into_iter().map(|(at, text)| (entries[at].id, text)).collect();
    for entry in entries {
        let days = (entry.ends_on - entry.starts_on).num_days();
        if u64::try_from(days).is_ok_and(|days| days >= spread::MOST_DAYS) {
            notes.push((entry.id, format!("期間が長いため、月の表には初めの{}日だけを載せます。", spread::MOST_DAYS)));
        }
    }
    Ok(notes)
}
