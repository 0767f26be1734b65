//! Beginning a round: the round, what each group is asked, and one letter to each person, all in one transaction.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::round::{self, NewRound, Round};
use super::whom::{self, Whom};
use super::{asked, letters, link, on_file};
use crate::audit::{self, Actor, Channel, Event};
use crate::groups::addressees::{self, People, Person};
use crate::groups::{Draft, record};
use crate::mail::{self, Batch, Letter, Topic, Wording};

/// Records read together.
const AT_ONCE: usize = 500;

/// What a round would do, or did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many groups.
    pub groups: usize,
    /// How many of them by mail.
    pub by_mail: usize,
    /// How many letters.
    pub letters: usize,
}

impl Counts {
    /// How many groups get paper.
    pub fn on_paper(self) -> usize {
        self.groups - self.by_mail
    }
}

/// Counts what a round would do.
pub async fn preview(db: &impl ConnectionTrait, whom: Whom, desk: &Desk<'_>) -> Result<Counts, DbErr> {
    let groups = whom::groups(db, whom, desk.today).await?;
    let people = addressees::people(db, &groups, Topic::Renewal).await?;
    Ok(Counts { groups: groups.len(), by_mail: people.len(), letters: people.values().map(Vec::len).sum() })
}

/// Begins a round within the caller's transaction; nothing when it, or the yearly one of its fiscal year, is there already.
pub async fn begin(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (round, whom): (&NewRound<'_>, Whom),
    (actor, channel): (&Actor, Channel),
) -> Result<Option<Counts>, Fault> {
    if !round::insert(db, round, desk.now).await? {
        return Ok(None);
    }
    let groups = whom::groups(db, whom, desk.today).await?;
    let people = addressees::people(db, &groups, Topic::Renewal).await?;
    let rows: Vec<(Uuid, bool)> = groups.iter().map(|id| (*id, people.contains_key(id))).collect();
    asked::insert(db, round.id, &rows).await?;
    let asking = Asking { round_id: round.id, title: round.title, due_on: round.due_on, wording: &letters::ASK };
    let letters = write(db, desk, &asking, (&groups, &people), &actor.name).await?;
    let counts = Counts { groups: groups.len(), by_mail: people.len(), letters };
    let event = Event {
        actor,
        channel,
        action: "更新確認の開始",
        noun: "round",
        noun_id: round.id.to_string(),
        group_id: None,
        title: round.title,
        before: json!(null),
        after: json!({ "due_on": round.due_on, "groups": counts.groups, "by_mail": counts.by_mail, "letters": letters }),
        reason: "",
    };
    audit::record(db, event, desk.now).await?;
    Ok(Some(counts))
}

/// Letters of a round on their way into the outbox.
pub(super) struct Asking<'a> {
    pub round_id: Uuid,
    pub title: &'a str,
    pub due_on: chrono::NaiveDate,
    pub wording: &'a Wording,
}

impl<'a> Asking<'a> {
    /// A reminder of a round.
    pub fn reminder(round: &'a Round) -> Self {
        Self { round_id: round.id, title: &round.title, due_on: round.due_on, wording: &letters::REMIND }
    }
}

/// Writes one letter to each person of these groups, held as a batch of their own, and tells how many.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    asking: &Asking<'_>,
    (groups, people): (&[Uuid], &People),
    by: &str,
) -> Result<usize, Fault> {
    if people.is_empty() {
        return Ok(0);
    }
    let title = format!("{} {}", asking.title, asking.wording.title);
    let batch = mail::open_batch(db, Topic::Renewal, &title, by, desk.now).await?;
    round::add_batch(db, asking.round_id, batch.id).await?;
    let mut count = 0;
    for groups in groups.chunks(AT_ONCE) {
        let records = record::load(db, groups).await?;
        let letters = batch_of(db, desk, asking, (groups, people, &records), batch).await?;
        count += mail::post_all(db, &letters, desk.host, desk.now).await?;
    }
    Ok(count)
}

async fn batch_of(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    asking: &Asking<'_>,
    (groups, people, records): (&[Uuid], &People, &HashMap<Uuid, Draft>),
    batch: Batch,
) -> Result<Vec<Letter>, Fault> {
    let known = |id: &Uuid| Some((*id, records.get(id)?, people.get(id)?));
    let asked: Vec<(Uuid, &Draft, &Vec<Person>)> = groups.iter().filter_map(known).collect();
    let addresses: Vec<(Uuid, &str)> =
        asked.iter().flat_map(|(id, _, people)| people.iter().map(|person| (*id, person.mail.as_str()))).collect();
    let mut tokens = link::make(db, asking.round_id, &addresses, desk.now).await?.into_iter();
    let mut letters = Vec::with_capacity(addresses.len());
    for (id, draft, people) in asked {
        let record = on_file::text(draft, desk.city);
        for person in people {
            let letter = letters::question(asking.wording, desk, (&draft.name, person), asking.due_on, &record)?;
            let link = tokens.next().map(|token| desk.url(&super::confirm_path(&token)));
            letters.push(letters::ready(letter, id, batch, link));
        }
    }
    Ok(letters)
}
