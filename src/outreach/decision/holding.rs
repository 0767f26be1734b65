//! Holding people's time for a request (仮押さえ), moving it, and letting it go again.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::meetings::{Desk, Fault};
use crate::outreach::dispatch::{self, Need};
use crate::outreach::request::Request;
use crate::outreach::rules::Rules;
use crate::outreach::session::crew::{self, Taken};
use crate::outreach::session::{self, Place, State, calendar_entry, store};

/// Why time was not held.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody has another session in that time: another person of the office was quicker.
    #[error("somebody is at another session")]
    Elsewhere,
    /// What was judged under the lock of these people cannot be: the way takes its time.
    #[error("{}", .0.concat())]
    Impossible(Vec<String>),
    /// The session changed meanwhile, or is over.
    #[error("the session changed meanwhile")]
    Changed,
    /// It could not be written.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Taken> for Refused {
    fn from(taken: Taken) -> Self {
        match taken {
            Taken::Elsewhere => Self::Elsewhere,
            Taken::Database(fault) => Self::Fault(fault.into()),
        }
    }
}

impl From<sea_orm::DbErr> for Refused {
    fn from(fault: sea_orm::DbErr) -> Self {
        Self::Fault(fault.into())
    }
}

/// When somebody goes, where, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Start.
    pub starts: DateTime<Utc>,
    /// End.
    pub ends: DateTime<Utc>,
    /// Where.
    pub place: Place,
    /// Who goes.
    pub people: Vec<Uuid>,
}

impl Visit {
    /// From when until when people are at the place.
    fn stay(&self, rules: &Rules) -> (DateTime<Utc>, DateTime<Utc>) {
        let minutes = |minutes: u32| Duration::minutes(minutes.into());
        (self.starts - minutes(rules.around.0), self.ends + minutes(rules.around.1))
    }
}

/// Holds people's time for a request; the applicant knows nothing of it. Within the caller's transaction, which is of no use any
/// more after [`Refused::Elsewhere`].
pub async fn hold(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, id): (&Request, Uuid),
    visit: &Visit,
    by: &str,
) -> Result<(), Refused> {
    judged(db, desk, (request, &[]), visit).await?;
    let times = (visit.starts, visit.ends);
    if !store::insert(db, (id, request.id), times, &visit.place, (by, desk.now)).await? {
        return Err(Refused::Changed);
    }
    crew::put(db, id, &visit.people, visit.stay(&Rules::of(desk.city))).await?;
    Ok(calendar_entry::keep(db, desk, request, id).await?)
}

/// Moves a session to another time, place or to other people.
pub async fn shift(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, id, version): (&Request, Uuid, i32),
    visit: &Visit,
) -> Result<(), Refused> {
    judged(db, desk, (request, &[id]), visit).await?;
    let times = (visit.starts, visit.ends);
    if !store::shift(db, (id, version), times, &visit.place, desk.now).await? {
        return Err(Refused::Changed);
    }
    crew::put(db, id, &visit.people, visit.stay(&Rules::of(desk.city))).await?;
    Ok(calendar_entry::keep(db, desk, request, id).await?)
}

/// Takes the turn of those who would go and looks once more whether they can be there in time: nobody plans for them meanwhile.
async fn judged(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, leaving_out): (&Request, &[Uuid]),
    visit: &Visit,
) -> Result<(), Refused> {
    crew::hold(db, &visit.people).await?;
    let need = Need {
        town_key: visit.place.town_key.clone(),
        facility_id: visit.place.facility_id,
        ..dispatch::need_of(request)
    };
    let at = (visit.starts, visit.people.as_slice());
    let judged = dispatch::judge(db, (desk.city, Rules::of(desk.city)), &need, at, leaving_out).await?;
    if judged.impossible.is_empty() { Ok(()) } else { Err(Refused::Impossible(judged.impossible)) }
}

/// Lets go of time that was held for nothing; says whether there was any to let go.
pub async fn release(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, id): (&Request, Uuid),
    by: &str,
) -> Result<bool, Fault> {
    let held =
        session::find(db, id).await?.filter(|one| one.state() == State::Tentative && one.request_id == request.id);
    if held.is_none() || !store::cancel(db, id, "", (by, desk.now)).await? {
        return Ok(false);
    }
    crew::free(db, id).await?;
    calendar_entry::keep(db, desk, request, id).await?;
    Ok(true)
}

/// Lets go of everything that is held for a request, but for one session.
pub async fn release_others(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, kept): (&Request, Option<Uuid>),
    by: &str,
) -> Result<(), Fault> {
    for one in session::of_request(db, request.id).await? {
        if one.state() == State::Tentative && Some(one.id) != kept {
            release(db, desk, (request, one.id), by).await?;
        }
    }
    Ok(())
}
