//! Events from a calendar file (iCalendar, RFC 5545).

use std::cell::Cell;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::super::draft::{BLOCK, Draft, LINE, Span, TITLE};
use super::super::entry::{Kind, Status};
use super::super::repeat::{RESTLESS, is_restless};
use super::super::series::{self, written};
use super::super::store::Desk;
use super::candidate::Candidate;
use super::findings::{Sorted, sorted};
use super::known_words::KnownWords;
use super::versions::{OTHER_AGE, SUPERSEDED, is_of_our_time, namesakes, superseded};
use super::{Contents, stem};
use crate::ics::{self, Calendar, Class, Event, Length, Limits, When, Zone};
use crate::table::{Report, quoted};

/// Most further properties kept of one event.
const EXTRA: usize = 50;

/// Most occurrences of one series whose rule cannot be kept, and steps its rule may take: twice a day for two years.
const EACH: usize = 1_500;
const EACH_STEPS: u64 = 50_000;
/// Occurrences of all such series of a file, and what each series counts beside its own.
const ROOM: usize = 60_000;
const FIXED: usize = 40;
/// Whether a file is meant to be a calendar: by its first line, or by its name when it is no Excel workbook.
pub(super) fn is_meant(file: &str, bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = start.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"BEGIN:"));
    let file = file.to_ascii_lowercase();
    begins || ((file.ends_with(".ics") || file.ends_with(".ical")) && !bytes.starts_with(b"PK"))
}

/// Reads the events of a calendar file, or of a page.
pub(super) fn read(file: &str, calendar: &Calendar, desk: &Desk<'_>, words: &KnownWords, is_page: bool) -> Contents {
    let mut report = Report::new(file, "iCalendar", false);
    let name = calendar.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(stem(file));
    report.notes.push(format!("カレンダーの名前: {}", quoted(name)));
    let source: String = format!("import:{name}").chars().filter(|letter| !letter.is_control()).take(300).collect();
    let Sorted { refused, notes, nameless } = sorted(calendar, is_page, &mut report);
    let reader = Reader {
        desk,
        words,
        source,
        masters: masters(calendar),
        is_cancelling: is_cancelling(calendar),
        room: Cell::new(ROOM),
    };
    let namesakes = namesakes(calendar);
    let superseded = superseded(calendar, &namesakes);
    let candidates = calendar.events.iter().enumerate().map(|(at, event)| {
        let mut candidate = reader.candidate(event, namesakes.get(&at));
        candidate.notes.extend(notes.get(&event.line).into_iter().flatten().cloned());
        if superseded.contains(&at) {
            candidate.refuse(SUPERSEDED.to_owned());
        }
        candidate
    });
    let name = calendar.name.as_deref().unwrap_or_default().trim().to_owned();
    let unread = calendar.unread.iter().filter_map(|unread| unread.uid.clone()).collect();
    let whole_series = !reader.is_cancelling;
    Contents { name, candidates: candidates.collect(), refused, unread, nameless, whole_series, report }
}

fn is_cancelling(calendar: &Calendar) -> bool {
    calendar.method.as_deref() == Some("CANCEL")
}

fn masters(calendar: &Calendar) -> HashMap<&str, &Event> {
    let masters = calendar.events.iter().filter(|event| event.recurrence_id.is_none());
    masters.filter_map(|event| Some((event.uid.as_deref()?, event))).collect()
}

struct Reader<'a> {
    desk: &'a Desk<'a>,
    words: &'a KnownWords,
    source: String,
    masters: HashMap<&'a str, &'a Event>,
    is_cancelling: bool,
    /// Occurrences that may still be written one by one, for all series together.
    room: Cell<usize>,
}

