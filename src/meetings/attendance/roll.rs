//! The roll of a meeting: every group with its reply and its mark, and whether enough of them are there.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::mark::{self, Mark, Presence};
use crate::meetings::invitation::reply::{self, Answer, Reply};
use crate::meetings::meeting::Meeting;
use crate::meetings::seat::{self, Seat};

/// One group of the roll.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its seat.
    pub seat: Seat,
    /// What it replied.
    pub reply: Option<Reply>,
    /// Whether it is there; nothing while nobody has marked it.
    pub mark: Option<Mark>,
}

impl Line {
    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.presence().is_there())
    }

    /// What it had replied, in a word.
    pub fn replied(&self) -> String {
        match &self.reply {
            None => "返事なし".to_owned(),
            Some(reply) if reply.answer() == Answer::Absent => "返事: 欠席".to_owned(),
            Some(reply) => format!("返事: {} {}人", reply.answer().label(), reply.people),
        }
    }

    /// How many are expected: those of the reply, or one.
    pub fn expected(&self) -> i32 {
        self.reply.as_ref().map_or(1, |reply| reply.people).max(1)
    }

    /// The mark's word, or that there is none.
    pub fn word(&self) -> &'static str {
        self.mark.as_ref().map_or("まだ", |mark| mark.presence().label())
    }

    /// The version that a form was made from.
    pub fn version(&self) -> i32 {
        self.mark.as_ref().map_or(0, |mark| mark.version)
    }

    /// Whether the mark says this.
    pub fn says(&self, presence: Presence) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.presence() == presence)
    }
}

/// The whole roll.
#[derive(Clone, Debug)]
pub struct Roll {
    /// Every group that was invited, in 五十音 order.
    pub lines: Vec<Line>,
    /// Whoever came without an invitation, the first first.
    pub guests: Vec<Mark>,
    least: usize,
}

impl Roll {
    /// How many invited groups are there.
    pub fn groups(&self) -> usize {
        self.lines.iter().filter(|line| line.is_there()).count()
    }

    /// How many people are there, guests included.
    pub fn people(&self) -> i32 {
        let seated = self.lines.iter().filter(|line| line.is_there()).filter_map(|line| line.mark.as_ref());
        seated.chain(&self.guests).map(|mark| mark.people).sum()
    }

    /// How many groups nobody has marked yet.
    pub fn open(&self) -> usize {
        self.lines.iter().filter(|line| line.mark.is_none()).count()
    }

    /// How many groups have to be there; 0 where no number was set.
    pub fn least(&self) -> usize {
        self.least
    }

    /// The needed groups that are not there, by name.
    pub fn missed(&self) -> Vec<&str> {
        let needed = self.lines.iter().filter(|line| line.seat.required && !line.is_there());
        needed.map(|line| line.seat.name.as_str()).collect()
    }

    /// Whether enough groups, and every needed one, are there.
    pub fn is_quorate(&self) -> bool {
        self.groups() >= self.least.max(1) && self.missed().is_empty()
    }

    /// What stands in the way, or that nothing does, in a sentence.
    pub fn verdict(&self) -> String {
        let missing = self.least.max(1).saturating_sub(self.groups());
        let missed = self.missed();
        match (missing, missed.as_slice()) {
            (0, []) => "会議は成立しています。".to_owned(),
            (0, missed) => format!("必ず出席する団体がまだです: {}", missed.join("、")),
            (missing, []) => format!("あと{missing}団体で成立します。"),
            (missing, missed) => {
                format!("あと{missing}団体が必要です。必ず出席する団体もまだです: {}", missed.join("、"))
            }
        }
    }
}

/// Calls the roll of a meeting: three questions to the database, however many groups.
pub async fn call(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Roll, DbErr> {
    let mut replies = reply::of_meeting(db, meeting.id).await?;
    let (seated, guests): (Vec<Mark>, Vec<Mark>) =
        mark::of_meeting(db, meeting.id).await?.into_iter().partition(|mark| mark.seat_id.is_some());
    let mut marks: HashMap<Uuid, Mark> =
        seated.into_iter().filter_map(|mark| mark.seat_id.map(|seat| (seat, mark))).collect();
    let seats = seat::of_meeting(db, meeting.id).await?;
    let lines = seats.into_iter().map(|seat| {
        let (reply, mark) = (replies.remove(&seat.id), marks.remove(&seat.id));
        Line { seat, reply, mark }
    });
    let least = usize::try_from(meeting.least_groups).unwrap_or_default();
    Ok(Roll { lines: lines.collect(), guests, least })
}
