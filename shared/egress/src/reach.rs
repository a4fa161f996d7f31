//! Where the egress may connect at all: the open internet, and those private networks that the operator has listed. A name is
//! resolved once, its addresses are judged, and the connection goes to one of those: what the name means a moment later is
//! never asked (DNS rebinding).

use protocol::AllowList;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use url::Host;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Judges addresses before anything connects to them. Cheap to clone.
#[derive(Clone)]
pub struct Reach {
    listed: AllowList,
    look_up: Arc<dyn Fn(String) -> Found + Send + Sync>,
}

/// An address that is not to be called. For operators: it names the setting that permits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfReach(pub(crate) IpAddr);

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.0;
        write!(
            f,
            "{address} is not an address of the open internet: if the partner is really there, list its network in \
             [egress] private_networks"
        )
    }
}

impl Error for OutOfReach {}

impl Reach {
    /// The open internet and `listed`; names are resolved by the system.
    #[must_use]
    pub fn new(listed: AllowList) -> Self {
        Self::through(listed, |name| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        })
    }

    /// The same with another way to resolve names.
    #[must_use]
    pub fn through(listed: AllowList, look_up: impl Fn(String) -> Found + Send + Sync + 'static) -> Self {
        Self { listed, look_up: Arc::new(look_up) }
    }

    /// An address written in numbers is never resolved, so it is judged here; a name when it is resolved.
    pub(crate) fn admits(&self, url: &Url) -> Result<(), OutOfReach> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.judge(address.into()),
            Some(Host::Ipv6(address)) => self.judge(address.into()),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }

    fn judge(&self, address: IpAddr) -> Result<(), OutOfReach> {
        let address = address.to_canonical();
        if is_open(address) || self.listed.admits(address) { Ok(()) } else { Err(OutOfReach(address)) }
    }

    /// One forbidden address among permitted ones is left out: the connection can only go to what is returned here.
    fn judged(&self, found: Vec<SocketAddr>) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
        let mut refused = None;
        let mut reachable = found;
        reachable.retain(|address| match self.judge(address.ip()) {
            Ok(()) => true,
            Err(why) => {
                refused = Some(why);
                false
            }
        });
        match refused {
            Some(why) if reachable.is_empty() => Err(why.into()),
            _ => Ok(Box::new(reachable.into_iter())),
        }
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = (reach.look_up)(name.as_str().to_owned()).await?;
            reach.judged(found)
        })
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reach").field("listed", &self.listed).finish_non_exhaustive()
    }
}

/// Whether an address belongs to the open internet, by the special-purpose registries of IANA.
fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_open_v4(address),
        IpAddr::V6(address) => is_open_v6(address),
    }
}

/// Among the closed: private networks, loopback, link-local with the metadata services of clouds (169.254.169.254), and the
/// carriers' shared 100.64.0.0/10 (100.100.100.200 is a metadata service too).
fn is_open_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let closed = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !closed
}

/// Only what is handed out (2000::/3), without the forms that carry an IPv4 address inside: those would be a way around.
fn is_open_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let handed_out = a & 0xe000 == 0x2000;
    let teredo_or_special = a == 0x2001 && b < 0x0200;
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    handed_out && !teredo_or_special && !documentation && a != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(listed: &[&str]) -> Reach {
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        Reach::new(AllowList::parse(&listed).unwrap())
    }

    #[test]
    fn private_networks_are_out_of_reach_unless_listed() {
        for closed in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
        ] {
            let address: IpAddr = closed.parse().unwrap();
            assert!(reach(&[]).judge(address).is_err(), "{closed}");
        }
        for open in ["1.2.3.4", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "2400:3200::1"] {
            assert!(reach(&[]).judge(open.parse().unwrap()).is_ok(), "{open}");
        }
        let line = reach(&["10.1.0.0/16", "fd00::/8"]);
        for (address, permitted) in
            [("10.1.2.3", true), ("10.2.2.3", false), ("fd00::1", true), ("::1", false)]
        {
            assert_eq!(line.judge(address.parse().unwrap()).is_ok(), permitted, "{address}");
        }
    }

    #[test]
    fn every_way_of_writing_an_address_is_judged() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1]:80/",
            "http://１２７.0.0.1/",
        ] {
            let parsed = Url::parse(url).unwrap();
            assert!(reach(&[]).admits(&parsed).is_err(), "{url}");
        }
        assert!(reach(&[]).admits(&Url::parse("http://127.example.com/").unwrap()).is_ok());
    }

    #[tokio::test]
    async fn a_name_leads_only_to_permitted_addresses() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = reach(&[]).resolve(name()).await.err().unwrap();
        assert!(refused.to_string().contains("private_networks"), "{refused}");
        assert!(reach(&["127.0.0.0/8", "::1"]).resolve(name()).await.is_ok());

        let both = |_| -> Found {
            Box::pin(async { Ok(vec![([10, 0, 0, 1], 0).into(), ([1, 2, 3, 4], 0).into()]) })
        };
        let mixed = Reach::through(AllowList::parse(&[]).unwrap(), both);
        let left: Vec<_> = mixed.resolve(name()).await.ok().unwrap().collect();
        assert_eq!(left, vec![SocketAddr::from(([1, 2, 3, 4], 0))]);
    }
}
