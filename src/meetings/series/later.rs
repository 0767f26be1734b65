//! The later meetings of a series: which of them may still be changed together, changing them, and ending the series.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::record::{self, Series};
use super::{numbering, plan_pages::day_of};
use crate::audit::Actor;
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::subject::Subject;
use crate::meetings::{State, convening, seat};

/// Why the planned meetings of a series do not take place that was ended.
const ENDED: &str = "年間計画を終えたため";

/// The meetings of a series, by what may still happen to them together.
pub(super) struct Split {
    /// Those that nobody was told of yet.
    pub open: Vec<Meeting>,
    /// Those that stay as they are.
    pub left: Vec<Meeting>,
}

/// Takes the meetings of a series apart: open are those from today on that are planned and no more.
pub(super) async fn split(
    db: &impl ConnectionTrait,
    series: &Series,
    (today, zone): (NaiveDate, Tz),
) -> Result<Split, sea_orm::DbErr> {
    let meetings = record::meetings(db, series.id).await?;
    let is_open = |one: &Meeting| one.state() == State::Planned && day_of(one, zone) >= today;
    let (open, left) = meetings.into_iter().partition(is_open);
    Ok(Split { open, left })
}

/// Changes these meetings together; says whether it did: not when one of them changed since it was seen.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (series, open, seen): (&Series, &[Meeting], &[(Uuid, i32)]),
    wanted: &Subject,
    actor: &Actor,
) -> Result<bool, Fault> {
    if open.len() != seen.len() || open.iter().any(|one| !seen.contains(&(one.id, one.version))) {
        return Ok(false);
    }
    for one in open {
        let subject = changed(one, wanted);
        if !meeting::update(db, (one.id, one.version), &subject, desk.now).await? {
            return Ok(false);
        }
        reseat(db, one.id, &subject, (&actor.name, desk.now)).await?;
        let told = |title: &str, hours: String| json!({ "会議の名前": title, "時間帯": hours });
        let before = told(&one.title, format!("{}〜{}", one.opens, one.closes));
        let after = told(&subject.title, format!("{}〜{}", subject.opens, subject.closes));
        let about = (one.id, subject.title.as_str(), one.convener_group);
        convening::record(db, actor, about, "この先の会議の一括変更", (before, after), desk.now).await?;
    }
    record::rename(db, series.id, numbering::bare(&wanted.title)).await?;
    Ok(true)
}

/// A meeting with what is changed for all: title, hours, place and groups; everything else stays its own.
fn changed(one: &Meeting, wanted: &Subject) -> Subject {
    let most = i32::try_from(wanted.groups.len()).unwrap_or(i32::MAX);
    Subject {
        title: numbering::renamed(&one.title, &wanted.title),
        purpose: one.purpose.clone(),
        convener_group: one.convener_group,
        convener: one.convener.clone(),
        chair_group: one.chair_group,
        chair: one.chair.clone(),
        public: one.public,
        length_minutes: wanted.length_minutes,
        first_day: one.first_day,
        last_day: one.last_day,
        weekdays: one.weekdays(),
        opens: wanted.opens.clone(),
        closes: wanted.closes.clone(),
        least_groups: one.least_groups.min(most),
        venue: wanted.venue.clone(),
        groups: wanted.groups.clone(),
        items: Vec::new(),
    }
}

async fn reseat(
    db: &impl ConnectionTrait,
    id: Uuid,
    subject: &Subject,
    (by, now): (&str, chrono::DateTime<chrono::Utc>),
) -> Result<(), sea_orm::DbErr> {
    let seats = seat::of_meeting(db, id).await?;
    seat::give(db, id, &subject.groups, now).await?;
    for seat in seats.iter().filter(|seat| subject.groups.iter().all(|(group, _)| *group != seat.group_id)) {
        seat::take_out(db, (id, seat.id), (by, ""), now).await?;
    }
    Ok(())
}

/// Ends a series: what is only planned is called off, everything else stays; says whether it did.
pub(super) async fn end(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    series: &Series,
    actor: &Actor,
) -> Result<bool, Fault> {
    let by = (actor.name.as_str(), desk.now);
    if !record::end(db, series.id, by).await? {
        return Ok(false);
    }
    let split = split(db, series, (desk.today, desk.city.profile.zone)).await?;
    for one in &split.open {
        // Held, so that a poll that opens at this moment waits, or is seen.
        let current = meeting::hold(db, one.id).await?;
        if current.is_some_and(|one| one.state() == State::Planned) && meeting::cancel(db, one.id, ENDED, by).await? {
            let about = (one.id, one.title.as_str(), one.convener_group);
            let told = (json!(null), json!({ "中止の理由": ENDED }));
            convening::record(db, actor, about, "会議の中止", told, desk.now).await?;
        }
    }
    Ok(true)
}
