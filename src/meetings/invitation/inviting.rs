//! Making the notices of a meeting: its invitation, changes, its end, and the end for one group.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::calendar_part::Part;
use super::{invitee, letters, reply};
use crate::audit::Actor;
use crate::calendar::{Entry, Family};
use crate::city::facility;
use crate::db::statement;
use crate::groups::{self, Person};
use crate::ics::{Method, Party};
use crate::mail::{Topic, Wording};
use crate::meetings::agenda::{self, Eye};
use crate::meetings::calendar_entry::place;
use crate::meetings::convening::record;
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting::Meeting;
use crate::meetings::notice::{self, Draft, Kind, Made, Page};
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::when;
use crate::text::day;

/// Which notice is due, and to whom.
#[derive(Clone, Debug)]
pub struct Due {
    /// What for.
    pub kind: Kind,
    /// To which groups.
    pub seats: Vec<Seat>,
}

/// The notice that those who convene should make next; nothing while everybody knows how the meeting stands.
pub async fn due(db: &impl ConnectionTrait, meeting: &Meeting, now: DateTime<Utc>) -> Result<Option<Due>, DbErr> {
    // What changes in the calendar after a meeting, such as that its minutes are out, is told in other letters.
    let Some(entry) = entry(db, meeting).await?.filter(|_| meeting.held_at.is_none()) else { return Ok(None) };
    let invitees = invitee::of_meeting(db, meeting.id).await?;
    let mut seats = seat::of_meeting(db, meeting.id).await?;
    let invited: HashSet<Uuid> = invitees.iter().map(|one| one.seat_id).collect();
    let behind: HashSet<Uuid> =
        invitees.iter().filter(|one| one.sequence < entry.sequence).map(|one| one.seat_id).collect();
    let kind = if meeting.cancelled_at.is_some() { Kind::Cancellation } else { Kind::Move };
    // Nobody is told of a new day that is over.
    let is_told = kind == Kind::Cancellation || meeting.starts_at.is_some_and(|starts| starts > now);
    if is_told && seats.iter().any(|seat| behind.contains(&seat.id)) {
        seats.retain(|seat| behind.contains(&seat.id));
        return Ok(Some(Due { kind, seats }));
    }
    if meeting.cancelled_at.is_some() {
        return Ok(None);
    }
    seats.retain(|seat| !invited.contains(&seat.id));
    let everybody = notice::turns(db, meeting.id, Kind::Invitation).await? == 0;
    let reached = groups::addressees(db, &ids(&seats), Topic::Meetings).await?;
    // Groups without an address get paper with the first invitation; later ones are invited as they come in.
    let is_due = everybody || seats.iter().any(|seat| reached.contains_key(&seat.group_id));
    Ok(is_due.then_some(Due { kind: Kind::Invitation, seats }))
}

fn ids(seats: &[Seat]) -> Vec<Uuid> {
    seats.iter().map(|seat| seat.group_id).collect()
}

async fn entry(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Option<Entry>, DbErr> {
    match meeting.entry_id {
        Some(id) => Ok(Family::find(db, id).await?.map(|family| family.master)),
        None => Ok(None),
    }
}

/// What those who convene add to a notice.
#[derive(Clone, Debug, Default)]
pub struct Words<'a> {
    /// How many of its kind the page showed.
    pub seen: i32,
    /// 文書番号.
    pub number: &'a str,
    /// What stands in it besides.
    pub words: &'a str,
    /// The address that gets the answers of calendars.
    pub sender: &'a str,
}

