//! The finder against a check that marks minute by minute, and sentences as somebody reads them.

use std::collections::HashSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use uuid::Uuid;

use super::Days as Rule;
use super::*;
use crate::city::Travel;
use crate::text::holidays::holiday;

const TOWNS: [&str; 3] = ["south", "middle", "north"];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

fn travel() -> Travel {
    let mut travel = Travel::default();
    for (from, to, minutes) in [(0, 1, 55), (1, 0, 50), (1, 2, 80), (2, 1, 80), (0, 2, 135), (2, 0, 130)] {
        travel.put(TOWNS[from], TOWNS[to], minutes);
    }
    travel
}

fn venue(town: usize, site: &str) -> Venue {
    Venue { facility_id: None, name: TOWNS[town].to_owned(), town: TOWNS[town].to_owned(), site: site.to_owned() }
}

fn known(groups: Vec<(usize, bool)>, venues: Vec<Venue>, engagements: Vec<Engagement>) -> Known {
    let group = |(at, (town, required)): (usize, (usize, bool))| Group {
        id: id(at),
        name: format!("見本 {at}の会"),
        // The fourth town is one that nobody knows.
        town: TOWNS.get(town).copied().unwrap_or_default().to_owned(),
        required,
    };
    Known {
        groups: groups.into_iter().enumerate().map(group).collect(),
        venues,
        closed: vec![Closed::new("休館日", Rule::Every(Weekday::Tue))],
        engagements,
        travel: travel(),
        towns: TOWNS.iter().map(|town| ((*town).to_owned(), (*town).to_owned())).collect(),
        leave_from: 8 * 60,
        home_by: 20 * 60,
        today: day("2026-10-01"),
    }
}

fn engagement(
    first: NaiveDate,
    nights: u64,
    times: (Option<u32>, Option<u32>),
    group: usize,
    town: usize,
) -> Engagement {
    Engagement {
        title: Some("見本の行事".to_owned()),
        first_day: first,
        last_day: first + Days::new(nights),
        begins: times.0,
        ends: times.1,
        groups: vec![id(group)],
        site: if town == 0 { "S1".to_owned() } else { String::new() },
        town: TOWNS.get(town).copied().unwrap_or_default().to_owned(),
        big: group == 3,
        tentative: false,
    }
}

/// Whether something keeps anybody away by the rules in prose: not what was only asked about, and not what goes on without
/// hours for a fourth day.
fn binds(engagement: &Engagement) -> bool {
    let fourth = engagement.first_day + Days::new(3);
    !(engagement.tentative || engagement.begins.is_none() && engagement.last_day >= fourth)
}

/// Every minute from one moment to before another.
fn minutes(from: Minute, to: Minute) -> HashSet<Minute> {
    (from..to).collect()
}

/// The minutes in which a group cannot be at a meeting at a place, and those in which the building is taken.
fn marked(known: &Known, engagement: &Engagement, venue: &Venue) -> HashSet<Minute> {
    let way = |from: &str, to: &str| Minute::from(known.travel.minutes(from, to).unwrap_or(0));
    let (there, back) = (way(&engagement.town, &venue.town), way(&venue.town, &engagement.town));
    let from = at(engagement.first_day, engagement.begins.unwrap_or(0));
    let to = match (engagement.begins, engagement.ends) {
        (_, Some(ends)) => at(engagement.last_day, ends),
        (Some(begins), None) => at(engagement.last_day, begins + 120),
        (None, None) => at(engagement.last_day, 24 * 60),
    };
    minutes(from - back, to.max(from) + there)
}

type Key = (usize, bool, bool, usize, Minute, Minute, Minute);

