//! What the planner's numbers are called: with people's names for staff, without for everybody else.

use super::situation::Situation;
use crate::outreach::planner::Names;
use crate::text::day;

/// Names for a reader.
pub struct Called<'a> {
    /// The situation.
    pub situation: &'a Situation<'a>,
    /// What each request is called.
    pub requests: &'a [String],
    /// Whether people are named.
    pub by_name: bool,
}

impl Names for Called<'_> {
    fn person(&self, at: usize) -> String {
        if self.by_name { format!("{}さん", self.situation.people[at].name) } else { "担当の職員".to_owned() }
    }

    fn request(&self, at: usize) -> String {
        self.requests.get(at).cloned().unwrap_or_else(|| "この申込".to_owned())
    }

    fn place(&self, at: usize) -> String {
        self.situation.city.towns[at].name.clone()
    }

    fn day(&self, at: usize) -> String {
        day::short(self.situation.date(at))
    }
}
