//! Taking a reading in: new and changed entries are written, what is gone leaves, and what looks like a mistake is held.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::contents::{self, Slot};
use super::kinds::{Shows, Vanished};
use super::reading::Reading;
use super::renaming::{self, Lost};
use super::report::LINES;
use super::source::Source;
use crate::calendar::union::{self, Released};
use crate::calendar::{self, Desk, Draft, Leaving, ReviewState, StoreFault, edits};
use crate::city::settings::sources::HELD_FROM;
use crate::db::{placeholders, statement};
use crate::table::Outcome;
use crate::text::day;

/// What is told of an entry that is no longer in its source.
pub(super) const GONE: &str =
    "取り込み元のカレンダーから、この予定がなくなりました。くわしくは、主催者へお問い合わせください。";
/// Values bound to one statement.
const SOME: usize = 1_000;

/// What became of a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// New entries.
    pub added: usize,
    /// Changed entries.
    pub changed: usize,
    /// Entries that left.
    pub gone: usize,
    /// Entries that differ from what the calendar shows only because they wait for staff.
    pub waiting: usize,
}

/// A series or single entry of the source as the calendar knows it.
#[derive(Clone, Debug, FromQueryResult)]
struct Known {
    id: Uuid,
    source_uid: String,
    title: String,
    place: String,
    starts_on: NaiveDate,
    /// When it starts, unless it lasts whole days.
    starts_at: Option<DateTime<Utc>>,
    is_recurring: bool,
    /// Whether everybody sees it, or would if another entry were not shown in its place.
    public: bool,
    status: String,
    review: Option<String>,
    is_gone: bool,
    is_coming: bool,
}

impl Known {
    /// Whether it stands and is still to come, for whoever reads the calendar.
    fn is_expected(&self) -> bool {
        self.is_coming && !self.is_gone && self.status != "cancelled"
    }

    /// When and what, in words.
    fn named(&self) -> String {
        let day = if self.is_recurring { "くり返し".to_owned() } else { day::long(self.starts_on) };
        format!("{day} {}", self.title)
    }

    /// Whether everybody sees it once its source mentions it.
    fn shows(&self) -> bool {
        let fine = self.review.as_deref().is_none_or(|state| ReviewState::from_key(state) == ReviewState::Approved);
        if self.is_gone { fine } else { self.public }
    }

    fn stands(&self, state: ReviewState) -> bool {
        self.review.as_deref().is_some_and(|key| ReviewState::from_key(key) == state)
    }

    /// Whether it is what everybody sees, or what staff may let everybody see.
    fn is_shown_or_waits(&self) -> bool {
        self.public || self.stands(ReviewState::Waiting)
    }

    /// When it starts, as [`renaming`] compares it.
    fn starts(&self) -> (NaiveDate, Option<DateTime<Utc>>) {
        self.starts_at.map_or((self.starts_on, None), |at| (NaiveDate::MIN, Some(at)))
    }
}

