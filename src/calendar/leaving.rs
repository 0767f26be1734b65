//! An entry that follows a calendar elsewhere leaves with it: as cancelled, or at once; what has taken place stays as it was.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::draft::{Draft, Span};
use super::entry::Status;
use super::family::Family;
use super::repeat;
use super::spread::local;
use super::store::{Desk, StoreFault, store_all};

/// How an entry leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving<'a> {
    /// It shows as cancelled, with this notice.
    Cancelled(&'a str),
    /// Nobody but staff sees it any more; of a series that has begun, what took place stays.
    Withdrawn,
    /// Nobody but staff sees anything of it any more.
    Hidden,
}

/// Lets an entry leave with its whole series; a series that has begun ends with its last occurrence before today.
pub async fn let_go(db: &impl ConnectionTrait, desk: &Desk<'_>, id: Uuid, how: Leaving<'_>) -> Result<(), StoreFault> {
    let Some(family) = Family::find(db, id).await? else { return Ok(()) };
    let begun = how != Leaving::Hidden && family.master.is_recurring() && family.master.starts_on < desk.today;
    let next = if begun { family.instances(db, desk.today, 1).await?.pop() } else { None };
    let drafts = match next {
        Some(next) => ended_before(&family, &next.instance, desk),
        None => family.drafts().into_iter().map(|draft| gone(draft, how)).collect(),
    };
    let faults: Vec<String> = drafts.iter().flat_map(Draft::faults).collect();
    if !faults.is_empty() {
        return Err(StoreFault::Refused(faults));
    }
    store_all(db, desk, &drafts, true).await?;
    Ok(())
}

fn gone(draft: Draft, how: Leaving<'_>) -> Draft {
    match how {
        Leaving::Cancelled(_) if draft.status == Status::Cancelled => draft,
        Leaving::Cancelled(notice) => Draft { status: Status::Cancelled, notice: notice.to_owned(), ..draft },
        Leaving::Withdrawn | Leaving::Hidden => Draft { public: false, ..draft },
    }
}

/// The series as it is when it ends before a start.
pub(super) fn ended_before(family: &Family, at: &str, desk: &Desk<'_>) -> Vec<Draft> {
    let zone = desk.city.profile.zone;
    let old = family.draft(&family.master);
    let all_day = matches!(old.span, Span::Days { .. });
    let last = day_of(at, desk).and_then(|day| day.checked_sub_days(Days::new(1))).unwrap_or(desk.today);
    let mut ended = Draft { rrule: repeat::cut(&old.rrule, last, all_day, zone), ..old };
    ended.exdates.retain(|start| start.as_str() < at);
    ended.rdates.retain(|start| start.as_str() < at);
    let earlier = family.changes.iter().filter(|change| change.recurrence_id.as_str() < at);
    std::iter::once(ended).chain(earlier.map(|change| family.draft(change))).collect()
}

fn day_of(at: &str, desk: &Desk<'_>) -> Option<NaiveDate> {
    at.parse().ok().or_else(|| Some(local(at.parse::<DateTime<Utc>>().ok()?, desk.city.profile.zone).date()))
}
