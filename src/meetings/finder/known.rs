//! What is known when dates are looked for (わかっていること): groups, places, what is on, and the roads.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::closed::Closed;
use super::times::{Minute, at};
use crate::city::Travel;

/// Minutes that something without a known end is taken to last, as in the calendar's own clashes.
pub const UNKNOWN_MINUTES: u32 = 120;
/// Most days that something without hours keeps a group away; what goes on longer, such as an exhibition or a time in which
/// members are sought, does not take everybody all day.
pub const MOST_WHOLE_DAYS: i64 = 3;

/// A group that is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Key of the town it is based in; empty where nobody said.
    pub town: String,
    /// Whether there is no meeting without it.
    pub required: bool,
}

/// A place where the meeting could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    /// The facility, if it is one.
    pub facility_id: Option<Uuid>,
    /// Name of the facility or of the town.
    pub name: String,
    /// Key of its town.
    pub town: String,
    /// The building; empty for a town as a whole.
    pub site: String,
}

/// Something that is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// Its title; nothing where the reader may know only that there is something.
    pub title: Option<String>,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Minute of the first day; nothing for whole days.
    pub begins: Option<u32>,
    /// Minute of the last day; nothing where the end is not known.
    pub ends: Option<u32>,
    /// The groups that hold it.
    pub groups: Vec<Uuid>,
    /// The building; empty where none is known.
    pub site: String,
    /// Key of its town; empty where none is known.
    pub town: String,
    /// Whether it draws people from everywhere.
    pub big: bool,
    /// Whether it is only a day that somebody has been asked about.
    pub tentative: bool,
}

impl Engagement {
    /// Whether it goes on for so many days, without hours, that it keeps nobody away.
    pub fn goes_on(&self) -> bool {
        self.begins.is_none() && (self.last_day - self.first_day).num_days() >= MOST_WHOLE_DAYS
    }

    /// Whether it keeps a group away or a building taken; what does not is told beside the proposal.
    pub fn is_obstacle(&self) -> bool {
        !self.tentative && !self.goes_on()
    }

    /// Whether its end is only taken to be so.
    pub fn has_unknown_end(&self) -> bool {
        self.begins.is_some() && self.ends.is_none()
    }

    /// The moment at which it begins.
    pub fn from(&self) -> Minute {
        at(self.first_day, self.begins.unwrap_or(0))
    }

    /// The moment at which it ends, never before it begins.
    pub fn to(&self) -> Minute {
        let assumed = self.begins.map_or(24 * 60, |begins| begins + UNKNOWN_MINUTES);
        at(self.last_day, self.ends.unwrap_or(assumed)).max(self.from())
    }

    /// Whether it is in the building of this place.
    pub fn is_in(&self, venue: &Venue) -> bool {
        !venue.site.is_empty() && self.site == venue.site
    }

    /// Whether it has to do with this day.
    pub fn touches(&self, day: NaiveDate) -> bool {
        (self.first_day..=self.last_day).contains(&day)
    }
}

/// Everything that the finder looks at besides the wish.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The groups that are invited.
    pub groups: Vec<Group>,
    /// The places to choose from, in the order in which they are preferred.
    pub venues: Vec<Venue>,
    /// Closed days.
    pub closed: Vec<Closed>,
    /// What is on, in any order.
    pub engagements: Vec<Engagement>,
    /// Minutes between towns.
    pub travel: Travel,
    /// Keys and names of the towns.
    pub towns: Vec<(String, String)>,
    /// Minute of the day before which nobody should have to leave home.
    pub leave_from: u32,
    /// Minute of the day by which everybody should be home.
    pub home_by: u32,
    /// The day on which somebody asks.
    pub today: NaiveDate,
}

impl Known {
    /// Leaves each group once; it is required if it is so anywhere in the list.
    pub(super) fn name_each_group_once(&mut self) {
        let mut once: Vec<Group> = Vec::with_capacity(self.groups.len());
        let mut places: HashMap<Uuid, usize> = HashMap::new();
        for group in std::mem::take(&mut self.groups) {
            if let Some(at) = places.get(&group.id) {
                once[*at].required |= group.required;
            } else {
                places.insert(group.id, once.len());
                once.push(group);
            }
        }
        self.groups = once;
    }

    /// The name of a town; 不明 where it is not known.
    pub fn town_name(&self, key: &str) -> &str {
        self.towns.iter().find(|(town, _)| town == key).map_or("不明", |(_, name)| name)
    }
}
