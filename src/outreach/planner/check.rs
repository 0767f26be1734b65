//! What a plan that was made or changed by hand breaks: told at once, session by session, with the minutes.

use std::collections::HashSet;

use super::hindrance::{Hindrance, hindrances};
use super::instance::{Instance, Minute, Request, WEEK};

/// A session where somebody put it, at a wish or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// The request, by its place in the list.
    pub request: usize,
    /// The day.
    pub day: usize,
    /// When it starts.
    pub start: Minute,
    /// Who goes, by their places in the list.
    pub people: Vec<usize>,
}

/// Something that a session breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Breach {
    /// It is at none of the wishes, which is only to be known.
    Elsewhen {
        /// Day and start.
        at: (usize, Minute),
    },
    /// Fewer people go than are needed.
    Few {
        /// How many are needed.
        need: usize,
        /// How many go.
        sent: usize,
    },
    /// Somebody is named more than once.
    Twice {
        /// Who.
        person: usize,
    },
    /// Somebody could not even go if it were the only session.
    Alone {
        /// Who.
        person: usize,
        /// Why not.
        hindrance: Hindrance,
    },
    /// Somebody has too little time from one session to another.
    Near {
        /// Who.
        person: usize,
        /// The requests of the two sessions, the earlier first.
        requests: (usize, usize),
        /// Minutes of driving between.
        drive: Minute,
        /// Minutes that are missing.
        short: Minute,
    },
    /// Somebody has too many sessions on a day.
    Day {
        /// Who.
        person: usize,
        /// The day.
        day: usize,
        /// How many they are.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
    /// Somebody has too many sessions in a week.
    Week {
        /// Who.
        person: usize,
        /// The first day of the week.
        day: usize,
        /// How many they are.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
    /// Something else takes place at the site.
    Booked {
        /// From when until when.
        time: (Minute, Minute),
    },
    /// Two sessions need the same site at the same time.
    Shared {
        /// The requests of the two sessions, the earlier first.
        requests: (usize, usize),
        /// For how many minutes.
        short: Minute,
    },
}

impl Breach {
    /// Whether it is only to be known and forbids nothing.
    pub fn is_note(&self) -> bool {
        matches!(self, Self::Elsewhen { .. })
    }

    /// Whether every session that is a part of it tells the same.
    fn is_common(&self) -> bool {
        matches!(self, Self::Near { .. } | Self::Day { .. } | Self::Week { .. } | Self::Shared { .. })
    }
}

/// Everything that some sessions break, each with the place of its session; what several break together is told once.
pub fn check(instance: &Instance, placed: &[Placed]) -> Vec<(usize, Breach)> {
    let mut known = HashSet::new();
    let all =
        (0..placed.len()).flat_map(|at| check_one(instance, placed, at).into_iter().map(move |breach| (at, breach)));
    all.filter(|(_, breach)| !breach.is_common() || known.insert(breach.clone())).collect()
}

/// What one of some sessions breaks, by itself and with the others.
pub fn check_one(instance: &Instance, placed: &[Placed], at: usize) -> Vec<Breach> {
    let one = &placed[at];
    let request = &instance.requests[one.request];
    let sent: HashSet<usize> = one.people.iter().copied().collect();
    let mut breaches = Vec::new();
    if !request.wishes.contains(&(one.day, one.start)) {
        breaches.push(Breach::Elsewhen { at: (one.day, one.start) });
    }
    if sent.len() < request.need {
        breaches.push(Breach::Few { need: request.need, sent: sent.len() });
    }
    breaches.extend(of_site(instance, placed, at, request));
    let mut people: Vec<usize> = sent.into_iter().collect();
    people.sort_unstable();
    for person in people {
        let twice = one.people.iter().filter(|other| **other == person).count() > 1;
        breaches.extend(twice.then_some(Breach::Twice { person }));
        breaches.extend(alone(instance, one, request, person));
        breaches.extend(near(instance, placed, at, person));
        breaches.extend(too_many(instance, placed, one.day, person));
    }
    breaches
}

fn of_site(instance: &Instance, placed: &[Placed], at: usize, request: &Request) -> Vec<Breach> {
    let one = &placed[at];
    let booked = instance.taken(request, (one.day, one.start));
    let booked = booked.map(|taken| Breach::Booked { time: (taken.time.start, taken.time.end) });
    let shared = others(placed, at).filter_map(|other| {
        let asked = &instance.requests[other.request];
        if !instance.share((request, one.day, one.start), (asked, other.day, other.start)) {
            return None;
        }
        let (one_stay, other_stay) = (instance.stay(request, one.start), instance.stay(asked, other.start));
        let short = one_stay.end.min(other_stay.end) - one_stay.start.max(other_stay.start);
        let (first, then) = in_order(one, other);
        Some(Breach::Shared { requests: (first.request, then.request), short })
    });
    booked.into_iter().chain(shared).collect()
}

fn alone(instance: &Instance, one: &Placed, request: &Request, person: usize) -> Vec<Breach> {
    let all = hindrances(instance, request, (one.day, one.start), person).into_iter();
    // What stands is counted together with what was placed.
    let own = all.filter(|hindrance| !matches!(hindrance, Hindrance::Day(_) | Hindrance::Week(_)));
    own.map(|hindrance| Breach::Alone { person, hindrance }).collect()
}

fn near(instance: &Instance, placed: &[Placed], at: usize, person: usize) -> Vec<Breach> {
    let one = &placed[at];
    let own = others(placed, at).filter(|other| other.day == one.day && other.people.contains(&person));
    own.filter_map(|other| {
        let (first, then) = in_order(one, other);
        let session = |one: &Placed| (&instance.requests[one.request], one.start);
        let (drive, short) = instance.between(session(first), session(then));
        let requests = (first.request, then.request);
        (short > 0).then_some(Breach::Near { person, requests, drive, short })
    })
    .collect()
}

fn too_many(instance: &Instance, placed: &[Placed], day: usize, person: usize) -> Vec<Breach> {
    let count = |test: &dyn Fn(usize) -> bool| {
        placed.iter().filter(|one| test(one.day) && one.people.contains(&person)).count()
    };
    let own = &instance.people[person];
    let today = count(&|other| other == day) + own.held_on(day);
    let in_week = count(&|other| other / WEEK == day / WEEK) + own.held_in(day / WEEK);
    let (per_day, per_week) = (instance.most_per_day, instance.most_per_week);
    let too_many = (today > per_day).then_some(Breach::Day { person, day, count: today, most: per_day });
    let monday = day - day % WEEK;
    let week = Breach::Week { person, day: monday, count: in_week, most: per_week };
    too_many.into_iter().chain((in_week > per_week).then_some(week)).collect()
}

fn others(placed: &[Placed], at: usize) -> impl Iterator<Item = &Placed> {
    placed.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, other)| other)
}

