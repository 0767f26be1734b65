//! Making a series: the series and all its meetings, in the caller's transaction.

use chrono::{Duration, NaiveDate, NaiveTime};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::form::Wanted;
use super::{numbering, record};
use crate::audit::Actor;
use crate::clock::new_id;
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::subject::Subject;
use crate::meetings::work_pages::moment;
use crate::meetings::{calendar_entry, convening, items, meeting, seat};
use crate::text::wareki;

/// Writes a series and a meeting for each of these days; says whether it did: not when the same form was sent before.
pub(super) async fn make(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    id: Uuid,
    (wanted, days): (&Wanted, &[NaiveDate]),
    actor: &Actor,
) -> Result<bool, Fault> {
    if !record::insert(db, id, &wanted.draft, (&actor.name, desk.now)).await? {
        return Ok(false);
    }
    for (number, day) in (0..).zip(days) {
        let subject = of_day(wanted, *day, number);
        let meeting_id = new_id();
        meeting::insert(db, meeting_id, &subject, (&actor.name, desk.now)).await?;
        record::join(db, id, meeting_id).await?;
        seat::give(db, meeting_id, &subject.groups, desk.now).await?;
        items::set(db, meeting_id, &subject.items).await?;
        if wanted.fixes {
            fix(db, desk, meeting_id, (&subject, *day), &actor.name).await?;
        }
        let told = json!({ "会議の名前": subject.title, "日にち": wareki::date_with_weekday(*day) });
        let about = (meeting_id, subject.title.as_str(), subject.convener_group);
        convening::record(db, actor, about, "年間計画の会議の作成", (json!(null), told), desk.now).await?;
    }
    Ok(true)
}

fn of_day(wanted: &Wanted, day: NaiveDate, turn: i32) -> Subject {
    let title = match wanted.first_number {
        Some(first) => numbering::numbered(first + turn, &wanted.draft.title),
        None => wanted.draft.title.clone(),
    };
    let weekday = chrono::Datelike::weekday(&day).number_from_monday();
    Subject { title, first_day: day, last_day: day, weekdays: vec![weekday], ..wanted.subject.clone() }
}

/// Fixes the day: the meeting starts with the hours that are wished for and stands in the calendar.
async fn fix(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    id: Uuid,
    (subject, day): (&Subject, NaiveDate),
    by: &str,
) -> Result<(), Fault> {
    let time = NaiveTime::parse_from_str(&subject.opens, "%H:%M").unwrap_or_default();
    let starts = moment(day, time, desk.city.profile.zone);
    let ends = starts + Duration::minutes(subject.length_minutes.into());
    meeting::fix(db, (id, 1), (starts, ends), &subject.venue, (by, desk.now)).await?;
    calendar_entry::keep(db, desk, id).await?;
    Ok(())
}
