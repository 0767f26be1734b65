//! Taking in events from a calendar file or from a table, with a report of every row.

mod calendar_file;
mod candidate;
mod city_code;
mod findings;
mod incoming;
mod known_words;
mod layout;
mod row;
mod table_file;
mod times;
mod versions;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::store::{Desk, store_all};
use crate::city::City;
use crate::db::statement;
use crate::groups;
use crate::ics;
use crate::markup;
use crate::table::{self, Outcome, Report, RowReport, TableFault};
use candidate::Candidate;
pub use incoming::{Arrived, Incoming, Sent, look};
use known_words::KnownWords;
pub(super) use layout::SHOWN as SHOWN_COLUMNS;
pub use versions::objections;

/// Why a file of events cannot be taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// It is no table that can be read.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// It is no calendar file that can be read.
    #[error("{}", told(.0))]
    Calendar(ics::Broken),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

fn told(broken: &ics::Broken) -> String {
    match (broken.line, broken.column) {
        (Some(line), Some(column)) => format!("{line}行目の{column}文字目: {broken}"),
        (Some(line), None) => format!("{line}行目: {broken}"),
        _ => broken.to_string(),
    }
}

/// A file taken apart, before anything of the city is known.
enum Parsed {
    Calendar(ics::Calendar),
    Page(ics::Calendar),
    Table(table::Table),
}

/// What a file holds, before anything is written.
struct Contents {
    /// What the file calls itself.
    name: String,
    candidates: Vec<Candidate>,
    report: Report,
    /// Rows of the file about which nothing can be written.
    refused: Vec<RowReport>,
    /// What the file calls those, where that is known.
    unread: Vec<String>,
    /// How many of them nobody knows the name of.
    nameless: usize,
    /// Whether a series in the file has all its changed occurrences with it.
    whole_series: bool,
}

/// Takes in the events of an ICS, CSV or XLSX file; the caller commits, or rolls back for a dry run.
///
/// The file's kind is told by its content. The same file taken in again changes what changed in it and doubles nothing.
pub async fn import(
    db: &impl ConnectionTrait,
    city: &City,
    file: &str,
    bytes: &[u8],
    now: DateTime<Utc>,
    today: NaiveDate,
    host: &str,
) -> Result<Report, ImportFault> {
    let desk = Desk { city, host, now, today };
    let words = KnownWords::load(db, city).await?;
    let sent = Sent { file: file.to_owned(), content_type: String::new(), bytes: bytes.to_vec().into() };
    let contents = contents(parse(&sent, city.profile.zone)?, file, &desk, &words);
    Ok(write(db, &desk, contents).await?)
}

/// Takes a file apart; its kind is told by its content.
fn parse(sent: &Sent, zone: chrono_tz::Tz) -> Result<Parsed, ImportFault> {
    let limits = ics::Limits::default();
    if is_page(sent) {
        let said = Some(sent.content_type.as_str()).filter(|said| !said.is_empty());
        let page = markup::page(&sent.bytes, said, &sent.file, zone, &limits);
        return page.map(Parsed::Page).map_err(ImportFault::Calendar);
    }
    if calendar_file::is_meant(&sent.file, &sent.bytes) {
        let mut calendar = ics::read(&sent.bytes, &limits, zone).map_err(ImportFault::Calendar)?;
        markup::mend(&mut calendar, &limits);
        return Ok(Parsed::Calendar(calendar));
    }
    Ok(Parsed::Table(table::read(&sent.file, &sent.bytes, &layout::expected(), &table::Limits::default())?))
}

/// Whether something is a page of the web, whatever its server calls it.
fn is_page(sent: &Sent) -> bool {
    let start = sent.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&sent.bytes).trim_ascii_start();
    let start: String = start.iter().take(14).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    ["<!doctype html", "<html", "<head", "<!--", "<body", "<script"].iter().any(|tag| start.starts_with(tag))
        || start.starts_with('<') && sent.content_type.to_ascii_lowercase().contains("html")
}

