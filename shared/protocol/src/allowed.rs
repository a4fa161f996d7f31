//! Whence a platform may call: addresses and networks.

use std::net::IpAddr;

/// Networks from which a partner calls; an address alone is the network of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowList(Vec<(IpAddr, u32)>);

impl AllowList {
    /// Reads a list such as `203.0.113.7`, `10.1.0.0/16`.
    ///
    /// # Errors
    /// The first entry that is no address and no network, or the network of everything.
    pub fn parse(entries: &[String]) -> Result<Self, &str> {
        entries.iter().map(|entry| network(entry).ok_or(entry.as_str())).collect::<Result<_, _>>().map(Self)
    }

    /// True if nobody is admitted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An address that is admitted, for rehearsals.
    #[must_use]
    pub fn first(&self) -> Option<IpAddr> {
        self.0.first().map(|(address, _)| *address)
    }

    /// Whether this address may call.
    #[must_use]
    pub fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|&(network, length)| same_start(network, address, length))
    }
}

fn network(entry: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match entry.trim().split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
        None => (entry.trim(), None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    // A network of everything is no list.
    let length = length.unwrap_or(longest);
    (1..=longest).contains(&length).then_some((address, length))
}

fn same_start(network: IpAddr, address: IpAddr, length: u32) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros() >= length
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros() >= length
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Option<AllowList> {
        AllowList::parse(&entries.iter().map(ToString::to_string).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn addresses_and_networks_are_admitted_and_nothing_else() {
        let list = list(&["203.0.113.7", "10.1.0.0/16", "2001:db8::/32"]).unwrap();
        for inside in ["203.0.113.7", "10.1.255.1", "2001:db8:1::9", "::ffff:203.0.113.7"] {
            assert!(list.admits(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["203.0.113.8", "10.2.0.1", "2001:db9::1", "::1", "127.0.0.1"] {
            assert!(!list.admits(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for wrong in ["", "example.com", "10.0.0.0/33", "10.0.0.0/", "0.0.0.0/0", "::/0", "10.0.0"] {
            assert!(list(&[wrong]).is_none(), "{wrong}");
        }
        assert!(list(&[]).unwrap().is_empty());
    }
}
