//! Why nothing can be looked for; as text, a sentence for the convener.

use std::fmt;

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::times::clock;
use super::wish::MOST_DAYS;
use crate::text::day;

/// A wish that cannot be looked for.
#[derive(Debug)]
pub enum Refused {
    /// No group is invited.
    NoGroups,
    /// A group is not in the register, or no longer.
    UnknownGroup,
    /// The last day is before the first.
    Backwards {
        /// First day as given.
        first: NaiveDate,
        /// Last day as given.
        last: NaiveDate,
    },
    /// All days are past.
    Past {
        /// Last day as given.
        last: NaiveDate,
    },
    /// More days than are looked through at once.
    TooManyDays {
        /// How many.
        days: i64,
    },
    /// No weekday is left.
    NoWeekday,
    /// A meeting of no length.
    NoLength,
    /// Starts that do not move on.
    NoStep,
    /// Hours that end before they begin, or after midnight.
    NoHours,
    /// The length does not fit into the hours.
    TooLong {
        /// Length in minutes.
        minutes: u32,
        /// First minute of the day.
        opens: u32,
        /// Last minute of the day.
        closes: u32,
    },
    /// More groups are needed than invited.
    TooManyNeeded {
        /// Fewest groups.
        least: usize,
        /// Groups that are invited.
        invited: usize,
    },
    /// A town or facility that is not known, or none at all.
    UnknownPlace,
    /// The database did not answer; nobody's fault.
    Database(DbErr),
}

impl From<DbErr> for Refused {
    fn from(fault: DbErr) -> Self {
        Self::Database(fault)
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGroups => write!(out, "招く団体を1つ以上選んでください。"),
            Self::UnknownGroup => write!(out, "名簿にない団体が選ばれています。団体を選びなおしてください。"),
            Self::Backwards { first, last } => {
                let (first, last) = (day::long(*first), day::long(*last));
                write!(out, "期間の終わりの{last}が、始まりの{first}より前です。日付を直してください。")
            }
            Self::Past { last } => {
                write!(out, "期間の終わりの{}は、もう過ぎています。これからの日付にしてください。", day::long(*last))
            }
            Self::TooManyDays { days } => {
                write!(out, "期間が{days}日あります。一度にさがせるのは{MOST_DAYS}日までです。")
            }
            Self::NoWeekday => write!(out, "曜日を1つ以上選んでください。"),
            Self::NoLength => write!(out, "会議の長さを1分以上にしてください。"),
            Self::NoStep => write!(out, "開始時刻の間隔を1分以上にしてください。"),
            Self::NoHours => write!(out, "時間帯の終わりは、始まりより後の、24時までの時刻にしてください。"),
            Self::TooLong { minutes, opens, closes } => {
                let (opens, closes) = (clock(i64::from(*opens)), closing(*closes));
                let hours = format!("{opens}から{closes}までの時間帯");
                write!(
                    out,
                    "会議の長さ{minutes}分が、{hours}に収まりません。時間帯を広げるか、会議を短くしてください。"
                )
            }
            Self::TooManyNeeded { least, invited } => {
                write!(
                    out,
                    "必要な団体の数{least}が、招く団体の数{invited}より多くなっています。どちらかを直してください。"
                )
            }
            Self::UnknownPlace => write!(out, "会場が見つかりません。町か施設を選びなおしてください。"),
            Self::Database(_) => {
                write!(out, "予定表を読めませんでした。少し待ってから、もう一度さがしてください。")
            }
        }
    }
}

fn closing(minute: u32) -> String {
    if minute == 24 * 60 { "24時".to_owned() } else { clock(i64::from(minute)) }
}
