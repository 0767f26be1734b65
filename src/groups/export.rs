//! The register as a table: complete for the city, or only what everybody may have.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::contact::ContactKind;
use super::draft::Draft;
use super::record;
use super::sheet::{self, COLUMNS, Column};
use super::vocabulary::Vocabularies;
use crate::city::City;
use crate::db::statement;
use crate::table::Cell;

/// Records read together.
const AT_ONCE: usize = 500;

/// For whom a table of the register is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The city's own office: every group and every column, so that the file can be taken in again.
    Office,
    /// Everybody: groups of the directory, published contacts, public columns.
    OpenData,
}

/// The columns that everybody may have.
const OPEN: [Column; 31] = [
    Column::Number,
    Column::Name,
    Column::Kana,
    Column::Kind,
    Column::CorporateNumber,
    Column::Value(ContactKind::Representative),
    Column::RepresentativeTitle,
    Column::Value(ContactKind::Person),
    Column::Value(ContactKind::Phone),
    Column::Value(ContactKind::Fax),
    Column::Value(ContactKind::Mail),
    Column::Value(ContactKind::Postal),
    Column::Value(ContactKind::Address),
    Column::Town,
    Column::Founded,
    Column::Members,
    Column::MembersOn,
    Column::Fee,
    Column::Website,
    Column::Fields,
    Column::Purpose,
    Column::Activities,
    Column::Towns,
    Column::Places,
    Column::MeetingDays,
    Column::Recruiting,
    Column::Joining,
    Column::RegisteredOn,
    Column::RenewedOn,
    Column::ConfirmedOn,
    Column::Items,
];

/// Headings and lines of the register in 五十音 order.
pub async fn export_table(
    db: &impl ConnectionTrait,
    city: &City,
    audience: Audience,
) -> Result<(Vec<&'static str>, Vec<Vec<Cell>>), DbErr> {
    let ids = ids(db, audience).await?;
    export_chosen(db, city, audience, &ids).await
}

/// The same for these groups alone, in the order in which they are named.
pub async fn export_chosen(
    db: &impl ConnectionTrait,
    city: &City,
    audience: Audience,
    ids: &[Uuid],
) -> Result<(Vec<&'static str>, Vec<Vec<Cell>>), DbErr> {
    let words = Vocabularies::load(db, city).await?;
    let chosen: HashSet<Column> = OPEN.into_iter().collect();
    let columns: Vec<Column> = COLUMNS
        .iter()
        .map(|(column, _, _)| *column)
        .filter(|column| audience == Audience::Office || chosen.contains(column))
        .collect();
    let mut lines = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        let mut records = record::load(db, ids).await?;
        for mut draft in ids.iter().filter_map(|id| records.remove(id)) {
            if audience == Audience::OpenData {
                draft.contacts.retain(|contact| contact.published);
            }
            lines.push(columns.iter().map(|column| cell(&draft, *column, &words)).collect());
        }
    }
    Ok((columns.into_iter().map(sheet::heading).collect(), lines))
}

fn cell(draft: &Draft, column: Column, words: &Vocabularies) -> Cell {
    match (column, draft.members) {
        (Column::Members, Some(members)) => Cell::Whole(members.into()),
        _ => Cell::Text(sheet::cell(draft, column, words)),
    }
}

async fn ids(db: &impl ConnectionTrait, audience: Audience) -> Result<Vec<Uuid>, DbErr> {
    let whose = if audience == Audience::OpenData { "WHERE listed = TRUE" } else { "" };
    let sql = format!("SELECT id FROM groups {whose} ORDER BY kana_key, id");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, vec![])).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}
