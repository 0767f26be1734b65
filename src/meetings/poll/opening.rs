//! Opening a poll, reminding those who have not answered, and closing it: by hand, or by itself at its deadline.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::date::{self, Candidate};
use super::{letters, vote};
use crate::audit::Actor;
use crate::city::{Facility, facility};
use crate::db::statement;
use crate::mail::Wording;
use crate::meetings::convening::record;
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting::Meeting;
use crate::meetings::notice::{self, Draft, Kind, Made, Page};
use crate::meetings::seat::{self, Seat};
use crate::meetings::subject::Venue;
use crate::text::day;

/// Opens the poll within the caller's transaction and writes to every group; nothing when it was opened already.
pub async fn open(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    (until, words): (DateTime<Utc>, &str),
    actor: &Actor,
) -> Result<Option<Made>, Fault> {
    let sql = "UPDATE meetings SET poll_opened_at = ?, poll_until = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND poll_opened_at IS NULL AND fixed_at IS NULL AND cancelled_at IS NULL";
    let values = vec![desk.now.into(), until.into(), desk.now.into(), meeting.id.into()];
    if db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let seats = seat::of_meeting(db, meeting.id).await?;
    let asked = Asked { kind: Kind::Poll, wording: &letters::ASK, seen: 0, until, words };
    let made = ask(db, desk, (meeting, &seats), &asked, actor).await?;
    let told = json!({ "期限": moment(until, desk), "団体の数": seats.len(), "手紙の数": made.as_ref().map_or(0, |made| made.letters) });
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    record(db, actor, about, "日程調整の開始", (json!(null), told), desk.now).await?;
    Ok(made)
}

/// Writes once more to the groups that have not answered, and to nobody else; nothing when this turn was taken already.
pub async fn remind(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    (seen, words): (i32, &str),
    actor: &Actor,
) -> Result<Option<Made>, Fault> {
    let Some(until) = meeting.poll_until.filter(|_| meeting.poll_closed_at.is_none()) else { return Ok(None) };
    let votes = vote::of_meeting(db, meeting.id).await?;
    let mut seats = seat::of_meeting(db, meeting.id).await?;
    seats.retain(|seat| !votes.contains_key(&seat.id));
    let asked = Asked { kind: Kind::PollReminder, wording: &letters::REMIND, seen, until, words };
    let Some(made) = ask(db, desk, (meeting, &seats), &asked, actor).await? else { return Ok(None) };
    let names: Vec<&str> = seats.iter().map(|seat| seat.name.as_str()).collect();
    let told = json!({ "未回答の団体": names.join("、"), "手紙の数": made.letters });
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    record(db, actor, about, "日程調整の再度のお願い", (json!(null), told), desk.now).await?;
    Ok(Some(made))
}

struct Asked<'a> {
    kind: Kind,
    wording: &'static Wording,
    seen: i32,
    until: DateTime<Utc>,
    words: &'a str,
}

async fn ask(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seats): (&Meeting, &[Seat]),
    asked: &Asked<'_>,
    actor: &Actor,
) -> Result<Option<Made>, Fault> {
    let halls = facility::all(db).await?;
    let dates = date::of_meeting(db, meeting.id).await?;
    let list: Vec<String> = dates.iter().map(|one| line(one, desk, &halls)).collect();
    let list = list.join("\n");
    let draft = Draft {
        kind: asked.kind,
        wording: asked.wording,
        seen: asked.seen,
        sequence: 0,
        number: "",
        dated: desk.today,
        words: asked.words,
        by: &actor.name,
    };
    let page = |_: &Seat, _: &_| Page {
        values: vec![
            ("招集者", meeting.convener.clone()),
            ("期限", moment(asked.until, desk)),
            ("候補日", list.clone()),
            ("ひとこと", asked.words.to_owned()),
        ],
        calendar: None,
    };
    notice::make(db, desk, (meeting, seats), &draft, (crate::meetings::poll_path, &page)).await
}

fn line(candidate: &Candidate, desk: &Desk<'_>, halls: &[Facility]) -> String {
    let place = place(&candidate.venue(), desk, halls);
    format!("・{} {place}", candidate.label(desk.city.profile.zone)).trim_end().to_owned()
}

/// A place in words; the town where nothing more is known.
pub(super) fn place(venue: &Venue, desk: &Desk<'_>, halls: &[Facility]) -> String {
    let hall = halls.iter().find(|hall| Some(hall.id) == venue.facility_id).map_or("", |hall| hall.name.as_str());
    let place = format!("{hall} {}", venue.place);
    if place.trim().is_empty() { desk.city.town_name(&venue.town_key).to_owned() } else { place.trim().to_owned() }
}

/// A moment in words, such as 令和8年12月10日(木) 17:00.
pub(super) fn moment(at: DateTime<Utc>, desk: &Desk<'_>) -> String {
    let at = at.with_timezone(&desk.city.profile.zone);
    format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))
}

/// Closes a poll; says whether it was open.
pub async fn close(db: &impl ConnectionTrait, meeting_id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET poll_closed_at = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND poll_opened_at IS NOT NULL AND poll_closed_at IS NULL";
    let values = vec![now.into(), now.into(), meeting_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Closes every poll whose deadline is over, and tells how many.
pub async fn close_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "UPDATE meetings SET poll_closed_at = poll_until, version = version + 1, updated_at = ?
        WHERE poll_opened_at IS NOT NULL AND poll_closed_at IS NULL AND poll_until <= ?";
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), now.into()])).await?.rows_affected())
}

/// The comments of the answers that count, with the names of the groups.
pub(super) fn comments<'a>(seats: &'a [Seat], votes: &'a HashMap<Uuid, vote::Vote>) -> Vec<(&'a str, &'a str)> {
    let said = |seat: &'a Seat| votes.get(&seat.id).map(|vote| (seat.name.as_str(), vote.comment.as_str()));
    seats.iter().filter_map(said).filter(|(_, comment)| !comment.is_empty()).collect()
}
