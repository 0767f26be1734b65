//! How somebody stops looking after a group: by leaving, or by being removed with a reason.

pub(super) mod pages;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::{handover, invitation};
use crate::groups::member::{self, Duty, Membership};

/// Why somebody cannot go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nobody else looks after the group.
    Last,
    /// The representative hands over first.
    Representative,
}

impl Kept {
    /// What keeps a person from leaving, and what to do instead.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Last => {
                "この団体を担当しているのは、あなた一人です。先に、代わりの方へ引き継いでください。代わりの方がいないときは、下の連絡先へお電話ください。"
            }
            Self::Representative => {
                "代表者は、先に新しい代表者へ引き継いでください。引継ぎのときに、抜けることも選べます。"
            }
        }
    }
}

/// What keeps this person among these people, if anything does.
pub(super) fn kept(people: &[Membership], person: &Membership) -> Option<Kept> {
    match person.duty() {
        _ if people.len() < 2 => Some(Kept::Last),
        Duty::Representative => Some(Kept::Representative),
        Duty::Member => None,
    }
}

/// Ends a membership with everything by which the person could come back; says whether there was one.
pub(super) async fn end(db: &impl ConnectionTrait, person: &Membership, now: DateTime<Utc>) -> Result<bool, DbErr> {
    invitation::withdraw_of(db, (person.group_id, person.account_id), now).await?;
    handover::withdraw_of(db, (person.group_id, person.account_id, &person.mail), now).await?;
    member::leave(db, person.group_id, person.account_id).await
}
