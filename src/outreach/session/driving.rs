//! The driving plan (移動のめやす) of one person on one day: from the office over every place and back.

use chrono::{DateTime, Duration, Utc};

use crate::city::City;

/// One stay of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Start of the session.
    pub starts: DateTime<Utc>,
    /// Its end.
    pub ends: DateTime<Utc>,
    /// The town.
    pub town_key: String,
    /// What it is, in a few words.
    pub words: String,
}

/// The day of a person who sets out from a town, line by line, in the order of the clock; `around` are the minutes at each place
/// before and after.
pub fn plan(city: &City, base_town: &str, stays: &[Stay], around: (u32, u32)) -> Vec<String> {
    let mut stays = stays.to_vec();
    stays.sort_by_key(|stay| stay.starts);
    let clock = |at: DateTime<Utc>| at.with_timezone(&city.profile.zone).format("%-H:%M").to_string();
    let before = Duration::minutes(around.0.into());
    let after = Duration::minutes(around.1.into());
    let mut lines = Vec::new();
    let mut from = base_town.to_owned();
    for stay in &stays {
        let arrive = stay.starts - before;
        match city.travel.minutes(&from, &stay.town_key) {
            Some(0) => lines.push(format!("{} 会場に着く", clock(arrive))),
            Some(minutes) => {
                let leave = arrive - Duration::minutes(minutes.into());
                let (from, to) = (city.town_name(&from), city.town_name(&stay.town_key));
                lines.push(format!(
                    "{} {from}を出る(車で{minutes}分)、{} {to}の会場に着く",
                    clock(leave),
                    clock(arrive)
                ));
            }
            None => lines.push(format!("{} 会場に着く(移動の時間は分かりません)", clock(arrive))),
        }
        lines.push(format!("{}〜{} {}", clock(stay.starts), clock(stay.ends), stay.words));
        from.clone_from(&stay.town_key);
    }
    if let Some(last) = stays.last() {
        let leave = last.ends + after;
        match city.travel.minutes(&from, base_town) {
            Some(minutes) if minutes > 0 => {
                let back = leave + Duration::minutes(minutes.into());
                let base = city.town_name(base_town);
                lines.push(format!("{} 会場を出る(車で{minutes}分)、{} {base}に戻る", clock(leave), clock(back)));
            }
            _ => lines.push(format!("{} 会場を出る", clock(leave))),
        }
    }
    lines
}
