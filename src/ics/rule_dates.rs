//! The clock times of a recurrence rule, one after the other (RFC 5545 §3.3.10).

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::rule::{Every, Rule};
use super::rule_days::{Days, week_of};

/// The clock times of a rule in order, from the start of its series up to an end.
///
/// Clock times, not moments: a weekly 10:00 stays 10:00 when the clocks change. Work is counted in steps, so
/// that a rule that never matches, or matches every second, ends as well.
pub(super) struct Dates<'a> {
    rule: &'a Rule,
    days: Days,
    hours: Vec<u32>,
    minutes: Vec<u32>,
    seconds: Vec<u32>,
    start: NaiveDateTime,
    /// The last clock time that may still come.
    last: NaiveDateTime,
    left: Option<u32>,
    period: i64,
    ready: std::vec::IntoIter<NaiveDateTime>,
    steps: u64,
}

/// No rule is followed beyond this year.
const LAST_YEAR: i32 = 9_998;

/// A period with more times than this is a trap, not a calendar.
const MOST_AT_ONCE: u64 = 100_000;

impl<'a> Dates<'a> {
    /// The dates from `start` to `last`, or to the end the rule sets itself, taking at most that many steps.
    pub fn new(rule: &'a Rule, start: NaiveDateTime, last: NaiveDateTime, steps: u64) -> Self {
        let or_start = |listed: &[u32], open: bool, own: u32| {
            let mut values = if listed.is_empty() && open { vec![own] } else { listed.to_vec() };
            values.sort_unstable();
            values.dedup();
            values
        };
        Self {
            rule,
            days: Days::of(rule, start),
            hours: or_start(&rule.hours, rule.every > Every::Hour, start.hour()),
            minutes: or_start(&rule.minutes, rule.every > Every::Minute, start.minute()),
            seconds: or_start(&rule.seconds, rule.every > Every::Second, start.second()),
            start,
            last,
            left: rule.count,
            period: 0,
            ready: Vec::new().into_iter(),
            steps,
        }
    }

    /// Leaves out what lies well before, unless the rule counts from its start.
    pub fn skipping_to(mut self, wall: NaiveDateTime) -> Self {
        if self.left.is_none() && wall > self.start {
            let gone = match self.rule.every {
                Every::Year => i64::from(wall.year() - self.start.year()),
                Every::Month => months(wall.date()) - months(self.start.date()),
                every => (wall - self.start).num_seconds() / seconds_of(every),
            };
            self.period = (gone / i64::from(self.rule.interval) - 1).max(0);
        }
        self
    }

    /// The steps that are left; none means that the rule was cut.
    pub fn steps_left(&self) -> u64 {
        self.steps
    }

    fn spend(&mut self, steps: u64) -> Option<()> {
        let left = self.steps.checked_sub(steps).filter(|_| steps < MOST_AT_ONCE);
        self.steps = left.unwrap_or(0);
        left.map(|_| ())
    }

    /// Fills `ready` from the next period that has any; `None` at the end.
    fn advance(&mut self) -> Option<()> {
        loop {
            let index = self.period.checked_mul(self.rule.interval.into())?;
            self.period += 1;
            let (first, found) =
                if self.rule.every >= Every::Day { self.by_day(index)? } else { self.by_clock(index)? };
            if first > self.last || first.year() > LAST_YEAR {
                return None;
            }
            self.spend(1)?;
            let found = if self.rule.positions.is_empty() { found } else { self.positioned(&found) };
            if !found.is_empty() {
                self.ready = found.into_iter();
                return Some(());
            }
        }
    }

    /// One year, month, week or day.
    fn by_day(&mut self, index: i64) -> Option<(NaiveDateTime, Vec<NaiveDateTime>)> {
        let start = self.start.date();
        let mut dates = Vec::new();
        let first = match self.rule.every {
            Every::Year => {
                let year = i32::try_from(i64::from(start.year()) + index).ok()?;
                for month in 1..=12 {
                    self.of_month(NaiveDate::from_ymd_opt(year, month, 1)?, &mut dates)?;
                }
                NaiveDate::from_ymd_opt(year, 1, 1)?
            }
            Every::Month => {
                let month = months(start) + index;
                let year = i32::try_from(month.div_euclid(12)).ok()?;
                let first = NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
                self.of_month(first, &mut dates)?;
                first
            }
            Every::Week => {
                let week = week_of(start, self.rule.week_start)?;
                let first = week.checked_add_signed(TimeDelta::try_days(index.checked_mul(7)?)?)?;
                dates.extend(first.iter_days().take(7).filter(|date| self.days.contain(*date)));
                first
            }
            _ => {
                let date = start.checked_add_signed(TimeDelta::try_days(index)?)?;
                dates.extend(Some(date).filter(|date| self.days.contain(*date)));
                date
            }
        };
        Some((first.and_time(NaiveTime::MIN), self.at_times(&dates)?))
    }

