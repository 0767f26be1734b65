//! What an importer would make of a calendar file, told event by event.

use std::collections::HashMap;
use std::fmt;

use chrono_tz::Tz;

use super::components::Component;
use super::findings::{Broken, Finding, Findings, Level};
use super::limits::Limits;
use super::lines::lines;
use super::model::{Calendar, Event};
use super::read::{calendar_of, whole_file};
use super::second_reader::differences;
use super::when::When;

/// What was found in a file.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// The name of the calendar.
    pub name: Option<String>,
    /// Every VEVENT of the file, taken or not.
    pub events: Vec<CheckedEvent>,
    /// What concerns the file as a whole or something other than an event.
    pub findings: Vec<Finding>,
    /// Where a second, independent reader reads otherwise.
    pub differences: Vec<String>,
}

/// One VEVENT and what becomes of it.
#[derive(Clone, Debug)]
pub struct CheckedEvent {
    /// The line of BEGIN:VEVENT.
    pub line: usize,
    /// UID as far as it could be read.
    pub uid: Option<String>,
    /// SUMMARY as far as it could be read.
    pub summary: Option<String>,
    /// DTSTART if it could be read.
    pub start: Option<When>,
    /// Whether it is taken.
    pub verdict: Verdict,
    /// Why, line by line.
    pub findings: Vec<Finding>,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 取込み
    Taken,
    /// 直して取込み
    Mended,
    /// 取り込めない
    Refused,
}

/// Checks a file without taking anything; `mend` is what whoever takes it does to a calendar that was read.
///
/// # Errors
///
/// As [`read`](super::read()): the file is no calendar or beyond a limit.
pub fn check(
    bytes: &[u8],
    limits: &Limits,
    default_zone: Tz,
    mend: impl FnOnce(&mut Calendar, &Limits),
) -> Result<CheckReport, Broken> {
    let mut findings = Findings::at_most(limits.findings);
    let lines = lines(bytes, limits, &mut findings)?;
    let file = whole_file(&lines, limits, &mut findings)?;
    let mut calendar = calendar_of(&file, limits, default_zone, &mut findings);
    let components = components_of(&file);
    let begins: Vec<usize> = components.iter().map(|component| component.line).collect();
    let differences = differences(&lines, &begins, &calendar.events, limits);
    say_twice(&calendar.events, &mut findings);
    calendar.findings = findings.in_order();
    mend(&mut calendar, limits);
    Ok(report(&components, calendar, differences))
}

/// Every VEVENT in the order of the file.
fn components_of<'a, 'b>(file: &'b Component<'a>) -> Vec<&'b Component<'a>> {
    let calendars = file.children.iter().filter(|child| child.kind == "VCALENDAR").flat_map(|child| &child.children);
    let mut components: Vec<_> = calendars.chain(&file.children).filter(|child| child.kind == "VEVENT").collect();
    components.sort_by_key(|component| component.line);
    components
}

/// Tells of events that share their UID, of which one program or another keeps only one.
fn say_twice(events: &[Event], findings: &mut Findings) {
    let mut first: HashMap<(&str, Option<String>), usize> = HashMap::new();
    for event in events {
        let Some(uid) = event.uid.as_deref() else { continue };
        let changed = event.recurrence_id.as_ref().map(|when| format!("{:?}", when.wall()));
        let line = *first.entry((uid, changed)).or_insert(event.line);
        if line != event.line {
            findings.noted(
                event.line,
                format!("{line}行目の予定と識別子（UID）が同じです。片方しか残らないアプリがあります。"),
            );
        }
    }
}

