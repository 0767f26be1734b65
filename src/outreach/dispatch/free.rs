//! The free times of somebody who asks: those that staff could really reach, and what is in the way on the other days.

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, DbErr};

use super::names::Called;
use super::situation::{Need, Situation};
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::outreach::planner::{Closed, Excluded, Minute, Names, Opening, Slot, Slots, slots};
use crate::outreach::request::{Draft, Request, Wish};
use crate::outreach::rules::{Rules, minutes, of_minutes};
use crate::text::day;

/// Days that the free times are shown for.
const AHEAD: u64 = 60;
/// Free times begin at whole steps of the clock.
const STEP: Minute = 30;
/// Most days without free times whose reasons are shown.
const MOST_CLOSED: usize = 30;

/// The free times for a session in a town.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// How long the session takes.
    pub minutes: Minute,
    /// The town.
    pub town: String,
    /// The first day that was looked at.
    pub from: String,
    /// The last one.
    pub until: String,
    /// The days on which somebody can come.
    pub days: Vec<FreeDay>,
    /// The others, with what is in the way.
    pub closed: Vec<(String, String)>,
}

/// A day on which somebody can come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeDay {
    /// The day.
    pub day: String,
    /// From when until when a session may start.
    pub starts: String,
}

/// What a draft needs.
pub fn need(draft: &Draft) -> Need {
    Need {
        town_key: draft.place.town_key.clone(),
        facility_id: draft.place.facility_id,
        minutes: draft.length_minutes.unsigned_abs(),
        people: usize::try_from(draft.people_needed).unwrap_or(1),
        topic_id: draft.topic_id,
    }
}

/// What a request needs.
pub fn need_of(request: &Request) -> Need {
    Need {
        town_key: request.town_key.clone(),
        facility_id: request.facility_id,
        minutes: request.length_minutes.unsigned_abs(),
        people: usize::try_from(request.people_needed).unwrap_or(1),
        topic_id: request.topic_id,
    }
}

/// The free times of the next sixty days that may be wished for, as somebody who asks may see them.
pub async fn free_times(app: &App, draft: &Draft, rules: &Rules) -> Result<Offer, Error> {
    free(app, &need(draft), rules, false).await
}

/// The same for staff about a request: with names, and from tomorrow on.
pub async fn free_for(app: &App, request: &Request, rules: &Rules) -> Result<Offer, Error> {
    let from_tomorrow = Rules { lead_days: 1, ..rules.clone() };
    free(app, &need_of(request), &from_tomorrow, true).await
}

async fn free(app: &App, need: &Need, rules: &Rules, by_name: bool) -> Result<Offer, Error> {
    let (first, city) = (rules.first_day(app.today()), app.city());
    let last = (first + Days::new(AHEAD - 1)).min(rules.last_day(app.today()));
    let mut situation = Situation::read(&app.db, (&city, rules.clone()), (first, last), &[]).await?;
    let asked = situation.ask(&app.db, need, (Vec::new(), Vec::new())).await?;
    let mut closed = Vec::new();
    let mut openings = Vec::new();
    for on in first.iter_days().take_while(|on| *on <= last) {
        match (rules.hours(on), situation.day(on)) {
            (Ok((from, until)), Some(day)) => openings.push(Opening { day, time: from..until }),
            (Err(refusal), _) => closed.push((on, refusal.to_string())),
            _ => {}
        }
    }
    let found = slots(&situation.instance, &situation.instance.requests[asked], &openings, STEP);
    let named = Called { situation: &situation, requests: &[], by_name };
    closed.extend(
        found
            .closed
            .iter()
            .map(|one| (situation.date(one.day), if by_name { one.told(&named) } else { plain(one, &named) })),
    );
    closed.sort();
    Ok(Offer {
        minutes: need.minutes,
        town: city.town_name(&need.town_key).to_owned(),
        from: day::short(first),
        until: day::short(last),
        days: free_days(&situation, &found),
        closed: closed.into_iter().take(MOST_CLOSED).map(|(on, why)| (day::short(on), why)).collect(),
    })
}

fn free_days(situation: &Situation<'_>, found: &Slots) -> Vec<FreeDay> {
    let of_day = |own: &[Slot]| FreeDay { day: day::short(situation.date(own[0].day)), starts: runs(own) };
    found.open.chunk_by(|one, other| one.day == other.day).map(of_day).collect()
}

/// Starts as runs, such as 9:00から11:30まで、14:00.
fn runs(slots: &[Slot]) -> String {
    let words = |own: &[Slot]| match own {
        [one] => of_minutes(one.start),
        [first, .., last] => format!("{}から{}まで", of_minutes(first.start), of_minutes(last.start)),
        [] => String::new(),
    };
    slots.chunk_by(|one, other| other.start - one.start <= STEP).map(words).collect::<Vec<_>>().join("、")
}

