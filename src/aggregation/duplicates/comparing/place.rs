//! Places: the building, the room in it, the town, and where it lies.

use std::sync::Arc;

use super::grams::Grams;
use super::words::{Letters, Vocabulary, closed};

/// Metres up to which two positions are one place.
const SAME_METRES: f64 = 200.0;
/// Metres from which two positions are two places.
const OTHER_METRES: f64 = 2_000.0;

/// What is written about a place, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// The folded building; empty where it is no one place.
    building: String,
    grams: Grams,
    /// The folded room in it.
    room: String,
    address: String,
    /// The key of the town, known or named in place or address.
    town: Option<String>,
}

/// A place: what is written, the building in the list of facilities, and the position.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub written: Arc<Written>,
    pub site: Option<String>,
    pub position: Option<(f64, f64)>,
}

/// How two places stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    /// One building by the list of facilities.
    Site,
    /// One name.
    Name,
    /// One name within the other.
    Within,
    /// One address.
    Address,
    /// Within 200 metres.
    Near,
    /// Names that are alike.
    Similar,
    /// One of them is not known.
    Unknown,
    /// One building, but different rooms.
    Rooms,
    Other,
}

impl Written {
    /// Of place, address and the key of the town.
    pub(super) fn of((place, address, town): &(String, String, String), words: &Vocabulary) -> Self {
        let (mut place, address) = (closed(place), closed(address));
        let letters = Letters::of(&place);
        let named = || words.town_in(&place, letters).or_else(|| words.town_in(&address, Letters::of(&address)));
        let town = if town.is_empty() { named().map(str::to_owned) } else { Some(town.clone()) };
        let vague = words.vague.iter().any(|word| word.is_in(&place, letters));
        words.without_towns(&mut place, letters);
        let (building, room) = if vague { (String::new(), String::new()) } else { parted(&place, words) };
        let numbered = address.chars().any(|letter| letter.is_ascii_digit());
        Self {
            grams: Grams::of(&building),
            building,
            room,
            address: if numbered { address } else { String::new() },
            town,
        }
    }
}

impl Spot {
    /// The key of the town.
    pub(super) fn town(&self) -> Option<&str> {
        self.written.town.as_deref()
    }

    pub(super) fn beside(&self, beside: &Self) -> Places {
        let (one, other) = (&*self.written, &*beside.written);
        let named = !one.building.is_empty() && !other.building.is_empty();
        let same_site = self.site.is_some() && self.site == beside.site;
        if same_site || named && one.building == other.building {
            let rooms = !one.room.is_empty() && !other.room.is_empty() && one.room != other.room;
            return match (rooms, same_site) {
                (true, _) => Places::Rooms,
                (false, true) => Places::Site,
                (false, false) => Places::Name,
            };
        }
        if self.site.is_some() && beside.site.is_some() {
            return Places::Other;
        }
        if !one.address.is_empty() && one.address == other.address {
            return Places::Address;
        }
        if named && contained(&one.building, &other.building) {
            return Places::Within;
        }
        match self.position.zip(beside.position).map(|(one, other)| metres(one, other)) {
            Some(metres) if metres < SAME_METRES => return Places::Near,
            Some(metres) if metres > OTHER_METRES => return Places::Other,
            _ => {}
        }
        match named {
            false => Places::Unknown,
            true if one.grams.dice(&other.grams) >= 0.6 => Places::Similar,
            true => Places::Other,
        }
    }
}

/// The building and the room in it: 交流センター and 第1会議室.
fn parted(place: &str, words: &Vocabulary) -> (String, String) {
    let found = words.rooms.iter().find_map(|room| place.find(room.text.as_str()));
    let Some(at) = found else { return (place.to_owned(), String::new()) };
    // What counts the room belongs to it: 3階第1会議室.
    let counts =
        |letter: char| letter.is_ascii_digit() || matches!(letter, '第' | '階' | '一'..='三' | 'f' | 'a'..='c');
    let start = place[..at].trim_end_matches(counts).len();
    let (building, room) = place.split_at(start);
    if building.is_empty() { (place.to_owned(), String::new()) } else { (building.to_owned(), room.to_owned()) }
}

fn contained(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.chars().nth(2).is_some() && long.contains(short)
}

/// The distance of two positions, near enough for a city.
fn metres(one: (f64, f64), other: (f64, f64)) -> f64 {
    let north = (one.0 - other.0) * 111_320.0;
    let east = (one.1 - other.1) * 111_320.0 * one.0.to_radians().cos();
    north.hypot(east)
}
