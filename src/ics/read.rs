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
    let mut calendar = Calendar::default();
    let is_loose = |child: &&Component<'_>| child.kind != "VCALENDAR";
    if let Some(first) = file.children.iter().find(is_loose) {
        findings.mended(first.line, format!("「BEGIN:VCALENDAR」の外にある「{}」も読みました。", first.kind));
        read_calendar(file, &mut calendar, limits, default_zone, findings);
    }
    for child in file.children.iter().filter(|child| child.kind == "VCALENDAR") {
        read_calendar(child, &mut calendar, limits, default_zone, findings);
    }
    calendar
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
        None => "ファイルが空です。",
        Some(_) if looks_like_page => {
            "カレンダーではなく、ウェブページなどの文書です。カレンダー（.ics）のアドレスかファイルか、お確かめください。"
        }
        Some(_) => "カレンダーのファイルではありません（「BEGIN:VCALENDAR」がありません）。",
    };
    Broken { line: first.map(|line| line.number), column: first.map(|_| 1), message: message.to_owned() }
}

fn read_calendar(
    component: &Component<'_>,
    calendar: &mut Calendar,
    limits: &Limits,
    default_zone: Tz,
    findings: &mut Findings,
) {
    let is_file = component.kind.is_empty();
    let header = if is_file { Vec::new() } else { properties(component, limits, findings) };
    let method = find(&header, "METHOD").map(|method| method.raw.to_ascii_uppercase());
    let zone_name = find(&header, "X-WR-TIMEZONE").and_then(Property::text);
    let own_zone = zone_name.as_deref().and_then(by_name);
    if let (Some(name), None, Some(property)) = (&zone_name, own_zone, find(&header, "X-WR-TIMEZONE")) {
        findings.noted(property.line, format!("カレンダーの時間帯「{name}」が分からないため、使いませんでした。"));
    }
    let mut reader =
        Reader { zones: Zones::of(component, default_zone, limits), own_zone, default_zone, limits, findings };
    let before = calendar.events.len();
    for child in &component.children {
        match child.kind.as_str() {
            "VEVENT" => calendar.events.extend(reader.event(child)),
            "VCALENDAR" | "VTIMEZONE" | "VALARM" => {}
            kind => reader.findings.noted(child.line, format!("「{kind}」は予定ではないため、読みとばしました。")),
        }
    }
    if method.as_deref() == Some("CANCEL") {
        calendar.events[before..].iter_mut().for_each(|event| event.status = Some(Status::Cancelled));
    }
    let named = || find(&header, "X-WR-CALNAME").or_else(|| find(&header, "NAME")).and_then(Property::text);
    calendar.name = calendar.name.take().or_else(named);
    calendar.method = calendar.method.take().or(method);
    calendar.zone_name = calendar.zone_name.take().or(zone_name);
}

fn find<'a, 'b>(header: &'b [Property<'a>], name: &str) -> Option<&'b Property<'a>> {
    let is_named = |property: &&Property<'_>| match property.name() {
        ICalendarProperty::Other(other) => other.eq_ignore_ascii_case(name),
        known => known.as_str() == name,
    };
    header.iter().find(is_named)
}
