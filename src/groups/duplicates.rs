//! Groups of the register that may be the same as one that applies: found over indexes, compared in memory, told with reasons.

mod likeness;

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::contact::ContactKind;
use super::draft::Draft;
use super::{member, record};
use crate::db::{placeholders, statement};
use crate::text::kana;
use likeness::Traits;

/// Most groups compared for each way of finding them.
const COMPARED: u64 = 120;
/// Most likely duplicates told.
const TOLD: usize = 5;
/// Least score of a likely duplicate.
const LIKELY: u32 = 30;

/// A group of the register that may be the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// Identifier.
    pub group_id: Uuid,
    /// How much speaks for it; from 30.
    pub score: u32,
    /// What speaks for it, in words.
    pub reasons: Vec<&'static str>,
    /// Its whole record; for the office only.
    pub record: Draft,
    /// Whether somebody looks after its page.
    pub has_members: bool,
}

/// To whom likely duplicates are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The applicant: groups of the directory, by what everybody may know of them.
    Applicant,
    /// The office: every group, by everything.
    Office,
}

/// The groups most like this record, the likeliest first.
pub async fn find(db: &impl ConnectionTrait, draft: &Draft, audience: Audience) -> Result<Vec<Duplicate>, DbErr> {
    let own = Traits::of(draft, Audience::Office);
    let ids: Vec<Uuid> = candidates(db, draft, &own, audience).await?.into_iter().collect();
    let mut found = Vec::new();
    for ids in ids.chunks(300) {
        for (group_id, record) in record::load(db, ids).await? {
            if audience == Audience::Applicant && !record.state.is_listed() {
                continue;
            }
            let (score, reasons) = own.likeness(&Traits::of(&record, audience));
            if score >= LIKELY {
                found.push(Duplicate { group_id, score, reasons, record, has_members: false });
            }
        }
    }
    found.sort_by(|one, other| other.score.cmp(&one.score).then(one.group_id.cmp(&other.group_id)));
    found.truncate(TOLD);
    for duplicate in &mut found {
        duplicate.has_members = !member::of_group(db, duplicate.group_id).await?.is_empty();
    }
    Ok(found)
}

/// The groups worth comparing, each found over an index.
async fn candidates(
    db: &impl ConnectionTrait,
    draft: &Draft,
    own: &Traits,
    audience: Audience,
) -> Result<BTreeSet<Uuid>, DbErr> {
    let mut found = BTreeSet::new();
    let mut add = async |sql: String, values: Vec<Value>| -> Result<(), DbErr> {
        let sql = format!("{sql} LIMIT {COMPARED}");
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            found.insert(row.try_get("", "id")?);
        }
        Ok(())
    };
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.clone())).collect::<Vec<_>>();
    let names = own.name_variants();
    add(format!("SELECT id FROM groups WHERE name_key IN ({})", placeholders(names.len())), texts(&names)).await?;
    for beginning in own.reading_beginnings() {
        let end = format!("{beginning}\u{10FFFF}");
        let sql = "SELECT id FROM groups WHERE kana_key >= ? AND kana_key < ? ORDER BY kana_key";
        add(sql.to_owned(), vec![beginning.into(), end.into()]).await?;
    }
    if let Some(number) = &draft.corporate_number {
        add("SELECT id FROM groups WHERE corporate_number = ?".to_owned(), vec![number.clone().into()]).await?;
    }
    for contact in draft.contacts.iter().filter(|contact| contact.kind != ContactKind::Postal) {
        let spellings = likeness::spellings(contact);
        // What is not published of others must not even shape what an applicant sees.
        let shown = if audience == Audience::Applicant { " AND published = TRUE" } else { "" };
        let sql = format!(
            "SELECT group_id AS id FROM group_contacts WHERE kind = ? AND value IN ({}){shown}",
            placeholders(spellings.len())
        );
        let values = std::iter::once(contact.kind.key().into()).chain(texts(&spellings)).collect();
        add(sql, values).await?;
    }
    Ok(found)
}

/// The reading as the index of readings begins, of at most this many letters.
pub(super) fn beginning(reading: &str, letters: usize) -> Option<String> {
    let key = kana::sort_key(reading);
    let begins: String = key.chars().take_while(|letter| *letter != ' ').take(letters).collect();
    (begins.chars().count() >= letters.min(2)).then_some(begins)
}
