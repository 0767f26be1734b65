//! Searching the directory: by words, field of activity, town and 五十音 row, in 五十音 order, a page at a time.
//!
//! Few hits are gathered through the index of words and sorted; many hits are met soon enough by walking the directory in its
//! order. Both see exactly the same groups.

mod condition;

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::counts::{ByRow, Counted, Counts};
use crate::city::{City, Term};
use crate::db::{placeholders, statement};
use crate::text::fold;
use crate::text::kana::{self, KanaRow};
use crate::web::Query;
use condition::{Condition, Way};

/// Groups on one page.
pub(super) const PAGE: usize = 20;
/// Up to so many hits are gathered and sorted.
const FEW: usize = 2_000;
/// Pages this far into many hits are found by walking, later ones by the list of hits.
const NEAR: usize = 5;

/// What the directory is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The words as they were typed.
    pub typed: String,
    /// Every word must be there; each as a list of search keys of which one is enough.
    words: Vec<Vec<String>>,
    /// Key of a field of activity.
    pub field: Option<String>,
    /// Key of a town the group is based or active in.
    pub town: Option<String>,
    /// First sound of the reading.
    pub row: Option<KanaRow>,
}

impl Filter {
    /// Reads the filter of an address; what cannot be used is told by the query.
    pub fn read(query: &mut Query, city: &City) -> Self {
        let among = |terms: &[Term], typed: &str| {
            let meant = terms
                .iter()
                .find(|term| term.key == typed)
                .or_else(|| terms.iter().find(|term| term.is_meant_by(typed)));
            meant.map(|term| term.key.clone())
        };
        let typed = query.text("q", "ことば");
        Self {
            words: fold::words(&typed).iter().map(|word| city.gazetteer.alternatives(word)).collect(),
            typed,
            field: query.choice("field", "活動の分野", |typed| among(&city.fields, typed)),
            town: query.choice("town", "町", |typed| among(&city.towns, typed)),
            row: query.choice("kana", "よみ", |typed| {
                KanaRow::from_key(typed).or_else(|| KanaRow::ALL.into_iter().find(|row| row.label() == typed))
            }),
        }
    }

    /// Whether it narrows nothing.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.field.is_none() && self.town.is_none() && self.row.is_none()
    }

    /// Under which its counts are remembered; the rows of the 五十音 are counted together.
    fn key(&self) -> String {
        format!("{:?} {:?} {:?}", self.words, self.field, self.town)
    }
}

/// A group as a card of the directory.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Card {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Reading in katakana.
    pub kana: String,
    /// Key of the town it is based in.
    pub town_key: String,
    /// What it is for.
    pub purpose: String,
    /// What it does.
    pub activities: String,
    /// The day the group last said that its profile is right.
    pub confirmed_on: Option<NaiveDate>,
    /// Keys of its fields of activity.
    #[sea_orm(skip)]
    pub fields: Vec<String>,
}

impl Card {
    /// The reading as people read it, in hiragana.
    pub fn reading(&self) -> String {
        kana::hiragana(&self.kana)
    }

    /// One or two lines on what the group is about.
    pub fn about(&self) -> String {
        let text = if self.purpose.is_empty() { &self.activities } else { &self.purpose };
        let mut letters = text.chars().map(|letter| if letter == '\n' { ' ' } else { letter });
        let start: String = letters.by_ref().take(90).collect();
        if letters.next().is_some() { format!("{start}…") } else { start }
    }

    /// Address of the group's page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }
}

/// One page of a result.
#[derive(Debug)]
pub struct Found {
    /// The groups of the page.
    pub cards: Vec<Card>,
    counts: ByRow,
}

impl Found {
    /// How many groups the result has in one row of the 五十音, or in all.
    pub fn count(&self, row: Option<KanaRow>) -> usize {
        self.counts.of(row)
    }
}

