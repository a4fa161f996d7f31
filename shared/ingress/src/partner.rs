//! The partner instances that one ingress serves, and how a path names one of them.

use crate::pace::Pace;
use crate::seats::Seats;
use domain::{PartnerId, Timestamp};
use http::Uri;
use http::uri::PathAndQuery;
use protocol::{AllowList, CallbackHosts, Inbound};
use std::collections::HashMap;
use std::sync::Arc;

/// What the ingress must know of a partner instance; made once from its settings.
#[derive(Clone)]
pub struct Partner {
    /// Who it is: the first segment of the path.
    pub id: PartnerId,
    /// How it speaks.
    pub protocol: Arc<dyn Inbound>,
    /// How it spoke before its keys were changed, and until when that is understood too.
    pub former: Option<(Arc<dyn Inbound>, Timestamp)>,
    /// False: everything it asks is answered as "come again later".
    pub enabled: bool,
    /// Interfaces that are answered so.
    pub paused: Vec<String>,
    /// Where it may ask to have outcomes sent.
    pub hosts: CallbackHosts,
    /// Its largest request body, bytes.
    pub body_bytes: usize,
    /// How many requests it may make.
    pub pace: Pace,
    /// How many of them are answered at the same time.
    pub seats: Seats,
    /// Whence it calls; empty: from anywhere.
    pub callers: AllowList,
}

/// All instances of one protocol; never empty.
#[derive(Debug)]
pub struct Partners {
    kind: &'static str,
    by_id: HashMap<String, Partner>,
    decoy: Partner,
}

/// There is no partner to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no partner to serve")]
pub struct Nobody;

impl Partners {
    /// The instances of the protocol called `kind` in routing keys.
    ///
    /// # Errors
    /// [`Nobody`] if there are none: whoever knocks could not even be refused in the protocol's words.
    pub fn new(kind: &'static str, partners: Vec<Partner>) -> Result<Self, Nobody> {
        let decoy = partners.first().ok_or(Nobody)?.clone();
        let by_id = partners.into_iter().map(|partner| (partner.id.as_str().to_owned(), partner)).collect();
        Ok(Self { kind, by_id, decoy })
    }

    /// The name of the protocol.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Partner> {
        self.by_id.values()
    }

    /// Stands in where no instance is meant: whoever knocks there must see what a stranger sees at a real door, whatever
    /// is wrong with the request, or ids could be found out by trying.
    #[must_use]
    pub const fn decoy(&self) -> &Partner {
        &self.decoy
    }

    /// The largest body that any of them may send, bytes.
    #[must_use]
    pub fn body_bytes(&self) -> usize {
        self.iter().map(|partner| partner.body_bytes).max().unwrap_or_default()
    }

    /// The instance that the first segment of a path names, if there is one.
    pub(crate) fn find(&self, uri: &Uri) -> Option<&Partner> {
        self.by_id.get(first_segment(uri))
    }
}

/// The address behind the first segment, as the protocol knows it: `/` if there is no more.
pub(crate) fn rest_of(uri: &Uri) -> Uri {
    let whole = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let rest = whole.get(1 + first_segment(uri).len()..).unwrap_or_default();
    let read = match rest.as_bytes().first() {
        None => return Uri::from_static("/"),
        Some(b'?') => PathAndQuery::try_from(format!("/{rest}")),
        Some(_) => PathAndQuery::try_from(rest),
    };
    read.map_or_else(|_| Uri::from_static("/"), Uri::from)
}

fn first_segment(uri: &Uri) -> &str {
    uri.path().strip_prefix('/').and_then(|path| path.split('/').next()).unwrap_or_default()
}

impl Partner {
    /// How it may be speaking now, the present way first.
    pub(crate) fn ways(&self, now: Timestamp) -> impl Iterator<Item = &dyn Inbound> {
        let former =
            self.former.as_ref().filter(|(_, until)| now < *until).map(|(former, _)| former.as_ref());
        std::iter::once(self.protocol.as_ref()).chain(former)
    }

    /// Whether an interface serves now.
    pub(crate) fn serves(&self, interface: &str) -> bool {
        self.enabled && !self.paused.iter().any(|name| name == interface)
    }
}

impl std::fmt::Debug for Partner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partner").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use domain::Timestamp;
    use http::{Request, Response};
    use protocol::{Call, Interface, Outcome, Rejection};

    struct Mute;

    impl Inbound for Mute {
        fn interfaces(&self) -> &'static [Interface] {
            &[]
        }
        fn open(&self, _: &Request<Bytes>, _: Timestamp) -> Result<Call, Rejection> {
            Err(Rejection::forged("mute"))
        }
        fn answer(&self, _: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
            Response::default()
        }
    }

    fn partners() -> Partners {
        let partner = |id| Partner {
            id: PartnerId::parse(id).expect("an id"),
            protocol: Arc::new(Mute),
            former: None,
            enabled: true,
            paused: Vec::new(),
            hosts: CallbackHosts::default(),
            body_bytes: 10,
            pace: Pace::new(None, std::time::Instant::now()),
            seats: Seats::new(None),
            callers: AllowList::parse(&[]).expect("nothing to misread"),
        };
        Partners::new("plain", vec![partner("one-a"), partner("one-b")]).expect("two")
    }

    #[test]
    fn the_first_segment_names_the_instance_and_the_rest_is_the_protocols() {
        for (address, id, rest) in [
            ("/one-a", "one-a", "/"),
            ("/one-b/", "one-b", "/"),
            ("/one-a?x=1", "one-a", "/?x=1"),
            ("/one-a/b/c?d=e", "one-a", "/b/c?d=e"),
            ("/one-a//b", "one-a", "//b"),
        ] {
            let all = partners();
            let uri = Uri::from_static(address);
            let partner = all.find(&uri).expect(address);
            assert_eq!((partner.id.as_str(), rest_of(&uri).to_string().as_str()), (id, rest), "{address}");
        }
    }

    #[test]
    fn what_names_nobody_finds_nobody() {
        for address in ["/", "/one", "/one-c/one-a", "//one-a", "/ONE-A", "/one-a%2f", "*", "http://one-a/"] {
            let uri = Uri::from_static(address);
            assert!(partners().find(&uri).is_none(), "{address}");
            assert!(rest_of(&uri).path().starts_with('/'), "{address}");
        }
        assert!(Partners::new("plain", Vec::new()).is_err());
    }
}
