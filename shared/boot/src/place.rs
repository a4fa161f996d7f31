//! Where the settings say that documents are kept, with the secrets it takes.

use crate::settings::Mistakes;
use crate::start::Boot;
use crypto::secret::Secret;
use std::path::PathBuf;

/// The place of the document store.
#[derive(Debug)]
pub enum DocumentPlace {
    /// A folder.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket {
        /// `s3://bucket/prefix`.
        url: String,
        /// Address of the service; absent for Amazon's.
        endpoint: Option<String>,
        /// Region.
        region: String,
        /// Id and secret of the access key.
        keys: [Secret; 2],
    },
}

impl Boot {
    /// Where documents are kept.
    ///
    /// # Errors
    /// [`Mistakes`] if the settings do not say, or a key cannot be had.
    pub fn document_place(&self) -> Result<DocumentPlace, Mistakes> {
        let section = self.need("documents", &self.settings.documents)?;
        let (Some(url), Some(bucket)) = (&section.store, &section.bucket) else {
            return self.need("documents.folder", &section.folder).cloned().map(DocumentPlace::Folder);
        };
        Ok(DocumentPlace::Bucket {
            url: url.clone(),
            endpoint: bucket.endpoint.clone(),
            region: bucket.region.clone(),
            keys: [
                self.secret("documents.bucket.access_key", &bucket.access_key)?,
                self.secret("documents.bucket.secret_key", &bucket.secret_key)?,
            ],
        })
    }
}
