//! Reading what the finder has to know: at most four questions to the database, whatever the range and the number of groups.

use chrono::{Days, NaiveDate};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::closed;
use super::findings::{Findings, look};
use super::known::{Engagement, Group, Known, Venue};
use super::refused::Refused;
use super::seated;
use super::wish::{Place, Wish};
use crate::calendar;
use crate::city::settings::{HOME_HOUR, LEAVE_HOUR};
use crate::city::{City, facility};
use crate::groups;

/// Who reads the findings. Everything in the calendar counts for all; what is not public is named only to those who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Staff, who see every entry.
    Staff,
    /// A member of these groups, who sees what is public and what is theirs.
    Groups(Vec<Uuid>),
}

impl Sight {
    fn sees(&self, engagement: &calendar::Engagement) -> bool {
        engagement.public || engagement.group_id.map_or(*self == Self::Staff, |group| self.sees_group(group))
    }

    /// Whether the reader may see what a group has on that is not public.
    pub(super) fn sees_group(&self, group: Uuid) -> bool {
        match self {
            Self::Staff => true,
            Self::Groups(own) => own.contains(&group),
        }
    }
}

/// Looks for dates: what the wish needs is read, and every start judged.
pub async fn find(
    db: &impl ConnectionTrait,
    city: &City,
    wish: Wish,
    sight: &Sight,
    today: NaiveDate,
) -> Result<Findings, Refused> {
    wish.check(today)?;
    let known = read(db, city, &wish, sight, today).await?;
    look(wish, known)
}

/// Reads what is known about a wish.
pub async fn read(
    db: &impl ConnectionTrait,
    city: &City,
    wish: &Wish,
    sight: &Sight,
    today: NaiveDate,
) -> Result<Known, Refused> {
    // A night before or a way after may lead over midnight.
    let first = wish.first.checked_sub_days(Days::new(1)).unwrap_or(wish.first);
    let last = wish.last.checked_add_days(Days::new(1)).unwrap_or(wish.last);
    let groups = invited(db, wish).await?;
    let venues = venues(db, city, &wish.place).await?;
    let on = calendar::engagements(db, city, first, last).await?;
    let on = on.into_iter().filter(|engagement| Some(engagement.entry_id) != wish.moving);
    let mut engagements: Vec<Engagement> = on.map(|engagement| seen(engagement, sight)).collect();
    let ids: Vec<Uuid> = groups.iter().map(|group| group.id).collect();
    engagements.extend(seated::read(db, city, (&ids, wish.meeting), sight, (first, last)).await?);
    let hour = |rule| city.settings.number(rule).unsigned_abs() * 60;
    Ok(Known {
        groups,
        venues,
        closed: closed::of_city(&city.settings),
        engagements,
        travel: city.travel.clone(),
        towns: city.towns.iter().map(|town| (town.key.clone(), town.name.clone())).collect(),
        leave_from: hour(LEAVE_HOUR),
        home_by: hour(HOME_HOUR),
        today,
    })
}

/// The invited groups, each once, in 五十音 order.
async fn invited(db: &impl ConnectionTrait, wish: &Wish) -> Result<Vec<Group>, Refused> {
    let mut ids: Vec<Uuid> = wish.groups.iter().map(|invited| invited.id).collect();
    ids.sort();
    ids.dedup();
    let found = groups::based(db, &ids).await?;
    if found.len() < ids.len() {
        return Err(Refused::UnknownGroup);
    }
    let required = |id: Uuid| wish.groups.iter().any(|invited| invited.id == id && invited.required);
    let group =
        |one: groups::Based| Group { required: required(one.id), id: one.id, name: one.name, town: one.town_key };
    Ok(found.into_iter().map(group).collect())
}

/// The places to choose from; the facilities are asked for only where one is named.
async fn venues(db: &impl ConnectionTrait, city: &City, place: &Place) -> Result<Vec<Venue>, Refused> {
    let town = |town: &crate::city::Term| Venue {
        facility_id: None,
        name: town.name.clone(),
        town: town.key.clone(),
        site: String::new(),
    };
    let wanted: &[Uuid] = match place {
        Place::Open => return Ok(city.towns.iter().map(town).collect()),
        Place::Town(key) => return Ok(vec![city.town(key).map(town).ok_or(Refused::UnknownPlace)?]),
        Place::Facility(id) => std::slice::from_ref(id),
        Place::Facilities(ids) => ids,
    };
    let all = facility::all(db).await?;
    let found = wanted.iter().map(|id| all.iter().find(|facility| facility.id == *id).cloned());
    found.map(|facility| facility.map(venue).ok_or(Refused::UnknownPlace)).collect()
}

fn venue(facility: facility::Facility) -> Venue {
    // A facility whose list names no building is its own.
    let site = if facility.site.is_empty() { facility.key } else { facility.site };
    Venue { facility_id: Some(facility.id), name: facility.name, town: facility.town_key, site }
}

/// What the reader may know of something that is on.
fn seen(engagement: calendar::Engagement, sight: &Sight) -> Engagement {
    Engagement {
        title: sight.sees(&engagement).then_some(engagement.title),
        first_day: engagement.first_day,
        last_day: engagement.last_day,
        begins: minute(&engagement.begins),
        ends: minute(&engagement.ends),
        groups: engagement.group_id.into_iter().collect(),
        site: engagement.site,
        town: engagement.town_key,
        big: engagement.big,
        tentative: false,
    }
}

/// The minute of the day that a clock such as 09:30 or 24:00 shows; nothing where there is none.
fn minute(clock: &str) -> Option<u32> {
    let (hour, minute) = clock.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}
