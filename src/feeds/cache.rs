//! Prepared files, kept in memory for as long as neither the calendar nor the day has changed.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, RwLock};

use axum::http::HeaderValue;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::revision::AsOf;

/// Most feeds kept at once; beyond it the store starts anew.
const MOST: usize = 512;

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

type Kept<K> = HashMap<K, (AsOf, Arc<Prepared>)>;

/// The prepared feeds of this process; what it holds is never newer or older than the state it is asked for.
#[derive(Debug)]
pub struct Cache<K> {
    kept: RwLock<Kept<K>>,
}

impl<K> Default for Cache<K> {
    fn default() -> Self {
        Self { kept: RwLock::default() }
    }
}

impl<K: Eq + Hash> Cache<K> {
    /// The feed as prepared for exactly this state.
    pub fn get(&self, key: &K, as_of: AsOf) -> Option<Arc<Prepared>> {
        let kept = self.kept.read().ok()?;
        kept.get(key).filter(|(made_for, _)| *made_for == as_of).map(|(_, prepared)| Arc::clone(prepared))
    }

    /// Keeps a feed for this state.
    pub fn put(&self, key: K, as_of: AsOf, prepared: Arc<Prepared>) {
        // A poisoned lock only means that nothing is kept.
        if let Ok(mut kept) = self.kept.write() {
            if kept.len() >= MOST {
                kept.clear();
            }
            kept.insert(key, (as_of, prepared));
        }
    }
}
