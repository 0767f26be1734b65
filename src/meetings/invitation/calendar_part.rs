//! The invitation that a letter carries for its reader's calendar.

use crate::calendar::{self, Entry};
use crate::groups::Person;
use crate::ics::{self, Invitation, Method, Party};
use crate::meetings::desk::Desk;
use crate::meetings::seat::Seat;

/// What every letter of a notice shares.
pub(super) struct Part<'a> {
    pub desk: &'a Desk<'a>,
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
        let reply = match self.method {
            Method::Request => "出欠のお返事: {{secret:リンク}}\n\n",
            Method::Cancel => "",
        };
        let entry = self.entry;
        let description = format!("{reply}{}\n{}", entry.description, entry.notice);
        calendar::vevent(entry, self.desk.city.profile.zone, description, self.desk.base_url)
    }
}