    fn of_month(&mut self, first: NaiveDate, dates: &mut Vec<NaiveDate>) -> Option<()> {
        if !self.days.may_be_in(first.month()) {
            return Some(());
        }
        self.spend(4)?;
        let length = usize::from(first.num_days_in_month());
        dates.extend(first.iter_days().take(length).filter(|date| self.days.contain(*date)));
        Some(())
    }

    fn at_times(&mut self, dates: &[NaiveDate]) -> Option<Vec<NaiveDateTime>> {
        let most = dates.len() * self.hours.len() * self.minutes.len() * self.seconds.len();
        self.spend(most as u64)?;
        let mut found = Vec::with_capacity(most);
        for date in dates {
            for hour in &self.hours {
                self.within_hour(*date, *hour, &mut found);
            }
        }
        Some(found)
    }

    fn within_hour(&self, date: NaiveDate, hour: u32, found: &mut Vec<NaiveDateTime>) {
        for minute in &self.minutes {
            found.extend(self.seconds.iter().filter_map(|second| date.and_hms_opt(hour, *minute, *second)));
        }
    }

    /// One hour, minute or second; whole days, hours and minutes without a match are passed over at once.
    fn by_clock(&mut self, index: i64) -> Option<(NaiveDateTime, Vec<NaiveDateTime>)> {
        let every = self.rule.every;
        let at = self.start.checked_add_signed(TimeDelta::try_seconds(index.checked_mul(seconds_of(every))?)?)?;
        let date = at.date();
        let fits = |values: &[u32], value: u32| values.is_empty() || values.contains(&value);
        let mut found = Vec::new();
        if !self.days.contain(date) {
            self.jump_to(date.succ_opt()?.and_time(NaiveTime::MIN));
        } else if !fits(&self.hours, at.hour()) {
            self.jump_to(date.and_hms_opt(at.hour(), 0, 0)?.checked_add_signed(TimeDelta::hours(1))?);
        } else if every == Every::Hour {
            self.within_hour(date, at.hour(), &mut found);
        } else if !fits(&self.minutes, at.minute()) {
            self.jump_to(at.with_second(0)?.checked_add_signed(TimeDelta::minutes(1))?);
        } else if every == Every::Minute {
            found.extend(self.seconds.iter().filter_map(|second| at.with_second(*second)));
        } else if fits(&self.seconds, at.second()) {
            found.push(at);
        }
        let first = if every == Every::Hour { at.with_minute(0)?.with_second(0)? } else { at.with_second(0)? };
        Some((first, found))
    }

    fn jump_to(&mut self, wall: NaiveDateTime) {
        let step = seconds_of(self.rule.every) * i64::from(self.rule.interval);
        let whole = (wall - self.start).num_seconds().div_euclid(step);
        self.period = self.period.max(whole);
    }

    /// BYSETPOS: places in the set of one period, from its begin or its end.
    fn positioned(&self, found: &[NaiveDateTime]) -> Vec<NaiveDateTime> {
        let place = |position: &i32| {
            let from_end = usize::try_from(position.unsigned_abs()).ok()?;
            let index = if *position > 0 { from_end.checked_sub(1) } else { found.len().checked_sub(from_end) };
            found.get(index?).copied()
        };
        let mut chosen: Vec<_> = self.rule.positions.iter().filter_map(place).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }
}

impl Iterator for Dates<'_> {
    type Item = NaiveDateTime;

    fn next(&mut self) -> Option<NaiveDateTime> {
        if self.left == Some(0) {
            return None;
        }
        loop {
            let Some(date) = self.ready.next() else {
                self.advance()?;
                continue;
            };
            if date > self.last {
                self.left = Some(0);
                return None;
            }
            if date >= self.start {
                self.left = self.left.map(|left| left - 1);
                return Some(date);
            }
        }
    }
}

fn months(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn seconds_of(every: Every) -> i64 {
    match every {
        Every::Second => 1,
        Every::Minute => 60,
        Every::Hour => 3_600,
        Every::Day => 86_400,
        Every::Week => 7 * 86_400,
        Every::Month => 28 * 86_400,
        Every::Year => 365 * 86_400,
    }
}
