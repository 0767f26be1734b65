//! The planner against a check that tries everything, written from the rules alone.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::day::people;
use super::search::Dice;
use super::*;

pub const LIMIT: Duration = Duration::from_secs(60);

/// A problem that looks like chance: everything that the rules know occurs.
pub fn made(seed: u64, requests: usize, staff: usize, days: usize) -> Instance {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut roll = |from: usize, to: usize| from + dice.below(to - from + 1);
    let places = 4;
    let travel = (0..places)
        .map(|one: usize| (0..places).map(|other| 35 * one.abs_diff(other) as Minute + roll(0, 1) as Minute).collect())
        .collect();
    let person = |id: usize, roll: &mut dyn FnMut(usize, usize) -> usize| {
        let mut one = Person { id: id as i64 + 10, base: roll(0, places - 1), ..Person::default() };
        for day in 0..days {
            let time = match roll(0, 3) {
                0 => continue,
                1 => 510..780,
                _ => 510..1050,
            };
            one.windows.push(Window { day, time });
            if roll(0, 2) == 0 {
                let from = roll(9, 15) as Minute * 60;
                one.duties.push(Duty { day, time: from..from + 60, place: roll(0, places - 1) });
            }
            if roll(0, 11) == 0 {
                let from = roll(8, 17) as Minute * 60;
                one.held.push(Held { day });
                one.duties.push(Duty { day, time: from..from + 90, place: roll(0, places - 1) });
            }
        }
        one
    };
    let people: Vec<Person> = (0..staff).map(|id| person(id, &mut roll)).collect();
    let request = |id: usize, roll: &mut dyn FnMut(usize, usize) -> usize| Request {
        id: id as i64 + 100,
        place: roll(0, places - 1),
        site: [None, None, Some(0), Some(1)][roll(0, 3)],
        minutes: [60, 90, 120][roll(0, 2)],
        need: roll(1, 2),
        speakers: (0..staff).filter(|_| roll(0, 5) > 0).collect(),
        wishes: (0..roll(0, 3)).map(|_| (roll(0, days - 1), 570 + 30 * roll(0, 12) as Minute)).collect(),
        ranks: Vec::new(),
    };
    let requests = (0..requests).map(|id| request(id, &mut roll)).collect();
    let taken = |roll: &mut dyn FnMut(usize, usize) -> usize| {
        let from = roll(9, 15) as Minute * 60;
        Taken { site: roll(0, 1), day: roll(0, days - 1), time: from..from + 90 }
    };
    let taken = (0..2).map(|_| taken(&mut roll)).collect();
    Instance { travel, setup: 15, teardown: 15, most_per_day: 2, most_per_week: 2, people, requests, taken }
}

/// Day, beginning and end without preparation, and place of a session at one of its wishes.
fn time(instance: &Instance, (request, rank): (usize, usize)) -> (usize, i64, i64, usize) {
    let asked = &instance.requests[request];
    let (day, start) = asked.wishes[rank];
    (day, i64::from(start), i64::from(start + asked.minutes), asked.place)
}

/// Whether somebody can do all of these sessions: by the rules, minute by minute from the text, not by the planner's own tests.
pub fn can(instance: &Instance, person: usize, sessions: &[(usize, usize)]) -> bool {
    let one = &instance.people[person];
    let time = |session: (usize, usize)| time(instance, session);
    let minutes = |from: usize, to: usize| i64::from(instance.travel[from][to]);
    let (setup, teardown) = (i64::from(instance.setup), i64::from(instance.teardown));
    let alone = |session: &(usize, usize)| {
        let (day, start, end, place) = time(*session);
        let (from, to) = (start - setup, end + teardown);
        let duties = || one.duties.iter().filter(|duty| duty.day == day);
        let is_at_work = one.windows.iter().filter(|window| window.day == day).any(|window| {
            let (begins, ends) = (i64::from(window.time.start), i64::from(window.time.end));
            let comes = duties().any(|duty| (begins..=from).contains(&i64::from(duty.time.end)));
            let goes = duties().any(|duty| (to..=ends).contains(&i64::from(duty.time.start)));
            begins <= from - if comes { 0 } else { minutes(one.base, place) }
                && to + if goes { 0 } else { minutes(place, one.base) } <= ends
        });
        let is_free = duties().all(|duty| {
            i64::from(duty.time.end) + minutes(duty.place, place) <= from
                || to + minutes(place, duty.place) <= i64::from(duty.time.start)
        });
        instance.requests[session.0].speakers.contains(&person) && is_at_work && is_free
    };
    let apart = |one: &(usize, usize), other: &(usize, usize)| {
        let (one, other) = (time(*one), time(*other));
        let follows = |first: (usize, i64, i64, usize), then: (usize, i64, i64, usize)| {
            first.2 + teardown + minutes(first.3, then.3) + setup <= then.1
        };
        one.0 != other.0 || follows(one, other) || follows(other, one)
    };
    let count = |test: &dyn Fn(usize) -> bool| {
        let held = one.held.iter().filter(|held| test(held.day)).count();
        sessions.iter().filter(|session| test(time(**session).0)).count() + held
    };
    sessions.iter().all(alone)
        && (0..sessions.len()).all(|at| sessions[at + 1..].iter().all(|other| apart(&sessions[at], other)))
        && sessions.iter().all(|session| {
            let day = time(*session).0;
            count(&|other| other == day) <= instance.most_per_day
                && count(&|other| other / 7 == day / 7) <= instance.most_per_week
        })
}

