//! Reading one VEVENT.

use calcard::icalendar::{ICalendarParameterName as Parameter, ICalendarProperty as Name};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::components::Component;
use super::findings::{Finding, Findings, Level};
use super::limits::Limits;
use super::model::{Class, Event, ExtraDate, Length, Status, Unread};
use super::property::{Property, clean, properties};
use super::rule::Rule;
use super::times::{Written, date_or_time, duration};
use super::when::When;
use super::zone::Zone;
use super::zone_block::Zones;

/// The most further properties kept of one event, and the most characters of each.
const EXTRA: (usize, usize) = (40, 2_000);

/// Most people kept who do not come to one event.
const DECLINED: usize = 100;

/// What is needed to read the events of one calendar.
pub(super) struct Reader<'a, 'b> {
    pub zones: Zones<'a>,
    /// X-WR-TIMEZONE.
    pub own_zone: Option<Tz>,
    pub default_zone: Tz,
    pub limits: &'b Limits,
    pub findings: &'b mut Findings,
}

impl Reader<'_, '_> {
    /// The event of a component; what is known of it, with a finding, when it has no start that can be read.
    pub fn event(&mut self, component: &Component<'_>) -> Result<Event, Unread> {
        let properties = properties(component, self.limits, self.findings);
        let named = |name: Name| properties.iter().find(|property| *property.name() == name);
        let text = |name: Name| named(name).and_then(Property::text);
        let unread = || Unread { line: component.line, uid: text(Name::Uid), summary: text(Name::Summary) };
        let Some(start) = named(Name::Dtstart) else {
            self.findings.refused(component.line, "開始日時（DTSTART）のない予定は取り込めません。");
            return Err(unread());
        };
        let mut event = Event::starting(self.when(start).ok_or_else(unread)?);
        event.line = component.line;
        for property in &properties {
            self.take(&mut event, property);
        }
        if event.recurrence_id.is_none() && event.uid.is_none() {
            self.findings.mended(component.line, "識別子（UID）のない予定です。単独の予定として読みました。");
        }
        self.settle_length(&mut event);
        Ok(event)
    }

    /// RECURRENCE-ID and DTSTAMP of a component, which need no start to be read.
    pub fn times(&mut self, component: &Component<'_>) -> (Option<When>, Option<DateTime<Utc>>) {
        let properties = properties(component, self.limits, self.findings);
        let named = |name: Name| properties.iter().find(|property| *property.name() == name);
        let (occurrence, stamp) = (named(Name::RecurrenceId), named(Name::Dtstamp));
        (occurrence.and_then(|property| self.when(property)), stamp.and_then(|property| self.stamp(property)))
    }

    fn take(&mut self, event: &mut Event, property: &Property<'_>) {
        match property.name() {
            Name::Uid => event.uid = event.uid.take().or_else(|| property.text()),
            Name::Summary => event.summary = event.summary.take().or_else(|| property.text()),
            Name::Description => event.description = event.description.take().or_else(|| property.text()),
            Name::Location => event.location = event.location.take().or_else(|| property.text()),
            Name::Url => event.url = event.url.take().or_else(|| property.text()).map(|url| url.trim().to_owned()),
            Name::Contact => event.contact = event.contact.take().or_else(|| property.text()),
            Name::Categories => event.categories.extend(property.texts().take(100)),
            Name::Organizer => event.organizer_name = property.parameter(&Parameter::Cn).map(clean),
            Name::Attendee if event.declined.len() < DECLINED => event.declined.extend(property.declined()),
            Name::Geo => event.geo = self.geo(property),
            Name::Class => event.class = class(&property.raw),
            Name::Transp => event.transparent = property.raw.eq_ignore_ascii_case("TRANSPARENT"),
            Name::Status => event.status = self.status(property),
            Name::Sequence => event.sequence = property.raw.parse().unwrap_or(0),
            Name::Created => event.created = self.stamp(property),
            Name::LastModified => event.last_modified = self.stamp(property),
            Name::Dtstamp => event.stamp = self.stamp(property),
            _ => self.take_time(event, property),
        }
    }

