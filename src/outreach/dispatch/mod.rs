//! From the office's data to the planner and back: who could go where when, and what is in the way.

use crate::app::App;
use crate::error::Error;
use crate::outreach::request::Draft;
use crate::outreach::rules::Rules;

/// Days that the free times are shown for.
pub const AHEAD: u64 = 60;

/// The free times for a session in a town.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// How long the session takes.
    pub minutes: i32,
    /// The town.
    pub town: String,
    /// The first day that was looked at.
    pub from: String,
    /// The last one.
    pub until: String,
    /// The days on which somebody can come.
    pub days: Vec<FreeDay>,
    /// The others, with what is in the way.
    pub closed: Vec<(String, String)>,
    /// What is in the way on all days.
    pub why: String,
}

/// A day on which somebody can come.
#[derive(Clone, Debug)]
pub struct FreeDay {
    /// The day.
    pub day: String,
    /// From when until when a session may start.
    pub starts: String,
}

/// The free times of the next days.
pub async fn free_times(_app: &App, draft: &Draft, _rules: &Rules) -> Result<Offer, Error> {
    Ok(Offer { minutes: draft.length_minutes, ..Offer::default() })
}

/// The wishes that nobody could reach, each with the reason.
pub async fn unreachable(_app: &App, _draft: &Draft, _rules: &Rules) -> Result<Vec<(usize, String)>, Error> {
    Ok(Vec::new())
}
