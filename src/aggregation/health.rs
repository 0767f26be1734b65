//! How a source is: 正常, 遅延, 停止 or 要確認, read from what happened to it.

use chrono::{DateTime, TimeDelta, Utc};

use super::kinds::{State, Way};
use super::source::Source;

/// How a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// 要確認: somebody has to look at it.
    Check,
    /// 停止: nothing is read, because it was paused by hand or after failures, or is over.
    Stopped,
    /// 遅延: it could not be read the last time, or its turn is overdue.
    Late,
    /// 正常.
    Good,
}

impl Health {
    /// All of them, the one that needs somebody first.
    pub const ALL: [Self; 4] = [Self::Check, Self::Stopped, Self::Late, Self::Good];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Stopped => "stopped",
            Self::Late => "late",
            Self::Good => "good",
        }
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Check => "要確認",
            Self::Stopped => "停止",
            Self::Late => "遅延",
            Self::Good => "正常",
        }
    }

    /// A sign beside the word.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Check => "▲",
            Self::Stopped => "■",
            Self::Late => "△",
            Self::Good => "●",
        }
    }

    /// How a source is at a moment, when sources without an interval of their own are read every so many minutes.
    pub fn of(source: &Source, minutes: i32, now: DateTime<Utc>) -> Self {
        match source.state() {
            State::Asked | State::Trial => return Self::Check,
            State::Refused | State::Ended | State::Paused => return Self::Stopped,
            State::Active => {}
        }
        if source.held_at.is_some() {
            return Self::Check;
        }
        // All of it is left out: nobody would ever see anything of it.
        if source.good_at.is_some() && source.found == 0 && source.left_out > 0 {
            return Self::Check;
        }
        if source.way() == Way::Upload {
            return Self::Good;
        }
        let every = i64::from(if source.every_minutes == 0 { minutes } else { source.every_minutes });
        let overdue = source.next_check_at + TimeDelta::minutes(every) < now;
        if source.failures > 0 || overdue { Self::Late } else { Self::Good }
    }
}
