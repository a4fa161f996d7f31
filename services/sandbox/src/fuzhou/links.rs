//! Addresses of files: long, opaque, and dead after two hours; some, by the manual, for ever.

use bytes::Bytes;
use crypto::{digest, text};
use std::collections::{BTreeMap, HashMap};
use time::{Duration, OffsetDateTime};

/// A file the platform holds.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// Files by id, and the addresses that were given out.
#[derive(Debug, Default)]
pub(crate) struct Links {
    papers: BTreeMap<String, Paper>,
    /// What stands in the query of an address → the file, and when the address dies.
    given: HashMap<String, (String, Option<OffsetDateTime>)>,
    count: u64,
}

impl Links {
    /// Takes a file in; its id.
    pub(crate) fn file(&mut self, name: &str, bytes: Bytes) -> String {
        let id = format!("51{:021}", self.papers.len() + 1);
        self.papers.insert(id.clone(), Paper { name: name.to_owned(), bytes });
        id
    }

    /// The name of a file.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        self.papers.get(id).map(|paper| paper.name.as_str())
    }

    /// An address below `base` that dies then: a call of the platform in itself, as in the samples of 2.3 and 4.1.
    pub(crate) fn give(&mut self, id: &str, base: &str, dies: OffsetDateTime, now: OffsetDateTime) -> String {
        self.count += 1;
        let param = opaque("param", 256, self.count, now);
        let token = opaque("access_token", 304, self.count, now);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("param", &param)
            .append_pair("access_token", &token)
            .finish();
        self.given.insert(query.clone(), (id.to_owned(), Some(dies)));
        format!("{}?{query}", base.trim_end_matches('/'))
    }

    /// An address below `base` that lives for ever, as in the sample of 4.3.
    pub(crate) fn give_for_ever(&mut self, id: &str, base: &str, now: OffsetDateTime) -> String {
        self.count += 1;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("sss", &opaque("sss", 96, self.count, now))
            .finish();
        self.given.insert(query.clone(), (id.to_owned(), None));
        format!("{base}/show.php?{query}")
    }

    /// The id of the file behind the query of an address, alive or dead.
    pub(crate) fn behind(&self, query: &str) -> Option<&str> {
        self.given.get(query).map(|(id, _)| id.as_str())
    }

    /// The file behind the query of an address that still lives.
    pub(crate) fn fetch(&self, query: &str, now: OffsetDateTime) -> Option<Paper> {
        let (id, dies) = self.given.get(query)?;
        if dies.is_some_and(|dies| dies <= now) {
            return None;
        }
        self.papers.get(id).cloned()
    }

    /// Every address that can die dies now.
    pub(crate) fn expire(&mut self) {
        for (_, dies) in self.given.values_mut() {
            *dies = dies.map(|_| OffsetDateTime::UNIX_EPOCH + Duration::ZERO);
        }
    }
}

/// Base64 of bytes in which nobody shall read anything, others each time.
pub(crate) fn opaque(what: &str, bytes: usize, nth: u64, now: OffsetDateTime) -> String {
    let blocks = (0..bytes.div_ceil(32)).flat_map(|block| {
        digest::sha256(format!("{what} {nth} {block} {}", now.unix_timestamp_nanos()).as_bytes())
    });
    text::to_base64(&blocks.take(bytes).collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_dies_and_a_fresh_one_is_given() {
        let (mut links, now) = (Links::default(), crate::now());
        let id = links.file("营业执照.pdf", Bytes::from_static(b"%PDF-1"));
        let query = |url: &str| url.split_once('?').unwrap().1.to_owned();
        let first =
            query(&links.give(&id, "http://127.0.0.1:1/api/insurer/v1/", now + Duration::hours(2), now));
        let second =
            query(&links.give(&id, "http://127.0.0.1:1/api/insurer/v1/", now + Duration::hours(3), now));
        let third = query(&links.give_for_ever(&id, "http://127.0.0.1:1", now));
        assert!(first != second && first.len() > 700, "as long as the samples");
        let later = now + Duration::hours(2);
        assert!(links.fetch(&first, now).is_some() && links.fetch(&first, later).is_none());
        assert_eq!(links.behind(&first), Some(id.as_str()));
        assert!(links.fetch(&second, later).is_some());
        links.expire();
        assert!(links.fetch(&second, now).is_none() && links.fetch(&third, later).is_some());
        assert!(links.fetch("param=x", now).is_none() && links.name("0").is_none());
    }
}
