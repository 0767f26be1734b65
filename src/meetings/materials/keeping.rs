//! Keeping files and rows of materials together: the file first, under a new name, then the row; what is left over is swept.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use tokio::sync::Semaphore;

use super::kind::{self, Kind, Unusable};
use super::material;
use crate::chance;
use crate::groups::photo::NotSwept;
use crate::storage::{Storage, StorageFault};
use crate::text::clean;

/// Files that are looked through at the same time.
static TURNS: Semaphore = Semaphore::const_new(2);
/// Hours for which a file without a row may belong to a change that is not committed yet.
const GRACE_HOURS: i64 = 24;
/// Days after which the file of a removed material is gone.
const KEPT_DAYS: i64 = 30;
/// Longest name of a file, without its ending.
const LONGEST_NAME: usize = 100;

/// A file that was looked through.
pub(super) struct Checked {
    pub kind: Kind,
    pub bytes: bytes::Bytes,
}

/// Looks a file through, beside the work of everybody else.
pub(super) async fn check(bytes: bytes::Bytes) -> Result<Checked, Unusable> {
    let _turn = TURNS.acquire().await.map_err(|_| Unusable::Broken)?;
    let bytes = Arc::new(bytes);
    // A reader that gives way to a forged file takes only this file with it.
    tokio::task::spawn_blocking(move || {
        let (kind, kept) = kind::read(&bytes)?;
        let bytes = match kept {
            std::borrow::Cow::Borrowed(_) => bytes::Bytes::clone(&bytes),
            std::borrow::Cow::Owned(kept) => kept.into(),
        };
        Ok(Checked { kind, bytes })
    })
    .await
    .unwrap_or(Err(Unusable::Broken))
}

/// Keeps a file under a new name that nobody can guess, before any row knows of it.
pub(super) async fn put(storage: &Storage, checked: &Checked) -> Result<String, StorageFault> {
    let key = format!("{}.{}", chance::token(), checked.kind.ending());
    storage.put(&key, checked.bytes.clone()).await?;
    Ok(key)
}

/// The name under which a file is saved: that of the sender's machine without its folders, with the ending of what it is.
pub(super) fn file_name(sent: &str, kind: Kind) -> String {
    let own = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|letter| !letter.is_control() && !"<>:\"|?*".contains(*letter)).collect();
    let stem = clean::line(&stem.chars().take(LONGEST_NAME).collect::<String>(), LONGEST_NAME).unwrap_or_default();
    let stem = stem.trim_matches('.').trim();
    format!("{}.{}", if stem.is_empty() { "資料" } else { stem }, kind.ending())
}

/// Takes away files that no row names and no change is still about to name.
pub async fn sweep(db: &impl ConnectionTrait, storage: &Storage, now: DateTime<Utc>) -> Result<usize, NotSwept> {
    // The files are listed before the rows are read: a file that comes in between is not in the list.
    let files = storage.list().await?;
    let known: HashSet<String> = material::file_keys(db, now - Duration::days(KEPT_DAYS)).await?.into_iter().collect();
    let mut swept = 0;
    for (name, written_at) in files {
        if !known.contains(&name) && written_at < now - Duration::hours(GRACE_HOURS) {
            storage.delete(&name).await?;
            swept += 1;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_the_name_it_had_with_the_ending_of_what_it_is() {
        assert_eq!(file_name("令和8年度 予定表.XLSX", Kind::Xlsx), "令和8年度 予定表.xlsx");
        assert_eq!(file_name("C:\\Users\\mihon\\a.exe", Kind::Pdf), "a.pdf");
        assert_eq!(file_name("../../etc/passwd", Kind::Png), "passwd.png");
        assert_eq!(file_name("\r\n\"\".pdf", Kind::Pdf), "資料.pdf");
        assert_eq!(file_name(&"長".repeat(300), Kind::Pdf).chars().count(), 104);
    }
}