/// What a start is worth at a place by the rules in prose; nothing if there can be no meeting.
fn worth(wish: &Wish, known: &Known, on: NaiveDate, minute: u32, venue: &Venue) -> Option<Key> {
    let closed = known.closed.iter().any(|closed| closed.holds(on));
    if on < known.today || !wish.weekdays.contains(&on.weekday()) || holiday(on).is_some() || closed {
        return None;
    }
    let meeting = minutes(at(on, minute), at(on, minute + wish.minutes));
    let blocks = |engagement: &Engagement| binds(engagement) && !marked(known, engagement, venue).is_disjoint(&meeting);
    let away = |group: &Group| known.engagements.iter().any(|one| one.groups.contains(&group.id) && blocks(one));
    let (missing, come): (Vec<&Group>, Vec<&Group>) = known.groups.iter().partition(|group| away(group));
    let plain = Venue { town: String::new(), ..venue.clone() };
    let taken = known.engagements.iter().any(|one| {
        !venue.site.is_empty() && one.site == venue.site && binds(one) && {
            let there = Engagement { town: String::new(), ..one.clone() };
            !marked(known, &there, &plain).is_disjoint(&meeting)
        }
    });
    if missing.iter().any(|group| group.required) || come.len() < wish.least.max(1) || taken {
        return None;
    }
    let ways: Vec<(Minute, Minute)> = come
        .iter()
        .filter_map(|group| {
            let there = known.travel.minutes(&group.town, &venue.town)?;
            Some((there.into(), known.travel.minutes(&venue.town, &group.town)?.into()))
        })
        .collect();
    let farthest = ways.iter().map(|way| way.0).max().unwrap_or(0);
    let back = ways.iter().map(|way| way.1).max().unwrap_or(0);
    let early = at(on, minute) - farthest < at(on, known.leave_from);
    let late = at(on, minute + wish.minutes) + back > at(on, known.home_by);
    let big = known.engagements.iter().any(|one| one.big && one.first_day <= on && on <= one.last_day);
    let total = ways.iter().map(|way| way.0).sum();
    Some((missing.len(), big, early || late, come.len() - ways.len(), farthest, total, at(on, minute)))
}

