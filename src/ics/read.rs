//! Reading a calendar file into plain structs.

use calcard::icalendar::ICalendarProperty;
use chrono_tz::Tz;

use super::components::{Component, components};
use super::findings::{Broken, Findings};
use super::limits::Limits;
use super::lines::{Lines, lines};
use super::model::{Calendar, Status};
use super::property::{Property, properties};
use super::read_event::Reader;
use super::zone::by_name;
use super::zone_block::Zones;

/// Reads a calendar file, broken or not, as far as it can be read.
///
/// Times without a zone are given the X-WR-TIMEZONE of their calendar; without one they stay floating.
/// `default_zone` is what an unknown zone is taken for. Several VCALENDAR in one file are read as one.
///
/// # Errors
///
/// [`Broken`] when it is no calendar at all or beyond one of the limits that guard the whole file.
pub fn read(bytes: &[u8], limits: &Limits, default_zone: Tz) -> Result<Calendar, Broken> {
    let mut findings = Findings::at_most(limits.findings);
    let lines = lines(bytes, limits, &mut findings)?;
    let file = whole_file(&lines, limits, &mut findings)?;
    let mut calendar = calendar_of(&file, limits, default_zone, &mut findings);
    calendar.findings = findings.in_order();
    Ok(calendar)
}

/// The calendar of the components of a file, without its findings.
pub(super) fn calendar_of(
    file: &Component<'_>,
    limits: &Limits,
    default_zone: Tz,
    findings: &mut Findings,
) -> Calendar {
    let mut reading = Reading { calendar: Calendar::default(), limits, default_zone, steps: limits.steps };
    let is_loose = |child: &&Component<'_>| child.kind != "VCALENDAR";
    if let Some(first) = file.children.iter().find(is_loose) {
        findings.mended(first.line, format!("「BEGIN:VCALENDAR」の外にある「{}」も読みました。", first.kind));
        reading.take_events(file, None, findings);
    }
    for child in file.children.iter().filter(|child| child.kind == "VCALENDAR") {
        reading.take(child, findings);
    }
    reading.calendar
}

/// The components of a file that is a calendar.
pub(super) fn whole_file<'a>(
    lines: &'a Lines,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Component<'a>, Broken> {
    let file = components(lines, limits, findings)?;
    if file.children.is_empty() { Err(no_calendar(&file)) } else { Ok(file) }
}

fn no_calendar(file: &Component<'_>) -> Broken {
    let first = file.lines.iter().find(|line| !line.text.trim().is_empty());
    let looks_like_page = first.is_some_and(|line| line.text.trim_start().starts_with('<'));
    let message = match first {
        None if file.lines.is_empty() => "ファイルが空です。",
        Some(_) if looks_like_page => {
            "カレンダーではなく、ウェブページなどの文書です。カレンダー（.ics）のアドレスかファイルか、お確かめください。"
        }
        _ => "カレンダーのファイルではありません（「BEGIN:VCALENDAR」がありません）。",
    };
    Broken { line: first.map(|line| line.number), column: first.map(|_| 1), message: message.to_owned() }
}

/// A file on its way to a calendar.
struct Reading<'a> {
    calendar: Calendar,
    limits: &'a Limits,
    default_zone: Tz,
    /// The steps that working out zones may still take.
    steps: u64,
}

impl Reading<'_> {
    /// One VCALENDAR.
    fn take(&mut self, component: &Component<'_>, findings: &mut Findings) {
        let head = properties(component, self.limits, findings);
        let zone = find(&head, "X-WR-TIMEZONE");
        let zone_name = zone.and_then(Property::text);
        let own_zone = zone_name.as_deref().and_then(by_name);
        if let (Some(property), Some(name), None) = (zone, &zone_name, own_zone) {
            findings.noted(property.line, format!("カレンダーの時間帯「{name}」が分からないため、使いませんでした。"));
        }
        let method = find(&head, "METHOD").map(|method| method.raw.to_ascii_uppercase());
        let before = self.calendar.events.len();
        self.take_events(component, own_zone, findings);
        if method.as_deref() == Some("CANCEL") {
            self.calendar.events[before..].iter_mut().for_each(|event| event.status = Some(Status::Cancelled));
        }
        let named = || find(&head, "X-WR-CALNAME").or_else(|| find(&head, "NAME")).and_then(Property::text);
        let calendar = &mut self.calendar;
        calendar.name = calendar.name.take().or_else(named);
        calendar.method = calendar.method.take().or(method);
        calendar.zone_name = calendar.zone_name.take().or(zone_name);
    }

    fn take_events(&mut self, component: &Component<'_>, own_zone: Option<Tz>, findings: &mut Findings) {
        let zones = Zones::of(component, self.default_zone, self.limits, self.steps);
        let mut reader = Reader { zones, own_zone, default_zone: self.default_zone, limits: self.limits, findings };
        for child in &component.children {
            match child.kind.as_str() {
                "VEVENT" => match reader.event(child) {
                    Ok(event) => self.calendar.events.push(event),
                    Err(unread) => self.calendar.unread.push(unread),
                },
                "VCALENDAR" | "VTIMEZONE" | "VALARM" => {}
                kind => reader.findings.noted(child.line, format!("「{kind}」は予定ではないため、読みとばしました。")),
            }
        }
        self.steps = reader.zones.steps;
    }
}

fn find<'a, 'b>(header: &'b [Property<'a>], name: &str) -> Option<&'b Property<'a>> {
    let is_named = |property: &&Property<'_>| match property.name() {
        ICalendarProperty::Other(other) => other.eq_ignore_ascii_case(name),
        known => known.as_str() == name,
    };
    header.iter().find(is_named)
}
