//! What a meeting is about and what is wished for its day, checked; nothing else can be stored.

use chrono::NaiveDate;
use uuid::Uuid;

/// Where a meeting takes place; nothing in it while that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Venue {
    /// The facility.
    pub facility_id: Option<Uuid>,
    /// Key of the town.
    pub town_key: String,
    /// The place, or the room in the facility.
    pub place: String,
}

impl Venue {
    /// Whether nothing is known yet.
    pub fn is_open(&self) -> bool {
        self.facility_id.is_none() && self.town_key.is_empty() && self.place.is_empty()
    }
}

/// A meeting to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Title.
    pub title: String,
    /// What it is about.
    pub purpose: String,
    /// The group that convenes; nothing for the city.
    pub convener_group: Option<Uuid>,
    /// Who convenes, in words.
    pub convener: String,
    /// The group whose person chairs.
    pub chair_group: Option<Uuid>,
    /// Who chairs, in words.
    pub chair: String,
    /// Whether everybody may see it.
    pub public: bool,
    /// How long it takes.
    pub length_minutes: i32,
    /// First day on which it may take place.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Weekdays on which it may take place, Monday as 1.
    pub weekdays: Vec<u32>,
    /// Not before this time of day, such as 09:00.
    pub opens: String,
    /// Over by this time of day.
    pub closes: String,
    /// How many groups have to be able to come.
    pub least_groups: i32,
    /// Where.
    pub venue: Venue,
    /// The groups that take part, each with whether they have to.
    pub groups: Vec<(Uuid, bool)>,
    /// The items of the plan that it fulfils.
    pub items: Vec<Uuid>,
}