/// Whether the sites of all sessions are to be had, and no two sessions are in one another's way.
fn sites_are_free(instance: &Instance, sessions: &[(usize, usize)]) -> bool {
    let stay = |session: (usize, usize)| {
        let (day, start, end, _) = time(instance, session);
        (day, start - i64::from(instance.setup), end + i64::from(instance.teardown))
    };
    let is_apart =
        |one: (usize, i64, i64), other: (usize, i64, i64)| one.0 != other.0 || one.2 <= other.1 || other.2 <= one.1;
    let site = |session: (usize, usize)| instance.requests[session.0].site;
    (0..sessions.len()).all(|at| {
        let one = sessions[at];
        let taken = |taken: &Taken| (taken.day, i64::from(taken.time.start), i64::from(taken.time.end));
        site(one).is_none()
            || instance.taken.iter().all(|other| site(one) != Some(other.site) || is_apart(stay(one), taken(other)))
                && sessions[..at].iter().all(|other| site(*other) != site(one) || is_apart(stay(*other), stay(one)))
    })
}

/// Minutes that somebody drives: each day from the base over everything in its order and back.
fn driven(instance: &Instance, person: usize, sessions: &[(usize, usize)]) -> usize {
    let one = &instance.people[person];
    let mut minutes = 0;
    for day in 0..30 {
        let duties = one.duties.iter().filter(|duty| duty.day == day);
        let mut stops: Vec<(i64, usize)> = duties.map(|duty| (i64::from(duty.time.start), duty.place)).collect();
        let own = sessions.iter().map(|session| time(instance, *session)).filter(|session| session.0 == day);
        stops.extend(own.map(|session| (session.1 - i64::from(instance.setup), session.3)));
        stops.sort_unstable();
        let mut at = one.base;
        for (_, place) in &stops {
            minutes += instance.travel[at][*place];
            at = *place;
        }
        minutes += if stops.is_empty() { 0 } else { instance.travel[at][one.base] };
    }
    minutes as usize
}

/// What sessions are worth, from who has which.
fn worth(instance: &Instance, own: &[Vec<(usize, usize)>]) -> Score {
    let driving = (0..own.len()).map(|person| driven(instance, person, &own[person])).sum();
    let sessions: HashSet<(usize, usize)> = own.iter().flatten().copied().collect();
    let squares = own.iter().zip(&instance.people).map(|(list, person)| (list.len() + person.held.len()).pow(2));
    Score {
        served: sessions.len(),
        ranks: sessions.iter().map(|(_, rank)| rank).sum(),
        squares: squares.sum(),
        driving,
    }
}

/// The best score by trying every wish and every crew of every request.
fn tried(instance: &Instance) -> Score {
    type Own = Vec<Vec<(usize, usize)>>;
    fn go(instance: &Instance, request: usize, own: &mut Own, taken: &mut Vec<(usize, usize)>, best: &mut Score) {
        if request == instance.requests.len() {
            let score = worth(instance, own);
            if score.is_better(*best) {
                *best = score;
            }
            return;
        }
        go(instance, request + 1, own, taken, best);
        let asked = &instance.requests[request];
        for rank in 0..asked.wishes.len() {
            taken.push((request, rank));
            for set in 0_u64..1 << instance.people.len() {
                if set.count_ones() as usize != asked.need || !sites_are_free(instance, taken) {
                    continue;
                }
                people(set).for_each(|person| own[person].push((request, rank)));
                if people(set).all(|person| can(instance, person, &own[person])) {
                    go(instance, request + 1, own, taken, best);
                }
                people(set).for_each(|person| {
                    own[person].pop();
                });
            }
            taken.pop();
        }
    }
    let mut own = vec![Vec::new(); instance.people.len()];
    let mut best = worth(instance, &own);
    go(instance, 0, &mut own, &mut Vec::new(), &mut best);
    best
}

