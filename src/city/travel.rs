//! Minutes on the road between the towns (町と町の間の所要時間): estimates that ship with the program, each of which the city may change.

use std::collections::HashMap;

use super::settings::Settings;
use super::term::Term;

/// Most minutes that a journey may be set to.
pub const MOST: i32 = 600;
/// `seeds/travel.csv`: estimates along 国道382号, see `seeds/SOURCES.md`.
const SEED: &str = include_str!("../../seeds/travel.csv");

/// The minutes from each town to each other one; there and back may differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Travel {
    minutes: HashMap<String, HashMap<String, u32>>,
}

impl Travel {
    /// What the city has set, over what ships.
    pub fn with_own(settings: &Settings, towns: &[Term]) -> Self {
        let mut travel = Self::default();
        for (from, to) in pairs(towns) {
            let own = settings.own(&key(&from.key, &to.key)).and_then(|value| value.parse().ok());
            let own = own.filter(|minutes| (0..=MOST).contains(minutes));
            if let Some(minutes) = own.or_else(|| shipped(&from.key, &to.key)) {
                travel.put(&from.key, &to.key, minutes.unsigned_abs());
            }
        }
        travel
    }

    /// The same with this journey.
    pub fn put(&mut self, from: &str, to: &str, minutes: u32) {
        self.minutes.entry(from.to_owned()).or_default().insert(to.to_owned(), minutes);
    }

    /// Minutes one way; nothing where a town or its journey is not known. Inside a town there is no journey.
    pub fn minutes(&self, from: &str, to: &str) -> Option<u32> {
        if from == to && !from.is_empty() {
            return Some(0);
        }
        self.minutes.get(from)?.get(to).copied()
    }

    /// The longest journey of all; nothing is farther apart as far as is known.
    pub fn longest(&self) -> u32 {
        self.minutes.values().flat_map(HashMap::values).copied().max().unwrap_or(0)
    }
}

/// Every pair of two towns, in the order of the towns.
pub fn pairs(towns: &[Term]) -> impl Iterator<Item = (&Term, &Term)> {
    towns.iter().flat_map(move |from| towns.iter().filter(|to| to.key != from.key).map(move |to| (from, to)))
}

/// Key of the setting of one journey.
pub fn key(from: &str, to: &str) -> String {
    format!("travel.{from}.{to}")
}

/// The minutes that ship with the program.
pub fn shipped(from: &str, to: &str) -> Option<i32> {
    let rows = SEED.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    rows.into_iter().find(|row| row[..2] == [from, to]).and_then(|row| row[2].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_read_in_full_and_an_unknown_town_has_no_minutes() {
        assert_eq!((shipped("izuhara", "kamitsushima"), shipped("mine", "toyotama")), (Some(135), Some(20)));
        assert!(SEED.lines().skip(1).all(|row| row.split(',').nth(2).is_some_and(|text| text.parse::<u32>().is_ok())));
        let mut travel = Travel::default();
        travel.put("izuhara", "mine", 75);
        assert_eq!((travel.minutes("izuhara", "mine"), travel.minutes("mine", "izuhara")), (Some(75), None));
        assert_eq!((travel.minutes("mine", "mine"), travel.minutes("", "")), (Some(0), None));
        assert_eq!(travel.longest(), 75);
    }
}