fn report(components: &[&Component<'_>], calendar: Calendar, differences: Vec<String>) -> CheckReport {
    let (mut of_file, mut each) = (Vec::new(), vec![Vec::new(); components.len()]);
    for finding in &calendar.findings {
        let owner = finding.line.and_then(|line| owner(components, line));
        owner.and_then(|index| each.get_mut(index)).unwrap_or(&mut of_file).push(finding.clone());
    }
    let by_line: HashMap<usize, &Event> = calendar.events.iter().map(|event| (event.line, event)).collect();
    let events = components
        .iter()
        .zip(each)
        .map(|(component, findings)| checked(component, by_line.get(&component.line).copied(), findings));
    CheckReport { name: calendar.name.clone(), events: events.collect(), findings: of_file, differences }
}

/// The component a line stands in.
fn owner(components: &[&Component<'_>], line: usize) -> Option<usize> {
    let index = components.partition_point(|component| component.line <= line).checked_sub(1)?;
    let last = components.get(index)?.lines.last().map_or(components[index].line, |last| last.number);
    (line <= last).then_some(index)
}

fn checked(component: &Component<'_>, event: Option<&Event>, findings: Vec<Finding>) -> CheckedEvent {
    let written = |name: &str| {
        let mut split = component.lines.iter().filter_map(|line| line.text.split_once(':'));
        let value =
            split.find(|(head, _)| head.split(';').next().is_some_and(|head| head.trim().eq_ignore_ascii_case(name)));
        value.map(|(_, value)| super::property::clean(value).chars().take(200).collect::<String>())
    };
    let verdict = match event {
        None => Verdict::Refused,
        Some(_) if findings.iter().any(|finding| finding.level < Level::Noted) => Verdict::Mended,
        Some(_) => Verdict::Taken,
    };
    CheckedEvent {
        line: component.line,
        uid: event.map_or_else(|| written("UID"), |event| event.uid.clone()),
        summary: event.map_or_else(|| written("SUMMARY"), |event| event.summary.clone()),
        start: event.map(|event| event.start.clone()),
        verdict,
        findings,
    }
}

impl CheckReport {
    /// Notes what whoever takes the file has against the event that begins on a line, and whether that refuses it.
    pub fn object(&mut self, line: usize, is_refused: bool, sentence: String) {
        let Ok(at) = self.events.binary_search_by_key(&line, |event| event.line) else { return };
        let event = &mut self.events[at];
        if is_refused {
            event.verdict = Verdict::Refused;
        }
        let level = if is_refused { Level::Refused } else { Level::Noted };
        event.findings.push(Finding::at(line, level, sentence));
    }

    /// How many events have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.events.iter().filter(|event| event.verdict == verdict).count()
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            writeln!(out, "カレンダー：{}", one_line(name))?;
        }
        let [taken, mended, refused] =
            [Verdict::Taken, Verdict::Mended, Verdict::Refused].map(|verdict| self.count(verdict));
        writeln!(
            out,
            "予定{}件：取り込めるもの{taken}件、直して取り込めるもの{mended}件、取り込めないもの{refused}件",
            self.events.len()
        )?;
        for finding in &self.findings {
            writeln!(out, "・{finding}")?;
        }
        for event in &self.events {
            write!(out, "{event}")?;
        }
        match self.differences.as_slice() {
            [] => writeln!(out, "別の読み取りプログラムでも、同じ内容で読めました。"),
            differences => differences.iter().try_for_each(|difference| writeln!(out, "・{}", one_line(difference))),
        }
    }
}

impl fmt::Display for CheckedEvent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = one_line(self.summary.as_deref().unwrap_or("（件名なし）"));
        let start = one_line(&self.start_told());
        writeln!(out, "{}行目　{}　{start}　{summary}", self.line, self.verdict)?;
        self.findings.iter().try_for_each(|finding| writeln!(out, "　・{finding}"))
    }
}

impl CheckedEvent {
    fn start_told(&self) -> String {
        match &self.start {
            None => "日時不明".to_owned(),
            Some(When::Date(date)) => date.format("%Y-%m-%d").to_string(),
            Some(When::Utc(instant)) => instant.format("%Y-%m-%d %H:%M（UTC）").to_string(),
            Some(When::Floating(local)) => local.format("%Y-%m-%d %H:%M").to_string(),
            Some(When::Zoned { local, zone }) => format!("{}（{}）", local.format("%Y-%m-%d %H:%M"), zone.name()),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Taken => "取り込めます",
            Self::Mended => "直して取り込めます",
            Self::Refused => "取り込めません",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(out, "{line}行目{column}文字目：")?,
            (Some(line), None) => write!(out, "{line}行目：")?,
            (None, _) => {}
        }
        out.write_str(&self.message)
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(200).collect()
}
