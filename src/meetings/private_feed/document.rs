//! Putting a private feed together: the same entries as the public feeds and the invitations show, under the same UID.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::DbErr;
use uuid::Uuid;

use super::outing;
use super::record::{self, Feed, Owner};
use crate::app::App;
use crate::calendar::{self, Entry};
use crate::ics;
use crate::meetings::meeting::Meeting;

/// Days for which a meeting stays that is over; the same as in the public feeds.
const PAST_DAYS: i64 = 180;
/// Days for which a meeting stays that was called off; the same as in the public feeds.
const CANCELLED_DAYS: i64 = 14;

/// A feed as a file, and when anything in it last changed.
pub(super) struct Document {
    pub bytes: Vec<u8>,
    pub changed_at: DateTime<Utc>,
}

/// The meetings of a feed as they are now.
pub(super) async fn prepare(app: &App, feed: &Feed, owner: &Owner) -> Result<Document, DbErr> {
    // From the start of a day, so that the same data gives the same bytes until midnight.
    let day = app.today().and_time(chrono::NaiveTime::MIN).and_utc();
    let from = (day - Duration::days(PAST_DAYS), day - Duration::days(CANCELLED_DAYS));
    let meetings = record::meetings(&app.db, owner, from).await?;
    let outings = match owner {
        Owner::Account(id, _) => outing::of_account(&app.db, *id, from).await?,
        Owner::Seat(..) => Vec::new(),
    };
    let ids: Vec<Uuid> =
        meetings.iter().filter_map(|one| one.entry_id).chain(outings.iter().map(|one| one.entry_id)).collect();
    let entries = calendar::find_all(&app.db, &ids).await?;
    let entries: HashMap<Uuid, Entry> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let city = app.city();
    let mut events = Vec::with_capacity(meetings.len());
    for meeting in &meetings {
        if let Some(entry) = meeting.entry_id.and_then(|id| entries.get(&id)) {
            events.push(event(app, meeting, entry));
        }
    }
    for outing in &outings {
        if let Some(entry) = entries.get(&outing.entry_id) {
            events.push(outing.event(&city, entry, &app.config.base_url));
        }
    }
    let name = format!("{} 自分の会議", city.profile.name);
    let about = ics::Feed {
        name,
        description: Some("担当している団体の会議と、出前説明会です。変更や中止は自動で届きます。".to_owned()),
        refresh_hours: 1,
        method: Some("PUBLISH".to_owned()),
        zone: city.profile.zone,
        url: None,
    };
    let changed_at = events.iter().map(|event| event.stamp).max().unwrap_or(feed.created_at);
    Ok(Document { bytes: ics::feed(&about, &events), changed_at: changed_at.max(day).min(app.clock.now()) })
}

fn event(app: &App, meeting: &Meeting, entry: &Entry) -> ics::Entry {
    let event = calendar::vevent(entry, app.city().profile.zone, description(app, meeting), &app.config.base_url);
    ics::Entry {
        stamp: entry.updated_at.max(meeting.updated_at),
        status: Some(match meeting.cancelled_at {
            Some(_) => ics::Status::Cancelled,
            None => ics::Status::Confirmed,
        }),
        // A colleague of the group may go instead; whoever accepts the invitation is busy by that.
        transparent: true,
        ..event
    }
}

/// How far it is, why it was called off, what it is about, and where the minutes are.
fn description(app: &App, meeting: &Meeting) -> String {
    let mut parts = vec![format!("状況: {}", meeting.state().label())];
    if !meeting.cancel_reason.is_empty() {
        parts.push(format!("中止の理由: {}", meeting.cancel_reason));
    }
    if !meeting.purpose.is_empty() {
        parts.push(meeting.purpose.clone());
    }
    parts.push(format!("招集: {}", meeting.convener));
    if meeting.published_at.is_some() && meeting.public {
        parts.push(format!("議事録: {}{}", app.config.base_url, meeting.path()));
    }
    if !meeting.public {
        parts.push("この会議は、公開していません。".to_owned());
    }
    parts.join("\n\n")
}
