//! The office decides: the accepted fields go into the record as it is now, the others stay as they were.

use sea_orm::{ConnectionTrait, DbErr};

use super::proposal::{self, Asked, Decision, Proposal};
use crate::accounts::{Account, account};
use crate::audit::{self, Channel, Event};
use crate::city::City;
use crate::groups::history::{self, Change};
use crate::groups::member;
use crate::groups::profile::Consent;
use crate::groups::profile::edit::{Editing, Present};
use crate::groups::profile::field;
use crate::groups::store::Refused;

/// How a proposal was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every field.
    Approved,
    /// Some of the fields.
    Partly,
    /// None.
    Refused,
}

/// A decision that was made.
#[derive(Clone, Debug)]
pub struct Decided {
    /// How.
    pub verdict: Verdict,
    /// The accepted changes.
    pub accepted: Vec<Asked>,
    /// The others.
    pub refused: Vec<Asked>,
    /// Whom to tell: those who asked and still look after the group, or everybody who does.
    pub people: Vec<Account>,
}

/// Decides an open proposal of the group that is held. Nothing if somebody else decided it, or it was changed, in between.
pub async fn decide(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    decision: &Decision<'_>,
    editing: Editing<'_>,
) -> Result<Option<Decided>, Refused> {
    let Some(open) = present.open.as_ref() else { return Ok(None) };
    if !proposal::close(db, open.id, decision, editing.now).await? {
        return Ok(None);
    }
    let (accepted, refused): (Vec<Asked>, Vec<Asked>) =
        open.asked().into_iter().partition(|asked| decision.accepted.contains(&asked.key));
    let verdict = match (accepted.is_empty(), refused.is_empty()) {
        (true, _) => Verdict::Refused,
        (false, true) => Verdict::Approved,
        (false, false) => Verdict::Partly,
    };
    if verdict != Verdict::Refused {
        take_over(db, city, present, &accepted, editing).await?;
    }
    record(db, present, open, (verdict, &accepted, &refused), editing).await?;
    Ok(Some(Decided { verdict, people: people(db, open).await?, accepted, refused }))
}

/// Puts the accepted changes into the record, each with the consent that was given when it was asked for.
async fn take_over(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    accepted: &[Asked],
    editing: Editing<'_>,
) -> Result<(), Refused> {
    let mut draft = present.draft.clone();
    for asked in accepted {
        let consent = Consent {
            on: Some(asked.at.with_timezone(&editing.zone).date_naive()),
            method: Channel::Screen.label().to_owned(),
            by: asked.by.clone(),
        };
        if let Some(field) = field::find(&asked.key) {
            field.put(&mut draft, &asked.new, &consent);
        }
    }
    let change = Change {
        group_id: Some(present.group_id),
        draft: &draft,
        actor: editing.actor,
        channel: editing.channel,
        action: editing.action,
        reason: &reason(accepted, editing.reason),
    };
    history::keep(db, city, change, editing.now).await?;
    Ok(())
}

/// What the history says of an approval: who had asked for it, and the office's note.
fn reason(accepted: &[Asked], note: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for asked in accepted {
        if !names.contains(&asked.by.as_str()) {
            names.push(&asked.by);
        }
    }
    let note = if note.is_empty() { String::new() } else { format!(" {note}") };
    format!(
        "{}の申し出を承認しました。{note}",
        names.iter().map(|name| format!("{name} さん")).collect::<Vec<_>>().join("、")
    )
}

async fn record(
    db: &impl ConnectionTrait,
    present: &Present,
    open: &Proposal,
    (verdict, accepted, refused): (Verdict, &[Asked], &[Asked]),
    editing: Editing<'_>,
) -> Result<(), DbErr> {
    let action = match verdict {
        Verdict::Approved => "申出の承認",
        Verdict::Partly => "申出の一部承認",
        Verdict::Refused => "申出の差戻し",
    };
    let event = Event {
        actor: editing.actor,
        channel: editing.channel,
        action,
        noun: "proposal",
        noun_id: open.id.to_string(),
        group_id: Some(present.group_id),
        title: &present.draft.name,
        before: serde_json::json!({ "見送り": proposal::as_json(refused) }),
        after: serde_json::json!({ "承認": proposal::as_json(accepted) }),
        reason: editing.reason,
    };
    audit::record(db, event, editing.now).await
}

/// Whoever left the group is told nothing about it any more.
async fn people(db: &impl ConnectionTrait, open: &Proposal) -> Result<Vec<Account>, DbErr> {
    let members = member::of_group(db, open.group_id).await?;
    let asking = open.accounts();
    let someone_asked = members.iter().any(|member| asking.contains(&member.account_id));
    let mut people = Vec::new();
    for member in members.iter().filter(|member| !someone_asked || asking.contains(&member.account_id)) {
        people.extend(account::find(db, member.account_id).await?.filter(|account| account.active));
    }
    Ok(people)
}
