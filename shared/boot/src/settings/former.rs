//! The keys a partner had before: accepted beside the new ones until a day that is agreed, so that both sides need not change
//! theirs at the same moment.

use super::mistakes::{Mistakes, Problem};
use super::partner::Partner;
use domain::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Table;

/// `[former]` of a partner: which of its `[settings]` were others before, and how long requests made with those are accepted.
/// What we send is made with the new ones from the first moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The end of the overlap, `2026-12-31T16:00:00Z`.
    pub until: Timestamp,
    /// The keys of `[settings]` as they were; what is not named is as it is now.
    pub settings: Table,
}

impl<P: DeserializeOwned> Partner<P> {
    /// This partner as it was before its keys were changed, if `[former]` says so.
    ///
    /// # Errors
    /// What of it does not read, told at `[former.settings]`.
    pub fn former(&self) -> Result<Option<(Self, Timestamp)>, Mistakes> {
        let Some(former) = &self.former else { return Ok(None) };
        let wrong = |why: String| self.mistakes(vec![Problem::new("former.settings", why)]);
        if former.settings.is_empty() {
            return Err(wrong(
                "names no setting: write those that were others before, or remove [former]".into(),
            ));
        }
        let mut whole: Table = self.source.parse()?;
        whole.remove("former");
        if let Some(settings) = whole.get_mut("settings").and_then(toml::Value::as_table_mut) {
            settings.extend(former.settings.clone());
        }
        let before = Self::deserialize(whole).map_err(|why| wrong(why.message().to_owned()))?;
        Ok(Some((Self { source: self.source.clone(), ..before }, former.until)))
    }
}
