//! The planner against a check that tries everything, written from the rules alone.

use std::time::Duration;

use super::day::people;
use super::search::Dice;
use super::*;

const LIMIT: Duration = Duration::from_secs(60);

/// A problem that looks like chance: everything that the rules know occurs.
fn made(seed: u64, requests: usize, staff: usize, days: usize) -> Instance {
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
            if roll(0, 4) == 0 {
                let from = roll(9, 15) as Minute * 60;
                one.duties.push(Duty { day, time: from..from + 60, place: roll(0, places - 1) });
            }
        }
        one
    };
    let people: Vec<Person> = (0..staff).map(|id| person(id, &mut roll)).collect();
    let request = |id: usize, roll: &mut dyn FnMut(usize, usize) -> usize| Request {
        id: id as i64 + 100,
        place: roll(0, places - 1),
        minutes: [60, 90, 120][roll(0, 2)],
        need: roll(1, 2),
        speakers: (0..staff).filter(|_| roll(0, 5) > 0).collect(),
        wishes: (0..roll(0, 3)).map(|_| (roll(0, days - 1), 570 + 30 * roll(0, 12) as Minute)).collect(),
    };
    let requests = (0..requests).map(|id| request(id, &mut roll)).collect();
    Instance { travel, setup: 15, teardown: 15, most_per_day: 2, most_per_week: 2, people, requests }
}

/// Whether somebody can do all of these sessions: by the rules, minute by minute from the text, not by the planner's own tests.
fn can(instance: &Instance, person: usize, sessions: &[(usize, usize)]) -> bool {
    let one = &instance.people[person];
    let time = |(request, rank): (usize, usize)| {
        let asked = &instance.requests[request];
        let (day, start) = asked.wishes[rank];
        (day, i64::from(start), i64::from(start + asked.minutes), asked.place)
    };
    let minutes = |from: usize, to: usize| i64::from(instance.travel[from][to]);
    let (setup, teardown) = (i64::from(instance.setup), i64::from(instance.teardown));
    let alone = |session: &(usize, usize)| {
        let (day, start, end, place) = time(*session);
        let from = start - setup - minutes(one.base, place);
        let to = end + teardown + minutes(place, one.base);
        let is_at_work = one.windows.iter().any(|window| {
            window.day == day && i64::from(window.time.start) <= from && to <= i64::from(window.time.end)
        });
        let is_free = one.duties.iter().filter(|duty| duty.day == day).all(|duty| {
            i64::from(duty.time.end) + minutes(duty.place, place) + setup <= start
                || end + teardown + minutes(place, duty.place) <= i64::from(duty.time.start)
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
    let count = |test: &dyn Fn(usize) -> bool| sessions.iter().filter(|session| test(time(**session).0)).count();
    sessions.iter().all(alone)
        && (0..sessions.len()).all(|at| sessions[at + 1..].iter().all(|other| apart(&sessions[at], other)))
        && sessions.iter().all(|session| {
            let day = time(*session).0;
            count(&|other| other == day) <= instance.most_per_day
                && count(&|other| other / 7 == day / 7) <= instance.most_per_week
        })
}

/// The best score by trying every wish and every crew of every request.
fn tried(instance: &Instance) -> Score {
    fn go(instance: &Instance, request: usize, own: &mut Vec<Vec<(usize, usize)>>, best: &mut Score) {
        if request == instance.requests.len() {
            let score = Score {
                served: own.iter().flatten().map(|one| one.0).collect::<std::collections::HashSet<_>>().len(),
                ranks: own
                    .iter()
                    .flatten()
                    .copied()
                    .collect::<std::collections::HashSet<_>>()
                    .iter()
                    .map(|(_, rank)| rank)
                    .sum(),
                squares: own.iter().map(|list| list.len().pow(2)).sum(),
            };
            if score.is_better(*best) {
                *best = score;
            }
            return;
        }
        go(instance, request + 1, own, best);
        let asked = &instance.requests[request];
        for rank in 0..asked.wishes.len() {
            for set in 0_u64..1 << instance.people.len() {
                if set.count_ones() as usize != asked.need {
                    continue;
                }
                people(set).for_each(|person| own[person].push((request, rank)));
                if people(set).all(|person| can(instance, person, &own[person])) {
                    go(instance, request + 1, own, best);
                }
                people(set).for_each(|person| {
                    own[person].pop();
                });
            }
        }
    }
    let mut best = Score::default();
    go(instance, 0, &mut vec![Vec::new(); instance.people.len()], &mut best);
    best
}

/// What a plan is worth by its own account, after a look at every rule.
fn checked(instance: &Instance, plan: &Plan) -> Score {
    let mut own = vec![Vec::new(); instance.people.len()];
    for (request, served) in plan.served.iter().enumerate() {
        let Some(served) = served else { continue };
        assert_eq!(served.people.count_ones() as usize, instance.requests[request].need);
        people(served.people).for_each(|person| own[person].push((request, served.rank)));
    }
    for (person, sessions) in own.iter().enumerate() {
        assert!(can(instance, person, sessions), "person {person} cannot do {sessions:?}");
    }
    let served = plan.served.iter().flatten();
    Score {
        served: served.clone().count(),
        ranks: served.map(|one| one.rank).sum(),
        squares: own.iter().map(|list| list.len().pow(2)).sum(),
    }
}

#[test]
fn no_plan_is_better_than_the_one_that_says_so_however_small_the_problem_is() {
    let mut unserved = 0;
    for seed in 0..250 {
        let instance = made(seed, 4 + (seed % 2) as usize, 3, 4 + (seed % 5) as usize);
        let plan = plan(&instance, LIMIT);
        assert!(plan.is_optimal, "seed {seed}");
        assert_eq!(checked(&instance, &plan), plan.score, "seed {seed}");
        let best = tried(&instance);
        assert!(!best.is_better(plan.score), "seed {seed}: {best:?} instead of {:?}", plan.score);
        assert_eq!(plan.bound, (plan.score.served, plan.score.ranks), "seed {seed}");
        unserved += instance.requests.len() - plan.score.served;
    }
    assert!(unserved > 100, "hardly anything was refused: {unserved}");
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
                let simple = plan::score(&instance, &plan::first_come(&instance, &all, spread));
                assert!(!simple.is_better(plan.score), "{simple:?} instead of {:?}", plan.score);
            }
        }
    }
}