/// What a plan is worth by its own account, after a look at every rule.
fn checked(instance: &Instance, plan: &Plan) -> Score {
    let mut own = vec![Vec::new(); instance.people.len()];
    let mut sessions = Vec::new();
    for (request, served) in plan.served.iter().enumerate() {
        let Some(served) = served else { continue };
        assert_eq!(served.people.count_ones() as usize, instance.requests[request].need);
        people(served.people).for_each(|person| own[person].push((request, served.wish)));
        sessions.push((request, served.wish));
    }
    for (person, sessions) in own.iter().enumerate() {
        assert!(can(instance, person, sessions), "person {person} cannot do {sessions:?}");
    }
    assert!(sites_are_free(instance, &sessions), "{sessions:?}");
    worth(instance, &own)
}

#[test]
fn no_plan_is_better_than_the_one_that_says_so_however_small_the_problem_is() {
    let (mut unserved, mut behind) = (0, 0);
    for seed in 0..250 {
        let instance = made(seed, 4 + (seed % 2) as usize, 3, 2 + (seed % 6) as usize);
        let plan = plan(&instance, LIMIT);
        assert!(plan.is_optimal && plan.is_shortest, "seed {seed}");
        assert_eq!(checked(&instance, &plan), plan.score, "seed {seed}");
        let best = tried(&instance);
        assert!(!best.is_better(plan.score), "seed {seed}: {best:?} instead of {:?}", plan.score);
        assert_eq!(plan.bound, (plan.score.served, plan.score.ranks), "seed {seed}");
        let all = choice::Choices::of(&instance);
        let reached = reach::reach(&instance, &all, Instant::now() + LIMIT);
        assert!(
            reached.0 > best.served || reached.0 == best.served && reached.1 <= best.ranks,
            "seed {seed}: {reached:?}"
        );
        let changed =
            local::Local::of(&instance, &all, &vec![None; instance.requests.len()]).run(200, Instant::now() + LIMIT);
        let changed = checked(&instance, &Plan { served: changed, ..plan.clone() });
        assert!(!changed.is_better(best), "seed {seed}: {changed:?}");
        behind += usize::from(changed.served < best.served);
        unserved += instance.requests.len() - plan.score.served;
    }
    assert!(unserved > 100, "hardly anything was refused: {unserved}");
    assert!(behind < 10, "small changes often served fewer: {behind}");
}

/// Whether sessions at wishes keep every rule.
pub fn keeps_every_rule(instance: &Instance, placed: &[Placed]) -> bool {
    let rank = |one: &Placed| {
        let wishes = &instance.requests[one.request].wishes;
        (one.request, wishes.iter().position(|wish| *wish == (one.day, one.start)).unwrap())
    };
    let own = |person: usize| -> Vec<(usize, usize)> {
        placed.iter().filter(|one| one.people.contains(&person)).map(rank).collect()
    };
    let need = |one: &Placed| one.people.iter().collect::<HashSet<_>>().len() == instance.requests[one.request].need;
    (0..instance.people.len()).all(|person| can(instance, person, &own(person)))
        && placed.iter().all(need)
        && sites_are_free(instance, &placed.iter().map(rank).collect::<Vec<_>>())
}

#[test]
fn a_day_with_more_than_can_be_looked_at_is_still_planned_better_than_by_hand_and_claims_no_more_than_is_known() {
    for seed in 0..3 {
        let mut instance = made(seed, 150, 24, 2);
        instance.requests.iter_mut().for_each(|request| request.wishes.truncate(2));
        let all = choice::Choices::of(&instance);
        let simple =
            [true, false].map(|spread| plan::score(&instance, &first_come::first_come(&instance, &all, spread)));
        let is_better = |plan: &Plan| simple.iter().all(|simple| simple.served < plan.score.served);
        // On a machine that is busy with other things the same takes longer.
        let plan = [2, 10, 40].map(Duration::from_secs).into_iter().map(|limit| plan(&instance, limit)).find(is_better);
        let plan = plan.unwrap_or_else(|| panic!("none is better than {simple:?}"));
        assert_eq!(checked(&instance, &plan), plan.score);
        assert!(plan.score.served <= plan.bound.0 && plan.bound.0 < 150, "{:?} of {:?}", plan.score, plan.bound);
        assert!(!plan.is_optimal && !plan.is_shortest);
    }
}

