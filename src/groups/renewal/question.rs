//! The same question for somebody who is signed in: whether there is one, and what it says.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::confirmation;
use super::round;
use crate::groups::State;

/// The question that waits for a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The group.
    pub group_id: Uuid,
    /// Until when an open round asks; nothing when only the group's state does.
    pub due_on: Option<NaiveDate>,
    /// The state, in a word.
    pub state: &'static str,
    /// Whether the group is out of the list until it answers.
    pub is_dormant: bool,
    /// The day of the last confirmation.
    pub confirmed_on: Option<NaiveDate>,
}

impl Question {
    /// Where the answer 「内容に変更ありません」 is sent.
    pub fn path(&self) -> String {
        super::own_confirm_path(self.group_id)
    }

    /// Where the record is put right.
    pub fn edit_path(&self) -> String {
        super::own_profile_path(self.group_id)
    }
}

/// The question that a group has not answered: an open round, or a confirmation that is too old.
pub async fn open_question(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Question>, DbErr> {
    let Some(standing) = confirmation::standing(db, group_id).await? else { return Ok(None) };
    let round = round::asks(db, group_id).await?;
    let state = State::from_key(&standing.state).unwrap_or_default();
    let is_old = matches!(state, State::Renewal | State::Dormant);
    Ok((round.is_some() || is_old).then(|| Question {
        group_id,
        due_on: round.map(|round| round.due_on),
        state: state.label(),
        is_dormant: state == State::Dormant,
        confirmed_on: standing.confirmed_on,
    }))
}