fn in_order<'a>(one: &'a Placed, other: &'a Placed) -> (&'a Placed, &'a Placed) {
    if (one.start, one.request) <= (other.start, other.request) { (one, other) } else { (other, one) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{LIMIT, made};
    use super::super::{Duty, Held, Names, Numbers, Person, Taken, Window, plan};
    use super::*;

    /// 厳原 and 上対馬, two people who work from morning to night.
    fn island() -> Instance {
        let hours = (0..14).map(|day| Window { day, time: 510..1350 });
        let person = |id| Person { id, windows: hours.clone().collect(), ..Person::default() };
        let request = |id, place, start| Request {
            id,
            place,
            minutes: 60,
            need: 1,
            speakers: vec![0, 1],
            wishes: vec![(0, start)],
            ..Request::default()
        };
        Instance {
            travel: vec![vec![0, 130], vec![130, 0]],
            setup: 15,
            teardown: 15,
            most_per_day: 2,
            most_per_week: 3,
            people: vec![person(1), person(2)],
            requests: vec![request(7, 0, 1140), request(8, 1, 1170), request(9, 0, 600)],
            ..Instance::default()
        }
    }

    fn placed(request: usize, day: usize, start: Minute, people: &[usize]) -> Placed {
        Placed { request, day, start, people: people.to_vec() }
    }

    struct Real;

    impl Names for Real {
        fn person(&self, at: usize) -> String {
            ["見本太郎", "見本花子"][at].to_owned()
        }
        fn request(&self, at: usize) -> String {
            ["厳原の会", "上対馬の会", "朝の会"][at].to_owned()
        }
        fn place(&self, at: usize) -> String {
            ["厳原", "上対馬"][at].to_owned()
        }
        fn day(&self, day: usize) -> String {
            format!("11月{}日", 2 + day)
        }
    }

    fn told(instance: &Instance, all: &[Placed]) -> Vec<String> {
        check(instance, all).iter().map(|(at, breach)| format!("{at} {}", breach.told(&Real))).collect()
    }

    #[test]
    fn one_person_in_the_south_at_seven_and_in_the_north_half_an_hour_later_is_told_with_the_minutes() {
        let instance = island();
        let all = [placed(0, 0, 1140, &[0]), placed(1, 0, 1170, &[0])];
        // 20:00 + 15 + 130 + 15 minutes is 22:40, and it begins at 19:30; from there one is home at 22:55 instead of 22:30.
        let (late, near) = (Hindrance::Late { drive: 130, short: 25 }, (0, 1));
        let near = Breach::Near { person: 0, requests: near, drive: 130, short: 190 };
        assert_eq!(check(&instance, &all), [(0, near.clone()), (1, Breach::Alone { person: 0, hindrance: late })]);
        assert_eq!(check_one(&instance, &all, 1), [Breach::Alone { person: 0, hindrance: late }, near]);
        assert_eq!(
            told(&instance, &all),
            [
                "0 見本太郎は、厳原の会から上対馬の会への移動に130分かかり、片付けと準備を入れて190分足りません。",
                "1 見本太郎は、片付けと帰りの移動130分で、勤務の終わりを25分過ぎます。",
            ]
        );
        assert_eq!(
            check(&instance, &[all[0].clone(), placed(1, 1, 1140, &[1])]).len(),
            1,
            "only another day than wished"
        );
    }

    #[test]
    fn whatever_a_session_breaks_by_itself_is_told_as_well() {
        let mut instance = island();
        instance.people[0].duties =
            vec![Duty { day: 0, time: 540..600, place: 1 }, Duty { day: 0, time: 840..900, place: 1 }];
        instance.people[1].windows.remove(0);
        instance.requests[0].need = 3;
        instance.requests[0].speakers = vec![1];
        instance.requests[0].site = Some(3);
        instance.taken = vec![Taken { site: 3, day: 0, time: 700..800 }];
        let all = [placed(0, 0, 720, &[0, 1, 1])];
        assert_eq!(
            told(&instance, &all),
            [
                "0 11月2日 12:00は、希望の日時ではありません。",
                "0 行く職員が足りません(3人必要、2人)。",
                "0 会場がほかの予定で使われています(11:40から13:20まで)。",
                "0 見本太郎は、この内容の担当ではありません。",
                "0 見本太郎は、その前の用務から移動に130分かかり、25分足りません。",
                "0 見本太郎は、その後の用務へ移動に130分かかり、85分足りません。",
                "0 見本花子が2回入っています。",
                "0 見本花子は、この日は勤務がありません。",
            ]
        );
        assert!(check(&instance, &all)[0].1.is_note() && !check(&instance, &all)[1].1.is_note());
        assert_eq!(Numbers(&instance).day(0), "1日目");
    }

    #[test]
    fn what_is_too_much_together_is_told_once_of_all_and_of_each_alone() {
        let mut instance = island();
        instance.requests.iter_mut().for_each(|one| (one.place, one.site) = (0, Some(1)));
        instance.people[0].held = vec![Held { day: 1 }, Held { day: 3 }];
        let all = [placed(0, 1, 600, &[0]), placed(1, 1, 660, &[1]), placed(2, 1, 1140, &[0])];
        let breaches: Vec<_> = check(&instance, &all).into_iter().filter(|(_, breach)| !breach.is_note()).collect();
        let shared = Breach::Shared { requests: (0, 1), short: 30 };
        let day = Breach::Day { person: 0, day: 1, count: 3, most: 2 };
        let week = Breach::Week { person: 0, day: 0, count: 4, most: 3 };
        assert_eq!(breaches, [(0, shared.clone()), (0, day.clone()), (0, week.clone())]);
        assert!(check_one(&instance, &all, 1).contains(&shared));
        let last = check_one(&instance, &all, 2);
        assert!(last.contains(&day) && last.contains(&week), "{last:?}");
        assert_eq!(
            [shared, day, week].map(|one| one.told(&Real)),
            [
                "会場の時間が、厳原の会と上対馬の会とで30分重なります。",
                "見本太郎は、11月3日に3件になります(上限は2件)。",
                "見本太郎は、11月2日の週に4件になります(上限は3件)。",
            ]
        );
    }

    /// Some plan at its wishes, or changed by a hand that pays no heed.
    fn moved(instance: &Instance, seed: usize) -> Vec<Placed> {
        let plan = plan(instance, LIMIT);
        let all = plan.served.iter().enumerate().filter_map(|(request, served)| {
            let served = (*served)?;
            let (day, start) = instance.requests[request].wishes[served.wish];
            let people = super::super::day::people(served.people).collect();
            Some(Placed { request, day, start, people })
        });
        let mut all: Vec<Placed> = all.collect();
        for (at, one) in all.iter_mut().enumerate() {
            match (seed + at) % 4 {
                0 if seed > 0 => one.people = (0..one.people.len()).map(|person| (person + seed) % 3).collect(),
                1 if seed > 0 => (one.day, one.start) = instance.requests[one.request].wishes[0],
                _ => {}
            }
        }
        all
    }

    #[test]
    fn a_plan_breaks_nothing_and_a_change_breaks_something_exactly_where_the_rules_do() {
        let (mut broken, mut whole) = (0, 0);
        for problem in 0..150 {
            let instance = made(problem, 5, 3, 4);
            assert_eq!(check(&instance, &moved(&instance, 0)), []);
            for seed in 1..8 {
                let all = moved(&instance, seed);
                let is_fine = super::super::tests::keeps_every_rule(&instance, &all);
                assert_eq!(check(&instance, &all).is_empty(), is_fine, "problem {problem}, {seed}: {all:?}");
                *(if is_fine { &mut whole } else { &mut broken }) += 1;
            }
        }
        assert!(broken > 200 && whole > 200, "{broken} and {whole}");
    }
}
