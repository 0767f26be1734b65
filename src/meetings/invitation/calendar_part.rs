//! The invitation that a letter carries for its reader's calendar.

use crate::calendar::{self, Entry};
use crate::groups::Person;
use crate::ics::{self, Invitation, Method, Party, When, Zone};
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::seat::Seat;

/// What every letter of a notice shares.
pub(super) struct Part<'a> {
    pub desk: &'a Desk<'a>,
    pub meeting: &'a Meeting,
    /// The entry that all calendars show.
    pub entry: &'a Entry,
    /// Who gets the answers.
    pub organizer: Party,
    pub method: Method,
}

impl Part<'_> {
    /// The calendar for one person and its METHOD.
    pub fn of(&self, seat: &Seat, person: &Person) -> (String, &'static str) {
        let invitation = Invitation {
            meeting: self.meeting(),
            organizer: self.organizer.clone(),
            attendee: Party { name: person.name.clone(), mail: person.mail.clone() },
            is_required: seat.required,
        };
        (ics::invitation(self.method, &invitation), self.method.name())
    }

    fn meeting(&self) -> ics::Entry {
        let zone = self.desk.city.profile.zone;
        let at = |moment: chrono::DateTime<chrono::Utc>| When::Zoned {
            local: moment.with_timezone(&zone).naive_local(),
            zone: Zone::Iana(zone),
        };
        let entry = self.entry;
        let reply = match self.method {
            Method::Request => "出欠のお返事: {{secret:リンク}}\n\n",
            Method::Cancel => "",
        };
        let place = [entry.place.as_str(), entry.address.as_str()].join(" ");
        ics::Entry {
            uid: entry.uid.clone(),
            recurrence_id: None,
            and_future: false,
            sequence: entry.sequence.into(),
            stamp: entry.updated_at,
            created: Some(entry.created_at),
            status: None,
            summary: entry.title.clone(),
            description: Some(format!("{reply}{}\n{}", entry.description, entry.notice)),
            location: Some(place.trim().to_owned()).filter(|place| !place.is_empty()),
            geo: entry.lat.zip(entry.lon),
            url: entry.public.then(|| self.desk.url(&calendar::path(entry.id))),
            categories: Vec::new(),
            start: entry.starts_at.map_or(When::Date(entry.starts_on), at),
            end: self.meeting.ends_at.map(at),
            rules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            transparent: false,
        }
    }
}