/// The wishes that nobody could reach, by rank, each with what is in the way and what would be possible on that day.
pub async fn unreachable(app: &App, draft: &Draft, rules: &Rules) -> Result<Vec<(usize, String)>, Error> {
    let days = draft.wishes.iter().map(|wish| wish.day);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(Vec::new()) };
    let city = app.city();
    let mut situation = Situation::read(&app.db, (&city, rules.clone()), (first, last), &[]).await?;
    let asked = situation.ask(&app.db, &need(draft), (Vec::new(), Vec::new())).await?;
    let mut reasons = Vec::new();
    for (rank, wish) in draft.wishes.iter().enumerate() {
        if let Some(reason) = reason(&situation, asked, *wish, rules) {
            reasons.push((rank, reason));
        }
    }
    Ok(reasons)
}

fn reason(situation: &Situation<'_>, asked: usize, wish: Wish, rules: &Rules) -> Option<String> {
    let request = &situation.instance.requests[asked];
    let day = situation.day(wish.day)?;
    let (time, step) = within(wish, request.minutes, rules);
    let found = slots(&situation.instance, request, &[Opening { day, time }], step);
    if !found.open.is_empty() {
        return None;
    }
    let named = Called { situation, requests: &[], by_name: false };
    let why = found.closed.first().map(|one| plain(one, &named)).unwrap_or_default();
    Some(format!("この日時には伺えません。{why}{}", elsewhen(situation, asked, wish.day, rules)))
}

/// The time in which a wish lets the session lie, and the steps at which it may start; a range ends with the hours of the day.
fn within(wish: Wish, length: Minute, rules: &Rules) -> (std::ops::Range<Minute>, Minute) {
    let from = minutes(wish.starts);
    let closes = rules.hours(wish.day).map_or(Minute::MAX, |(_, closes)| closes);
    match wish.until {
        Some(until) => (from..minutes(until).min(closes), STEP),
        None => (from..from + length, 1),
    }
}

/// Who could go to a wish at the best of its starts, in words for staff; or what is in the way.
pub async fn who_could(
    db: &impl ConnectionTrait,
    (city, rules): (&City, Rules),
    need: &Need,
    wish: Wish,
) -> Result<String, DbErr> {
    let mut situation = Situation::read(db, (city, rules.clone()), (wish.day, wish.day), &[]).await?;
    let asked = situation.ask(db, need, (Vec::new(), Vec::new())).await?;
    let Some(day) = situation.day(wish.day) else { return Ok(String::new()) };
    let (time, step) = within(wish, need.minutes, &rules);
    let found = slots(&situation.instance, &situation.instance.requests[asked], &[Opening { day, time }], step);
    let named = Called { situation: &situation, requests: &[], by_name: true };
    Ok(match found.open.iter().max_by_key(|one| (one.count(), std::cmp::Reverse(one.start))) {
        Some(best) => {
            let able = (0..situation.people.len()).filter(|at| best.able >> at & 1 == 1);
            let names: Vec<String> = able.map(|at| named.person(at)).collect();
            format!("{}に始めるなら行ける職員: {}", of_minutes(best.start), names.join("、"))
        }
        None => found.closed.first().map(|one| one.told(&named)).unwrap_or_default(),
    })
}

/// What excludes a day, for whoever asks: how many are missing, and what keeps the one who misses least; nobody is named.
fn plain(closed: &Closed, named: &Called<'_>) -> String {
    let Excluded::People { need, able, others, .. } = &closed.why else { return closed.told(named) };
    let nearest = others.first().filter(|(_, hindrance)| hindrance.weight().0 <= 1);
    let nearest = nearest.map(|(_, hindrance)| hindrance.sentence("いちばん早く伺える職員")).unwrap_or_default();
    format!("{need}人の職員が必要ですが、伺えるのは{able}人です。{nearest}")
}

/// What would be possible on the same day.
fn elsewhen(situation: &Situation<'_>, asked: usize, on: NaiveDate, rules: &Rules) -> String {
    let (Ok((from, until)), Some(day)) = (rules.hours(on), situation.day(on)) else { return String::new() };
    let request = &situation.instance.requests[asked];
    let found = slots(&situation.instance, request, &[Opening { day, time: from..until }], STEP);
    if found.open.is_empty() {
        "この日は、ほかの時刻にも伺えません。別の日を選んでください。".to_owned()
    } else {
        format!("この日に始められるのは、{}です。", runs(&found.open))
    }
}