    fn take_time(&mut self, event: &mut Event, property: &Property<'_>) {
        let dates = event.exdates.len() + event.rdates.len();
        match property.name() {
            Name::Dtend => {
                if let Some(end) = self.when(property) {
                    event.length = Length::Until(end);
                }
            }
            Name::Duration => self.take_duration(event, property),
            Name::RecurrenceId => {
                event.recurrence_id = self.when(property);
                event.this_and_future = property.is_this_and_future();
            }
            Name::Rrule => event.rrules.extend(self.rule(property)),
            Name::Exdate => {
                let excluded = self.each(property, dates);
                event.exdates.extend(excluded.iter().filter_map(|part| self.when_of(property, part)));
            }
            Name::Rdate => {
                let further = self.each(property, dates);
                event.rdates.extend(further.iter().filter_map(|part| self.extra_date(property, part)));
            }
            Name::Exrule => event.exrules.extend(self.rule(property)),
            Name::Other(name) if name.eq_ignore_ascii_case("X-ALT-DESC") => {
                event.alternative = event.alternative.take().or_else(|| property.text());
            }
            Name::Other(name) if event.extra.len() < EXTRA.0 => {
                let text = property.text().unwrap_or_default().chars().take(EXTRA.1).collect();
                event.extra.push((name.to_ascii_uppercase(), text));
            }
            _ => {}
        }
    }

    fn take_duration(&mut self, event: &mut Event, property: &Property<'_>) {
        if matches!(event.length, Length::Until(_)) {
            return;
        }
        match duration(&property.raw) {
            Some((days, time)) if days >= 0 && time >= TimeDelta::zero() => {
                event.length = Length::Lasting { days, time }
            }
            _ => self.unreadable(property, "長さ（DURATION）", &property.raw, "使いませんでした"),
        }
    }

    /// An end before the start says nothing; start and end are brought to one form.
    fn settle_length(&mut self, event: &mut Event) {
        let Length::Until(end) = &event.length else { return };
        if matches!((&event.start, end), (When::Date(first), When::Date(end)) if first == end) {
            // Meant as the last day; a day that ends where it begins is that day.
            event.length = Length::Unsaid;
            return;
        }
        let end = match (&event.start, end) {
            // A day that is begun is taken whole.
            (When::Date(_), When::Utc(_) | When::Zoned { .. } | When::Floating(_)) => {
                let begun = i64::from(end.wall().time() != NaiveTime::MIN);
                When::Date(end.wall().date()).plus_days(begun)
            }
            (When::Utc(_) | When::Zoned { .. } | When::Floating(_), When::Date(_)) => event.start.with_wall(end.wall()),
            // A zone said once is meant for both.
            (When::Zoned { zone, .. }, When::Floating(local)) => zone.clone().at(*local),
            _ => end.clone(),
        };
        if let (When::Floating(local), When::Zoned { zone, .. }) = (&event.start, &end) {
            event.start = zone.clone().at(*local);
        }
        if end.to_utc(self.default_zone) < event.start.to_utc(self.default_zone) {
            self.findings.mended(event.line, "終わり（DTEND）が始まりより前のため、終わりを使いませんでした。");
            event.length = Length::Unsaid;
        } else {
            event.length = Length::Until(end);
        }
    }

    fn rule(&mut self, property: &Property<'_>) -> Option<String> {
        match Rule::read(&property.raw) {
            Ok(_) => Some(property.raw.clone().into_owned()),
            Err(part) => {
                self.unreadable(property, "くり返しの規則", &part, "くり返しなしで読みました");
                None
            }
        }
    }

    /// The parts of a list of dates, as many as one event may have.
    fn each<'p>(&mut self, property: &'p Property<'_>, already: usize) -> Vec<&'p str> {
        let mut parts: Vec<&str> = property.raw.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let room = self.limits.dates.saturating_sub(already);
        if parts.len() > room {
            parts.truncate(room);
            let name = property.name().as_str();
            self.findings.refused(property.line, format!("{name}の日付が多すぎるため、{room}件だけ読みました。"));
        }
        parts
    }

