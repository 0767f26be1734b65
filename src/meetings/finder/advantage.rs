//! What speaks for and against a possible date (見どころ): each point is one sentence.

use std::fmt;

use chrono::NaiveDate;

use super::reason::{Busy, Held};
use super::times::{Minute, moment_words};

/// A journey to the meeting, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Name of the town from where.
    pub town: String,
    /// Minutes.
    pub minutes: u32,
}

/// One thing to know about a possible date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// How many of the invited groups can come.
    Attendance {
        /// Who can.
        can: usize,
        /// Who is invited.
        invited: usize,
        /// How many of them are required; they all can.
        required: usize,
    },
    /// A group cannot come.
    Away(Busy),
    /// The farthest journey.
    Farthest(Journey),
    /// Nobody has to travel.
    Near,
    /// When the group that is farthest leaves home and when the last one is home again.
    Hours {
        /// The day of the meeting.
        on: NaiveDate,
        /// Leaves home.
        leaving: Minute,
        /// Is home again.
        home: Minute,
        /// Whether it leaves earlier than the city has set.
        too_early: bool,
        /// Whether it is home later than the city has set.
        too_late: bool,
    },
    /// Minutes of all journeys together.
    Total(u32),
    /// A group that can come has something on that keeps it away only perhaps.
    Aside {
        /// The group.
        group: String,
        /// What it has on.
        held: Held,
        /// Whether that is a day it has been asked about, not something that goes on for days.
        tentative: bool,
    },
    /// Something goes on for days in the same building.
    InBuilding(Held),
    /// Something big is on the same day.
    Big(Held),
    /// Nothing big is on the same day.
    NoBig,
    /// The place that was chosen.
    Chosen(String),
    /// The place that comes next, with its farthest journey, all minutes, and how many can come.
    RunnerUp {
        /// Name of the place.
        venue: String,
        /// Minutes of the farthest journey.
        farthest: u32,
        /// Minutes of all journeys.
        total: u32,
        /// How many groups can come there.
        can: usize,
    },
    /// It is not known where a group comes from, or how far that is.
    UnknownHome(String),
    /// It is not known where a group is before or after, so that the way was not counted.
    UnknownPlace {
        /// The group.
        group: String,
        /// What it has on.
        held: Held,
    },
}

impl Point {
    /// Whether it speaks for the date.
    pub fn is_advantage(&self) -> bool {
        match self {
            Self::Attendance { can, invited, .. } => can == invited,
            Self::Hours { too_early, too_late, .. } => !too_early && !too_late,
            Self::Near | Self::NoBig | Self::Chosen(_) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attendance { can, invited, required } => attendance(out, *can, *invited, *required),
            Self::Away(busy) => write!(out, "{busy}"),
            Self::Farthest(journey) => write!(out, "いちばん遠い{}から{}分かかります。", journey.town, journey.minutes),
            Self::Near => write!(out, "参加できる団体は、すべて同じ町から来られます。"),
            Self::Hours { on, leaving, home, too_early, too_late } => {
                let early = if *too_early { "(早い出発です)" } else { "" };
                let late = if *too_late { "(遅い帰りです)" } else { "" };
                write!(
                    out,
                    "いちばん遠い団体が家を出るのは{}ごろ{early}、帰り着くのは{}ごろ{late}です。",
                    moment_words(*leaving, *on),
                    moment_words(*home, *on)
                )
            }
            Self::Total(minutes) => write!(out, "参加できる団体の片道の時間は、合わせて{minutes}分です。"),
            Self::Aside { group, held, tentative } => aside(out, group, held, *tentative),
            Self::InBuilding(held) => write!(
                out,
                "会場の建物では、{}が続いています。部屋が空いているか、確かめてください。",
                if held.title.is_some() { held.name() } else { "ほかの催し".to_owned() }
            ),
            Self::Big(held) => write!(out, "同じ日に、大きな行事の{}があります({})。", held.name(), held.when()),
            Self::NoBig => write!(out, "同じ日に、大きな行事はありません。"),
            Self::Chosen(venue) => write!(out, "会場は{venue}がいちばんよいです。"),
            Self::RunnerUp { venue, farthest, total, can } => write!(
                out,
                "次によいのは{venue}です(参加できる団体{can}、いちばん遠い団体{farthest}分、合わせて{total}分)。"
            ),
            Self::UnknownHome(group) => {
                write!(out, "「{group}」は、会場までの時間が分からないため、移動の時間を数えていません。")
            }
            Self::UnknownPlace { group, held } => write!(
                out,
                "「{group}」の{}({})は会場までの時間が分からないため、移動の時間を数えていません。",
                held.name(),
                held.when()
            ),
        }
    }
}

fn aside(out: &mut fmt::Formatter<'_>, group: &str, held: &Held, tentative: bool) -> fmt::Result {
    let (when, name) = (held.when(), held.name());
    if tentative {
        return write!(
            out,
            "「{group}」は、{when}{name}の候補日になっています。まだ決まっていないため、参加できるものとして数えています。"
        );
    }
    write!(out, "「{group}」は、{when}{name}があります。何日も続くため、参加できるものとして数えています。")
}

fn attendance(out: &mut fmt::Formatter<'_>, can: usize, invited: usize, required: usize) -> fmt::Result {
    match (can == invited, required) {
        (true, _) => write!(out, "招く{invited}団体が、すべて参加できます。"),
        (false, 0) => write!(out, "招く{invited}団体のうち、{can}団体が参加できます。"),
        (false, _) => {
            write!(out, "招く{invited}団体のうち、必須の{required}団体を含む{can}団体が参加できます。")
        }
    }
}
