//! What the planner says, in words: every sentence about plans, sessions and openings is made here.

use super::because::{Because, Kept};
use super::check::Breach;
use super::hindrance::Hindrance;
use super::instance::{Instance, Minute};
use super::slots::{Closed, Excluded};

/// What people, places, requests and days are called.
pub trait Names {
    /// A person, by the place in the list.
    fn person(&self, at: usize) -> String;
    /// A request, by its place in the list.
    fn request(&self, at: usize) -> String;
    /// A place, by its row in the table of travel.
    fn place(&self, at: usize) -> String;
    /// A day.
    fn day(&self, day: usize) -> String;
}

/// The numbers of a problem that has no names.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a>(pub &'a Instance);

impl Names for Numbers<'_> {
    fn person(&self, at: usize) -> String {
        format!("{}番", self.0.people[at].id)
    }

    fn request(&self, at: usize) -> String {
        format!("申込{}", self.0.requests[at].id)
    }

    fn place(&self, at: usize) -> String {
        format!("町{at}")
    }

    fn day(&self, day: usize) -> String {
        format!("{}日目", day + 1)
    }
}

impl Because {
    /// The reason as a sentence.
    pub fn told(&self, names: &dyn Names) -> String {
        match self {
            Self::NoWish => "希望日時がありません。".to_owned(),
            Self::Proven { served } => {
                format!(
                    "ここに人を回すと、ほかの申込を断るか、遅い希望に移すことになります(受けられるのは多くて{served}件)。"
                )
            }
            Self::Site { rank, at, by: None } => {
                format!("{}: 会場がほかの予定で使われています。", wish(names, *rank, *at))
            }
            Self::Site { rank, at, by: Some(other) } => {
                format!("{}: 会場を{}の説明会が使います。", wish(names, *rank, *at), names.request(*other))
            }
            Self::Wish { rank, at, need, free, .. } if free >= need => {
                format!("{}: {free}人が空いていますが、時間内に計画に入れられませんでした。", wish(names, *rank, *at))
            }
            Self::Wish { rank, at, need, free, others } => {
                let told = |(person, kept): &(usize, Kept)| format!("{}は{}", names.person(*person), kept.told(names));
                let others: Vec<String> = others.iter().map(told).collect();
                let wish = wish(names, *rank, *at);
                format!("{wish}: 空いているのは{free}人で、{need}人に足りません。{}。", others.join("、"))
            }
        }
    }
}

impl Kept {
    fn told(&self, names: &dyn Names) -> String {
        match self {
            Self::Alone(hindrance) => hindrance.told(),
            Self::Session { request, short } => {
                format!("{}との間が、移動と準備を入れて{short}分足りない", names.request(*request))
            }
            Self::Day(count) => format!("その日はもう上限の{count}件"),
            Self::Week(count) => format!("その週はもう上限の{count}件"),
        }
    }
}

impl Hindrance {
    /// The hindrance as a sentence about somebody.
    pub fn sentence(self, person: &str) -> String {
        match self {
            Self::Topic => format!("{person}は、この内容の担当ではありません。"),
            Self::Away => format!("{person}は、この日は勤務がありません。"),
            Self::Early { drive: 0, short } => {
                format!("{person}は、準備の時間を入れると、勤務の始まりに{short}分足りません。")
            }
            Self::Early { drive, short } => {
                format!("{person}は、行きの移動に{drive}分かかり、準備を入れて勤務の始まりに{short}分足りません。")
            }
            Self::Late { drive: 0, short } => format!("{person}は、片付けで、勤務の終わりを{short}分過ぎます。"),
            Self::Late { drive, short } => {
                format!("{person}は、片付けと帰りの移動{drive}分で、勤務の終わりを{short}分過ぎます。")
            }
            Self::After { drive: 0, short } => format!("{person}は、その前の用務との間が{short}分足りません。"),
            Self::After { drive, short } => {
                format!("{person}は、その前の用務から移動に{drive}分かかり、{short}分足りません。")
            }
            Self::Before { drive: 0, short } => format!("{person}は、その後の用務との間が{short}分足りません。"),
            Self::Before { drive, short } => {
                format!("{person}は、その後の用務へ移動に{drive}分かかり、{short}分足りません。")
            }
            Self::Day(count) => format!("{person}は、この日にもう上限の{count}件があります。"),
            Self::Week(count) => format!("{person}は、この週にもう上限の{count}件があります。"),
        }
    }

