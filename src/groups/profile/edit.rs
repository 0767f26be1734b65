//! An edit of a profile: what may show at once goes into the record, what needs the office into the group's open proposal.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::contacts::{self, Consent};
use super::field::{self, Audience, FIELDS, Field, Kind};
use super::merging::{self, Texts};
use crate::audit::{self, Actor, Channel, Event};
use crate::city::City;
use crate::groups::contact::ContactKind;
use crate::groups::draft::Draft;
use crate::groups::history::{self, Change};
use crate::groups::proposal::{self, Asked, Asking, Proposal};
use crate::groups::renewal;
use crate::groups::store::Refused;

/// A group's record and open proposal, held until the transaction ends.
#[derive(Clone, Debug)]
pub struct Present {
    /// The group.
    pub group_id: Uuid,
    /// The version of its record.
    pub version: i32,
    /// The approved record.
    pub draft: Draft,
    /// What waits.
    pub open: Option<Proposal>,
}

impl Present {
    /// Holds what is there, so that nobody else changes it before this transaction ends; nothing if there is no such group.
    pub async fn hold(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Self>, DbErr> {
        if !history::hold(db, group_id).await? {
            return Ok(None);
        }
        Self::load(db, group_id).await
    }

    /// Reads what is there.
    pub async fn load(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Self>, DbErr> {
        let Some(draft) = history::load(db, group_id).await? else { return Ok(None) };
        let version = history::version(db, group_id).await?;
        Ok(Some(Self { group_id, version, draft, open: proposal::open_of(db, group_id).await? }))
    }

    /// The texts as members see them: the record, and over it what they have asked for.
    pub fn asked_texts(&self) -> Texts {
        let mut texts = merging::texts(&self.draft, Audience::Member);
        for asked in self.open.iter().flat_map(Proposal::asked) {
            if let Some(field) = field::find(&asked.key) {
                texts.insert(field.key, asked.new);
            }
        }
        texts
    }

    /// The texts of the record.
    pub fn texts(&self, audience: Audience) -> Texts {
        merging::texts(&self.draft, audience)
    }
}

/// Who edits, on which way and why.
#[derive(Clone, Copy, Debug)]
pub struct Editing<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// On which way it came.
    pub channel: Channel,
    /// What the trail calls it.
    pub action: &'a str,
    /// Why, where a reason is given.
    pub reason: &'a str,
    /// Where the city is.
    pub zone: Tz,
    /// When.
    pub now: DateTime<Utc>,
}

impl Editing<'_> {
    /// The consent behind a contact that is published with this edit.
    pub fn consent(&self) -> Consent {
        Consent {
            on: Some(self.now.with_timezone(&self.zone).date_naive()),
            method: self.channel.label().to_owned(),
            by: self.actor.name.clone(),
        }
    }
}

/// What came of an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether something shows at once.
    pub shown: bool,
    /// Whether something waits for the office.
    pub waits: bool,
    /// Whether the last thing that waited was taken back.
    pub withdrawn: bool,
}

