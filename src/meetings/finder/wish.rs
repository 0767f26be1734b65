//! What the convener wishes for (招集する人の希望), and whether it can be looked for at all.

use chrono::{NaiveDate, Weekday};
use uuid::Uuid;

use super::closed::Closed;
use super::refused::Refused;

/// Most days that are looked through at once.
pub const MOST_DAYS: i64 = 366;

/// A group that is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The group.
    pub id: Uuid,
    /// Whether there is no meeting without it.
    pub required: bool,
}

/// Where the meeting is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Somewhere in this town.
    Town(String),
    /// In this facility.
    Facility(Uuid),
    /// In the best one of these facilities.
    Facilities(Vec<Uuid>),
    /// In the best town.
    Open,
}

/// The wish of a convener.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Length in minutes.
    pub minutes: u32,
    /// First day.
    pub first: NaiveDate,
    /// Last day, included.
    pub last: NaiveDate,
    /// Minute of the day before which it does not begin.
    pub opens: u32,
    /// Minute of the day by which it has ended.
    pub closes: u32,
    /// The weekdays on which it may be.
    pub weekdays: Vec<Weekday>,
    /// Whether it may be on a public holiday.
    pub on_holidays: bool,
    /// Minutes from one possible start to the next.
    pub step: u32,
    /// Where.
    pub place: Place,
    /// Fewest groups with which it makes sense.
    pub least: usize,
    /// The groups to be invited.
    pub groups: Vec<Invited>,
    /// Days that the convener leaves out, over those of the city.
    pub closed: Vec<Closed>,
    /// The meeting that the day is for, which is not in its own way.
    pub meeting: Option<Uuid>,
    /// Its entry in the calendar, if it has a day already.
    pub moving: Option<Uuid>,
}

impl Wish {
    /// Two hours between 9:00 and 21:00 on any weekday, starts every half hour, in the best town; holidays left out.
    pub fn new(first: NaiveDate, last: NaiveDate, groups: Vec<Invited>) -> Self {
        Self {
            minutes: 120,
            first,
            last,
            opens: 9 * 60,
            closes: 21 * 60,
            weekdays: (0..7).filter_map(|day| Weekday::try_from(day).ok()).collect(),
            on_holidays: false,
            step: 30,
            place: Place::Open,
            least: 1,
            groups,
            closed: Vec::new(),
            meeting: None,
            moving: None,
        }
    }

    /// How many groups are invited, each counted once.
    pub fn invited(&self) -> usize {
        self.groups.iter().map(|group| group.id).collect::<std::collections::HashSet<_>>().len()
    }

    /// Why nothing can be looked for, if so; the first thing to be mended.
    pub fn check(&self, today: NaiveDate) -> Result<(), Refused> {
        let days = (self.last - self.first).num_days() + 1;
        let faults = [
            (self.groups.is_empty(), Refused::NoGroups),
            (days < 1, Refused::Backwards { first: self.first, last: self.last }),
            (self.last < today, Refused::Past { last: self.last }),
            (days > MOST_DAYS, Refused::TooManyDays { days }),
            (self.weekdays.is_empty(), Refused::NoWeekday),
            (self.minutes == 0, Refused::NoLength),
            (self.step == 0, Refused::NoStep),
            (self.closes > 24 * 60 || self.opens >= self.closes, Refused::NoHours),
            (
                self.opens.saturating_add(self.minutes) > self.closes,
                Refused::TooLong { minutes: self.minutes, opens: self.opens, closes: self.closes },
            ),
            (self.least > self.invited(), Refused::TooManyNeeded { least: self.least, invited: self.invited() }),
        ];
        faults.into_iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, refused)| Err(refused))
    }
}
