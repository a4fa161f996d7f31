//! The document store in a bucket: created only if absent, checked by the service while it arrives, durable once it says so.

use super::{HEAD, Lost};
use crypto::secret::Secret;
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::client::{ClientOptions, HttpClient, HttpConnector};
use object_store::path::Path;
use object_store::{BackoffConfig, Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, RetryConfig};
use std::time::Duration;

/// Over everything that is asked for one document, tries included: an order waits for it.
const DEADLINE: Duration = Duration::from_secs(30);
/// Over one request.
const REQUEST: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(3);
/// Larger objects are none of ours, bytes.
const LARGEST: u64 = 64 << 20;

/// A bucket address that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadBucket {
    /// Not of the form.
    #[error("must be s3://bucket or s3://bucket/prefix")]
    Url,
    /// The service's address is none.
    #[error("the endpoint must be http://host:port or https://host:port")]
    Endpoint,
    /// The client cannot be made.
    #[error("no client for the bucket: {0}")]
    Client(String),
}

/// A bucket of documents.
#[derive(Debug)]
pub(super) struct Bucket {
    store: AmazonS3,
    prefix: Path,
}

impl Bucket {
    pub(super) fn at(
        url: &str,
        endpoint: Option<&str>,
        region: &str,
        [id, secret]: &[Secret; 2],
    ) -> Result<Self, BadBucket> {
        let (bucket, prefix) = url.strip_prefix("s3://").map(split).ok_or(BadBucket::Url)?;
        if bucket.is_empty() || !bucket.bytes().all(|c| c.is_ascii_alphanumeric() || b"-.".contains(&c)) {
            return Err(BadBucket::Url);
        }
        let prefix = Path::parse(prefix).map_err(|_| BadBucket::Url)?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region(region)
            .with_access_key_id(id.expose())
            .with_secret_access_key(secret.expose())
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(patience())
            .with_http_connector(Direct);
        if let Some(endpoint) = endpoint {
            if !["http://", "https://"].iter().any(|scheme| endpoint.starts_with(scheme)) {
                return Err(BadBucket::Endpoint);
            }
            builder = builder
                .with_endpoint(endpoint.trim_end_matches('/'))
                .with_allow_http(endpoint.starts_with("http:"));
        }
        let store = builder.build().map_err(|error| BadBucket::Client(error.to_string()))?;
        Ok(Self { store, prefix })
    }

    fn path(&self, sha256: &str) -> Path {
        self.prefix.clone().join(&sha256[..2]).join(sha256)
    }

    pub(super) async fn get(&self, sha256: &str) -> Result<Vec<u8>, Lost> {
        within(self.read(sha256)).await
    }

    /// Creates the object; one that is there already is compared, and replaced only if it is damaged: what it should hold
    /// is at hand.
    pub(super) async fn put(
        &self,
        bytes: Vec<u8>,
        sha256: &str,
        stands: impl FnOnce(Vec<u8>) -> bool,
    ) -> Result<(), Lost> {
        let path = self.path(sha256);
        let create = |mode: PutMode| {
            let options = PutOptions { mode, ..PutOptions::default() };
            self.store.put_opts(&path, bytes.clone().into(), options)
        };
        within(async {
            match create(PutMode::Create).await {
                Err(Error::AlreadyExists { .. }) => {}
                other => return other.map(drop).map_err(|error| lost(error, sha256)),
            }
            match self.read(sha256).await.map(stands) {
                Ok(true) => Ok(()),
                Ok(false) | Err(Lost::Damaged(_)) => {
                    create(PutMode::Overwrite).await.map(drop).map_err(|error| lost(error, sha256))
                }
                Err(other) => Err(other),
            }
        })
        .await
    }

    /// Writes the object, whatever is there.
    pub(super) async fn replace(&self, bytes: Vec<u8>, sha256: &str) -> Result<(), Lost> {
        let path = self.path(sha256);
        let put = self.store.put(&path, bytes.into());
        within(async { put.await.map(drop).map_err(|error| lost(error, sha256)) }).await
    }

    /// The objects of one part and how each begins.
    pub(super) async fn heads(&self, part: u8) -> Result<Vec<(String, Vec<u8>)>, Lost> {
        let folder = self.prefix.clone().join(format!("{part:02x}"));
        let listed: Vec<_> =
            self.store.list(Some(&folder)).try_collect().await.map_err(|error| lost(error, ""))?;
        let mut heads = Vec::with_capacity(listed.len());
        for object in listed {
            let name = object.location.filename().unwrap_or_default().to_owned();
            let range = 0..object.size.min(HEAD as u64);
            let head = self.store.get_range(&object.location, range).await;
            heads.push((name.clone(), head.map_err(|error| lost(error, &name))?.into()));
        }
        Ok(heads)
    }

    async fn read(&self, sha256: &str) -> Result<Vec<u8>, Lost> {
        let found = self.store.get(&self.path(sha256)).await.map_err(|error| lost(error, sha256))?;
        if found.meta.size > LARGEST {
            return Err(Lost::Damaged(sha256.to_owned()));
        }
        Ok(found.bytes().await.map_err(|error| lost(error, sha256))?.into())
    }
}

fn split(address: &str) -> (&str, &str) {
    address.split_once('/').unwrap_or((address, ""))
}

async fn within<T>(asked: impl Future<Output = Result<T, Lost>>) -> Result<T, Lost> {
    let late = || Lost::Bucket(format!("no answer within {} s", DEADLINE.as_secs()));
    tokio::time::timeout(DEADLINE, asked).await.unwrap_or_else(|_| Err(late()))
}

fn lost(error: Error, sha256: &str) -> Lost {
    match error {
        Error::NotFound { .. } => Lost::Missing(sha256.to_owned()),
        other => Lost::Bucket(other.to_string()),
    }
}

fn patience() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.0,
    };
    RetryConfig { backoff, max_retries: 3, retry_timeout: DEADLINE / 2 }
}

/// The way to the service: straight, whatever proxies the environment names, and never anywhere else.
#[derive(Debug)]
struct Direct;

impl HttpConnector for Direct {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        // Another part of the process may have chosen the provider already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .build();
        let client = client.map_err(|error| Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(client))
    }
}