    fn extra_date(&mut self, property: &Property<'_>, part: &str) -> Option<ExtraDate> {
        let Some((start, end)) = part.split_once('/') else {
            return Some(ExtraDate { start: self.when_of(property, part)?, length: Length::Unsaid });
        };
        let start = self.when_of(property, start.trim())?;
        let length = match duration(end) {
            Some((days, time)) => Length::Lasting { days, time },
            None => Length::Until(self.when_of(property, end.trim())?),
        };
        let ends_after =
            length.after(&start, self.default_zone).to_utc(self.default_zone) >= start.to_utc(self.default_zone);
        Some(ExtraDate { start, length: if ends_after { length } else { Length::Unsaid } })
    }

    fn when(&mut self, property: &Property<'_>) -> Option<When> {
        self.when_of(property, &property.raw)
    }

    fn when_of(&mut self, property: &Property<'_>, text: &str) -> Option<When> {
        let Some((written, well)) = date_or_time(text) else {
            let name = property.name().as_str();
            let so = if *property.name() == Name::Dtstart {
                "この予定は取り込めません"
            } else {
                "使いませんでした"
            };
            self.unreadable(property, &format!("日時（{name}）"), text, so);
            return None;
        };
        if !well {
            let name = property.name().as_str();
            let shown = shown(text);
            self.findings.mended(
                property.line,
                format!("{name}の「{shown}」は正しい形ではありませんが、日時として読みました。"),
            );
        }
        Some(match written {
            Written::Date(date) => When::Date(date),
            Written::Utc(instant) => When::Utc(instant),
            Written::Local(local) if property.says_date() && local.time() == NaiveTime::MIN => When::Date(local.date()),
            Written::Local(local) => match property.parameter(&Parameter::Tzid) {
                Some(name) => {
                    // A quote closed too late takes the value into the name.
                    let name =
                        name.strip_suffix(text.trim_matches('"')).map_or(name, |name| name.trim_end_matches(':'));
                    self.zones.zone(name, property.line, self.findings).at(local)
                }
                None => self.own_zone.map_or(When::Floating(local), |zone| Zone::Iana(zone).at(local)),
            },
        })
    }

    fn stamp(&mut self, property: &Property<'_>) -> Option<DateTime<Utc>> {
        Some(match date_or_time(&property.raw)?.0 {
            Written::Utc(instant) => instant,
            Written::Local(local) => local.and_utc(),
            Written::Date(date) => When::Date(date).to_utc(self.default_zone),
        })
    }

    fn geo(&mut self, property: &Property<'_>) -> Option<(f64, f64)> {
        let split = property.raw.split_once([';', ',']);
        let read = split
            .and_then(|(latitude, longitude)| Some((latitude.trim().parse().ok()?, longitude.trim().parse().ok()?)));
        let on_earth = |(latitude, longitude): &(f64, f64)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let place = read.filter(on_earth);
        if place.is_none() {
            self.unreadable(property, "位置（GEO）", &property.raw, "使いませんでした");
        }
        place
    }

    fn status(&mut self, property: &Property<'_>) -> Option<Status> {
        match property.raw.to_ascii_uppercase().as_str() {
            "TENTATIVE" => Some(Status::Tentative),
            "CONFIRMED" => Some(Status::Confirmed),
            "CANCELLED" | "CANCELED" => Some(Status::Cancelled),
            _ => {
                self.unreadable(property, "状態（STATUS）", &property.raw, "使いませんでした");
                None
            }
        }
    }

    fn unreadable(&mut self, property: &Property<'_>, what: &str, text: &str, so: &str) {
        let shown = shown(text);
        let message = format!("{what}の「{shown}」が読めないため、{so}。");
        let (line, column) = (Some(property.line), Some(property.column));
        self.findings.add(Finding { line, column, level: Level::Refused, message });
    }
}

/// The begin of a value, fit for a message.
fn shown(text: &str) -> String {
    clean(text).chars().take(40).collect()
}

fn class(text: &str) -> Class {
    match text.to_ascii_uppercase().as_str() {
        "PUBLIC" | "" => Class::Public,
        "CONFIDENTIAL" => Class::Confidential,
        _ => Class::Private,
    }
}
