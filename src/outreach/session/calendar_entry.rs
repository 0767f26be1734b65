//! The entry of a session in the calendar: it follows the session and is changed nowhere else. While a session is only held
//! the entry is TENTATIVE and nobody but those who go sees it.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::session::{self, Place, Session, State};
use super::store;
use crate::calendar::{self, Draft, Kind, Span, Status};
use crate::city::{Facility, facility};
use crate::db::statement;
use crate::meetings::{Desk, Fault};
use crate::outreach::request::Request;

/// Source of the entries of sessions.
pub const SOURCE: &str = "outreach";

/// Writes the entry of a session, within the caller's transaction, and ties the two.
pub async fn keep(db: &impl ConnectionTrait, desk: &Desk<'_>, request: &Request, id: Uuid) -> Result<(), Fault> {
    let Some(session) = session::find(db, id).await? else { return Ok(()) };
    let hall = hall(db, session.facility_id).await?;
    let items = items(db, desk, request).await?;
    let draft = draft(desk, request, &session, hall, items);
    let stored = calendar::store(db, &desk.calendar(), &draft).await?;
    store::tie(db, id, stored.id).await?;
    Ok(())
}

async fn hall(db: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<Facility>, DbErr> {
    Ok(match id {
        Some(id) => facility::all(db).await?.into_iter().find(|one| one.id == id),
        None => None,
    })
}

fn draft(desk: &Desk<'_>, request: &Request, session: &Session, hall: Option<Facility>, items: Vec<Uuid>) -> Draft {
    let title = format!("出前説明会「{}」", request.own_title);
    let span = Span::Times { starts: session.starts_at, ends: Some(session.ends_at) };
    let mut draft = Draft::new(SOURCE, &session.id.to_string(), &title, span, desk.city.profile.zone);
    draft.kind = Kind::Outreach;
    // What was never decided is nobody's business, even when it is over.
    draft.public = request.public && session.confirmed_at.is_some();
    draft.status = match session.state() {
        State::Tentative => Status::Tentative,
        State::Confirmed => Status::Confirmed,
        State::Cancelled => Status::Cancelled,
    };
    draft.description = format!("{}に伺い、ご説明します。", request.body_name);
    draft.organiser = format!("{} {}", desk.city.profile.name, desk.city.profile.office.section);
    draft.audience.clone_from(&request.body_name);
    draft.group_id = request.group_id;
    draft.url = desk.url(crate::outreach::INDEX);
    draft.notice.clone_from(&session.cancel_reason);
    draft.items = items;
    draft.place = place_words(&session.venue(), hall.as_ref());
    draft.address.clone_from(&session.place_address);
    draft.town_key.clone_from(&session.town_key);
    if let Some(hall) = hall {
        draft.facility_id = Some(hall.id);
        (draft.lat, draft.lon) = (hall.lat, hall.lon);
    }
    draft
}

/// The items that a session for this request fulfils.
async fn items(db: &impl ConnectionTrait, desk: &Desk<'_>, request: &Request) -> Result<Vec<Uuid>, DbErr> {
    let mut found = Vec::new();
    for code in request.body().items(desk.city) {
        let sql = "SELECT i.id FROM items i JOIN plans p ON p.id = i.plan_id WHERE p.key = ? AND i.code = ?";
        let values = vec![desk.city.profile.plan_key().into(), code.as_str().into()];
        if let Some(row) = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await? {
            found.push(row.try_get("", "id")?);
        }
    }
    Ok(found)
}

/// A place in words: the facility and the room in it.
pub fn place_words(place: &Place, hall: Option<&Facility>) -> String {
    let name = hall.map_or("", |hall| hall.name.as_str());
    format!("{name} {}", place.place).trim().to_owned()
}
