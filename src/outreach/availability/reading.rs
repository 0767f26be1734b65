//! Reading somebody's own calendar: from when until when they are busy, and how much of it does not count. Pure.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::busy::Busy;
use crate::ics::{self, Event, Level, Limits, Occurrence, Status};

/// How much of a calendar is taken.
const LIMITS: Limits = Limits {
    bytes: 10 << 20,
    lines: 400_000,
    line_bytes: 1 << 20,
    parameters: 100,
    components: 50_000,
    depth: 10,
    dates: 5_000,
    findings: 200,
    occurrences_each: 5_000,
    occurrences: 50_000,
    steps: 5_000_000,
    steps_each: 500_000,
};
/// Most busy times of one person.
const MOST: usize = 5_000;

/// Whose calendar it is, and whose entries do not count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'a> {
    /// Mail address of the person.
    pub mail: &'a str,
    /// What the identifiers of Kyodo's own entries end with.
    pub host: &'a str,
}

/// How much of a calendar counts and how much does not, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Occurrences that count as busy.
    pub busy: usize,
    /// Cancelled.
    pub cancelled: usize,
    /// Declined by the person.
    pub declined: usize,
    /// Marked as free.
    pub free: usize,
    /// Published by Kyodo itself.
    pub own: usize,
    /// Without any length.
    pub instants: usize,
    /// What could not be read.
    pub unread: usize,
}

impl Counts {
    /// What does not count, in words, each with its number.
    pub fn ignored(&self) -> Vec<(&'static str, usize)> {
        let all = [
            ("取りやめになった予定", self.cancelled),
            ("「欠席」と答えた予定", self.declined),
            ("「空き時間」にしてある予定", self.free),
            ("このサイトが出している予定", self.own),
            ("長さのない予定(お知らせなど)", self.instants),
            ("書き方がこわれていて読めなかったところ", self.unread),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Busy times in order, those that touch put together.
    pub busy: Vec<Busy>,
    /// How much counts and how much does not.
    pub counts: Counts,
    /// Whether the calendar holds no event at all.
    pub is_empty: bool,
}

/// Why a calendar that came cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is something else.
    #[error(
        "届いたものがカレンダー(iCal形式)ではありません。ウェブページのアドレスではなく、iCal形式(.ics)のアドレスを使ってください。"
    )]
    NoCalendar,
    /// It holds more than is taken.
    #[error(
        "予定が多すぎるか、くり返しが複雑すぎるため、読めません。仕事の予定だけのカレンダーのアドレスを使ってください。"
    )]
    TooMuch,
}

/// Reads the busy times within a window.
pub(super) fn read(
    bytes: &[u8],
    owner: Owner<'_>,
    window: &Range<DateTime<Utc>>,
    zone: Tz,
) -> Result<Reading, Unreadable> {
    let calendar = ics::read(bytes, &LIMITS, zone).map_err(|_| Unreadable::NoCalendar)?;
    let expansion = ics::expand(&calendar.events, window.clone(), zone, &LIMITS);
    if !expansion.findings.is_empty() && expansion.findings.iter().any(|finding| finding.level == Level::Refused) {
        // Half of somebody's time would pass for free.
        return Err(Unreadable::TooMuch);
    }
    let name = calendar.name.as_deref().map(|name| name.trim().to_lowercase());
    let judge = Judge { owner, name, host: format!("@{}", owner.host.to_lowercase()) };
    let unread = calendar.findings.iter().filter(|finding| finding.level == Level::Refused).count();
    let mut counts = Counts { unread, ..Counts::default() };
    let mut times = Vec::new();
    for occurrence in &expansion.occurrences {
        let span = span(occurrence, window);
        match judge.place(&calendar.events[occurrence.event], span.is_none(), &mut counts) {
            Some(count) => *count += 1,
            None => times.extend(span),
        }
    }
    counts.busy = times.len();
    let busy = joined(times);
    if busy.len() > MOST {
        return Err(Unreadable::TooMuch);
    }
    Ok(Reading { busy, counts, is_empty: calendar.events.is_empty() })
}

struct Judge<'a> {
    owner: Owner<'a>,
    /// The calendar's name, which for some programs is the owner's address.
    name: Option<String>,
    host: String,
}

impl Judge<'_> {
    /// Where an occurrence is counted that makes nobody busy; nothing for one that does.
    fn place<'c>(&self, event: &Event, is_instant: bool, counts: &'c mut Counts) -> Option<&'c mut usize> {
        let is_owner = |mail: &String| *mail == self.owner.mail || Some(mail) == self.name.as_ref();
        if event.uid.as_ref().is_some_and(|uid| uid.trim().to_lowercase().ends_with(&self.host)) {
            Some(&mut counts.own)
        } else if event.status == Some(Status::Cancelled) {
            Some(&mut counts.cancelled)
        } else if event.declined.iter().any(is_owner) {
            Some(&mut counts.declined)
        } else if event.transparent {
            Some(&mut counts.free)
        } else if is_instant {
            Some(&mut counts.instants)
        } else {
            None
        }
    }
}

/// The time that an occurrence takes up within the window; nothing for a mere moment.
fn span(occurrence: &Occurrence, window: &Range<DateTime<Utc>>) -> Option<Busy> {
    // Some files end a whole day on itself.
    let least = if occurrence.is_all_day() { TimeDelta::days(1) } else { TimeDelta::zero() };
    let ends = occurrence.end_utc.max(occurrence.start_utc + least).min(window.end);
    let starts = occurrence.start_utc.max(window.start);
    (starts < ends).then_some(Busy { starts_at: starts, ends_at: ends })
}

