//! One event of schema.org as an event of a calendar.

use chrono::{NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::address::joined;
use super::graph::Found;
use super::json::{Object, Value};
use super::schedule::timetable;
use super::value::{BLOCK, Known, LISTED, as_object, each, line, number, objects, readable, said, term, words};
use crate::ics::{Event, Findings, Length, Status, When, Zone};

/// What is needed to read the events of one page.
pub(super) struct Reader<'a, 'b> {
    pub page_url: &'b str,
    pub zone: Tz,
    pub known: Known<'a>,
    pub findings: &'b mut Findings,
}

impl<'a> Reader<'a, '_> {
    /// The events of one object: one, or one for each of its schedules; none, with a finding, without a start.
    pub fn events(&mut self, found: Found<'a>) -> Vec<Event> {
        let told = Told { line: found.object.line, head: head(found) };
        if found.object.is_cut {
            self.findings.refused(told.line, format!("{}途中で切れているため、取り込めません。", told.head));
            return Vec::new();
        }
        let times = self.times(found, &told);
        let mut events: Vec<Event> = times.into_iter().map(|times| self.event(found, times, &told)).collect();
        for (at, event) in events.iter_mut().enumerate().skip(1) {
            if let Some(uid) = &mut event.uid {
                uid.push_str(&format!("#{}", at + 1));
            }
        }
        events
    }

    fn times(&mut self, found: Found<'a>, told: &Told) -> Vec<Event> {
        let object = found.object;
        let own = said(object, "startDate").map(|text| (text, When::written(text, &Zone::Iana(self.zone))));
        if let Some((text, None)) = &own {
            self.unreadable(told, "開始（startDate）", text);
        }
        let start = own.and_then(|(_, start)| start);
        let schedules = objects(object, "eventSchedule", &self.known);
        if schedules.is_empty() {
            return match start {
                Some(start) => vec![self.single(object, start, told)],
                None => {
                    self.findings
                        .refused(told.line, format!("{}開始日（startDate）がないため、取り込めません。", told.head));
                    Vec::new()
                }
            };
        }
        let mut events: Vec<Event> = Vec::new();
        let single = start.clone().map(|start| self.single(object, start, told));
        for schedule in schedules {
            let event = single.as_ref().map(|event| (&event.start, &event.length));
            match timetable(schedule, event, self.zone, &self.known) {
                Ok(times) => {
                    let mut event = Event::starting(times.start);
                    event.length = times.length;
                    event.rrules.extend(times.rule);
                    event.exdates = times.except;
                    events.push(event);
                }
                Err(text) => self.unreadable(told, "くり返し（eventSchedule）", &text),
            }
        }
        if events.is_empty() { single.into_iter().collect() } else { events }
    }

    /// An event that takes place once.
    fn single(&mut self, object: &Object, start: When, told: &Told) -> Event {
        let end = said(object, "endDate").map(|text| (text, When::written(text, &Zone::Iana(self.zone))));
        if let Some((text, None)) = &end {
            self.unreadable(told, "終わり（endDate）", text);
        }
        let end = end.and_then(|(_, end)| end);
        let lasting = || said(object, "duration").and_then(Length::written);
        let mut event = Event::starting(start);
        match end {
            Some(end) if is_whole_days(&event.start, &end) => {
                event.start = When::Date(event.start.wall().date());
                event.length = self.days_to(end.wall().date());
                self.findings
                    .mended(told.line, format!("{}0時から23時59分までなので、終日として読みました。", told.head));
            }
            Some(end) => event.length = self.length(&event.start, end),
            None => event.length = lasting().unwrap_or(Length::Unsaid),
        }
        if event.end(self.zone).to_utc(self.zone) < event.start.to_utc(self.zone) {
            event.length = Length::Unsaid;
            self.findings.mended(
                told.line,
                format!("{}終わり（endDate）が始まりより前のため、終わりを使いませんでした。", told.head),
            );
        }
        event
    }

    /// A day on which something ends is part of it (schema.org/endDate), unlike DTEND.
    fn length(&self, start: &When, end: When) -> Length {
        match (start, &end) {
            (When::Date(_), When::Date(last)) => self.days_to(*last),
            (When::Date(_), _) => {
                let begun = end.wall().time() != NaiveTime::MIN || end.wall().date() <= start.wall().date();
                let last = if begun { Some(end.wall().date()) } else { end.wall().date().pred_opt() };
                last.map_or(Length::Unsaid, |last| self.days_to(last))
            }
            // The day of the start says no more than the start.
            (_, When::Date(last)) if *last == start.wall().date() => Length::Unsaid,
            (When::Zoned { zone, .. }, When::Date(last)) => {
                let midnight = last.succ_opt().unwrap_or(*last).and_time(NaiveTime::MIN);
                Length::Until(zone.clone().at(midnight))
            }
            _ => Length::Until(end),
        }
    }

    fn days_to(&self, last: chrono::NaiveDate) -> Length {
        Length::Until(When::Date(last.succ_opt().unwrap_or(last)))
    }

    /// Everything but the time.
    fn event(&mut self, found: Found<'a>, mut event: Event, told: &Told) -> Event {
        let object = found.object;
        let inherited = |name: &str| object.get(name).or_else(|| found.parent?.get(name));
        event.line = object.line;
        event.summary = inherited("name").and_then(words).map(line).filter(|name| !name.is_empty());
        event.description =
            inherited("description").and_then(words).map(|text| readable(text, BLOCK)).filter(|text| !text.is_empty());
        self.locate(inherited("location"), inherited("eventAttendanceMode"), &mut event);
        event.organizer_name = inherited("organizer").and_then(|value| self.names(value));
        event.url = Some(self.address(object, told));
        event.uid = Some(self.uid(object, &event));
        event.categories =
            ["keywords", "about", "genre"].iter().flat_map(|name| self.categories(object, name)).take(LISTED).collect();
        let mut seen = std::collections::HashSet::new();
        event.categories.retain(|word| seen.insert(word.clone()));
        let moment = |name: &str| {
            let when = When::written(said(object, name)?, &Zone::Iana(self.zone))?;
            Some(when.to_utc(self.zone))
        };
        event.last_modified = moment("dateModified");
        event.created = moment("dateCreated").or_else(|| moment("datePublished"));
        self.status(object, &mut event, told);
        event
    }

    fn status(&mut self, object: &Object, event: &mut Event, told: &Told) {
        let Some(text) = said(object, "eventStatus") else { return };
        let name = term(text);
        event.status = match name.strip_prefix("Event").unwrap_or(name) {
            "Scheduled" | "Confirmed" | "MovedOnline" => Some(Status::Confirmed),
            "Rescheduled" => {
                let before =
                    said(object, "previousStartDate").map_or(String::new(), |day| format!("（前は{}）", shown(day)));
                self.findings.noted(told.line, format!("{}日時が変更された予定です{before}。", told.head));
                Some(Status::Confirmed)
            }
            "Cancelled" | "Canceled" => Some(Status::Cancelled),
            "Postponed" => {
                self.findings.noted(
                    told.line,
                    format!("{}延期とされています。新しい日時が出るまで、仮の予定とします。", told.head),
                );
                Some(Status::Tentative)
            }
            _ => {
                self.unreadable(told, "状態（eventStatus）", text);
                None
            }
        };
        if event.status != Some(Status::Confirmed) || name.ends_with("Rescheduled") {
            event.extra.push(("X-SCHEMA-STATUS".to_owned(), shown(name)));
        }
    }

    /// Place, address and position; what is held on the web says so.
    fn locate(&self, value: Option<&'a Value>, mode: Option<&'a Value>, event: &mut Event) {
        let mut places: Vec<String> = Vec::new();
        for value in value.map(each).unwrap_or_default() {
            let place = match as_object(value, &self.known) {
                Some(place) => {
                    event.geo = event.geo.or_else(|| self.position(place));
                    self.place(place)
                }
                None => words(value).map(line).unwrap_or_default(),
            };
            if !place.is_empty() && !places.contains(&place) {
                places.push(place);
            }
        }
        let is_online = mode.and_then(words).is_some_and(|mode| term(mode).starts_with("Online"));
        if places.is_empty() && is_online {
            places.push("オンライン".to_owned());
        }
        let places: String = places.join("／").chars().take(super::value::LINE).collect();
        event.location = (!places.is_empty()).then_some(places);
    }

    fn place(&self, place: &'a Object) -> String {
        let name = said(place, "name").map(line).unwrap_or_default();
        if super::value::types(place).any(|name| name == "VirtualLocation") {
            let address = said(place, "url").and_then(|url| joined(self.page_url, url));
            return match (name.as_str(), address) {
                ("", Some(address)) => format!("オンライン（{address}）"),
                ("", None) => "オンライン".to_owned(),
                (_, Some(address)) if !name.contains(&address) => format!("{name}（{address}）"),
                _ => name,
            };
        }
        let address = place.get("address").map(|value| self.postal(value)).unwrap_or_default();
        match (name.is_empty(), address.is_empty()) {
            (true, _) => address,
            (false, true) => name,
            (false, false) if name.contains(&address) => name,
            (false, false) if address.contains(&name) => address,
            (false, false) => format!("{name}（{address}）"),
        }
    }

    /// A postal address from large to small, as it is written in Japan.
    fn postal(&self, value: &'a Value) -> String {
        let Some(address) = each(value).iter().find_map(|value| as_object(value, &self.known)) else {
            return words(value).map(line).unwrap_or_default();
        };
        let mut whole = String::new();
        for part in ["addressRegion", "addressLocality", "streetAddress"] {
            let part = said(address, part).map(line).unwrap_or_default();
            if part.starts_with(&whole) {
                whole = part;
            } else if !whole.contains(&part) {
                let gap = whole.is_ascii() && !whole.is_empty();
                whole.push_str(if gap { " " } else { "" });
                whole.push_str(&part);
            }
        }
        if whole.is_empty() { said(address, "name").map(line).unwrap_or_default() } else { whole }
    }

    fn position(&self, place: &'a Object) -> Option<(f64, f64)> {
        let own = objects(place, "geo", &self.known).first().copied().unwrap_or(place);
        let position = (number(own, "latitude")?, number(own, "longitude")?);
        let is_on_earth = position.0.abs() <= 90.0 && position.1.abs() <= 180.0 && position != (0.0, 0.0);
        is_on_earth.then_some(position)
    }

    /// Names of people and organisations.
    fn names(&self, value: &'a Value) -> Option<String> {
        let name = |value: &'a Value| {
            let words = as_object(value, &self.known).and_then(|object| said(object, "name")).or_else(|| words(value));
            words.map(line).filter(|name| !name.is_empty() && !name.starts_with("http"))
        };
        let names: Vec<String> = each(value).iter().filter_map(name).take(10).collect();
        (!names.is_empty()).then(|| names.join("、"))
    }

    fn categories(&self, object: &'a Object, name: &str) -> Vec<String> {
        let values = object.get(name).map(each).unwrap_or_default();
        let said = |value: &'a Value| {
            as_object(value, &self.known).and_then(|object| said(object, "name")).or_else(|| words(value))
        };
        let listed = values.iter().filter_map(said).flat_map(|text| text.split([',', '、', ';']));
        let word = |text: &str| line(text).chars().take(100).collect::<String>();
        listed.take(LISTED).map(word).filter(|word| !word.is_empty() && !word.starts_with("http")).collect()
    }

    /// The page of the event; the page it was found on where it names none that can be opened.
    fn address(&mut self, object: &Object, told: &Told) -> String {
        let written = ["url", "mainEntityOfPage"].iter().find_map(|name| match object.get(name)? {
            Value::Object(page) => said(page, "@id").or_else(|| said(page, "url")),
            value => words(value),
        });
        let Some(written) = written else { return self.page_url.to_owned() };
        joined(self.page_url, written).unwrap_or_else(|| {
            self.unreadable(told, "アドレス（url）", written);
            self.page_url.to_owned()
        })
    }

    /// What the page calls the event, its address, or a digest of what it says.
    fn uid(&self, object: &Object, event: &Event) -> String {
        let own = said(object, "@id").filter(|id| !id.starts_with("_:"));
        let named = own
            .or_else(|| said(object, "url"))
            .and_then(|text| joined(self.page_url, text).or_else(|| is_urn(text).then(|| text.to_owned())));
        match named {
            Some(name) if name.len() <= 500 => name,
            Some(name) => digest(&name),
            None => digest(&format!("{:?}|{}|{:?}", event.summary, event.start.wall(), event.location)),
        }
    }

    fn unreadable(&mut self, told: &Told, what: &str, text: &str) {
        let text = shown(text);
        self.findings.refused(told.line, format!("{}{what}の「{text}」が読めないため、使いませんでした。", told.head));
    }
}

/// How the findings of one event begin.
struct Told {
    line: usize,
    head: String,
}

fn head(found: Found<'_>) -> String {
    let name = said(found.object, "name").map(line).unwrap_or_default();
    let name: String = name.chars().take(40).collect();
    let block = found.block;
    if name.is_empty() {
        format!("JSON-LD（{block}番目）のイベント：")
    } else {
        format!("JSON-LD（{block}番目）の「{name}」：")
    }
}

/// Midnight to a minute before midnight, as programs write whole days.
fn is_whole_days(start: &When, end: &When) -> bool {
    let (from, to) = (start.wall().time(), end.wall().time());
    let is_timed = !start.is_date() && !end.is_date();
    is_timed
        && from == NaiveTime::MIN
        && (to.hour(), to.minute()) == (23, 59)
        && end.wall() - start.wall() > TimeDelta::zero()
}

fn is_urn(text: &str) -> bool {
    text.starts_with("urn:") || text.starts_with("tag:")
}

pub(super) fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("page:{hex}")
}

/// The begin of a text, fit for a message.
fn shown(text: &str) -> String {
    crate::ics::clean(text).chars().take(40).collect()
}
