//! Why there can be no meeting (理由): each reason is one sentence, and knows what would have to change.

use std::fmt;

use chrono::NaiveDate;

use super::times::{DAY, Minute, day_words, moment_words};

/// Something that is on, as a sentence tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its title; nothing where the reader may know only that there is something.
    pub title: Option<String>,
    /// When it begins.
    pub from: Minute,
    /// When it ends.
    pub to: Minute,
    /// Whether it takes whole days.
    pub whole_days: bool,
    /// Whether its end is only taken to be so.
    pub unknown_end: bool,
    /// The name of its town, 不明 where it is not known.
    pub town: String,
    /// The day that the reader has in mind.
    pub on: NaiveDate,
}

impl Held {
    /// When it is, such as 10時から12時まで.
    pub fn when(&self) -> String {
        let (from, to) = (moment_words(self.from, self.on), moment_words(self.to, self.on));
        if self.whole_days {
            let (first, last) = (super::times::day_of(self.from), super::times::day_of(self.to - DAY));
            let other = if first == self.on { String::new() } else { day_words(first) };
            return if first == last {
                format!("{other}終日")
            } else {
                format!("{}から{}まで終日", day_words(first), day_words(last))
            };
        }
        if self.unknown_end {
            return format!("{from}から(終わりは不明のため{to}までとみなして)");
        }
        format!("{from}から{to}まで")
    }

    /// Its title in brackets, or that it is something else.
    pub fn name(&self) -> String {
        self.title.as_ref().map_or_else(|| "別の予定".to_owned(), |title| format!("「{title}」"))
    }
}

/// How something that is on keeps a group away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Both at the same time.
    Overlap,
    /// It ends before, but the way to the meeting takes so many minutes.
    Before(u32),
    /// It begins after, but the way from the meeting takes so many minutes.
    After(u32),
}

/// A group that cannot come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Its name.
    pub group: String,
    /// Whether there is no meeting without it.
    pub required: bool,
    /// What it has on.
    pub held: Held,
    /// How that keeps it away.
    pub hindrance: Hindrance,
}

impl fmt::Display for Busy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let required = if self.required { "必須の" } else { "" };
        let group = &self.group;
        // Time and town of what the reader may not see would tell too much of it.
        if self.held.title.is_none() {
            return write!(out, "{required}「{group}」は都合がつかないため参加できません。");
        }
        let (when, name, town) = (self.held.when(), self.held.name(), &self.held.town);
        let place = if town == "不明" { "場所は不明" } else { town };
        write!(out, "{required}「{group}」は{when}{name}があります({place})。")?;
        match self.hindrance {
            Hindrance::Overlap => write!(out, "時間が重なるため参加できません。"),
            Hindrance::Before(minutes) => write!(out, "会場まで{minutes}分かかるため間に合いません。"),
            Hindrance::After(minutes) => {
                write!(out, "会議のあと、会場から{minutes}分かかるため、その予定に間に合いません。")
            }
        }
    }
}

/// Why there can be no meeting at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The day is over.
    Past(NaiveDate),
    /// A weekday that the convener did not choose.
    Weekday(NaiveDate),
    /// A public holiday.
    Holiday(NaiveDate, &'static str),
    /// A closed day and its name.
    Closed(NaiveDate, String),
    /// Something else is in the building.
    VenueTaken {
        /// Name of the facility.
        venue: String,
        /// What is on there.
        held: Held,
    },
    /// A required group cannot come.
    Required(Busy),
    /// Too few groups can come.
    TooFew {
        /// How many can.
        can: usize,
        /// How many are needed.
        least: usize,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Past(day) => write!(out, "{}は、もう過ぎた日です。", day_words(*day)),
            Self::Weekday(day) => write!(out, "{}は、選んだ曜日ではありません。", day_words(*day)),
            Self::Holiday(day, name) => write!(out, "{}は{name}(祝日)です。", day_words(*day)),
            Self::Closed(day, name) => write!(out, "{}は「{name}」のため、候補にしません。", day_words(*day)),
            Self::VenueTaken { venue, held } if held.title.is_none() => {
                write!(out, "{venue}は、別の予定で使われています。")
            }
            Self::VenueTaken { venue, held } => {
                write!(out, "{venue}は、{}{}で使われています。", held.when(), held.name())
            }
            Self::Required(busy) => write!(out, "{busy}"),
            Self::TooFew { can, least } => {
                write!(out, "参加できる団体は{can}で、条件の{least}に足りません。")
            }
        }
    }
}

impl Reason {
    /// What would have to change, as a sentence.
    pub fn change(&self) -> String {
        match self {
            Self::Past(_) => "過ぎた日は選べません。".to_owned(),
            Self::Weekday(day) => {
                format!("{}曜日も選ぶと、候補になります。", crate::text::wareki::weekday(*day))
            }
            Self::Holiday(..) => "「祝日も候補にする」を選ぶと、候補になります。".to_owned(),
            Self::Closed(_, name) => format!("「{name}」を候補にしない日から外すと、候補になります。"),
            Self::VenueTaken { venue, .. } => format!("{venue}のかわりに別の会場を選ぶと、候補になります。"),
            Self::Required(busy) if busy.held.title.is_none() => {
                format!("「{}」を必須から外すと、候補になります。", busy.group)
            }
            Self::Required(busy) => {
                format!("「{}」を必須から外すか、その予定を動かせると、候補になります。", busy.group)
            }
            Self::TooFew { can, .. } => format!("必要な団体の数を{can}まで減らすと、候補になります。"),
        }
    }
}
