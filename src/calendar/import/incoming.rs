//! Reading what somebody else keeps, an address or a file, into drafts; whoever asked decides what becomes of them.

use sea_orm::ConnectionTrait;

use super::super::draft::Draft;
use super::super::entry::Kind;
use super::super::store::Desk;
use super::candidate::Candidate;
use super::known_words::KnownWords;
use super::{Contents, ImportFault, Parsed, contents, find_groups, parse, refuse_doubles};
use crate::table::{Outcome, RowReport};

/// What came from somebody else.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Name of the file, or the address it came from.
    pub file: String,
    /// Content-Type as it was said; may be empty.
    pub content_type: String,
    /// The bytes.
    pub bytes: bytes::Bytes,
}

/// One entry that can be taken in.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Line of the file.
    pub line: usize,
    /// The entry, of the kind 行事 whatever it says of itself.
    pub draft: Draft,
    /// What was mended or left away, in Japanese sentences.
    pub notes: Vec<String>,
}

/// What came, read into drafts before anything is written.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What kind of file it is, in words.
    pub form: String,
    /// What it calls itself; may be empty.
    pub name: String,
    /// What can be taken in.
    pub entries: Vec<Arrived>,
    /// What cannot, with the reasons.
    pub refused: Vec<RowReport>,
    /// What the source calls those that cannot, where that is known.
    pub unread: Vec<String>,
    /// How many of those that cannot nobody knows the name of.
    pub nameless: usize,
    /// What is to be said of the whole.
    pub notes: Vec<String>,
    /// Whether a series has all its changed occurrences with it.
    pub whole_series: bool,
}

/// Reads what somebody else keeps into drafts of one source.
pub async fn look(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &str,
    sent: &Sent,
) -> Result<Incoming, ImportFault> {
    let words = KnownWords::load(db, desk.city).await?;
    let (copy, zone) = (sent.clone(), desk.city.profile.zone);
    // Ten megabytes of rules take their time, and nobody else should wait for them.
    let parsed = tokio::task::spawn_blocking(move || parse(&copy, zone)).await;
    let parsed = parsed.map_err(|fault| sea_orm::DbErr::Custom(fault.to_string()))??;
    let form = match &parsed {
        Parsed::Calendar(_) => "カレンダー（iCalendar）",
        Parsed::Page(_) => "ウェブページ（schema.org）",
        Parsed::Table(_) => "表（CSV・Excel）",
    };
    let Contents { name, mut candidates, report, refused, unread, nameless, whole_series } =
        contents(parsed, &sent.file, desk, &words);
    for draft in candidates.iter_mut().filter_map(|candidate| candidate.draft.as_mut()) {
        source.clone_into(&mut draft.source);
        draft.kind = Kind::Event;
    }
    find_groups(db, &mut candidates).await?;
    refuse_doubles(&mut candidates);
    let mut incoming = Incoming {
        form: form.to_owned(),
        name,
        entries: Vec::with_capacity(candidates.len()),
        refused,
        unread,
        nameless,
        notes: report.notes,
        whole_series,
    };
    for mut candidate in candidates.into_iter().map(Candidate::checked) {
        match candidate.draft.take() {
            Some(draft) => incoming.entries.push(Arrived { line: candidate.line, draft, notes: candidate.notes }),
            None => {
                match candidate.source_uid.as_str() {
                    "" => incoming.nameless += 1,
                    name => incoming.unread.push(name.to_owned()),
                }
                incoming.refused.push(candidate.reported(Outcome::Refused, Vec::new()));
            }
        }
    }
    incoming.refused.sort_by_key(|row| row.line);
    Ok(incoming)
}
