//! Writing an invitation to one meeting for one person, and calling it off (iTIP, RFC 5546 §3.2.2 and §3.2.5).
//!
//! What is secret may stand in the texts and the link as `{{secret:NAME}}`; whoever sends the calendar fills it in line by line
//! ([`each_line`](super::each_line)), so that it is escaped and folded as it stands.

use super::feed::{Entry, begin};
use super::model::Status;
use super::write::{Out, parameter};
use super::zone_writer::zone_blocks;

/// Somebody of a meeting, by name and mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Name, may be empty.
    pub name: String,
    /// Mail address.
    pub mail: String,
}

/// Whether a meeting takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// It does: answer, please. A later one with a higher SEQUENCE moves it.
    Request,
    /// It does not, or this person is no longer asked.
    Cancel,
}

impl Method {
    /// The word of RFC 5546, for the calendar and for the mail that carries it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An invitation to one meeting for one person.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The meeting; `stamp` and `created` come from its record, so that every attempt writes the same bytes.
    pub meeting: Entry,
    /// Who invites and gets the answers.
    pub organizer: Party,
    /// Who is asked.
    pub attendee: Party,
    /// Whether the meeting needs this person.
    pub is_required: bool,
}

/// The invitation, or its end, as a calendar.
pub fn invitation(method: Method, invitation: &Invitation) -> String {
    let status = match method {
        Method::Request => Status::Confirmed,
        Method::Cancel => Status::Cancelled,
    };
    let meeting = Entry { status: Some(status), ..invitation.meeting.clone() };
    let mut out = Out::with_room(2_000);
    begin(&mut out, Some(method.name()));
    zone_blocks(&mut out, std::slice::from_ref(&meeting));
    meeting.write(&mut out, |out| invitation.parties(out, method));
    out.line("END", "VCALENDAR");
    String::from_utf8(out.finished()).unwrap_or_default()
}

impl Invitation {
    /// ORGANIZER and the one ATTENDEE.
    fn parties(&self, out: &mut Out, method: Method) {
        out.line(&format!("ORGANIZER{}", named(&self.organizer.name)), &address(&self.organizer.mail));
        let role = if self.is_required { "REQ-PARTICIPANT" } else { "OPT-PARTICIPANT" };
        let asks = match method {
            Method::Request => ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE",
            Method::Cancel => "",
        };
        let name = named(&self.attendee.name);
        out.line(&format!("ATTENDEE{name};CUTYPE=INDIVIDUAL;ROLE={role}{asks}"), &address(&self.attendee.mail));
    }
}

/// CN, quoted where it must be; none for an empty name.
fn named(name: &str) -> String {
    let name = parameter(&name.replace("\r\n", "\n").replace('\r', "\n"));
    if name.trim().is_empty() { String::new() } else { format!(";CN={name}") }
}

/// An address as a link (RFC 6068), without anything that would end the line or begin a query.
fn address(mail: &str) -> String {
    let mut written = "mailto:".to_owned();
    for letter in mail.trim().chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()) {
        match letter {
            '%' | '?' | '&' | '#' | '"' | '<' | '>' => written.push_str(&format!("%{:02X}", u32::from(letter))),
            _ => written.push(letter),
        }
    }
    written
}
