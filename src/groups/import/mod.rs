//! Taking in the register from a file: our own layout or the national NPO portal's, row by row, with a report of each.

mod cells;
mod contacts;
mod known;
mod layout;
pub(super) mod parse;
mod reading;
mod words;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::draft::Draft;
use super::sheet::{self, COLUMNS, Column};
use super::store::{self, Record};
use super::vocabulary::Vocabularies;
use super::{group, record};
use crate::city::City;
use crate::clock::new_id;
use crate::revision::{self, Scope};
use crate::table::{self, Limits, Outcome, Report, Row, TableFault, quoted};
use crate::text::clean;
use cells::Cells;
use known::{Known, Traits};
use layout::Layout;
use reading::Reader;

/// Rows whose known records are read, and whose changes are written, together.
const AT_ONCE: usize = 400;
/// The portal's file of the whole country has some 50,000 rows of 60 columns.
const LIMITS: Limits = Limits {
    bytes: 200_000_000,
    unpacked_bytes: 400_000_000,
    rows: 200_000,
    columns: 300,
    cells: 12_000_000,
    cell_chars: 20_000,
};

/// Why a file cannot be taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum RegisterFault {
    /// It is no table.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// It is a table of something else.
    #[error("団体の名簿ではないようです。「団体名」という見出しの列がありません。")]
    Layout,
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Takes in a register; the caller commits, or rolls back for a dry run.
///
/// A row is refused when its name or reading is missing or wrong, or when its numbers belong to different groups. Any other
/// field that cannot be read is told, and stays as it was. A column the file does not have changes nothing.
pub async fn import(
    db: &impl ConnectionTrait,
    city: &City,
    file: &str,
    bytes: &[u8],
    now: DateTime<Utc>,
) -> Result<Report, RegisterFault> {
    let table = table::read(file, bytes, &layout::expected(), &LIMITS)?;
    let layout = Layout::of(&table).ok_or(RegisterFault::Layout)?;
    let mut report = Report::new(file, &table.source(), false);
    report.notes.clone_from(&table.notes);
    report.notes.extend(layout.notes());
    let words = Vocabularies::load(db, city).await?;
    let mut intake = Intake {
        reader: Reader::new(&words, &source(file)),
        known: Known::load(db).await?,
        words: &words,
        layout: &layout,
        renamed: false,
    };
    let (rows, elsewhere): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(|row| layout.concerns(row, city));
    if !elsewhere.is_empty() {
        report.notes.push(format!(
            "{}のほかの市町村の法人 {}行は、対象外として読み飛ばしました。",
            city.profile.name,
            elsewhere.len()
        ));
    }
    for rows in rows.chunks(AT_ONCE) {
        intake.take(db, rows, &mut report, now).await?;
    }
    let counts = report.counts();
    if counts.taken + counts.changed > 0 {
        revision::bump(db, Scope::Groups, now).await?;
    }
    if intake.renamed {
        // Feeds carry the names of groups.
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(report)
}

fn source(file: &str) -> String {
    let name: String = file.chars().take(100).collect();
    format!("import:{}", clean::line(&name, 100).unwrap_or_default())
}

struct Intake<'a> {
    reader: Reader<'a>,
    known: Known,
    words: &'a Vocabularies<'a>,
    layout: &'a Layout,
    /// Whether a known group changed its name or its place in the directory.
    renamed: bool,
}

/// What a row came to.
struct Taken {
    id: Uuid,
    is_new: bool,
    draft: Draft,
}

impl Intake<'_> {
    async fn take(
        &mut self,
        db: &impl ConnectionTrait,
        rows: &[&Row],
        report: &mut Report,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let layout = self.layout;
        let read: Vec<(usize, Cells)> = rows.iter().map(|row| (row.line, layout.cells(row, self.words.city))).collect();
        let traits: Vec<Traits> = read.iter().map(|(_, cells)| self.reader.traits(cells)).collect();
        let mut ids: Vec<Uuid> = traits.iter().filter_map(|traits| self.known.find(traits).ok().flatten()).collect();
        ids.sort_unstable();
        ids.dedup();
        let before = record::load(db, &ids).await?;
        let mut taken = Vec::new();
        for ((line, cells), traits) in read.into_iter().zip(traits) {
            let subject = cells.get(Column::Name).map_or("", str::trim);
            let subject = if subject.is_empty() { "（団体名なし）" } else { subject }.to_owned();
            match self.row(line, &cells, &traits, &before) {
                Err(notes) => report.push(line, &subject, Outcome::Refused, notes),
                Ok((outcome, notes, row)) => {
                    report.push(line, &subject, outcome, notes);
                    taken.extend(row);
                }
            }
        }
        let records: Vec<Record> =
            taken.iter().map(|row| Record { id: row.id, is_new: row.is_new, draft: &row.draft }).collect();
        store::write(db, self.words.city, &records, now).await
    }

    /// The outcome of a row with its notes and what is to be written, or why it is refused.
    fn row(
        &mut self,
        line: usize,
        cells: &Cells,
        traits: &Traits,
        before: &std::collections::HashMap<Uuid, Draft>,
    ) -> Result<(Outcome, Vec<String>, Option<Taken>), Vec<String>> {
        let found = self.known.find(traits).map_err(|sentence| vec![sentence])?;
        if let Some(first) = found.and_then(|id| self.known.seen_on(id)) {
            return Err(vec![format!("{first}行目と同じ団体です。1つの団体は1行にまとめてください。")]);
        }
        let old = found.and_then(|id| before.get(&id));
        let (draft, mut notes) = self.reader.draft(cells, old);
        let faults = draft.faults();
        if !faults.is_empty() {
            notes.splice(0..0, faults);
            return Err(notes);
        }
        let id = found.unwrap_or_else(new_id);
        self.known.put(id, line, Traits::of(&draft));
        let Some(old) = old else {
            return Ok((Outcome::Taken, notes, Some(Taken { id, is_new: true, draft })));
        };
        let changes = differences(old, &draft, self.words);
        if changes.is_empty() {
            return Ok((Outcome::Unchanged, notes, None));
        }
        self.renamed |= old.name != draft.name || old.state.is_listed() != draft.state.is_listed();
        notes.splice(0..0, changes);
        Ok((Outcome::Changed, notes, Some(Taken { id, is_new: false, draft })))
    }
}

/// What differs between two records, field by field, in the words of the file.
fn differences(old: &Draft, new: &Draft, words: &Vocabularies) -> Vec<String> {
    let shown = |text: &str| if text.is_empty() { "空".to_owned() } else { quoted(text) };
    let mut told = Vec::new();
    for (column, heading, _) in COLUMNS {
        let (was, is) = (sheet::cell(old, column, words), sheet::cell(new, column, words));
        if was != is {
            told.push(format!("{heading}: {}→{}", shown(&was), shown(&is)));
        }
    }
    if old.extra != new.extra {
        told.push("控えの欄: 内容が変わりました。".to_owned());
    }
    told
}

/// The form in which names are compared, for the identity of a row.
fn name_key(name: &str) -> String {
    group::name_key(name)
}
