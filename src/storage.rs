//! Where files are kept: a folder beside the database, or a bucket of an S3-compatible store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::Stream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::sync::OnceCell;

use crate::config::Config;

/// Folder of photos in the data folder, and in the bucket.
pub const PHOTOS: &str = "photos";
/// Folder of the materials of meetings.
pub const MATERIALS: &str = "materials";
/// Longest wait for an answer of the store, tries included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a file cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StorageFault {
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// The store does not answer as it should.
    #[error("storage: {0}")]
    Store(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("storage: {0}")]
    Folder(#[from] std::io::Error),
}

/// A bucket of an S3-compatible store, as `s3://bucket/prefix?endpoint=https://…&region=…` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Name of the bucket.
    pub name: String,
    /// Folder in the bucket; may be empty.
    pub prefix: String,
    /// Address of the store; nothing for Amazon's own.
    pub endpoint: Option<String>,
    /// Region.
    pub region: String,
}

impl Bucket {
    /// Reads the setting; nothing for an address of another form.
    pub fn parse(setting: &str) -> Option<Self> {
        let url = url::Url::parse(setting).ok().filter(|url| url.scheme() == "s3")?;
        let said = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let endpoint = said("endpoint");
        let is_web = |text: &String| url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if url.query_pairs().any(|(key, _)| !matches!(&*key, "endpoint" | "region")) || !endpoint.iter().all(is_web) {
            return None;
        }
        Some(Self {
            name: url.host_str().filter(|name| !name.is_empty())?.to_owned(),
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint: endpoint.map(|text| text.trim_end_matches('/').to_owned()),
            region: said("region").unwrap_or_else(|| "ap-northeast-1".to_owned()),
        })
    }
}

/// The place for files; opened when the first of them is asked for.
#[derive(Debug)]
pub struct Storage {
    kind: &'static str,
    folder: PathBuf,
    bucket: Option<Bucket>,
    keys: Option<(String, String)>,
    store: OnceCell<Arc<dyn ObjectStore>>,
}

impl Storage {
    /// The place for files of a kind that the settings name.
    pub fn new(config: &Config, kind: &'static str) -> Self {
        Self {
            kind,
            folder: config.data_dir.join(kind),
            bucket: config.storage_url.as_deref().and_then(Bucket::parse),
            keys: config.storage_keys.clone(),
            store: OnceCell::new(),
        }
    }

    async fn store(&self) -> Result<&Arc<dyn ObjectStore>, StorageFault> {
        self.store
            .get_or_try_init(async || match &self.bucket {
                Some(bucket) => self.open_bucket(bucket),
                None => {
                    tokio::fs::create_dir_all(&self.folder).await?;
                    let folder = LocalFileSystem::new_with_prefix(&self.folder)?.with_fsync(true);
                    Ok(Arc::new(folder) as Arc<dyn ObjectStore>)
                }
            })
            .await
    }

    fn open_bucket(&self, bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, StorageFault> {
        // Does nothing where the process has already chosen one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let options =
            ClientOptions::new().with_timeout(PATIENCE).with_connect_timeout(PATIENCE / 4).with_allow_http(plain);
        let retry = RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: PATIENCE };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some((access, secret)) = &self.keys {
            builder = builder.with_access_key_id(access).with_secret_access_key(secret);
        }
        Ok(Arc::new(builder.build()?))
    }

    fn path(&self, name: &str) -> Path {
        match &self.bucket {
            Some(bucket) if bucket.prefix.is_empty() => Path::from_iter([self.kind, name]),
            Some(bucket) => Path::from(bucket.prefix.as_str()).join(self.kind).join(name),
            None => Path::from_iter([name]),
        }
    }

    /// Keeps a file under a name of its own; it is there whole or not at all.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), StorageFault> {
        self.store().await?.put(&self.path(name), bytes.into()).await?;
        Ok(())
    }

    /// Reads a file.
    pub async fn get(&self, name: &str) -> Result<Bytes, StorageFault> {
        match self.store().await?.get(&self.path(name)).await {
            Ok(found) => Ok(found.bytes().await?),
            Err(object_store::Error::NotFound { .. }) => Err(StorageFault::Missing),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Reads a file piece by piece, so that a large one never stands in memory as a whole.
    pub async fn open(
        &self,
        name: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, object_store::Error>> + Send + 'static, StorageFault> {
        match self.store().await?.get(&self.path(name)).await {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. }) => Err(StorageFault::Missing),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Takes a file away; one that is not there is no fault.
    pub async fn delete(&self, name: &str) -> Result<(), StorageFault> {
        match self.store().await?.delete(&self.path(name)).await {
            Err(fault) if !matches!(fault, object_store::Error::NotFound { .. }) => Err(fault.into()),
            _ => Ok(()),
        }
    }

    /// The names of all files and when each was written.
    pub async fn list(&self) -> Result<Vec<(String, DateTime<Utc>)>, StorageFault> {
        let mut folder = self.path("");
        folder = folder.as_ref().trim_end_matches('/').into();
        let whole = !folder.as_ref().is_empty();
        let found = self.store().await?.list_with_delimiter(whole.then_some(&folder)).await?;
        let named = |file: ObjectMeta| Some((file.location.filename()?.to_owned(), file.last_modified));
        Ok(found.objects.into_iter().filter_map(named).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_by_its_address() {
        let bucket = Bucket::parse("s3://kyodo/tsushima?endpoint=http://127.0.0.1:9000/&region=jp-north-1");
        let told = Bucket {
            name: "kyodo".to_owned(),
            prefix: "tsushima".to_owned(),
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            region: "jp-north-1".to_owned(),
        };
        assert_eq!(bucket, Some(told));
        let plain = Bucket::parse("s3://kyodo").unwrap();
        assert_eq!((plain.prefix.as_str(), plain.endpoint, plain.region.as_str()), ("", None, "ap-northeast-1"));
    }

    #[test]
    fn what_names_no_bucket_is_refused() {
        for wrong in ["", "kyodo", "http://x", "s3://", "s3:///x", "s3://b?endpoint=x", "s3://b?ednpoint=http://x"] {
            assert_eq!(Bucket::parse(wrong), None, "{wrong}");
        }
    }
}