impl Reader<'_> {
    fn candidate(&self, event: &Event, name: Option<&String>) -> Candidate {
        // A cancelled or moved occurrence often names nothing but its new time.
        let master =
            event.recurrence_id.as_ref().and(event.uid.as_deref()).and_then(|uid| self.masters.get(uid).copied());
        let text = |of: fn(&Event) -> Option<&String>| -> &str {
            of(event).or_else(|| master.and_then(of)).map_or("", String::as_str)
        };
        let title = text(|event| event.summary.as_ref());
        let uid = name.or(event.uid.as_ref()).cloned().unwrap_or_else(|| made_up_uid(event));
        let mut candidate = Candidate::new(event.line, title.trim()).called(&uid);
        if title.trim().is_empty() {
            candidate.note("名称（SUMMARY）がないため、「（名称なし）」としました。".to_owned());
            candidate.subject = "（名称なし）".to_owned();
        }
        let subject = candidate.subject.clone();
        let title = candidate.line("名称", &subject, TITLE);
        let Some(span) = self.span(event, &mut candidate) else { return candidate };
        let mut draft = Draft::new(&self.source, &uid, &title, span, self.zone(event));
        draft.description = candidate.block("説明", text(|event| event.description.as_ref()), BLOCK);
        draft.place = candidate.line("場所", text(|event| event.location.as_ref()), LINE);
        draft.organiser = candidate.line("主催", text(|event| event.organizer_name.as_ref()), LINE);
        draft.contact = candidate.line("連絡先", text(|event| event.contact.as_ref()), 1000);
        draft.url = candidate.url(text(|event| event.url.as_ref()));
        (draft.lat, draft.lon) = event.geo.unzip();
        if draft.lat.is_some_and(|lat| lat.abs() > 90.0) || draft.lon.is_some_and(|lon| lon.abs() > 180.0) {
            candidate.note("位置（GEO）が地球の上にないため、載せません。".to_owned());
            (draft.lat, draft.lon) = (None, None);
        }
        self.sort(event, master, &mut draft, &mut candidate);
        self.recur(event, &mut draft, &mut candidate);
        self.words.locate(&mut draft, self.desk.city);
        candidate.with(draft)
    }

    fn span(&self, event: &Event, candidate: &mut Candidate) -> Option<Span> {
        let zone = self.desk.city.profile.zone;
        let end = event.end(zone);
        if !is_of_our_time(event, zone) {
            candidate.refuse(OTHER_AGE.to_owned());
            return None;
        }
        if let When::Date(first) = event.start {
            let last = end.wall().date().pred_opt().unwrap_or(first);
            return Some(Span::Days { first, last: last.max(first) });
        }
        let starts = event.start.to_utc(zone);
        let ends = (event.length != Length::Unsaid).then(|| end.to_utc(zone));
        Some(Span::Times { starts, ends: ends.filter(|ends| *ends > starts) })
    }

    /// The zone in which the rules of a series count its days.
    fn zone(&self, event: &Event) -> chrono_tz::Tz {
        match &event.start {
            When::Zoned { zone: Zone::Iana(zone), .. } => *zone,
            When::Utc(_) => chrono_tz::Tz::UTC,
            _ => self.desk.city.profile.zone,
        }
    }

    /// Status, audience, kind, categories, items and what has no field of its own.
    fn sort(&self, event: &Event, master: Option<&Event>, draft: &mut Draft, candidate: &mut Candidate) {
        draft.status = match event.status {
            _ if self.is_cancelling => Status::Cancelled,
            Some(ics::Status::Cancelled) => Status::Cancelled,
            Some(ics::Status::Tentative) => Status::Tentative,
            _ => Status::Confirmed,
        };
        if [Some(event), master].into_iter().flatten().any(|event| event.class != Class::Public) {
            draft.public = false;
            candidate.note("非公開（CLASS）の予定なので、サイトには載せません。".to_owned());
        }
        let said = |name: &str| further(event, name).or_else(|| further(master?, name));
        if let Some(kind) = said("X-KYODO-KIND").and_then(|kind| Kind::from_key(kind.trim())) {
            draft.kind = kind;
        }
        for (name, value) in event.extra.iter().filter(|(name, _)| !name.starts_with("X-KYODO-")).take(EXTRA) {
            let kept = |letter: &char| !letter.is_control() || *letter == '\n';
            draft.extra.insert(name.chars().take(100).collect(), value.chars().filter(kept).take(1000).collect());
        }
        let listed = match master {
            Some(master) if event.categories.is_empty() => &master.categories,
            _ => &event.categories,
        };
        self.categorise(listed, said("X-KYODO-ITEMS"), draft, candidate);
    }

    /// Categories of the city, codes of items and names of kinds all stand in CATEGORIES.
    fn categorise(&self, listed: &[String], items: Option<&str>, draft: &mut Draft, candidate: &mut Candidate) {
        let mut codes: Vec<&str> = items.into_iter().collect();
        let mut unknown = Vec::new();
        for word in listed.iter().map(|word| word.trim()) {
            if self.words.is_item(word) {
                codes.push(word);
            } else if Kind::ALL.iter().all(|kind| kind.label() != word) {
                let (known, others) = self.words.categories(word);
                draft.categories.extend(known);
                unknown.extend(others);
            }
        }
        draft.items = self.words.items(&codes.join(";"), candidate);
        if !unknown.is_empty() {
            let words: String = unknown.join(";").chars().take(1000).collect();
            draft.extra.insert("CATEGORIES".to_owned(), candidate.line("分類", &words, BLOCK));
        }
    }

    /// The rules of a series, and which occurrence a change replaces.
    fn recur(&self, event: &Event, draft: &mut Draft, candidate: &mut Candidate) {
        let zone = self.desk.city.profile.zone;
        if let Some(original) = &event.recurrence_id {
            draft.recurrence_id = written(original, zone);
            draft.and_future = event.this_and_future;
            return;
        }
        if !event.is_recurring() {
            return;
        }
        draft.exdates = event.exdates.iter().map(|when| written(when, zone)).collect();
        let in_own_zone = matches!(&event.start, When::Zoned { zone: Zone::Own(_), .. });
        if in_own_zone || !event.exrules.is_empty() {
            candidate.note(format!(
                "くり返しの規則をそのまま保てない形なので、{}までの回を1回ずつ取り込みました。",
                series::horizon(self.desk.today)
            ));
            if event.rrules.iter().any(|rule| is_restless(rule)) {
                candidate.refuse(RESTLESS.to_owned());
                return;
            }
            let limits = Limits { occurrences_each: EACH, steps_each: EACH_STEPS, ..Limits::default() };
            let expansion = ics::expand(std::slice::from_ref(event), series::window(self.desk.today), zone, &limits);
            let left = self.room.get().checked_sub(expansion.occurrences.len() + FIXED);
            let Some(left) = left else {
                candidate.refuse("くり返しの規則をそのまま保てない予定が多すぎるため、取り込めません。".to_owned());
                return;
            };
            self.room.set(left);
            let starts = expansion.occurrences.iter().map(|occurrence| written(&occurrence.start, zone));
            let own = written(&event.start, zone);
            draft.rdates = starts.filter(|start| *start != own).collect();
            return;
        }
        draft.rrule = event.rrules.iter().map(|rule| rule.trim()).collect::<Vec<_>>().join("\n");
        let dates = event.rdates.iter().map(|date| match &date.length {
            Length::Unsaid => written(&date.start, zone),
            length => format!("{}/{}", written(&date.start, zone), written(&length.after(&date.start, zone), zone)),
        });
        draft.rdates = dates.collect();
    }
}

/// A property that has no field of its own.
fn further<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    event.extra.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// A name for an event without a UID, the same for the same event in the next file.
fn made_up_uid(event: &Event) -> String {
    let said = format!("{:?}|{:?}|{:?}", event.summary, event.start.wall(), event.location);
    let digest = Sha256::digest(said.as_bytes());
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("made-up:{hex}")
}