fn contents(parsed: Parsed, file: &str, desk: &Desk<'_>, words: &KnownWords) -> Contents {
    match parsed {
        Parsed::Calendar(calendar) => calendar_file::read(file, &calendar, desk, words, false),
        Parsed::Page(calendar) => calendar_file::read(file, &calendar, desk, words, true),
        Parsed::Table(table) => table_file::read(file, &table, desk, words),
    }
}

/// The name of a source: its file without folder, ending and the number that a second download gets.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let Some((before, number)) = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else { return stem };
    let is_copy = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && !before.trim().is_empty();
    if is_copy { before.trim_end() } else { stem }
}

async fn write(db: &impl ConnectionTrait, desk: &Desk<'_>, contents: Contents) -> Result<Report, DbErr> {
    let Contents { mut candidates, mut report, refused, whole_series, .. } = contents;
    find_groups(db, &mut candidates).await?;
    refuse_doubles(&mut candidates);
    let (sound, unsound): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().map(Candidate::checked).partition(|candidate| candidate.draft.is_some());
    let drafts: Vec<_> = sound.iter().filter_map(|candidate| candidate.draft.clone()).collect();
    let stored = store_all(db, desk, &drafts, whole_series).await?;
    report.rows.extend(refused);
    report.rows.extend(unsound.into_iter().map(|candidate| candidate.reported(Outcome::Refused, Vec::new())));
    let results = sound.into_iter().zip(stored);
    report.rows.extend(results.map(|(candidate, stored)| candidate.reported(stored.outcome, stored.notes)));
    report.rows.sort_by_key(|row| row.line);
    report.notes.extend(absent(db, &drafts).await?);
    Ok(report)
}

async fn find_groups(db: &impl ConnectionTrait, candidates: &mut [Candidate]) -> Result<(), DbErr> {
    let mut known: HashMap<String, Option<Uuid>> = HashMap::new();
    for draft in candidates.iter_mut().filter_map(|candidate| candidate.draft.as_mut()) {
        if draft.organiser.is_empty() {
            continue;
        }
        draft.group_id = match known.get(&draft.organiser) {
            Some(found) => *found,
            None => {
                let found = groups::find_by_name(db, &draft.organiser).await?;
                known.insert(draft.organiser.clone(), found);
                found
            }
        };
    }
    Ok(())
}

fn refuse_doubles(candidates: &mut [Candidate]) {
    let mut lines: HashMap<(String, String), usize> = HashMap::with_capacity(candidates.len());
    for candidate in candidates {
        let Some(draft) = &candidate.draft else { continue };
        match lines.get(&(draft.source_uid.clone(), draft.recurrence_id.clone())) {
            Some(line) => candidate.refuse(format!("同じ予定が{line}行目にもあるため、こちらは取り込みません。")),
            None => drop(lines.insert((draft.source_uid.clone(), draft.recurrence_id.clone()), candidate.line)),
        }
    }
}

/// Says how many entries of the same source are not in the file any more.
async fn absent(db: &impl ConnectionTrait, drafts: &[super::Draft]) -> Result<Option<String>, DbErr> {
    let Some(first) = drafts.first() else { return Ok(None) };
    let sql = "SELECT COUNT(*) AS total FROM calendar_entries WHERE source = ? AND recurrence_id = ''";
    let values = vec![first.source.as_str().into()];
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    let here = drafts.iter().filter(|draft| draft.recurrence_id.is_empty()).count();
    let gone = usize::try_from(total).unwrap_or(0).saturating_sub(here);
    Ok((gone > 0).then(|| {
        format!("前に同じ名前のファイルから取り込んだ予定のうち{gone}件は、このファイルにありません。消さずに残してあります。")
    }))
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_second_download_is_the_same_source() {
        assert_eq!(stem("/tmp/行事 (2).csv"), "行事");
        assert_eq!(stem("C:\\x\\422096_event.csv"), "422096_event");
        assert_eq!(stem("行事(春).csv"), "行事(春)");
        assert_eq!(stem("(1)"), "(1)");
    }
}