    /// The hindrance as a sentence about so many people.
    fn of_many(self, count: usize) -> String {
        match self {
            Self::Topic => format!("この内容の担当ではない職員が{count}人います。"),
            Self::Away => format!("勤務のない職員が{count}人います。"),
            _ => self.sentence(&format!("職員{count}人")),
        }
    }

    /// The hindrance as the end of a sentence that begins with a person.
    fn told(self) -> String {
        match self {
            Self::Topic => "この内容の担当ではない".to_owned(),
            Self::Away => "勤務がない".to_owned(),
            Self::Early { drive: 0, short } => format!("準備で、勤務の始まりに{short}分足りない"),
            Self::Early { drive, short } => format!("行きの車{drive}分と準備で、勤務の始まりに{short}分足りない"),
            Self::Late { drive: 0, short } => format!("片付けで、勤務の終わりを{short}分過ぎる"),
            Self::Late { drive, short } => format!("片付けと帰りの車{drive}分で、勤務の終わりを{short}分過ぎる"),
            Self::After { drive, short } => format!("前の用務との間が、車{drive}分を入れて{short}分足りない"),
            Self::Before { drive, short } => format!("次の用務との間が、車{drive}分を入れて{short}分足りない"),
            Self::Day(count) => format!("その日はもう上限の{count}件"),
            Self::Week(count) => format!("その週はもう上限の{count}件"),
        }
    }
}

impl Breach {
    /// What is broken, as a sentence.
    pub fn told(&self, names: &dyn Names) -> String {
        let requests = |(one, other): &(usize, usize)| (names.request(*one), names.request(*other));
        match self {
            Self::Elsewhen { at: (day, start) } => {
                format!("{} {}は、希望の日時ではありません。", names.day(*day), clock(*start))
            }
            Self::Few { need, sent } => format!("行く職員が足りません({need}人必要、{sent}人)。"),
            Self::Twice { person } => format!("{}が2回入っています。", names.person(*person)),
            Self::Alone { person, hindrance } => hindrance.sentence(&names.person(*person)),
            Self::Near { person, requests: both, drive, short } => {
                let ((first, then), person) = (requests(both), names.person(*person));
                format!(
                    "{person}は、{first}から{then}への移動に{drive}分かかり、片付けと準備を入れて{short}分足りません。"
                )
            }
            Self::Day { person, day, count, most } => {
                format!("{}は、{}に{count}件になります(上限は{most}件)。", names.person(*person), names.day(*day))
            }
            Self::Week { person, day, count, most } => {
                format!("{}は、{}の週に{count}件になります(上限は{most}件)。", names.person(*person), names.day(*day))
            }
            Self::Booked { time: (from, until) } => {
                format!("会場がほかの予定で使われています({}から{}まで)。", clock(*from), clock(*until))
            }
            Self::Shared { requests: both, short } => {
                let (first, then) = requests(both);
                format!("会場の時間が、{first}と{then}とで{short}分重なります。")
            }
        }
    }
}

impl Closed {
    /// What excludes the day, as sentences.
    pub fn told(&self, names: &dyn Names) -> String {
        match &self.why {
            Excluded::Short { minutes } => format!("{minutes}分の説明会が入る時間がありません。"),
            Excluded::Site { time: (from, until) } => {
                format!("会場がほかの予定で使われています({}から{}まで)。", clock(*from), clock(*until))
            }
            Excluded::People { start, need, able, others } => {
                let start = clock(*start);
                let few = format!("行ける職員が足りません({need}人必要、最も近い{start}開始で{able}人)。");
                let named = others.iter().filter(|(_, one)| one.weight().0 <= 1);
                let named: String = named.map(|(person, one)| one.sentence(&names.person(*person))).collect();
                let alike = self.tally().into_iter().filter(|(one, _)| one.weight().0 > 1);
                let alike: String = alike.map(|(one, count)| one.of_many(count)).collect();
                few + &named + &alike
            }
        }
    }
}

fn wish(names: &dyn Names, rank: usize, (day, start): (usize, Minute)) -> String {
    format!("第{}希望({} {})", rank + 1, names.day(day), clock(start))
}

fn clock(minute: Minute) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}
