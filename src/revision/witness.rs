//! Telling without a question whether an embedded database has changed since the last one.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use super::Revisions;

/// The header of SQLite's wal-index, which every commit of every process changes (<https://www.sqlite.org/walformat.html> §2.1).
type Header = [u8; 48];

/// Milliseconds for which the file is taken to have its name still.
///
/// SQLite removes it only when the last connection of any process closes, and `watch.rs` holds one open; so this is for
/// whoever removes it by hand.
const SURE: u64 = 50;

/// What the wal-index looked like when the counters were last read, and the counters.
///
/// A commit writes the header before it is answered, and the file is shared memory that all connections see alike. An equal
/// header therefore means that no commit lies between; any other leads to a question, which costs time and never truth.
#[derive(Debug)]
pub(super) struct Witness {
    path: PathBuf,
    seen: RwLock<Seen>,
    begun: Instant,
    /// When the file last had its name, in milliseconds after `begun`.
    named_at: AtomicU64,
}

/// The open file, and what it said when the counters were read.
#[derive(Debug, Default)]
struct Seen {
    file: Option<File>,
    known: Option<(Header, Revisions)>,
}

impl Seen {
    /// The counters, if nothing was committed since they were read.
    fn unchanged(&self, header: &Header) -> Option<Revisions> {
        self.known.as_ref().filter(|(seen, _)| seen == header).map(|(_, revisions)| *revisions)
    }
}

impl Witness {
    /// The witness of a SQLite database in WAL mode.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Self { path: path.into(), seen: RwLock::default(), begun: Instant::now(), named_at: AtomicU64::new(0) }
    }

    /// The header as it is now, and the counters if nothing was committed since they were read; nothing when it cannot be seen.
    pub(super) fn look(&self) -> Option<(Header, Option<Revisions>)> {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        {
            let seen = self.seen.read().ok()?;
            if let Some(header) = seen.file.as_ref().and_then(|file| self.read(file, now)) {
                return Some((header, seen.unchanged(&header)));
            }
        }
        // Not opened yet, or the file was removed and another made.
        let file = File::open(&self.path).ok()?;
        let header = self.read(&file, now)?;
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.file = Some(file);
        Some((header, seen.unchanged(&header)))
    }

    /// The header of a file that still has its name.
    #[cfg(unix)]
    fn read(&self, file: &File, now: u64) -> Option<Header> {
        use std::os::unix::fs::{FileExt, MetadataExt};
        if now.saturating_sub(self.named_at.load(Ordering::Relaxed)) > SURE {
            if file.metadata().ok()?.nlink() == 0 {
                return None;
            }
            self.named_at.store(now, Ordering::Relaxed);
        }
        let mut header = [0; 48];
        file.read_exact_at(&mut header, 0).ok()?;
        Some(header)
    }

    /// Elsewhere shared memory and file may differ, so the database is always asked.
    #[cfg(not(unix))]
    fn read(&self, _: &File, _: u64) -> Option<Header> {
        None
    }

    /// Remembers counters that were read after the header.
    pub(super) fn remember(&self, header: Header, revisions: Revisions) {
        self.seen.write().unwrap_or_else(PoisonError::into_inner).known = Some((header, revisions));
    }
}