fn engagements() -> impl Strategy<Value = Vec<Engagement>> {
    let times = prop_oneof![
        Just((None, None)),
        (0_u32..24).prop_map(|hour| (Some(hour * 60), None)),
        (0_u32..22, 1_u32..16).prop_map(|(hour, half)| (Some(hour * 60), Some((hour * 60 + half * 30).min(1439)))),
        (18_u32..24, 1_u32..8).prop_map(|(hour, half)| (Some(hour * 60), Some(half * 30))),
    ];
    let place = (0_usize..4, 0_usize..4, 0_u8..4);
    let one = (0_u64..9, 0_u64..5, times, place).prop_map(|(from, nights, times, (group, town, firm))| {
        // What ends before it begins on the clock ends on the next day.
        let over = matches!(times, (Some(begins), Some(ends)) if ends <= begins);
        let one = engagement(day("2026-10-08") + Days::new(from), nights.max(u64::from(over)), times, group, town);
        Engagement { tentative: firm == 0, ..one }
    });
    proptest::collection::vec(one, 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_start_is_judged_as_a_check_minute_by_minute_judges_it(
        engagements in engagements(),
        groups in proptest::collection::vec((0_usize..4, any::<bool>()), 1..5),
        towns in proptest::collection::vec(0_usize..3, 1..3),
        (length, least, twice) in (1_u32..5, 0_usize..3, any::<bool>()),
    ) {
        let least = least.min(groups.len());
        let invited = (0..groups.len()).map(|at| Invited { id: id(at), required: groups[at].1 }).collect();
        let mut wish = Wish::new(day("2026-10-08"), day("2026-10-16"), invited);
        (wish.minutes, wish.least, wish.step) = (length * 45, least, 60);
        let venues = towns.iter().map(|town| venue(*town, if *town == 0 { "S1" } else { "" })).collect();
        let known = known(groups, venues, engagements);
        let mut told = known.clone();
        if twice {
            told.groups.push(told.groups[0].clone());
            wish.groups.push(wish.groups[0].clone());
        }
        let findings = look(wish.clone(), told).unwrap();
        let mut best: Option<Key> = None;
        for start in findings.starts() {
            let (on, minute) = (start.day(), u32::try_from(start.begins() - at(start.day(), 0)).unwrap());
            let worths = known.venues.iter().filter_map(|venue| worth(&wish, &known, on, minute, venue));
            let here = worths.min();
            prop_assert_eq!(start.is_possible(), here.is_some(), "{}", start.when());
            match start.verdict() {
                Verdict::Rejected { reasons, .. } => prop_assert!(!reasons.is_empty()),
                Verdict::Possible(possible) => {
                    prop_assert!(!possible.points.is_empty());
                    prop_assert_eq!(asides(&possible), beside(&known, &possible), "{}", start.when());
                }
            }
            best = best.into_iter().chain(here).min();
        }
        let first = findings.best(1).pop();
        prop_assert_eq!(first.as_ref().map(|one| one.begins), best.map(|key| key.6));
        if let (Some(first), Some(best)) = (first, best) {
            prop_assert_eq!((first.quality.missing as usize, first.farthest.map_or(0, |way| Minute::from(way.minutes))), (best.0, best.4));
        }
    }
}

/// How many sentences tell of what a group that can come has on beside.
fn asides(possible: &Possible) -> usize {
    possible.points.iter().filter(|point| matches!(point, Point::Aside { .. })).count()
}

/// How many there have to be: what binds nobody and shares a minute with the meeting or with the ways to and from it.
fn beside(known: &Known, possible: &Possible) -> usize {
    let meeting = minutes(possible.begins, possible.ends);
    let coming = known.groups.iter().filter(|group| possible.can.contains(&group.name));
    let of_group = |group: &Group| {
        let on = known.engagements.iter().filter(|one| one.groups.contains(&group.id) && !binds(one));
        on.filter(|one| !marked(known, one, &possible.venue).is_disjoint(&meeting)).count()
    };
    coming.map(of_group).sum()
}

fn three(engagements: Vec<Engagement>, least: usize) -> Findings {
    let groups = vec![(0, true), (1, false), (2, false)];
    let invited = (0..3).map(|at| Invited { id: id(at), required: groups[at].1 }).collect();
    let mut wish = Wish::new(day("2026-10-12"), day("2026-10-16"), invited);
    wish.least = least;
    look(wish, known(groups, vec![venue(1, "")], engagements)).unwrap()
}

fn against(findings: &Findings, on: &str, minute: u32) -> Vec<String> {
    match findings.start(day(on), minute).unwrap().verdict() {
        Verdict::Rejected { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        Verdict::Possible(_) => Vec::new(),
    }
}

#[test]
fn a_rejected_start_says_why_in_a_sentence() {
    let busy = engagement(day("2026-10-14"), 0, (Some(600), Some(720)), 0, 0);
    let findings = three(vec![busy.clone()], 1);
    assert_eq!(against(&findings, "2026-10-12", 600), ["10月12日(月)はスポーツの日(祝日)です。"]);
    assert_eq!(against(&findings, "2026-10-13", 600), ["10月13日(火)は「休館日」のため、候補にしません。"]);
    let told = against(&findings, "2026-10-14", 750).remove(0);
    assert!(
        told.contains("必須の「見本 0の会」") && told.contains("「見本の行事」") && told.contains("55分"),
        "{told}"
    );
    assert!(findings.start(day("2026-10-14"), 780).unwrap().is_possible(), "55 minutes after 12:00 one is there");
    let few = three((1..3).map(|group| Engagement { groups: vec![id(group)], ..busy.clone() }).collect(), 3);
    let told = against(&few, "2026-10-14", 600).join(" ");
    assert!(told.contains("参加できる団体は1で、条件の3に足りません。"), "{told}");
}

#[test]
fn proposals_take_different_days_and_parts_of_the_day_first() {
    let findings = three(vec![], 1);
    let days: HashSet<NaiveDate> = findings.best(3).iter().map(|one| one.day).collect();
    assert_eq!(days.len(), 3);
}

#[test]
fn what_cannot_be_looked_for_is_refused_in_words() {
    let wish = |first: &str, last: &str| Wish::new(day(first), day(last), vec![Invited { id: id(0), required: false }]);
    let known = || known(vec![(0, false)], vec![venue(0, "")], vec![]);
    assert!(matches!(look(wish("2026-09-01", "2026-09-02"), known()), Err(Refused::Past { .. })));
    assert!(matches!(look(wish("2026-10-20", "2026-10-10"), known()), Err(Refused::Backwards { .. })));
    let long = Wish { minutes: 800, ..wish("2026-10-10", "2026-10-20") };
    assert!(matches!(look(long, known()), Err(Refused::TooLong { .. })));
    let none = Wish { groups: vec![], ..wish("2026-10-10", "2026-10-20") };
    assert!(matches!(look(none, known()), Err(Refused::NoGroups)));
}

#[test]
fn an_exhibition_of_a_month_and_a_day_that_is_only_asked_about_are_told_and_keep_nobody_away() {
    let month = engagement(day("2026-10-01"), 30, (None, None), 0, 1);
    let asked = Engagement { tentative: true, ..engagement(day("2026-10-14"), 0, (Some(600), Some(720)), 1, 1) };
    let findings = three(vec![month, asked], 3);
    let Verdict::Possible(found) = findings.start(day("2026-10-14"), 630).unwrap().verdict() else {
        panic!("no start")
    };
    let told: Vec<String> = found.remarks().map(ToString::to_string).collect();
    assert_eq!(found.can.len(), 3);
    for words in [
        "「見本 0の会」は、10月1日(木)から10月31日(土)まで終日「見本の行事」があります。何日も続くため",
        "「見本 1の会」は、10時から12時まで「見本の行事」の候補日になっています。",
    ] {
        assert!(told.iter().any(|one| one.starts_with(words)), "{words}: {told:?}");
    }
    let three_days = engagement(day("2026-10-13"), 2, (None, None), 0, 1);
    assert!(!three(vec![three_days], 3).start(day("2026-10-14"), 630).unwrap().is_possible());
}

#[test]
fn who_may_not_see_an_entry_learns_only_that_the_group_cannot_come() {
    let hidden = |one: Engagement| Engagement { title: None, ..one };
    let busy = hidden(engagement(day("2026-10-14"), 0, (Some(600), Some(720)), 0, 0));
    let beside = hidden(engagement(day("2026-10-15"), 9, (None, None), 1, 0));
    let nowhere = hidden(engagement(day("2026-10-15"), 0, (Some(600), Some(660)), 2, 9));
    let findings = three(vec![busy, beside, nowhere], 1);
    assert_eq!(against(&findings, "2026-10-14", 690), ["必須の「見本 0の会」は都合がつかないため参加できません。"]);
    let Verdict::Possible(found) = findings.start(day("2026-10-15"), 690).unwrap().verdict() else {
        panic!("no start")
    };
    let told: String = found.points.iter().map(ToString::to_string).collect();
    assert!(!told.contains("予定") && !told.contains("見本 1の会") && !told.contains("見本 2の会"), "{told}");
}

#[test]
fn a_group_that_is_listed_twice_is_counted_once() {
    let twice = || Invited { id: id(0), required: false };
    let wish = Wish { least: 2, ..Wish::new(day("2026-10-14"), day("2026-10-14"), vec![twice(), twice()]) };
    let known = known(vec![(0, false)], vec![venue(0, "")], vec![]);
    assert!(matches!(look(wish, known), Err(Refused::TooManyNeeded { least: 2, invited: 1 })));
}
