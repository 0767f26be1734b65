//! Reading the answer of somebody's calendar to an invitation (iTIP METHOD:REPLY, RFC 5546 §3.2.3).
//!
//! Programs disagree about almost everything but UID, ATTENDEE and PARTSTAT, so nothing else is required.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::components::Component;
use super::findings::Findings;
use super::limits::Limits;
use super::lines::lines;
use super::parameters::{Content, content};
use super::read::whole_file;
use super::read_event::Reader;
use super::when::When;
use super::zone_block::Zones;

/// How much of an answer is taken.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    lines: 20_000,
    line_bytes: 64 << 10,
    parameters: 50,
    components: 200,
    depth: 5,
    dates: 100,
    findings: 20,
    occurrences_each: 0,
    occurrences: 0,
    steps: 200_000,
    steps_each: 200_000,
};
/// Meetings, or occurrences of one, that one mail may answer for.
const MEETINGS: usize = 50;
/// Most characters of a remark.
const COMMENT: usize = 2_000;

/// What somebody answers (PARTSTAT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Perhaps.
    Tentative,
    /// Sends somebody else.
    Delegated,
    /// Has seen it, and says nothing yet.
    NeedsAction,
}

impl Answer {
    fn read(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_uppercase().as_str() {
            "ACCEPTED" => Self::Accepted,
            "DECLINED" => Self::Declined,
            "TENTATIVE" => Self::Tentative,
            "DELEGATED" => Self::Delegated,
            "NEEDS-ACTION" => Self::NeedsAction,
            _ => return None,
        })
    }
}

/// The answer of one person to one meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Of the meeting.
    pub uid: String,
    /// The state of the invitation that is answered; programs leave it out.
    pub sequence: Option<i64>,
    /// The occurrence, where only one of a series is answered.
    pub recurrence_id: Option<When>,
    /// Address of who answers, in small letters.
    pub attendee: String,
    /// Address of who wrote it for them, in small letters (SENT-BY).
    pub sent_by: Option<String>,
    /// The answer.
    pub answer: Answer,
    /// What they wrote beside it; may be empty.
    pub comment: String,
    /// Addresses of who comes instead, in small letters.
    pub delegated_to: Vec<String>,
    /// When they answered: the later of two answers holds (RFC 5546 §2.1.5).
    pub stamp: Option<DateTime<Utc>>,
}

/// Why a calendar is no answer that can be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It cannot be read at all.
    #[error("予定の返事を読めません。{0}")]
    Broken(String),
    /// It is too large to be an answer.
    #[error("予定の返事が大きすぎます(1MBまで)。")]
    TooLarge,
    /// It has no METHOD, or one that asks or tells instead of answering.
    #[error("予定の返事(REPLY)ではありません({0})。")]
    NotReply(String),
    /// A new date is proposed.
    #[error("日時の変更の提案(COUNTER)です。自動では受けられません。担当者が読んで答えてください。")]
    Counter,
    /// Nothing is answered.
    #[error("どの予定への返事かが書かれていません(VEVENTかUIDがありません)。")]
    NoEvent,
    /// Nobody answers.
    #[error("だれの返事かが書かれていません(ATTENDEEがありません)。")]
    NoAttendee,
    /// Several people answer in one.
    #[error("2人以上の名前で返事をしています。1人ずつの返事だけを受け取れます。")]
    SeveralAttendees,
    /// What is answered is no known word.
    #[error("返事の内容が読めません(PARTSTAT「{0}」)。")]
    NoAnswer(String),
    /// It answers for more meetings than anybody is asked to.
    #[error("1通で答えている予定が多すぎます(50件まで)。")]
    TooMany,
}