async fn known(db: &impl ConnectionTrait, source: &Source, desk: &Desk<'_>) -> Result<Vec<Known>, DbErr> {
    let sql = "SELECT e.id, e.source_uid, e.title, e.place, e.starts_on, e.starts_at, e.status, r.state AS review,
        CASE WHEN e.rrule = '' THEN FALSE ELSE TRUE END AS is_recurring,
        CASE WHEN u.lead_id <> e.id THEN m.shown ELSE e.public END AS public,
        CASE WHEN a.entry_id IS NULL THEN FALSE ELSE TRUE END AS is_gone,
        CASE WHEN EXISTS (SELECT 1 FROM occurrences o WHERE o.entry_id = e.id AND o.last_day >= ?) THEN TRUE ELSE FALSE END
            AS is_coming
        FROM calendar_entries e LEFT JOIN entry_absences a ON a.entry_id = e.id
        LEFT JOIN entry_union_members m ON m.entry_id = e.id LEFT JOIN entry_unions u ON u.id = m.union_id
        LEFT JOIN entry_reviews r ON r.entry_id = e.id WHERE e.source = ? AND e.recurrence_id = ''";
    let values = vec![desk.today.into(), source.calendar_name().into()];
    Known::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Why a reading is not taken in before somebody has looked at it; nothing where it is as one would expect. What would be gone is noted in
/// the report of the reading.
pub async fn suspicion(
    db: &impl ConnectionTrait,
    source: &Source,
    reading: &mut Reading,
    desk: &Desk<'_>,
) -> Result<Option<String>, DbErr> {
    let mut known = known(db, source, desk).await?;
    let names = renamed(reading, &known);
    call_anew(&mut known, &names);
    known.sort_by(|one, other| (one.starts_on, &one.title).cmp(&(other.starts_on, &other.title)));
    let expected: Vec<&Known> = known.iter().filter(|entry| entry.is_expected()).collect();
    let missing: Vec<&&Known> = expected.iter().filter(|entry| !knows(reading, &entry.source_uid)).collect();
    reading.report.gone = missing.iter().take(LINES).map(|entry| entry.named()).collect();
    let lost = missing.len();
    if lost > 0 && reading.is_empty {
        return Ok(Some(format!("これからの予定が{lost}件ありましたが、1件もなくなりました。")));
    }
    let before = contents::report(db, source.id, Slot::Taken).await?.map(|(report, _)| report.nameless);
    if lost > 0 && reading.report.nameless > before.unwrap_or_default() {
        let lines = reading.report.nameless;
        return Ok(Some(format!("読めない行が{lines}件あり、これからの予定が{lost}件見当たりません。")));
    }
    let least = usize::try_from(desk.city.settings.number(HELD_FROM)).unwrap_or(usize::MAX);
    let many = expected.len() >= least && lost * 2 > expected.len();
    Ok(many.then(|| format!("これからの予定{}件のうち、{lost}件が一度になくなりました。", expected.len())))
}

fn knows(reading: &Reading, name: &str) -> bool {
    reading.mentioned.contains(name) || reading.unwanted.contains(name)
}

/// New names by old ones of what is to come and called by another name from this reading on.
fn renamed(reading: &Reading, known: &[Known]) -> HashMap<String, String> {
    let names: HashSet<&str> = known.iter().map(|entry| entry.source_uid.as_str()).collect();
    let lost = known.iter().filter(|entry| entry.is_coming && !entry.is_gone && !knows(reading, &entry.source_uid));
    let lost: Vec<Lost<'_>> = lost
        .map(|entry| Lost {
            source_uid: &entry.source_uid,
            starts: entry.starts(),
            title: &entry.title,
            place: &entry.place,
        })
        .collect();
    let is_new = |draft: &&Draft| draft.recurrence_id.is_empty() && !names.contains(draft.source_uid.as_str());
    renaming::renamed(&lost, &reading.drafts.iter().filter(is_new).collect::<Vec<_>>())
}

fn call_anew(known: &mut [Known], names: &HashMap<String, String>) {
    for entry in known {
        if let Some(name) = names.get(&entry.source_uid) {
            entry.source_uid.clone_from(name);
        }
    }
}

/// Writes a reading into the calendar.
pub async fn take(
    db: &impl ConnectionTrait,
    source: &Source,
    mut reading: Reading,
    desk: &Desk<'_>,
) -> Result<Taken, StoreFault> {
    let mut known = known(db, source, desk).await?;
    let names = renamed(&reading, &known);
    renaming::rename(db, source, &names).await?;
    call_anew(&mut known, &names);
    let by_name: HashMap<&str, &Known> = known.iter().map(|entry| (entry.source_uid.as_str(), entry)).collect();
    for draft in &mut reading.drafts {
        let before = by_name.get(draft.source_uid.as_str());
        draft.public = before.map_or(source.shows() == Shows::Public, |entry| entry.shows());
    }
    edits::overlay(db, &source.calendar_name(), &mut reading.drafts).await?;
    let stored = calendar::store_all(db, desk, &reading.drafts, reading.whole_series).await?;
    let mut taken = Taken::default();
    for (draft, stored) in reading.drafts.iter().zip(&stored) {
        taken.added += usize::from(stored.outcome == Outcome::Taken && draft.recurrence_id.is_empty());
        taken.changed += usize::from(stored.outcome == Outcome::Changed);
        let returns = |entry: &&Known| entry.is_gone && entry.stands(ReviewState::Withdrawn);
        let returns = by_name.get(draft.source_uid.as_str()).is_some_and(returns);
        if (stored.outcome == Outcome::Taken || returns) && draft.recurrence_id.is_empty() && !draft.public {
            calendar::ask_review(db, (stored.id, draft.group_id), (None, &source.name), desk.now).await?;
            taken.waiting += 1;
        }
    }
    come_back(db, &known, &reading.drafts).await?;
    taken.gone = leave(db, source, &reading, &known, desk).await?;
    Ok(taken)
}

/// What was gone and is mentioned again is no longer gone.
async fn come_back(db: &impl ConnectionTrait, known: &[Known], drafts: &[Draft]) -> Result<(), DbErr> {
    let names: HashSet<&str> = drafts.iter().map(|draft| draft.source_uid.as_str()).collect();
    let back = known.iter().filter(|entry| entry.is_gone && names.contains(entry.source_uid.as_str()));
    let back: Vec<Value> = back.map(|entry| entry.id.into()).collect();
    for some in back.chunks(SOME) {
        let marks = placeholders(some.len());
        let sql = format!("DELETE FROM entry_absences WHERE entry_id IN ({marks})");
        db.execute_raw(statement(db.get_database_backend(), &sql, some.to_vec())).await?;
    }
    Ok(())
}

/// Lets everything leave that is still to come and not in the source any more, and returns how much that was.
async fn leave(
    db: &impl ConnectionTrait,
    source: &Source,
    reading: &Reading,
    known: &[Known],
    desk: &Desk<'_>,
) -> Result<usize, StoreFault> {
    let standing = || known.iter().filter(|entry| entry.is_coming && !entry.is_gone);
    let secret = known.iter().filter(|entry| reading.secret.contains(&entry.source_uid) && !entry.is_gone);
    let mut gone: Vec<(Uuid, Leaving<'_>)> =
        secret.filter(|entry| entry.is_shown_or_waits()).map(|entry| (entry.id, Leaving::Hidden)).collect();
    let unwanted =
        |entry: &&Known| reading.unwanted.contains(&entry.source_uid) && !reading.secret.contains(&entry.source_uid);
    let left = standing().filter(unwanted).filter(|entry| entry.is_shown_or_waits());
    gone.extend(left.map(|entry| (entry.id, Leaving::Withdrawn)));
    let how = match source.vanished() {
        Vanished::Cancel => Leaving::Cancelled(GONE),
        Vanished::Withdraw => Leaving::Withdrawn,
    };
    gone.extend(standing().filter(|entry| !knows(reading, &entry.source_uid)).map(|entry| (entry.id, how)));
    for (id, how) in &gone {
        let_go(db, source, desk, (*id, *how)).await?;
    }
    Ok(gone.len())
}

/// Lets one entry leave. Where another source has the same event, that one is seen from now on, under the same name in every phone.
pub(super) async fn let_go(
    db: &impl ConnectionTrait,
    source: &Source,
    desk: &Desk<'_>,
    (id, how): (Uuid, Leaving<'_>),
) -> Result<(), StoreFault> {
    if union::release(db, desk, id).await? == Released::Alone {
        calendar::let_go(db, desk, id, how).await?;
    }
    // What waits for staff waits no longer: nobody is to let everybody see what its source took back.
    calendar::withdraw_review(db, id, &source.name, desk.now).await?;
    let sql = "INSERT INTO entry_absences (entry_id, source_id, gone_at) VALUES (?, ?, ?)";
    let values = vec![id.into(), source.id.into(), desk.now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
