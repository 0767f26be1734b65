//! Telling without a question whether an embedded database has changed since the last one.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::Revisions;

/// The header of SQLite's wal-index, which every commit of every process changes (<https://www.sqlite.org/walformat.html> §2.1).
type Header = [u8; 48];

/// What the wal-index looked like when the counters were last read, and the counters.
///
/// A commit writes the header before it is answered, and the file is shared memory that all connections see alike. An equal
/// header therefore means that no commit lies between; any other leads to a question, which costs time and never truth.
#[derive(Debug)]
pub(super) struct Witness {
    path: PathBuf,
    file: RwLock<Option<File>>,
    known: RwLock<Option<(Header, Revisions)>>,
}

impl Witness {
    /// The witness of a SQLite database in WAL mode.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Self { path: path.into(), file: RwLock::default(), known: RwLock::default() }
    }

    /// The header as it is now, or nothing when it cannot be seen.
    pub(super) fn header(&self) -> Option<Header> {
        if let Some(header) = self.file.read().ok()?.as_ref().and_then(read) {
            return Some(header);
        }
        // Not opened yet, or SQLite has removed the file and made another.
        let file = File::open(&self.path).ok()?;
        let header = read(&file);
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = Some(file);
        header
    }

    /// The counters, if nothing was committed since they were read.
    pub(super) fn unchanged(&self, header: &Header) -> Option<Revisions> {
        let known = self.known.read().ok()?;
        known.as_ref().filter(|(seen, _)| seen == header).map(|(_, revisions)| *revisions)
    }

    /// Remembers counters that were read after the header.
    pub(super) fn remember(&self, header: Header, revisions: Revisions) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((header, revisions));
    }
}

/// The header of a file that still has its name.
#[cfg(unix)]
fn read(file: &File) -> Option<Header> {
    use std::os::unix::fs::{FileExt, MetadataExt};
    if file.metadata().ok()?.nlink() == 0 {
        return None;
    }
    let mut header = [0; 48];
    file.read_exact_at(&mut header, 0).ok()?;
    Some(header)
}

/// Elsewhere shared memory and file may differ, so the database is always asked.
#[cfg(not(unix))]
fn read(_: &File) -> Option<Header> {
    None
}