/// The answers of one mail: one person, and one meeting or several occurrences.
///
/// # Errors
///
/// [`Unanswered`] when any part of it cannot be taken: half an answer is none.
pub fn reply(bytes: &[u8], default_zone: Tz) -> Result<Vec<Reply>, Unanswered> {
    if bytes.len() > LIMITS.bytes {
        return Err(Unanswered::TooLarge);
    }
    let mut findings = Findings::at_most(LIMITS.findings);
    let broken = |broken: super::findings::Broken| Unanswered::Broken(broken.message);
    let lines = lines(bytes, &LIMITS, &mut findings).map_err(broken)?;
    let file = whole_file(&lines, &LIMITS, &mut findings).map_err(broken)?;
    let mut found = Vec::new();
    for calendar in file.children.iter().filter(|child| child.kind == "VCALENDAR") {
        answers_only(calendar)?;
        let zones = Zones::of(calendar, default_zone, &LIMITS, LIMITS.steps);
        let mut reader = Reader { zones, own_zone: None, default_zone, limits: &LIMITS, findings: &mut findings };
        for event in calendar.children.iter().filter(|child| child.kind == "VEVENT") {
            if found.len() == MEETINGS {
                return Err(Unanswered::TooMany);
            }
            found.push(answer(event, &mut reader)?);
        }
    }
    let first: &Reply = found.first().ok_or(Unanswered::NoEvent)?;
    match found.iter().all(|reply| reply.attendee == first.attendee) {
        true => Ok(found),
        false => Err(Unanswered::SeveralAttendees),
    }
}

fn answers_only(calendar: &Component<'_>) -> Result<(), Unanswered> {
    let method = contents(calendar).find(|line| line.name == "METHOD");
    let method = method.map(|line| line.value.trim().to_ascii_uppercase()).unwrap_or_default();
    match method.as_str() {
        "REPLY" => Ok(()),
        "COUNTER" => Err(Unanswered::Counter),
        "" => Err(Unanswered::NotReply("METHODなし".to_owned())),
        _ => Err(Unanswered::NotReply(method.chars().filter(char::is_ascii_graphic).take(20).collect())),
    }
}

fn contents<'a>(component: &'a Component<'a>) -> impl Iterator<Item = Content> + 'a {
    component.lines.iter().filter_map(|line| content(line.text))
}

fn answer(event: &Component<'_>, reader: &mut Reader<'_, '_>) -> Result<Reply, Unanswered> {
    let lines: Vec<Content> = contents(event).collect();
    let value = |name: &str| lines.iter().find(|line| line.name == name).map(|line| line.value.trim());
    let uid = value("UID").filter(|uid| !uid.is_empty()).ok_or(Unanswered::NoEvent)?;
    let mut attendees = lines.iter().filter(|line| line.name == "ATTENDEE");
    let attendee = attendees.next().ok_or(Unanswered::NoAttendee)?;
    if attendees.next().is_some() {
        return Err(Unanswered::SeveralAttendees);
    }
    let word = attendee.parameter("PARTSTAT").unwrap_or_default();
    let shown = || Unanswered::NoAnswer(word.chars().filter(char::is_ascii_graphic).take(20).collect());
    let times = reader.times(event);
    Ok(Reply {
        uid: super::property::clean(&unescaped(uid)),
        sequence: value("SEQUENCE").and_then(|text| text.parse().ok()),
        recurrence_id: times.0,
        attendee: address(&attendee.value).ok_or(Unanswered::NoAttendee)?,
        sent_by: attendee.parameter("SENT-BY").and_then(address),
        answer: Answer::read(word).ok_or_else(shown)?,
        comment: value("COMMENT").map(unescaped).unwrap_or_default().trim().chars().take(COMMENT).collect(),
        delegated_to: attendee.parameters("DELEGATED-TO").filter_map(address).take(10).collect(),
        stamp: times.1,
    })
}

/// The address of a `mailto:` link, in small letters; a program that leaves the scheme out is understood.
fn address(link: &str) -> Option<String> {
    let link = link.trim().trim_matches(['"', '<', '>']).trim();
    let scheme = "mailto:";
    let plain = match link.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) {
        true => &link[scheme.len()..],
        false => link,
    };
    let mut bytes = Vec::with_capacity(plain.len());
    let mut rest = plain.split('?').next().unwrap_or_default().bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = [ahead.next().unwrap_or(0), ahead.next().unwrap_or(0)];
        let coded = std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match coded.filter(|_| byte == b'%') {
            Some(coded) => {
                bytes.push(coded);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    let address = String::from_utf8(bytes).ok()?.trim().to_lowercase();
    let odd = |letter: char| letter.is_control() || letter.is_whitespace();
    (address.contains('@') && address.len() <= 254 && !address.contains(odd)).then_some(address)
}

/// A text as somebody typed it (RFC 5545 §3.3.11), without control characters.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            _ => plain.push(letter),
        }
    }
    super::property::clean(&plain)
}
