//! Trying a source: what is at an address, or in a file, is read at once and shown before anything is asked for.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::desk::Desk;
use super::draft::{Asked, Draft};
use super::kinds::State;
use super::reading::{self, Reading};
use super::settling::Tags;
use super::source::{self, Source};
use super::states::keep_waiting;
use super::{Fault, contents, taking};
use crate::calendar::Sent;
use crate::fetching::{Ask, Fetched, Refused, fetch};
use crate::web::{Form, Upload};

/// Largest file that is taken, in bytes.
const LARGEST: usize = 10 << 20;

/// What is at an address now, whatever is known of it.
pub(super) async fn fetched(desk: &Desk<'_>, url: &str) -> Result<(Sent, Tags), Refused> {
    let ask = Ask { url: url.to_owned(), ..Ask::default() };
    match fetch(desk.guard, &ask).await? {
        Fetched::Same => Err(Refused::Answer(304)),
        Fetched::Changed { bytes, content_type, etag, last_modified } => {
            let digest = contents::digest(&bytes);
            Ok((Sent { file: url.to_owned(), content_type, bytes }, Tags { etag, last_modified, digest }))
        }
    }
}

/// The file that came with a form; a missing one, or one that is too large, becomes a fault beside its field.
pub(super) fn file(form: &mut Form) -> Option<Sent> {
    let sentence = match form.file("file") {
        Some(Upload { bytes, .. }) if bytes.len() > LARGEST => {
            "ファイルは10MBまでです。期間を短くして書き出したファイルを選んでください。"
        }
        Some(Upload { bytes, name, .. }) if !bytes.is_empty() => {
            return Some(Sent { file: name.clone(), content_type: String::new(), bytes: bytes.clone() });
        }
        _ => "ファイルを選んでください。",
    };
    form.fault("file", sentence);
    None
}

/// Writes a source that is being tried, with what came; the sentence says why it cannot be read.
pub async fn keep(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    draft: &Draft,
    (asked, sent): (&Asked<'_>, &Sent),
) -> Result<Result<Uuid, String>, Fault> {
    let id = draft.add(db, State::Trial, asked).await?;
    let source = source::find(db, id).await?.ok_or_else(|| sea_orm::DbErr::RecordNotFound(id.to_string()))?;
    match read(db, desk, &source, sent).await? {
        Ok(reading) => {
            keep_waiting(db, desk, id, (sent, &reading.report, "")).await?;
            Ok(Ok(id))
        }
        Err(sentence) => Ok(Err(sentence)),
    }
}

/// Takes a new file for a source; it waits until somebody has looked at what would change. The sentence says why it cannot be read.
pub async fn send_file(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    sent: &Sent,
) -> Result<Result<(), String>, Fault> {
    let mut reading = match read(db, desk, source, sent).await? {
        Ok(reading) => reading,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let why = taking::suspicion(db, source, &mut reading, &desk.calendar()).await?;
    let why = why.unwrap_or_else(|| "新しいファイルが届きました。".to_owned());
    keep_waiting(db, desk, source.id, (sent, &reading.report, &why)).await?;
    Ok(Ok(()))
}

/// Reads what came from a source; the sentence says why it cannot be read.
async fn read(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    sent: &Sent,
) -> Result<Result<Reading, String>, Fault> {
    match reading::read(db, &desk.calendar(), source, sent).await.map_err(Fault::from) {
        Ok(reading) => Ok(Ok(reading)),
        Err(Fault::Refused(why)) => Ok(Err(why)),
        Err(fault) => Err(fault),
    }
}