/// Two people in the south; a request there at 10:00 and one in the far north half an hour later.
fn north_and_south() -> Instance {
    let person = |id| Person { id, base: 0, windows: vec![Window { day: 0, time: 510..1050 }], duties: Vec::new() };
    let request =
        |id, place, start| Request { id, place, minutes: 90, need: 1, speakers: vec![0], wishes: vec![(0, start)] };
    Instance {
        travel: vec![vec![0, 130], vec![130, 0]],
        setup: 15,
        teardown: 15,
        most_per_day: 2,
        most_per_week: 7,
        people: vec![person(1), person(2)],
        requests: vec![request(7, 0, 600), request(8, 1, 720)],
    }
}

#[test]
fn whoever_is_needed_at_the_other_end_of_the_island_is_named_with_the_minutes() {
    let instance = north_and_south();
    let plan = plan(&instance, LIMIT);
    assert_eq!((plan.score.served, plan.is_optimal), (1, true));
    let unserved = plan.served.iter().position(Option::is_none).unwrap();
    let told: Vec<String> = because(&instance, &plan, unserved).iter().map(|one| one.told(&instance)).collect();
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
    let told: Vec<String> = because(&instance, &plan, 1).iter().map(|one| one.told(&instance)).collect();
    assert!(
        told[0].contains("第1希望(1日目 9:30)")
            && told[0].contains("行きの車130分と準備で、勤務の始まりに85分足りない"),
        "{told:?}"
    );
    assert!(told[1].contains("片付けと帰りの車130分で、勤務の終わりを115分過ぎる"), "{told:?}");
    assert!(told[2].contains("勤務がない"), "{told:?}");
    assert!(told[3].contains("ほかの用務との間が、車130分を入れて115分足りない"), "{told:?}");
    assert_eq!(told.len(), 4, "nothing is displaced by what is impossible: {told:?}");
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