/// The same travel, with every way as short as the shortest detour.
fn metric(mut instance: Instance) -> Instance {
    let places = instance.travel.len();
    for over in 0..places {
        for from in 0..places {
            for to in 0..places {
                let detour = instance.travel[from][over] + instance.travel[over][to];
                instance.travel[from][to] = instance.travel[from][to].min(detour);
            }
        }
    }
    instance
}

/// Whether somebody can spend a day with these sessions, followed as one way from the base over everything in its order and back:
/// only neighbours are looked at, and the base only at the ends of each stretch of work.
fn can_go(instance: &Instance, person: usize, sessions: &[(usize, usize)], day: usize) -> bool {
    let one = &instance.people[person];
    let minutes = |from: usize, to: usize| i64::from(instance.travel[from][to]);
    let (setup, teardown) = (i64::from(instance.setup), i64::from(instance.teardown));
    // Beginning and end of the stay, place, and the hours of work where it is a session.
    type Stop = (i64, i64, usize, Option<(i64, i64)>);
    let mut chain: Vec<Stop> = Vec::new();
    for duty in one.duties.iter().filter(|duty| duty.day == day) {
        chain.push((i64::from(duty.time.start), i64::from(duty.time.end), duty.place, None));
    }
    for session in sessions.iter().map(|session| time(instance, *session)).filter(|session| session.0 == day) {
        let (from, to) = (session.1 - setup, session.2 + teardown);
        let hours = |window: &&Window| {
            window.day == day && i64::from(window.time.start) <= from && to <= i64::from(window.time.end)
        };
        let Some(window) = one.windows.iter().find(hours) else { return false };
        let hours = (i64::from(window.time.start), i64::from(window.time.end));
        chain.push((from, to, session.3, Some(hours)));
    }
    chain.sort_unstable();
    let follows = |pair: &[Stop]| {
        let both_given = pair[0].3.is_none() && pair[1].3.is_none();
        both_given || pair[0].1 + minutes(pair[0].2, pair[1].2) <= pair[1].0
    };
    let ends_fit = |at: usize| {
        let (from, to, place, hours) = chain[at];
        let Some((begins, ends)) = hours else { return true };
        let before = at.checked_sub(1).map(|at| chain[at]);
        let comes = before.is_some_and(|one| if one.3.is_none() { one.1 >= begins } else { one.3 == hours });
        let goes = chain.get(at + 1).is_some_and(|one| if one.3.is_none() { one.0 <= ends } else { one.3 == hours });
        (comes || begins + minutes(one.base, place) <= from) && (goes || to + minutes(place, one.base) <= ends)
    };
    chain.windows(2).all(follows) && (0..chain.len()).all(ends_fit)
}

#[test]
fn whoever_keeps_to_every_two_things_of_a_day_can_drive_it_as_one_way_from_the_base_and_back() {
    let (mut possible, mut impossible) = (0, 0);
    for seed in 0..400 {
        let mut instance = made(seed, 9, 3, 2);
        (instance.most_per_day, instance.most_per_week) = (9, 9);
        for person in &mut instance.people {
            // Some have their hours in two parts, and some a longer day.
            let halves = |window: &Window| match window.time.end {
                780 => vec![Window { day: window.day, time: 480..720 }, Window { day: window.day, time: 780..1260 }],
                _ => vec![Window { day: window.day, time: 420..1290 }],
            };
            person.windows = person.windows.iter().flat_map(halves).collect();
            // Duties that overlap one another are no way at all.
            let mut busy: Vec<Duty> = Vec::new();
            for duty in person.duties.drain(..) {
                if busy.iter().all(|one| one.day != duty.day || one.time.end <= duty.time.start) {
                    busy.push(duty);
                }
            }
            person.duties = busy;
        }
        for request in &mut instance.requests {
            request.minutes = 30;
            request.speakers = vec![0, 1, 2];
        }
        let straight = metric(instance.clone());
        let all: Vec<(usize, usize)> =
            (0..9).flat_map(|at| (0..instance.requests[at].wishes.len()).map(move |rank| (at, rank))).collect();
        for set in 1_u32..1 << all.len().min(9) {
            let some: Vec<(usize, usize)> = (0..9).filter(|at| set >> at & 1 == 1).map(|at| all[at]).collect();
            for (person, day) in [(0, 0), (1, 1), (2, 0)] {
                let some: Vec<(usize, usize)> =
                    some.iter().copied().filter(|one| time(&instance, *one).0 == day).collect();
                let drives = can_go(&straight, person, &some, day);
                assert_eq!(can(&straight, person, &some), drives, "seed {seed}, person {person}: {some:?}");
                assert!(
                    !can(&instance, person, &some) || can_go(&instance, person, &some, day),
                    "seed {seed}: {some:?}"
                );
                *(if drives && some.len() > 1 { &mut possible } else { &mut impossible }) += 1;
            }
        }
    }
    assert!(possible > 5_000 && impossible > 5_000, "{possible} and {impossible}");
}

