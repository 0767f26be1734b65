//! The ranking of candidates, from the answers alone.
//!
//! A candidate to which a group that has to come said × is never recommended, nor one to which nobody said ○. What is left is
//! ordered, each rule deciding only where those before it are equal:
//!
//! 1. whether enough groups can come (○ alone before ○ and △),
//! 2. fewer required groups that are not sure (△ or not answered),
//! 3. more ○,
//! 4. more △,
//! 5. the earlier date.

use std::cmp::Reverse;
use std::collections::HashMap;

use uuid::Uuid;

use super::vote::{Answer, Vote};
use crate::meetings::seat::Seat;

/// How a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Enough groups said ○.
    Enough,
    /// Enough groups said ○ or △.
    PerhapsEnough,
    /// Too few can come.
    TooFew,
    /// A group that has to come cannot, or nobody can.
    Refused,
}

/// A candidate with what the groups said to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The candidate.
    pub candidate: Uuid,
    /// How it stands.
    pub standing: Standing,
    /// How many said ○.
    pub yes: usize,
    /// How many said △.
    pub maybe: usize,
    /// How many said ×.
    pub no: usize,
    /// How many have not answered about it.
    pub open: usize,
    /// The required groups that said ×.
    pub refused_by: Vec<String>,
    /// The required groups that are not sure.
    pub unsure: Vec<String>,
    /// How many groups have to be able to come.
    pub least: usize,
}

impl Ranked {
    /// Whether it may be recommended.
    pub fn is_possible(&self) -> bool {
        self.standing != Standing::Refused
    }

    /// Why it stands where it stands, in one sentence.
    pub fn reason(&self) -> String {
        match self.standing {
            Standing::Refused if !self.refused_by.is_empty() => {
                format!("必ず来てほしい「{}」が出られないため、おすすめできません。", self.refused_by.join("」「"))
            }
            Standing::Refused => "出られる団体がないため、おすすめできません。".to_owned(),
            Standing::TooFew => {
                format!("出られそうな団体が{}で、必要な{}団体に足りません。", self.yes + self.maybe, self.least)
            }
            _ if !self.unsure.is_empty() => {
                format!("必ず来てほしい「{}」の返事が、まだはっきりしません。", self.unsure.join("」「"))
            }
            Standing::PerhapsEnough => {
                format!("△の{}団体が来られれば、必要な{}団体に届きます。", self.maybe, self.least)
            }
            Standing::Enough => format!("{}団体が出られます。", self.yes),
        }
    }
}

/// The candidates in the order in which they are recommended; `candidates` come in the order of their dates.
pub fn rank(candidates: &[Uuid], seats: &[Seat], votes: &HashMap<Uuid, Vote>, least: i32) -> Vec<Ranked> {
    let least = usize::try_from(least).unwrap_or_default();
    let mut ranked: Vec<Ranked> = candidates.iter().map(|candidate| told(*candidate, seats, votes, least)).collect();
    ranked.sort_by_key(|one| (one.standing, one.unsure.len(), Reverse(one.yes), Reverse(one.maybe)));
    ranked
}

fn told(candidate: Uuid, seats: &[Seat], votes: &HashMap<Uuid, Vote>, least: usize) -> Ranked {
    let answer = |seat: &Seat| votes.get(&seat.id).and_then(|vote| vote.answer(candidate));
    let count = |wanted: Option<Answer>| seats.iter().filter(|seat| answer(seat) == wanted).count();
    let required = |test: fn(Option<Answer>) -> bool| {
        seats.iter().filter(|seat| seat.required && test(answer(seat))).map(|seat| seat.name.clone()).collect()
    };
    let (yes, maybe, no) = (count(Some(Answer::Yes)), count(Some(Answer::Maybe)), count(Some(Answer::No)));
    let refused_by: Vec<String> = required(|answer| answer == Some(Answer::No));
    let standing = if !refused_by.is_empty() || yes + maybe == 0 {
        Standing::Refused
    } else if yes >= least.max(1) {
        Standing::Enough
    } else if yes + maybe >= least {
        Standing::PerhapsEnough
    } else {
        Standing::TooFew
    };
    Ranked {
        candidate,
        standing,
        yes,
        maybe,
        no,
        open: count(None),
        refused_by,
        unsure: required(|answer| !matches!(answer, Some(Answer::Yes | Answer::No))),
        least,
    }
}
