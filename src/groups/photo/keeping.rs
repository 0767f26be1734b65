//! Keeping files and rows of photos together: the files first, under a new name, then the row; what is left over is swept.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use tokio::sync::Semaphore;

use super::photo;
use super::picture::{self, Picture, Unusable};
use crate::storage::{Storage, StorageFault};

/// Photos that are taken apart at the same time; each may need some hundred megabytes.
static TURNS: Semaphore = Semaphore::const_new(2);
/// Hours for which a file without a row may belong to a change that is not committed yet.
const GRACE_HOURS: i64 = 24;

/// Takes a photo apart, beside the work of everybody else.
pub async fn read(bytes: bytes::Bytes) -> Result<Picture, Unusable> {
    let _turn = TURNS.acquire().await.map_err(|_| Unusable::Broken)?;
    let bytes = Arc::new(bytes);
    // A decoder that gives way to a forged file takes only this photo with it.
    tokio::task::spawn_blocking(move || picture::read(&bytes)).await.unwrap_or(Err(Unusable::Broken))
}

/// Keeps the files of a photo under a new name, before any row knows of them.
pub async fn put(storage: &Storage, picture: &Picture) -> Result<String, StorageFault> {
    let name = photo::new_name();
    let [large, small] = photo::files(&name);
    storage.put(&small, picture.small.clone().into()).await?;
    storage.put(&large, picture.large.clone().into()).await?;
    Ok(name)
}

/// Why the sweep stopped; it goes on the next day.
#[derive(Debug, thiserror::Error)]
pub enum NotSwept {
    /// The database.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageFault),
}

/// Forgets photos taken down long ago, and takes away files that no row knows and no change is still about to know.
pub async fn sweep(db: &impl ConnectionTrait, storage: &Storage, now: DateTime<Utc>) -> Result<usize, NotSwept> {
    photo::forget(db, now).await?;
    // The files are listed before the rows are read: a file that comes in between is not in the list.
    let files = storage.list().await?;
    let known: HashSet<String> = photo::names(db).await?.iter().flat_map(|name| photo::files(name)).collect();
    let mut swept = 0;
    for (name, written_at) in files {
        if !known.contains(&name) && written_at < now - Duration::hours(GRACE_HOURS) {
            storage.delete(&name).await?;
            swept += 1;
        }
    }
    Ok(swept)
}