#[test]
fn a_plan_is_never_behind_first_come_first_served_and_keeps_every_rule_whatever_the_time() {
    for (seed, requests, staff) in [(1, 30, 6), (2, 60, 7), (3, 90, 9)] {
        let mut instance = made(seed, requests, staff, 26);
        instance.most_per_week = 5;
        for limit in [Duration::ZERO, Duration::from_millis(20), Duration::from_secs(3)] {
            let plan = plan(&instance, limit);
            assert_eq!(checked(&instance, &plan), plan.score);
            assert!(plan.score.served <= plan.bound.0);
            let all = choice::Choices::of(&instance);
            for spread in [true, false] {
                let simple = plan::score(&instance, &first_come::first_come(&instance, &all, spread));
                assert!(!simple.is_better(plan.score), "{simple:?} instead of {:?}", plan.score);
            }
        }
    }
}

/// Two people in the south; a request there at 10:00 and one in the far north half an hour later.
fn north_and_south() -> Instance {
    let person = |id| Person { id, windows: vec![Window { day: 0, time: 510..1050 }], ..Person::default() };
    let request = |id, place, start| Request {
        id,
        place,
        minutes: 90,
        need: 1,
        speakers: vec![0],
        wishes: vec![(0, start)],
        ..Request::default()
    };
    Instance {
        travel: vec![vec![0, 130], vec![130, 0]],
        setup: 15,
        teardown: 15,
        most_per_day: 2,
        most_per_week: 7,
        people: vec![person(1), person(2)],
        requests: vec![request(7, 0, 600), request(8, 1, 720)],
        ..Instance::default()
    }
}

#[test]
fn whoever_is_needed_at_the_other_end_of_the_island_is_named_with_the_minutes() {
    let instance = north_and_south();
    let plan = plan(&instance, LIMIT);
    assert_eq!((plan.score.served, plan.is_optimal), (1, true));
    let unserved = plan.served.iter().position(Option::is_none).unwrap();
    let told: Vec<String> =
        because(&instance, &plan, unserved).iter().map(|one| one.told(&Numbers(&instance))).collect();
    // 11:30 + 15 + 130 + 15 minutes is 14:10, and it begins at 12:00.
    let id = instance.requests[1 - unserved].id;
    assert!(told[0].contains(&format!("1番は申込{id}との間が、移動と準備を入れて130分足りない")), "{told:?}");
    assert!(told[0].contains("2番はこの内容の担当ではない"), "{told:?}");
    assert!(told[1].contains("多くて1件"), "{told:?}");
}

#[test]
fn what_is_impossible_by_itself_is_told_with_drive_and_minutes() {
    let mut instance = north_and_south();
    instance.requests[1].wishes = vec![(0, 570), (0, 930), (1, 600), (0, 780)];
    instance.people[0].duties.push(Duty { day: 0, time: 690..750, place: 0 });
    let plan = plan(&instance, LIMIT);
    let told: Vec<String> = because(&instance, &plan, 1).iter().map(|one| one.told(&Numbers(&instance))).collect();
    assert!(
        told[0].contains("第1希望(1日目 9:30)")
            && told[0].contains("行きの車130分と準備で、勤務の始まりに85分足りない"),
        "{told:?}"
    );
    assert!(told[1].contains("片付けと帰りの車130分で、勤務の終わりを115分過ぎる"), "{told:?}");
    assert!(told[2].contains("勤務がない"), "{told:?}");
    assert!(told[3].contains("前の用務との間が、車130分を入れて115分足りない"), "{told:?}");
    assert_eq!(told.len(), 4, "nothing is displaced by what is impossible: {told:?}");
}