/// The page of this number, from 1; a page behind the end is the last one.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    filter: &Filter,
    page: usize,
    (counts, revision): (&Counts, i64),
) -> Result<Found, DbErr> {
    let start = |total: usize| (page.min(total.div_ceil(PAGE).max(1)) - 1) * PAGE;
    let remembered = counts.get(revision, &filter.key());
    let few = match remembered {
        Some(counted) => counted.few,
        None => has_few(db, filter).await?,
    };
    if few {
        let (ids, rows) = gather(db, filter).await?;
        counts.put(revision, filter.key(), Counted { rows, few });
        let ids = ids.get(start(ids.len())..).unwrap_or_default();
        return Ok(Found { cards: cards(db, &ids[..ids.len().min(PAGE)]).await?, counts: rows });
    }
    let rows = match remembered {
        Some(counted) => counted.rows,
        None => {
            let rows = count(db, filter).await?;
            counts.put(revision, filter.key(), Counted { rows, few });
            rows
        }
    };
    let ids = walk(db, filter, start(rows.of(filter.row))).await?;
    Ok(Found { cards: cards(db, &ids).await?, counts: rows })
}

/// Whether the words or the field leave so few groups that sorting them costs nothing.
async fn has_few(db: &impl ConnectionTrait, filter: &Filter) -> Result<bool, DbErr> {
    let Some(Condition { sql, mut values }) = condition::hits(db.get_database_backend(), filter) else {
        return Ok(false);
    };
    values.push((FEW as i64 + 1).into());
    let sql = format!("SELECT COUNT(*) AS hits FROM ({sql} LIMIT ?) AS h");
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, values)).await?;
    let hits: i64 = row.map_or(Ok(0), |row| row.try_get("", "hits"))?;
    Ok(hits <= FEW as i64)
}

/// All groups of the chosen row in order, and how many stand in each row.
async fn gather(db: &impl ConnectionTrait, filter: &Filter) -> Result<(Vec<Uuid>, ByRow), DbErr> {
    let Condition { sql, values } = condition::of(db.get_database_backend(), filter, Way::Gather);
    let sql = format!("SELECT g.id, g.kana_row FROM groups g WHERE {sql} ORDER BY g.kana_key, g.id");
    let (mut ids, mut counts) = (Vec::new(), ByRow::default());
    for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
        let key: String = row.try_get("", "kana_row")?;
        let row_of_group = KanaRow::from_key(&key).unwrap_or(KanaRow::Other);
        counts.add(row_of_group, 1);
        if filter.row.is_none_or(|row| row == row_of_group) {
            ids.push(row.try_get("", "id")?);
        }
    }
    Ok((ids, counts))
}

async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<ByRow, DbErr> {
    let Condition { sql, values } = condition::of(db.get_database_backend(), filter, Way::List);
    let sql = format!("SELECT g.kana_row, COUNT(*) AS amount FROM groups g WHERE {sql} GROUP BY g.kana_row");
    let mut counts = ByRow::default();
    for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
        let (key, groups): (String, i64) = (row.try_get("", "kana_row")?, row.try_get("", "amount")?);
        counts.add(KanaRow::from_key(&key).unwrap_or(KanaRow::Other), usize::try_from(groups).unwrap_or_default());
    }
    Ok(counts)
}

async fn walk(db: &impl ConnectionTrait, filter: &Filter, start: usize) -> Result<Vec<Uuid>, DbErr> {
    let way = if start < NEAR * PAGE { Way::Walk } else { Way::List };
    let Condition { sql, mut values } = condition::of(db.get_database_backend(), filter, way);
    let row = filter.row.map_or("", |_| "AND g.kana_row = ?");
    values.extend(filter.row.map(|row| Value::from(row.key())));
    values.extend([Value::from(PAGE as i64), Value::from(start as i64)]);
    let sql = format!("SELECT g.id FROM groups g WHERE {sql} {row} ORDER BY g.kana_key, g.id LIMIT ? OFFSET ?");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The cards of these groups, in the same order.
async fn cards(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Card>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (backend, marks) = (db.get_database_backend(), placeholders(ids.len()));
    let values = || ids.iter().map(|id| (*id).into()).collect();
    let sql =
        format!("SELECT id, name, kana, town_key, purpose, activities, confirmed_on FROM groups WHERE id IN ({marks})");
    let mut cards: HashMap<Uuid, Card> = Card::find_by_statement(statement(backend, &sql, values()))
        .all(db)
        .await?
        .into_iter()
        .map(|card| (card.id, card))
        .collect();
    let sql = format!("SELECT group_id, field_key FROM group_fields WHERE group_id IN ({marks})");
    for row in db.query_all_raw(statement(backend, &sql, values())).await? {
        if let Some(card) = cards.get_mut(&row.try_get("", "group_id")?) {
            card.fields.push(row.try_get("", "field_key")?);
        }
    }
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}
