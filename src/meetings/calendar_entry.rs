//! The entry of a meeting in the calendar: it follows the meeting and is changed nowhere else.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::items;
use super::meeting::{self, Meeting};
use super::state::State;
use crate::calendar::{self, Draft, Kind, Span, Status};
use crate::city::{Facility, facility};

/// Source of the entries of meetings.
pub const SOURCE: &str = "meeting";

/// Writes the entry of a meeting whose day is fixed, within the caller's transaction, and ties the two; nothing for a meeting
/// without a day.
pub async fn keep(db: &impl ConnectionTrait, desk: &Desk<'_>, meeting_id: Uuid) -> Result<Option<Uuid>, Fault> {
    let Some(meeting) = meeting::find(db, meeting_id).await? else { return Ok(None) };
    let (Some(starts), Some(ends)) = (meeting.starts_at, meeting.ends_at) else { return Ok(None) };
    let hall = match meeting.facility_id {
        Some(id) => facility::all(db).await?.into_iter().find(|one| one.id == id),
        None => None,
    };
    let span = Span::Times { starts, ends: Some(ends) };
    let mut items = items::of_meeting(db, meeting.id).await?;
    if meeting.published_at.is_some() {
        items.extend(items::of_decisions(db, meeting.id).await?);
        items.sort_unstable();
        items.dedup();
    }
    let draft = draft(&meeting, desk, span, hall, items);
    let stored = calendar::store(db, &desk.calendar(), &draft).await?;
    meeting::tie(db, meeting.id, stored.id).await?;
    Ok(Some(stored.id))
}

fn draft(meeting: &Meeting, desk: &Desk<'_>, span: Span, hall: Option<Facility>, items: Vec<Uuid>) -> Draft {
    let mut draft = Draft::new(SOURCE, &meeting.id.to_string(), &meeting.title, span, desk.city.profile.zone);
    draft.kind = Kind::Meeting;
    draft.public = meeting.public;
    draft.status = if meeting.cancelled_at.is_some() { Status::Cancelled } else { Status::Confirmed };
    draft.description = description(meeting, desk);
    draft.organiser.clone_from(&meeting.convener);
    draft.group_id = meeting.convener_group;
    draft.url = desk.url(&meeting.path());
    draft.notice.clone_from(&meeting.cancel_reason);
    draft.items = items;
    draft.place = place(meeting, hall.as_ref());
    draft.town_key.clone_from(&meeting.town_key);
    if let Some(hall) = hall {
        draft.facility_id = Some(hall.id);
        draft.address = hall.address;
        draft.town_key = hall.town_key;
        (draft.lat, draft.lon) = (hall.lat, hall.lon);
    }
    draft
}

/// What it is about, and how far it is: 予定, 開催, 議事録公開.
fn description(meeting: &Meeting, desk: &Desk<'_>) -> String {
    let far = match meeting.state() {
        State::Held => "開催しました。議事録は準備しています。".to_owned(),
        State::Published => format!("開催しました。議事録を公開しています。 {}", desk.url(&meeting.path())),
        _ => String::new(),
    };
    [meeting.purpose.as_str(), far.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// The place of a meeting in words.
pub(super) fn place(meeting: &Meeting, hall: Option<&Facility>) -> String {
    let name = hall.map_or("", |hall| hall.name.as_str());
    format!("{name} {}", meeting.place).trim().to_owned()
}
