//! Prepared files, kept in memory for as long as neither the calendar nor the day has changed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, RwLock};

use axum::http::HeaderValue;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::revision::AsOf;

/// Most bytes of feeds kept at once; beyond it the store starts anew, so that no number of combinations fills the memory.
const MOST: usize = 128 * 1024 * 1024;
/// Queues in which requests for the same feed wait while it is made.
const QUEUES: usize = 64;

/// A feed ready to be sent.
#[derive(Debug)]
pub struct Prepared {
    /// The calendar file.
    pub plain: Bytes,
    /// The same, compressed.
    pub gzip: Bytes,
    /// Strong tag of the plain bytes, with quotes.
    pub tag: HeaderValue,
    /// Strong tag of the compressed bytes, with quotes.
    pub gzip_tag: HeaderValue,
    /// When what it carries last changed.
    pub changed_at: DateTime<Utc>,
    /// The same as a header.
    pub last_modified: HeaderValue,
}

impl Prepared {
    /// Compresses and tags a finished file.
    pub fn new(plain: Vec<u8>, changed_at: DateTime<Utc>) -> Result<Self, Error> {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        let told = |fault: std::io::Error| Error::Template(fault.to_string());
        encoder.write_all(&plain).map_err(told)?;
        let gzip = encoder.finish().map_err(told)?;
        let digest = Sha256::digest(&plain);
        let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            plain: plain.into(),
            gzip: gzip.into(),
            gzip_tag: header(format!("\"{tag}-gzip\""))?,
            tag: header(format!("\"{tag}\""))?,
            last_modified: header(changed_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())?,
            changed_at,
        })
    }
}

fn header(text: String) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(text).map_err(|fault| Error::Template(fault.to_string()))
}

#[derive(Debug)]
struct Kept<K> {
    files: HashMap<K, (AsOf, Arc<Prepared>)>,
    bytes: usize,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self { files: HashMap::new(), bytes: 0 }
    }
}

/// The prepared feeds of this process; what it holds is never newer or older than the state it is asked for.
#[derive(Debug)]
pub struct Cache<K> {
    kept: RwLock<Kept<K>>,
    queues: Vec<tokio::sync::Mutex<()>>,
}

impl<K> Default for Cache<K> {
    fn default() -> Self {
        Self { kept: RwLock::default(), queues: (0..QUEUES).map(|_| tokio::sync::Mutex::default()).collect() }
    }
}

impl<K: Eq + Hash> Cache<K> {
    /// The feed as prepared for exactly this state.
    pub fn get(&self, key: &K, as_of: AsOf) -> Option<Arc<Prepared>> {
        let kept = self.kept.read().ok()?;
        kept.files.get(key).filter(|(made_for, _)| *made_for == as_of).map(|(_, prepared)| Arc::clone(prepared))
    }

    /// Keeps a feed for this state.
    pub fn put(&self, key: K, as_of: AsOf, prepared: Arc<Prepared>) {
        // A poisoned lock only means that nothing is kept.
        if let Ok(mut kept) = self.kept.write() {
            let size = prepared.plain.len() + prepared.gzip.len();
            if kept.bytes + size > MOST {
                *kept = Kept::default();
            }
            kept.bytes += size;
            if let Some((_, old)) = kept.files.insert(key, (as_of, prepared)) {
                kept.bytes -= old.plain.len() + old.gzip.len();
            }
        }
    }

    /// The turn to make a feed: of many who ask for the same one, the first makes it and the others find it.
    pub async fn turn(&self, key: &K) -> tokio::sync::MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.queues[(hasher.finish() % QUEUES as u64) as usize].lock().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_counts_its_bytes_and_never_holds_more_than_it_may() {
        let now = AsOf { revisions: Default::default(), today: "2026-11-23".parse().unwrap() };
        let cache: Cache<usize> = Cache::default();
        let file = |bytes: usize| {
            let mut prepared = Prepared::new(Vec::new(), DateTime::UNIX_EPOCH).unwrap();
            prepared.plain = Bytes::from(vec![0; bytes]);
            Arc::new(prepared)
        };
        for number in 0..20 {
            cache.put(number, now, file(MOST / 7));
            cache.put(1000, now, file(10));
            let kept = cache.kept.read().unwrap();
            assert!(kept.bytes <= MOST);
            let held = kept.files.values().map(|(_, file)| file.plain.len() + file.gzip.len()).sum::<usize>();
            assert_eq!(kept.bytes, held);
        }
        assert!(cache.get(&1000, now).is_some());
        assert!(cache.get(&1000, AsOf { today: "2026-11-24".parse().unwrap(), ..now }).is_none());
    }
}
