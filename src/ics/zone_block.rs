//! The zones of one calendar: what each TZID in it means.

use std::collections::HashMap;
use std::sync::Arc;

use calcard::icalendar::ICalendarProperty;
use chrono::{NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::components::Component;
use super::findings::Findings;
use super::limits::Limits;
use super::property::{Property, properties};
use super::rule::Rule;
use super::rule_dates::Dates;
use super::times::{Written, date_or_time, offset};
use super::zone::{Zone, by_name, is_full_name};
use super::zone_rules::{Change, ZoneRules};

/// What the TZIDs of one calendar mean; each is worked out when it is first met.
pub(super) struct Zones<'a> {
    blocks: HashMap<String, &'a Component<'a>>,
    known: HashMap<String, Zone>,
    default_zone: Tz,
    limits: &'a Limits,
    /// The steps that working out rules may still take in this file.
    pub steps: u64,
}

impl<'a> Zones<'a> {
    pub fn of(calendar: &'a Component<'a>, default_zone: Tz, limits: &'a Limits, steps: u64) -> Self {
        let named = |block: &'a Component<'a>| {
            let line = block
                .lines
                .iter()
                .find(|line| line.text.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("TZID:")))?;
            Some((line.text[5..].trim().to_owned(), block))
        };
        let blocks = calendar.children.iter().filter(|child| child.kind == "VTIMEZONE").filter_map(named).collect();
        Self { blocks, known: HashMap::new(), default_zone, limits, steps }
    }

    /// The zone of a TZID; the city's own, with a finding, where nothing is known of it.
    pub fn zone(&mut self, name: &str, line: usize, findings: &mut Findings) -> Zone {
        if let Some(zone) = self.known.get(name) {
            return zone.clone();
        }
        if self.known.len() >= 300 {
            return Zone::Iana(self.default_zone);
        }
        let zone = self.resolve(name, line, findings);
        self.known.insert(name.to_owned(), zone.clone());
        zone
    }

    /// A full IANA name goes before the VTIMEZONE: what programs write there is often cut to a year or long out
    /// of date, while the name says what was meant; only a block that never once agrees with it is believed.
    /// Other names, of Windows or such as `EST`, stand for an IANA zone only if the block says the same.
    fn resolve(&mut self, name: &str, line: usize, findings: &mut Findings) -> Zone {
        let block = self.blocks.get(name.trim().trim_matches('"')).copied();
        let named = by_name(name);
        let rules = block.and_then(|block| rules(name, block, self.limits, &mut self.steps, findings));
        let located = || block.and_then(|block| location(block)).and_then(by_name);
        match (named, rules) {
            (Some(zone), None) => Zone::Iana(zone),
            (Some(zone), Some(rules)) if believed(name, zone, &rules) => Zone::Iana(zone),
            (Some(_), Some(rules)) => {
                findings.mended(
                    line,
                    format!("時間帯「{name}」の説明（VTIMEZONE）が名前と合わないため、説明のほうを使いました。"),
                );
                Zone::Own(Arc::new(rules))
            }
            (None, Some(rules)) => match located().filter(|zone| agree(*zone, &rules)) {
                Some(zone) => Zone::Iana(zone),
                None => Zone::Own(Arc::new(rules)),
            },
            (None, None) => {
                let default_zone = self.default_zone;
                findings
                    .mended(line, format!("時間帯「{name}」が分からないため、{default_zone}の時刻として読みました。"));
                Zone::Iana(default_zone)
            }
        }
    }
}

/// X-LIC-LOCATION, where some programs put the IANA name.
fn location<'a>(block: &Component<'a>) -> Option<&'a str> {
    let mut named = block.lines.iter().filter_map(|line| line.text.split_once(':'));
    named.find(|(name, _)| name.eq_ignore_ascii_case("X-LIC-LOCATION")).map(|(_, value)| value)
}

/// Whether a name that has rules beside it is to be believed.
fn believed(name: &str, zone: Tz, rules: &ZoneRules) -> bool {
    // An offset such as +02:30:17 is a mistake of a program, not a zone.
    let plausible = rules.offsets().all(|(_, offset)| offset.local_minus_utc() % 900 == 0);
    let alike = |utc: NaiveDateTime| zone.offset_from_utc_datetime(&utc).fix() == rules.offset_at_utc(utc);
    !plausible || if is_full_name(name) { agree(zone, rules) } else { recent_months().all(alike) }
}

/// Whether the rules go at least once to an offset that the named zone has in that year or lately.
fn agree(zone: Tz, rules: &ZoneRules) -> bool {
    rules.offsets().any(|(at, offset)| {
        let year = (0..12).filter_map(|month| at.checked_add_signed(TimeDelta::days(1 + 30 * month)));
        year.chain(recent_months()).any(|utc| zone.offset_from_utc_datetime(&utc).fix() == offset)
    })
}

/// A moment in every month of 2024.
fn recent_months() -> impl Iterator<Item = NaiveDateTime> {
    (1..=12).filter_map(|month| chrono::NaiveDate::from_ymd_opt(2024, month, 15)).map(NaiveDateTime::from)
}

fn rules(
    name: &str,
    block: &Component<'_>,
    limits: &Limits,
    steps: &mut u64,
    findings: &mut Findings,
) -> Option<ZoneRules> {
    let mut changes = Vec::new();
    for observance in &block.children {
        if matches!(observance.kind.as_str(), "STANDARD" | "DAYLIGHT") && changes.len() < 10_000 {
            let properties = properties(observance, limits, findings);
            changes.extend(observance_changes(&properties, steps).unwrap_or_default());
        }
    }
    ZoneRules::new(name.to_owned(), changes)
}

/// The changes of one STANDARD or DAYLIGHT, up to the year 2100.
fn observance_changes(properties: &[Property<'_>], steps: &mut u64) -> Option<Vec<Change>> {
    let of = |wanted: ICalendarProperty| properties.iter().filter(move |property| *property.name() == wanted);
    let from = offset(&of(ICalendarProperty::Tzoffsetfrom).next()?.raw)?;
    let to = offset(&of(ICalendarProperty::Tzoffsetto).next()?.raw)?;
    let start = wall(&of(ICalendarProperty::Dtstart).next()?.raw)?;
    let mut walls = vec![start];
    for property in of(ICalendarProperty::Rdate) {
        walls.extend(property.raw.split(',').take(1_000).filter_map(wall));
    }
    let end: NaiveDateTime = chrono::NaiveDate::from_ymd_opt(2100, 1, 1)?.into();
    for property in of(ICalendarProperty::Rrule).take(5) {
        let Ok(rule) = Rule::read(&property.raw) else { continue };
        let last = match rule.until {
            Some(Written::Utc(instant)) => instant.naive_utc().checked_add_offset(from).unwrap_or(end).min(end),
            Some(Written::Local(local)) => local.min(end),
            Some(Written::Date(date)) => NaiveDateTime::from(date).min(end),
            None => end,
        };
        let mut dates = Dates::new(&rule, start, last, *steps);
        walls.extend(dates.by_ref().take(1_000));
        *steps = dates.steps_left();
    }
    walls.sort();
    walls.dedup();
    let change = |wall: NaiveDateTime| Some(Change { at: wall.checked_sub_offset(from)?, from, to });
    Some(walls.into_iter().filter_map(change).collect())
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    match date_or_time(text.trim())?.0 {
        Written::Date(date) => Some(date.into()),
        Written::Local(local) => Some(local),
        Written::Utc(instant) => Some(instant.naive_utc()),
    }
}