/// Makes a notice for these groups within the caller's transaction, with its invitation for calendars; nothing when it was made already.
pub async fn make(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, due): (&Meeting, &Due),
    words: &Words<'_>,
    actor: &Actor,
) -> Result<Option<Made>, Fault> {
    let Some(entry) = entry(db, meeting).await? else { return Ok(None) };
    let draft = Draft {
        kind: due.kind,
        wording: wording(due.kind),
        seen: words.seen,
        sequence: entry.sequence,
        number: words.number,
        dated: desk.today,
        words: words.words,
        by: &actor.name,
    };
    let method = match due.kind {
        Kind::Cancellation | Kind::Withdrawal => Method::Cancel,
        _ => Method::Request,
    };
    let organizer = Party { name: meeting.convener.clone(), mail: words.sender.to_owned() };
    let part = Part { desk, entry: &entry, organizer, method };
    let values = values(db, desk, meeting, words).await?;
    let page = |seat: &Seat, person: &Person| {
        let calendar = (due.kind != Kind::ReplyReminder).then(|| part.of(seat, person));
        Page { values: values.clone(), calendar }
    };
    let seats = (meeting, due.seats.as_slice());
    let Some(made) = notice::make(db, desk, seats, &draft, (crate::meetings::reply_path, &page)).await? else {
        return Ok(None);
    };
    let people = groups::addressees(db, &ids(&due.seats), Topic::Meetings).await?;
    let reached = due
        .seats
        .iter()
        .flat_map(|seat| people.get(&seat.group_id).into_iter().flatten().map(|person| (seat.id, person.clone())));
    if due.kind != Kind::ReplyReminder {
        invitee::note(db, meeting.id, &reached.collect::<Vec<_>>(), entry.sequence).await?;
    }
    let names: Vec<&str> = due.seats.iter().map(|seat| seat.name.as_str()).collect();
    let told = json!({ "団体": names.join("、"), "手紙の数": made.letters, "文書番号": words.number });
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    let action = format!("{}の作成", due.kind.label());
    record(db, actor, about, &action, (json!(null), told), desk.now).await?;
    Ok(Some(made))
}

/// Says until when groups are asked to reply.
pub(super) async fn ask_until(
    db: &impl ConnectionTrait,
    id: Uuid,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE meetings SET reply_until = ?, updated_at = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![until.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// The groups that have not replied, for a reminder.
pub async fn silent(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Seat>, DbErr> {
    let replies = reply::of_meeting(db, meeting_id).await?;
    let mut seats = seat::of_meeting(db, meeting_id).await?;
    seats.retain(|seat| !replies.contains_key(&seat.id));
    Ok(seats)
}

/// The wording of a notice.
pub(super) fn wording(kind: Kind) -> &'static Wording {
    match kind {
        Kind::ReplyReminder => &letters::REMIND,
        Kind::Move => &letters::MOVE,
        Kind::Cancellation => &letters::CANCEL,
        Kind::Withdrawal => &letters::WITHDRAW,
        _ => &letters::INVITE,
    }
}

/// The values that all letters of a notice share.
pub(super) async fn values(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    words: &Words<'_>,
) -> Result<Vec<(&'static str, String)>, DbErr> {
    let halls = facility::all(db).await?;
    let hall = halls.iter().find(|hall| Some(hall.id) == meeting.facility_id);
    let zone = desk.city.profile.zone;
    let until = meeting.reply_until.or(meeting.starts_at).map(|at| at.with_timezone(&zone));
    Ok(vec![
        ("招集者", meeting.convener.clone()),
        ("文書番号", words.number.to_owned()),
        ("通知日", day::long(desk.today)),
        ("日時", when(meeting, zone)),
        (
            "場所",
            [place(meeting, hall), hall.map(|hall| hall.address.clone()).unwrap_or_default()]
                .join(" ")
                .trim()
                .to_owned(),
        ),
        ("目的", meeting.purpose.clone()),
        ("議題", agenda::read(db, meeting, Eye::Groups, zone).await?.words()),
        (
            "返事の期限",
            until.map(|at| format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))).unwrap_or_default(),
        ),
        ("中止の理由", meeting.cancel_reason.clone()),
        ("ひとこと", words.words.to_owned()),
    ])
}
