//! Whose address a request comes from: the socket's, or what our own proxy in front says.

use crate::{AllowList, Caller};
use http::HeaderMap;
use std::net::IpAddr;

/// What proxies write; the last entry is the nearest.
const FORWARDED: &str = "x-forwarded-for";

impl Caller {
    /// The caller. Only a listed proxy is believed, and only for what it saw itself: entries are read from the nearest on, as far
    /// as the proxies are ours. Anything unreadable on that way makes the proxy the caller, which is on nobody's list.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &AllowList) -> Self {
        let peer = peer.to_canonical();
        if !proxies.admits(peer) {
            return Self(peer);
        }
        // Several headers are one list, in their order.
        let entries: Vec<&str> = headers
            .get_all(FORWARDED)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or("?").split(','))
            .map(str::trim)
            .collect();
        let mut nearest = peer;
        for entry in entries.into_iter().rev() {
            let Ok(address) = entry.parse::<IpAddr>() else { return Self(peer) };
            nearest = address.to_canonical();
            if !proxies.admits(nearest) {
                break;
            }
        }
        Self(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let proxies = AllowList::parse(&["10.0.0.0/24".to_owned()]).unwrap();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, value.parse().unwrap());
        }
        Caller::of(peer.parse().unwrap(), &headers, &proxies).0.to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.7"]), "203.0.113.9", "anyone can write a header");
        assert_eq!(seen("10.0.0.5", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.5", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.5", &[]), "10.0.0.5");
    }

    #[test]
    fn what_the_caller_wrote_before_our_proxy_is_not() {
        assert_eq!(seen("10.0.0.5", &["192.0.2.1, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.5", &["192.0.2.1", "198.51.100.7, 10.0.0.6"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.5", &["198.51.100.7, unknown"]), "10.0.0.5", "unreadable: nobody");
        assert_eq!(seen("10.0.0.5", &["nonsense, 198.51.100.7"]), "198.51.100.7");
    }
}
