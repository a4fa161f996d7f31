//! The partner instances that one ingress serves, and how a path names one of them.

use domain::PartnerId;
use http::Uri;
use http::uri::PathAndQuery;
use protocol::{CallbackHosts, Inbound};
use std::collections::HashMap;
use std::sync::Arc;

/// What the ingress must know of a partner instance; made once from its settings.
#[derive(Clone)]
pub struct Partner {
    /// Who it is: the first segment of the path.
    pub id: PartnerId,
    /// How it speaks.
    pub protocol: Arc<dyn Inbound>,
    /// Where it may ask to have outcomes sent.
    pub hosts: CallbackHosts,
    /// Its largest request body, bytes.
    pub body_bytes: usize,
}

/// All instances of one protocol; never empty.
#[derive(Debug)]
pub struct Partners {
    kind: &'static str,
    by_id: HashMap<String, Partner>,
    voice: Arc<Speech>,
}

struct Speech(Arc<dyn Inbound>);

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
        let first = partners.first().ok_or(Nobody)?;
        let voice = Arc::new(Speech(Arc::clone(&first.protocol)));
        let by_id = partners.into_iter().map(|partner| (partner.id.as_str().to_owned(), partner)).collect();
        Ok(Self { kind, by_id, voice })
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

    /// Says no to whoever cannot be told apart from nobody: in the words that all instances of the protocol share.
    #[must_use]
    pub fn voice(&self) -> &dyn Inbound {
        &*self.voice.0
    }

    /// The largest body that any of them may send, bytes.
    #[must_use]
    pub fn body_bytes(&self) -> usize {
        self.iter().map(|partner| partner.body_bytes).max().unwrap_or_default()
    }

    /// The instance that a path names, and the rest of the address as its protocol knows it: `/` if there is no more.
    pub(crate) fn find(&self, uri: &Uri) -> Option<(&Partner, Uri)> {
        let path = uri.path().strip_prefix('/')?;
        let (id, _) = path.split_once('/').unwrap_or((path, ""));
        let partner = self.by_id.get(id)?;
        let rest = &uri.path_and_query()?.as_str()[1 + id.len()..];
        match rest.as_bytes().first() {
            None => Some((partner, Uri::from_static("/"))),
            Some(b'?') => Some((partner, Uri::from(PathAndQuery::try_from(format!("/{rest}")).ok()?))),
            Some(_) => Some((partner, Uri::from(PathAndQuery::try_from(rest).ok()?))),
        }
    }
}

impl std::fmt::Debug for Partner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partner").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Speech")
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
            hosts: CallbackHosts::default(),
            body_bytes: 10,
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
            let (partner, uri) = all.find(&Uri::from_static(address)).expect(address);
            assert_eq!((partner.id.as_str(), uri.to_string().as_str()), (id, rest), "{address}");
        }
    }

    #[test]
    fn what_names_nobody_finds_nobody() {
        for address in ["/", "/one", "/one-c/one-a", "//one-a", "/ONE-A", "/one-a%2f", "*", "http://one-a/"] {
            assert!(partners().find(&Uri::from_static(address)).is_none(), "{address}");
        }
        assert!(Partners::new("plain", Vec::new()).is_err());
    }
}