#[test]
fn a_site_that_is_taken_is_told_with_what_takes_it() {
    let mut instance = north_and_south();
    instance.requests[1] = Request { id: 8, speakers: vec![1], site: Some(4), ..instance.requests[0].clone() };
    instance.requests[0].site = Some(4);
    instance.requests[1].wishes = vec![(0, 690)];
    let told = |instance: &Instance| {
        let plan = plan(instance, LIMIT);
        assert!(plan.is_optimal);
        let unserved = plan.served.iter().position(Option::is_none).unwrap_or(0);
        because(instance, &plan, unserved).iter().map(|one| one.told(&Numbers(instance))).collect::<Vec<_>>()
    };
    let shared = told(&instance);
    assert!(shared[0].contains("会場を申込") && shared[1].contains("多くて1件"), "{shared:?}");
    // Preparation and tidying up of both: 11:30 + 15 and 15 minutes more.
    instance.requests[1].wishes = vec![(0, 720)];
    assert_eq!(told(&instance), Vec::<String>::new());
    instance.taken.push(Taken { site: 4, day: 0, time: 820..830 });
    assert_eq!(told(&instance), ["第1希望(1日目 12:00): 会場がほかの予定で使われています。"]);
    instance.taken[0].site = 5;
    assert_eq!(told(&instance), Vec::<String>::new());
}

#[test]
fn what_stands_already_counts_for_day_and_week_and_for_who_goes() {
    let mut instance = north_and_south();
    instance.requests[1].wishes = vec![(2, 720)];
    instance.requests.iter_mut().for_each(|request| request.speakers = vec![0, 1]);
    let all_week = (0..7).map(|day| Window { day, time: 510..1050 });
    instance.people.iter_mut().for_each(|person| person.windows = all_week.clone().collect());
    instance.people[0].held = vec![Held { day: 4 }, Held { day: 5 }];
    let even = plan(&instance, LIMIT);
    assert_eq!((even.score.served, even.score.squares, even.is_optimal), (2, 8, true));
    assert!(even.served.iter().flatten().all(|served| served.people == 0b10), "{even:?}");
    instance.most_per_week = 2;
    instance.people[1].windows.remove(0);
    let full = plan(&instance, LIMIT);
    assert_eq!((full.score.served, full.is_optimal), (1, true));
    let told = because(&instance, &full, 0)[0].told(&Numbers(&instance));
    assert!(told.contains("1番はその週はもう上限の2件、2番は勤務がない"), "{told}");
}

#[test]
fn a_file_is_read_answered_and_refused_with_what_is_wrong() {
    let good = r#"{"towns":["甲","乙"],"travel":[[0,60],[60,0]],"days":7,"weeks":1,"session":60,"setup":10,"teardown":10,
        "staff_per_session":1,"max_per_day":2,"max_per_week":7,"staff":[{"id":5,"base":0,"windows":{"0":[540,1040]}}],
        "requests":[{"id":3,"town":1,"slots":[[0,600],[0,900]]},{"id":4,"town":0,"slots":[]}],"more":true}"#;
    let instance = read(good).unwrap();
    let answer = answer(&instance, &plan(&instance, LIMIT));
    assert_eq!(answer["assign"], serde_json::json!([{ "request": 3, "slot": 1, "staff": [5] }]));
    assert_eq!((&answer["status"], &answer["served"]), (&"optimal".into(), &1.into()));
    assert_eq!(answer["unserved"], serde_json::json!([{ "request": 4, "because": ["希望日時がありません。"] }]));
    for (from, to, told) in [
        ("\"base\":0", "\"base\":2", "町2"),
        ("\"town\":1", "\"town\":9", "町9"),
        ("[[0,60],[60,0]]", "[[0,60],[60]]", "travel"),
        ("\"0\":[540", "\"月\":[540", "「月」"),
        ("\"staff_per_session\":1", "\"staff_per_session\":0", "staff_per_session"),
        ("\"session\":60", "\"session\":4294967295", "session"),
        ("[0,900]", "[0,4294967295]", "request 3"),
        ("\"days\"", "days", "JSON"),
    ] {
        let broken = read(&good.replace(from, to)).unwrap_err().to_string();
        assert!(broken.contains(told), "{broken}");
    }
}