/// The same times in order, those that touch put together.
fn joined(mut times: Vec<Busy>) -> Vec<Busy> {
    times.sort_unstable();
    let mut joined: Vec<Busy> = Vec::with_capacity(times.len());
    for time in times {
        match joined.last_mut() {
            Some(last) if time.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(time.ends_at),
            _ => joined.push(time),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Asia__Tokyo;
    const OWNER: Owner<'static> = Owner { mail: "shokuin@city.example.jp", host: "kyodo.example.jp" };

    fn read_text(text: &str) -> Result<Reading, Unreadable> {
        let window = "2026-11-22T15:00:00Z".parse().unwrap().."2027-06-11T15:00:00Z".parse().unwrap();
        read(text.as_bytes(), OWNER, &window, ZONE)
    }

    fn calendar(events: &[&str]) -> String {
        let events: String = events.iter().map(|lines| format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")).collect();
        format!("BEGIN:VCALENDAR\r\nX-WR-CALNAME:Own@Example.JP\r\n{events}END:VCALENDAR\r\n")
    }

    fn shown(reading: &Reading) -> Vec<String> {
        let time = |moment: DateTime<Utc>| moment.with_timezone(&ZONE).format("%d %H:%M").to_string();
        reading.busy.iter().map(|busy| format!("{}-{}", time(busy.starts_at), time(busy.ends_at))).collect()
    }

    #[test]
    fn what_takes_somebodys_time_is_busy_and_times_that_touch_are_one() {
        let reading = read_text(&calendar(&[
            "UID:1\r\nDTSTART:20261124T010000Z\r\nDTEND:20261124T020000Z",
            "UID:2\r\nDTSTART:20261124T013000Z\r\nDURATION:PT1H\r\nSTATUS:TENTATIVE",
            "UID:3\r\nDTSTART:20261124T023000Z\r\nDURATION:PT30M",
            "UID:4\r\nDTSTART;VALUE=DATE:20261126\r\nTRANSP:OPAQUE",
            "UID:5\r\nDTSTART;VALUE=DATE:20261128\r\nDTEND;VALUE=DATE:20261128",
            "UID:6\r\nDTSTART;TZID=Asia/Tokyo:20261201T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2",
        ]))
        .unwrap();
        let times =
            ["24 10:00-24 12:00", "26 00:00-27 00:00", "28 00:00-29 00:00", "01 09:00-01 10:00", "02 09:00-02 10:00"];
        assert_eq!(shown(&reading), times);
        assert_eq!(reading.counts, Counts { busy: 7, ..Counts::default() });
    }

    #[test]
    fn what_does_not_is_counted_with_its_reason() {
        let at = "DTSTART:20261124T010000Z\r\nDURATION:PT1H";
        let reading = read_text(&calendar(&[
            &format!("UID:1\r\n{at}\r\nSTATUS:CANCELLED"),
            &format!("UID:2\r\n{at}\r\nTRANSP:TRANSPARENT"),
            &format!("UID:3\r\n{at}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:Shokuin@city.example.jp"),
            &format!("UID:4\r\n{at}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:own@example.jp"),
            &format!("UID:0199@Kyodo.example.jp\r\n{at}"),
            "UID:6\r\nDTSTART:20261124T010000Z",
            "UID:7\r\nDTSTART:yesterday",
            &format!("UID:8\r\n{at}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:other@example.jp"),
            "UID:9\r\nDTSTART:20261001T010000Z\r\nDURATION:PT1H",
        ]))
        .unwrap();
        assert_eq!(shown(&reading), ["24 10:00-24 11:00"]);
        let counts = Counts { busy: 1, cancelled: 1, declined: 2, free: 1, own: 1, instants: 1, unread: 1 };
        assert_eq!(reading.counts, counts);
        assert_eq!(reading.counts.ignored().len(), 6);
    }

    #[test]
    fn one_day_of_a_series_may_be_cancelled_or_moved() {
        let reading = read_text(&calendar(&[
            "UID:1\r\nDTSTART;TZID=Asia/Tokyo:20261124T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3",
            "UID:1\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20261125T090000\r\nDTSTART;TZID=Asia/Tokyo:20261125T090000\r\n\
             DURATION:PT1H\r\nSTATUS:CANCELLED",
            "UID:1\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20261126T090000\r\nDTSTART;TZID=Asia/Tokyo:20261126T150000\r\n\
             DURATION:PT1H",
        ]))
        .unwrap();
        assert_eq!(shown(&reading), ["24 09:00-24 10:00", "26 15:00-26 16:00"]);
    }

    #[test]
    fn what_is_no_calendar_or_a_trap_is_refused() {
        assert_eq!(read_text("<!doctype html><title>秘密の会議</title>"), Err(Unreadable::NoCalendar));
        assert_eq!(read_text(""), Err(Unreadable::NoCalendar));
        let trap = calendar(&["UID:1\r\nDTSTART:20261124T010000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY"]);
        assert_eq!(read_text(&trap), Err(Unreadable::TooMuch));
        let trap = calendar(&["UID:1\r\nDTSTART:20261124T010000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=HOURLY"]);
        assert!(read_text(&trap).is_ok());
        assert!(read_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").unwrap().is_empty);
    }
}
