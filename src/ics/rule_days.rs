//! Which days a recurrence rule means (the table of RFC 5545 §3.3.10).

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use super::rule::{Every, Rule};

/// The days of a rule, with what it leaves open taken from the start of the series.
///
/// Every BY part is a condition on a day: expanding a period by it and limiting by it give the same days.
pub(super) struct Days {
    months: Vec<u32>,
    month_days: Vec<i32>,
    year_days: Vec<i32>,
    weeks: Vec<i32>,
    days: Vec<(i32, Weekday)>,
    week_start: Weekday,
    within_year: bool,
}

impl Days {
    pub fn of(rule: &Rule, start: NaiveDateTime) -> Self {
        let mut days = Self {
            months: rule.months.clone(),
            month_days: rule.month_days.clone(),
            year_days: rule.year_days.clone(),
            weeks: rule.weeks.clone(),
            days: rule.days.clone(),
            week_start: rule.week_start,
            within_year: rule.every == Every::Year && rule.months.is_empty(),
        };
        if rule.every < Every::Month {
            // "The third Monday" has no meaning in a week or a day.
            days.days.iter_mut().for_each(|(which, _)| *which = 0);
        }
        days.fill(rule.every, start);
        days
    }

    fn fill(&mut self, every: Every, start: NaiveDateTime) {
        if !self.days.is_empty() || !self.month_days.is_empty() || !self.year_days.is_empty() {
            return;
        }
        let by_week = every == Every::Week || (every == Every::Year && !self.weeks.is_empty());
        if by_week {
            self.days = vec![(0, start.weekday())];
        } else if every >= Every::Month {
            self.month_days = vec![i32::try_from(start.day()).unwrap_or(1)];
            if every == Every::Year && self.months.is_empty() {
                self.months = vec![start.month()];
            }
        }
    }

    /// Whether a day of that month can be meant at all.
    pub fn may_be_in(&self, month: u32) -> bool {
        self.months.is_empty() || self.months.contains(&month)
    }

    pub fn contain(&self, date: NaiveDate) -> bool {
        self.may_be_in(date.month())
            && (self.month_days.is_empty() || self.is_month_day(date))
            && (self.days.is_empty() || self.is_weekday(date))
            && (self.year_days.is_empty() || self.is_year_day(date))
            && (self.weeks.is_empty() || self.is_week(date))
    }

    fn is_month_day(&self, date: NaiveDate) -> bool {
        let (day, length) = (number(date.day()), number(u32::from(date.num_days_in_month())));
        self.month_days.iter().any(|wanted| *wanted == day || *wanted == day - length - 1)
    }

    fn is_year_day(&self, date: NaiveDate) -> bool {
        let (day, length) = (number(date.ordinal()), year_length(date));
        self.year_days.iter().any(|wanted| *wanted == day || *wanted == day - length - 1)
    }

    fn is_weekday(&self, date: NaiveDate) -> bool {
        let (day, length) = if self.within_year {
            (number(date.ordinal()), year_length(date))
        } else {
            (number(date.day()), number(u32::from(date.num_days_in_month())))
        };
        let (forward, backward) = ((day - 1) / 7 + 1, -((length - day) / 7 + 1));
        let is_meant = |(which, weekday): &(i32, Weekday)| {
            *weekday == date.weekday() && (*which == 0 || *which == forward || *which == backward)
        };
        self.days.iter().any(is_meant)
    }

    /// A week belongs to the year of its fourth day, as ISO 8601 counts, from whatever day weeks start.
    fn is_week(&self, date: NaiveDate) -> bool {
        let Some(middle) =
            week_of(date, self.week_start).and_then(|first| first.checked_add_signed(TimeDelta::days(3)))
        else {
            return false;
        };
        let day = number(middle.ordinal0());
        let week = day / 7 + 1;
        let weeks = (year_length(middle) - 1 - day % 7) / 7 + 1;
        self.weeks.iter().any(|wanted| *wanted == week || *wanted == week - weeks - 1)
    }
}

/// The first day of the week of a date.
pub(super) fn week_of(date: NaiveDate, week_start: Weekday) -> Option<NaiveDate> {
    date.checked_sub_signed(TimeDelta::days(date.weekday().days_since(week_start).into()))
}

fn year_length(date: NaiveDate) -> i32 {
    if date.leap_year() { 366 } else { 365 }
}

fn number(small: u32) -> i32 {
    i32::try_from(small).unwrap_or(i32::MAX)
}
