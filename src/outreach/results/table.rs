//! The lines of the sums, grouped by session, topic, town and year; pure.

use std::collections::HashMap;

use chrono_tz::Tz;
use uuid::Uuid;

use super::reading::Held;
use crate::city::Term;
use crate::outreach::questionnaire::{Marks, Sum};
use crate::outreach::topic::Topic;
use crate::text::day;

/// Sums over some sessions.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What the sessions have in common.
    pub name: String,
    /// The day, of a single session.
    pub day: String,
    /// The town, of a single session.
    pub town: String,
    /// How far it is, of a single session.
    pub state: &'static str,
    /// The session, of a single one.
    pub session: Option<Uuid>,
    /// Sessions that took place.
    pub sessions: i64,
    /// People who listened, each time counted.
    pub people: i64,
    /// What they answered.
    pub sum: Sum,
}

impl Line {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn add(&mut self, held: &Held, sum: &Sum) {
        if held.is_evidence() {
            self.sessions += 1;
            self.people += held.people;
        }
        self.sum.join(sum);
    }
}

/// The sums of a fiscal year.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// Each session.
    pub sessions: Vec<Line>,
    /// By topic, in the order of the menu, wishes of their own last.
    pub topics: Vec<Line>,
    /// By town of the place, in the order of the towns.
    pub towns: Vec<Line>,
    /// The whole year.
    pub year: Line,
}

/// Name of the line for what stands in no menu.
const OWN_WISHES: &str = "希望のテーマ(一覧にないもの)";
/// Name of the line for sessions whose town is not known.
const NO_TOWN: &str = "町がわからないもの";

/// Groups what was held and answered in a year.
pub fn results(held: &[Held], marks: &[Marks], (topics, towns, zone): (&[Topic], &[Term], Tz)) -> Results {
    let mut sums: HashMap<Uuid, Sum> = HashMap::new();
    for one in marks {
        sums.entry(one.session_id).or_default().add(one);
    }
    let mut results = Results {
        topics: topics.iter().map(|topic| Line::named(&topic.title)).chain([Line::named(OWN_WISHES)]).collect(),
        towns: towns.iter().map(|town| Line::named(&town.name)).chain([Line::named(NO_TOWN)]).collect(),
        year: Line::named("年度の合計"),
        sessions: Vec::new(),
    };
    let nothing = Sum::default();
    for one in held {
        let sum = sums.get(&one.id).unwrap_or(&nothing);
        let town = towns.iter().position(|town| town.key == one.town_key);
        of_topic(&mut results.topics, topics, one).add(one, sum);
        results.towns[town.unwrap_or(towns.len())].add(one, sum);
        results.year.add(one, sum);
        let town = town.map_or(String::new(), |at| towns[at].name.clone());
        results.sessions.push(line(one, town, sum, zone));
    }
    for lines in [&mut results.topics, &mut results.towns] {
        // The last line of each is for what has no place of its own; without sessions it says nothing.
        lines.pop_if(|last| last.sessions == 0 && last.sum.sheets == 0);
    }
    results
}

/// The line of a session's topic. One of another year's menu, as for a session in April that was asked for in March, has
/// the line of the same title, or one of its own.
fn of_topic<'a>(lines: &'a mut Vec<Line>, topics: &[Topic], held: &Held) -> &'a mut Line {
    let own = lines.len() - 1;
    let in_menu = topics.iter().position(|topic| Some(topic.id) == held.topic_id);
    let at = match held.topic_id {
        None => own,
        Some(_) => {
            in_menu.or_else(|| lines[..own].iter().position(|line| line.name == held.own_title)).unwrap_or_else(|| {
                lines.insert(own, Line::named(&held.own_title));
                own
            })
        }
    };
    &mut lines[at]
}

fn line(held: &Held, town: String, sum: &Sum, zone: Tz) -> Line {
    let mut line = Line::named(&format!("{}({})", held.own_title, held.body_name));
    line.day = day::long(held.starts_at.with_timezone(&zone).date_naive());
    line.town = town;
    line.state = held.state();
    line.session = Some(held.id);
    line.add(held, sum);
    line
}
