//! The reach of a fiscal year, from what was reported: of bodies only administrative districts are named, never a circle.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::island::Island;
use crate::city::{City, District};
use crate::outreach::request::BodyKind;
use crate::outreach::results::{Held, held_in};
use crate::text::fold::fold;
use crate::text::wareki;

/// An administrative district and how often a session was held for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistrictReach {
    /// Its name.
    pub name: String,
    /// Sessions that took place for it.
    pub sessions: i64,
}

/// A town and what reached it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TownReach {
    /// Name of the town.
    pub name: String,
    /// Sessions that took place.
    pub sessions: i64,
    /// People who listened, each time counted.
    pub people: i64,
    /// The districts that are known, in the order of the city's list.
    pub districts: Vec<DistrictReach>,
    /// Whether the city's list holds all districts of the town.
    pub is_listed_whole: bool,
    /// Sessions for districts that stand in no list.
    pub unlisted: i64,
}

impl TownReach {
    /// The districts that were reached.
    pub fn reached(&self) -> Vec<&DistrictReach> {
        self.districts.iter().filter(|district| district.sessions > 0).collect()
    }

    /// The districts that were not.
    pub fn missing(&self) -> Vec<&str> {
        self.districts.iter().filter(|one| one.sessions == 0).map(|one| one.name.as_str()).collect()
    }

    /// Whether every district was reached, as far as that can be known.
    pub fn is_whole(&self) -> bool {
        self.is_listed_whole && !self.districts.is_empty() && self.missing().is_empty()
    }

    /// How many districts of how many, such as 3/43区.
    pub fn share(&self) -> String {
        let some = if self.is_listed_whole { "" } else { "(一覧は一部)" };
        format!("{}/{}区{some}", self.reached().len(), self.districts.len())
    }
}

/// The reach of a fiscal year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The towns, south to north.
    pub towns: Vec<TownReach>,
    /// Sessions in no town of the city.
    pub elsewhere: i64,
    /// People who listened there.
    pub elsewhere_people: i64,
}

impl Reach {
    /// The fiscal year in words.
    pub fn year(&self) -> String {
        wareki::fiscal_year_label(self.fiscal_year)
    }

    /// Sessions that took place in all.
    pub fn sessions(&self) -> i64 {
        self.towns.iter().map(|town| town.sessions).sum::<i64>() + self.elsewhere
    }

    /// People who listened in all, each time counted.
    pub fn people(&self) -> i64 {
        self.towns.iter().map(|town| town.people).sum::<i64>() + self.elsewhere_people
    }

    /// The towns as they lie, the northernmost first.
    pub fn north_first(&self) -> Vec<&TownReach> {
        self.towns.iter().rev().collect()
    }

    /// How many towns were reached.
    pub fn reached_towns(&self) -> usize {
        self.towns.iter().filter(|town| town.sessions > 0).count()
    }

    /// The towns whose districts are not all known.
    pub fn partly_listed(&self) -> Vec<&str> {
        self.towns.iter().filter(|town| !town.is_listed_whole).map(|town| town.name.as_str()).collect()
    }

    /// The island with its towns, drawn.
    pub fn island(&self) -> Island {
        Island::of(self)
    }
}

/// The reach of a fiscal year, from what was reported by now.
pub async fn find(
    db: &impl ConnectionTrait,
    city: &City,
    fiscal_year: i32,
    now: DateTime<Utc>,
) -> Result<Reach, DbErr> {
    let held = held_in(db, fiscal_year, (city.profile.zone, now)).await?;
    Ok(reached(city, fiscal_year, &held))
}

/// Puts what was held into towns and districts.
pub fn reached(city: &City, fiscal_year: i32, held: &[Held]) -> Reach {
    let towns = city.towns.iter().map(|town| empty(&town.name, &town.key, &city.districts));
    let mut reach = Reach { fiscal_year, towns: towns.collect(), ..Reach::default() };
    for one in held.iter().filter(|one| one.is_evidence()) {
        let is_district = one.body() == BodyKind::District;
        // A session for a district counts where the district is, also when it was held at a hall of another town.
        let key = if is_district && city.town(&one.body_town).is_some() { &one.body_town } else { &one.town_key };
        let at = city.towns.iter().position(|town| town.key == *key);
        let Some(town) = at.and_then(|at| reach.towns.get_mut(at)) else {
            reach.elsewhere += 1;
            reach.elsewhere_people += one.people;
            continue;
        };
        town.sessions += 1;
        town.people += one.people;
        if is_district {
            count(town, &one.district);
        }
    }
    reach
}

fn empty(name: &str, key: &str, districts: &[District]) -> TownReach {
    let of_town: Vec<&District> = districts.iter().filter(|district| district.town_key == key).collect();
    let known = |one: &&District| DistrictReach { name: one.name.clone(), sessions: 0 };
    TownReach {
        name: name.to_owned(),
        is_listed_whole: !of_town.is_empty() && of_town.iter().all(|district| district.is_listed_whole),
        districts: of_town.iter().map(known).collect(),
        ..TownReach::default()
    }
}

fn count(town: &mut TownReach, typed: &str) {
    let plain = |name: &str| {
        let name = fold(name.trim());
        let short = name.strip_suffix("行政区").or_else(|| name.strip_suffix('区')).map(str::to_owned);
        short.filter(|short| !short.is_empty()).unwrap_or(name)
    };
    match town.districts.iter_mut().find(|one| plain(&one.name) == plain(typed)) {
        Some(district) => district.sessions += 1,
        None => town.unlisted += 1,
    }
}