/// A member's edit: each change goes where it belongs.
pub async fn by_member(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    changes: &[(&'static Field, String)],
    editing: Editing<'_>,
) -> Result<Outcome, Refused> {
    let mut asked = present.open.as_ref().map(Proposal::asked).unwrap_or_default();
    let mut draft = present.draft.clone();
    let consent = editing.consent();
    let before = asked.clone();
    for (field, new) in changes {
        let old = field.of(&present.draft);
        let (at_once, waiting) = split(field, &old, new);
        asked.retain(|asked| asked.key != field.key);
        if let Some(text) = at_once {
            field.put(&mut draft, &text, &consent);
        }
        if let Some(new) = waiting {
            let (by, account_id) = (editing.actor.name.clone(), editing.actor.account_id);
            asked.push(Asked { key: field.key.to_owned(), old, new, by, account_id, at: editing.now });
        }
    }
    asked.sort_by_key(|asked| FIELDS.iter().position(|field| field.key == asked.key));
    let shown = draft != present.draft;
    if shown {
        keep(db, city, present, &draft, editing).await?;
    }
    let changed = asked != before;
    if changed {
        ask(db, present, &asked, editing).await?;
    }
    if shown || changed {
        answer_round(db, present, editing).await?;
    }
    Ok(Outcome { shown, waits: changed && !asked.is_empty(), withdrawn: changed && asked.is_empty() })
}

/// The office's edit on behalf of a group: everything shows at once.
pub async fn by_office(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    changes: &[(&'static Field, String)],
    editing: Editing<'_>,
) -> Result<Outcome, Refused> {
    let mut draft = present.draft.clone();
    let consent = editing.consent();
    changes.iter().for_each(|(field, new)| field.put(&mut draft, new, &consent));
    let shown = draft != present.draft;
    if shown {
        keep(db, city, present, &draft, editing).await?;
        answer_round(db, present, editing).await?;
    }
    Ok(Outcome { shown, ..Outcome::default() })
}

/// What of a change shows at once, and what waits.
///
/// A new representative waits; that the present one does not agree to publication any more holds at once.
fn split(field: &Field, old: &str, new: &str) -> (Option<String>, Option<String>) {
    if old == new {
        return (None, None);
    }
    let whole = || (None, Some(new.to_owned()));
    match field.kind {
        _ if !field.waits => (Some(new.to_owned()), None),
        Kind::Contact(ContactKind::Representative) => {
            let ((person, was_open), (next, open)) = (contacts::parts(old), contacts::parts(new));
            match () {
                () if person == next => (Some(new.to_owned()), None),
                () if was_open && !open => (Some(contacts::joined(person, false)), Some(new.to_owned())),
                () => whole(),
            }
        }
        _ => whole(),
    }
}

async fn keep(
    db: &impl ConnectionTrait,
    city: &City,
    present: &Present,
    draft: &Draft,
    editing: Editing<'_>,
) -> Result<(), Refused> {
    let change = Change {
        group_id: Some(present.group_id),
        draft,
        actor: editing.actor,
        channel: editing.channel,
        action: editing.action,
        reason: editing.reason,
    };
    history::keep(db, city, change, editing.now).await?;
    Ok(())
}

/// Whoever puts the record right has answered the yearly question, where one is open.
async fn answer_round(db: &impl ConnectionTrait, present: &Present, editing: Editing<'_>) -> Result<(), DbErr> {
    let today = editing.now.with_timezone(&editing.zone).date_naive();
    let by = (editing.actor, editing.channel);
    renewal::answered_by_edit(db, present.group_id, by, today, editing.now).await?;
    Ok(())
}

/// Says anew what waits; a proposal that asks for nothing any more is taken back.
async fn ask(db: &impl ConnectionTrait, present: &Present, asked: &[Asked], editing: Editing<'_>) -> Result<(), DbErr> {
    let asking =
        Asking { group_id: present.group_id, version: present.version, actor: editing.actor, channel: editing.channel };
    let open = present.open.as_ref();
    let (id, action) = match (open, asked.is_empty()) {
        (Some(open), true) => {
            proposal::withdraw(db, open.id, &editing.actor.name, editing.now).await?;
            (open.id, "変更の取下げ")
        }
        _ => (proposal::put(db, open, asking, asked, editing.now).await?, "変更の申出"),
    };
    let before = open.map(Proposal::asked).unwrap_or_default();
    let event = Event {
        actor: editing.actor,
        channel: editing.channel,
        action,
        noun: "proposal",
        noun_id: id.to_string(),
        group_id: Some(present.group_id),
        title: &present.draft.name,
        before: proposal::as_json(&before),
        after: proposal::as_json(asked),
        reason: editing.reason,
    };
    audit::record(db, event, editing.now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_of(key: &str, old: &str, new: &str) -> (Option<String>, Option<String>) {
        split(field::find(key).unwrap(), old, new)
    }

    #[test]
    fn a_new_representative_waits_but_a_withdrawn_consent_never_does() {
        let some = |text: &str| Some(text.to_owned());
        let new = "見本 次郎\nopen";
        assert_eq!(split_of("representative", "見本 太郎\nopen", new), (None, some(new)));
        let hidden = "見本 太郎\noffice";
        assert_eq!(split_of("representative", "見本 太郎\nopen", hidden), (some(hidden), None));
        let hidden_next = "見本 次郎\noffice";
        assert_eq!(split_of("representative", "見本 太郎\nopen", hidden_next), (some(hidden), some(hidden_next)));
        assert_eq!(split_of("representative", "見本 太郎\nopen", ""), (some(hidden), some("")));
        assert_eq!(split_of("representative", hidden, new), (None, some(new)));
    }

    #[test]
    fn a_telephone_number_shows_at_once_and_a_name_waits() {
        assert_eq!(split_of("fee", "なし", "年千円"), (Some("年千円".to_owned()), None));
        assert_eq!(split_of("name", "海の会", "山の会"), (None, Some("山の会".to_owned())));
        assert_eq!(split_of("name", "海の会", "海の会"), (None, None));
    }
}
