//! Collects what waits from every slice.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::groups::{application, people, proposal, renewal};
use crate::waiting::Waiting;
use crate::{aggregation, calendar, inbound, mail, meetings, outreach, reports};

/// The kinds in the office's words, each with the page where all of its kind are dealt with.
const KINDS: [(&str, &str); 14] = [
    ("申請", "/staff/applications"),
    ("変更", ""),
    ("引継ぎ", ""),
    ("受取り", "/staff/claims"),
    ("未確認", "/staff/rounds"),
    ("予定", "/staff/events"),
    ("情報源", "/staff/sources"),
    ("同じ予定", "/staff/duplicates"),
    ("議題の提案", ""),
    ("会議", "/staff/meetings"),
    ("出前", "/staff/outreach"),
    ("報告", "/staff/reports"),
    ("メール", "/staff/mail"),
    ("届いたメール", "/staff/inbound"),
];

/// What waits of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::office) struct Pile {
    /// The kind in the office's words.
    pub kind: &'static str,
    /// How many there are in all.
    pub count: i64,
    /// Whether there are more than `count` says.
    pub is_more: bool,
    /// The oldest of them, the oldest first.
    pub oldest: Vec<Waiting>,
}

impl Pile {
    /// Where all of this kind are dealt with; empty where there is no such page.
    pub fn list(&self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, list)| list)
    }
}

/// What every slice says: one line for each slice with work for the office.
async fn everything(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<(i64, Vec<Waiting>)>, DbErr> {
    Ok(vec![
        application::waiting(db, most).await?,
        proposal::waiting(db, most).await?,
        people::handover::waiting(db, most).await?,
        people::claim::waiting(db, most).await?,
        renewal::waiting(db, most).await?,
        calendar::waiting(db, most).await?,
        aggregation::waiting(db, most).await?,
        aggregation::duplicates::waiting(db, now, most).await?,
        meetings::agenda::waiting(db, most).await?,
        meetings::waiting(db, now, most).await?,
        outreach::waiting(db, now, most).await?,
        reports::waiting(db, most).await?,
        mail::waiting(db, most).await?,
        inbound::waiting(db, most).await?,
    ])
}

/// What waits and has no shelf of its own in the search: claims and reports, the oldest first.
pub(in crate::office) async fn without_shelf(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Waiting>, DbErr> {
    let (claims, reports) = (people::claim::waiting(db, most).await?.1, reports::waiting(db, most).await?.1);
    Ok(claims.into_iter().chain(reports).collect())
}

/// The kind under this name.
pub(in crate::office) fn kind(name: &str) -> Option<&'static str> {
    KINDS.into_iter().map(|(kind, _)| kind).find(|kind| *kind == name)
}

/// Everything that waits, kind by kind; the kind with the oldest thing stands first.
pub(in crate::office) async fn piles(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Pile>, DbErr> {
    Ok(piled(everything(db, now, most).await?))
}

fn piled(told: Vec<(i64, Vec<Waiting>)>) -> Vec<Pile> {
    let mut piles: Vec<Pile> = Vec::new();
    for (count, waiting) in told {
        let hidden = count - i64::try_from(waiting.len()).unwrap_or_default();
        // A slice counts all its kinds together, so that the rest can be told exactly only where it has one kind.
        let is_mixed = waiting.iter().any(|one| one.kind != waiting[0].kind);
        for (index, one) in waiting.into_iter().enumerate() {
            let hidden = if index == 0 { hidden.max(0) } else { 0 };
            let pile = match piles.iter().position(|pile| pile.kind == one.kind) {
                Some(at) => &mut piles[at],
                None => {
                    piles.push(Pile { kind: one.kind, count: 0, is_more: false, oldest: Vec::new() });
                    let last = piles.len() - 1;
                    &mut piles[last]
                }
            };
            pile.count += 1 + if is_mixed { 0 } else { hidden };
            pile.is_more |= is_mixed && hidden > 0;
            pile.oldest.push(one);
        }
    }
    for pile in &mut piles {
        pile.oldest.sort_by_key(|one| one.since);
    }
    piles.sort_by_key(|pile| pile.oldest.first().map(|one| one.since));
    piles
}

/// What waits of one group.
pub(in crate::office) async fn of_group(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, DbErr> {
    let mut found: Vec<Waiting> =
        everything(db, now, 500).await?.into_iter().flat_map(|(_, waiting)| waiting).collect();
    found.retain(|one| one.group_id == Some(group_id));
    found.sort_by_key(|one| one.since);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: &'static str, since: &str) -> Waiting {
        let since = since.parse().unwrap();
        Waiting { kind, title: "見本".to_owned(), path: "/staff".to_owned(), since, group_id: None }
    }

    #[test]
    fn the_kind_with_the_oldest_thing_stands_first_and_hidden_ones_are_counted() {
        let told = vec![
            (3, vec![one("申請", "2026-11-20T00:00:00Z"), one("申請", "2026-11-21T00:00:00Z")]),
            (0, vec![]),
            (9, vec![one("受取り", "2026-11-22T00:00:00Z"), one("引継ぎ", "2026-11-19T00:00:00Z")]),
        ];
        let piles = piled(told);
        let short: Vec<(&str, i64, bool)> = piles.iter().map(|pile| (pile.kind, pile.count, pile.is_more)).collect();
        assert_eq!(short, [("引継ぎ", 1, false), ("申請", 3, false), ("受取り", 1, true)]);
    }
}
