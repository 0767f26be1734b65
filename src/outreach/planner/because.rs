//! Why a request is not served: wish by wish, who could not go and by how many minutes, and who is needed elsewhere.

use super::choice::{Choice, Hindrance, hindrance, lateness};
use super::day::people;
use super::instance::{Instance, Minute, WEEK};
use super::plan::Plan;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// Nothing was wished for.
    NoWish,
    /// A wish for which too few people are free.
    Wish {
        /// The place of the wish, 0 for the first.
        rank: usize,
        /// Day and start.
        at: (usize, Minute),
        /// How many people are needed.
        need: usize,
        /// How many are free.
        free: usize,
        /// Why each of the others is not, by their place in the list.
        others: Vec<(usize, Kept)>,
    },
    /// There is proof that whoever served it would leave another request unserved, or serve the others worse.
    Proven {
        /// How many can be served at most.
        served: usize,
    },
}

/// Why somebody is not free for a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Not even were it the only one.
    Alone(Hindrance),
    /// Another session, driving and preparation counted.
    Session {
        /// The request it is for, by its place in the list.
        request: usize,
        /// Minutes that are missing between the two.
        short: Minute,
    },
    /// So many sessions on that day already.
    Day(usize),
    /// So many sessions in that week already.
    Week(usize),
}

/// Why a plan does not serve a request, by its place in the list; empty where it does.
pub fn because(instance: &Instance, plan: &Plan, request: usize) -> Vec<Because> {
    if plan.served[request].is_some() {
        return Vec::new();
    }
    let wishes = &instance.requests[request].wishes;
    let mut reasons: Vec<Because> = (0..wishes.len()).map(|rank| of_wish(instance, plan, request, rank)).collect();
    if reasons.is_empty() {
        return vec![Because::NoWish];
    }
    let is_possible = |one: &Because| match one {
        Because::Wish { need, others, free, .. } => {
            free + others.iter().filter(|(_, kept)| !matches!(kept, Kept::Alone(_))).count() >= *need
        }
        _ => false,
    };
    if plan.is_optimal && reasons.iter().any(is_possible) {
        reasons.push(Because::Proven { served: plan.score.served });
    }
    reasons
}

fn of_wish(instance: &Instance, plan: &Plan, request: usize, rank: usize) -> Because {
    let asked = &instance.requests[request];
    let (day, start) = asked.wishes[rank];
    let wish = Choice { request, rank, day, start, need: asked.need, able: 0 };
    let kept = |person: usize| {
        let alone = hindrance(instance, asked, (day, start), person).map(Kept::Alone);
        alone.or_else(|| kept_by_plan(instance, plan, &wish, person))
    };
    let all: Vec<(usize, Option<Kept>)> = (0..instance.people.len()).map(|person| (person, kept(person))).collect();
    let free = all.iter().filter(|(_, kept)| kept.is_none()).count();
    let others = all.into_iter().filter_map(|(person, kept)| Some((person, kept?))).collect();
    Because::Wish { rank, at: (day, start), need: asked.need, free, others }
}

fn kept_by_plan(instance: &Instance, plan: &Plan, wish: &Choice, person: usize) -> Option<Kept> {
    let own: Vec<Choice> = plan
        .served
        .iter()
        .enumerate()
        .filter_map(|(request, served)| {
            let served = served.filter(|served| people(served.people).any(|one| one == person))?;
            let (day, start) = instance.requests[request].wishes[served.rank];
            Some(Choice { request, rank: served.rank, day, start, need: 0, able: 0 })
        })
        .collect();
    let on_day = || own.iter().filter(|one| one.day == wish.day);
    let late = on_day().map(|one| (one.request, lateness(instance, one, wish))).max_by_key(|(_, short)| *short);
    if let Some((request, short)) = late.filter(|(_, short)| *short > 0) {
        return Some(Kept::Session { request, short });
    }
    if on_day().count() >= instance.most_per_day {
        return Some(Kept::Day(on_day().count()));
    }
    let in_week = own.iter().filter(|one| one.day / WEEK == wish.day / WEEK).count();
    (in_week >= instance.most_per_week).then_some(Kept::Week(in_week))
}

impl Because {
    /// The reason as a sentence, with people and requests under the names that the problem gives them.
    pub fn told(&self, instance: &Instance) -> String {
        match self {
            Self::NoWish => "希望日時がありません。".to_owned(),
            Self::Proven { served } => {
                format!(
                    "ここに人を回すと、ほかの申込を断るか、遅い希望に移すことになります(受けられるのは多くて{served}件)。"
                )
            }
            Self::Wish { rank, at: (day, start), need, free, others } => {
                let others: Vec<String> = others
                    .iter()
                    .map(|(person, kept)| format!("{}番は{}", instance.people[*person].id, kept.told(instance)))
                    .collect();
                format!(
                    "第{}希望({}日目 {}): 空いているのは{free}人で、{need}人に足りません。{}。",
                    rank + 1,
                    day + 1,
                    clock(*start),
                    others.join("、")
                )
            }
        }
    }
}

impl Kept {
    fn told(&self, instance: &Instance) -> String {
        match self {
            Self::Alone(Hindrance::Topic) => "この内容の担当ではない".to_owned(),
            Self::Alone(Hindrance::Away) => "勤務がない".to_owned(),
            Self::Alone(Hindrance::Early { drive, short }) => {
                format!("行きの車{drive}分と準備で、勤務の始まりに{short}分足りない")
            }
            Self::Alone(Hindrance::Late { drive, short }) => {
                format!("片付けと帰りの車{drive}分で、勤務の終わりを{short}分過ぎる")
            }
            Self::Alone(Hindrance::Duty { drive, short }) => {
                format!("ほかの用務との間が、車{drive}分を入れて{short}分足りない")
            }
            Self::Session { request, short } => {
                let id = instance.requests[*request].id;
                format!("申込{id}との間が、移動と準備を入れて{short}分足りない")
            }
            Self::Day(count) => format!("その日はもう上限の{count}件"),
            Self::Week(count) => format!("その週はもう上限の{count}件"),
        }
    }
}

fn clock(minute: Minute) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}
