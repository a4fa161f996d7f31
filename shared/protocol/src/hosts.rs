//! The hosts to which a partner may have its callbacks sent: an address in a message is a wish, never an order (FS-25).

use url::{Host, Url};

/// Longer addresses are not callbacks.
const LONGEST: usize = 2048;

/// An entry of an allow-list that is neither a host nor `.suffix`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither a host such as callback.example.com nor a suffix such as .example.com")]
pub struct BadHost(pub String);

/// The allow-list of one partner instance. An empty one admits nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallbackHosts {
    exact: Vec<Host>,
    beneath: Vec<String>,
}

impl CallbackHosts {
    /// Reads an allow-list: `callback.example.com` or `192.0.2.7` means that host on any port, `.example.com` means
    /// every host beneath `example.com` but not that host itself.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, BadHost> {
        let mut hosts = Self::default();
        for entry in entries.iter().map(AsRef::as_ref) {
            let bad = || BadHost(entry.to_owned());
            match entry.strip_prefix('.') {
                None => hosts.exact.push(read_host(entry).ok_or_else(bad)?),
                Some(name) => match read_host(name).ok_or_else(bad)? {
                    Host::Domain(name) => hosts.beneath.push(format!(".{name}")),
                    Host::Ipv4(_) | Host::Ipv6(_) => return Err(bad()),
                },
            }
        }
        Ok(hosts)
    }

    /// The address as it may be used, normalised so that every reader finds the same host in it; `None` unless it is
    /// http or https, names no user, and its host is on the list.
    #[must_use]
    pub fn admit(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.len() > LONGEST {
            return None;
        }
        let mut url = Url::parse(address).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && self.lists(url.host()?);
        url.set_fragment(None);
        plain.then(|| url.into())
    }

    fn lists(&self, host: Host<&str>) -> bool {
        match host {
            Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                let beneath = |suffix: &String| name.len() > suffix.len() && name.ends_with(suffix.as_str());
                self.exact.iter().any(|known| matches!(known, Host::Domain(known) if known == name))
                    || self.beneath.iter().any(beneath)
            }
            address => self.exact.contains(&address.to_owned()),
        }
    }
}

/// A host as the address reader would see it; an IPv6 address may stand with or without brackets.
fn read_host(text: &str) -> Option<Host> {
    let bracketed = text.contains(':') && !text.starts_with('[');
    let text = if bracketed { format!("[{text}]") } else { text.to_owned() };
    let host = Host::parse(&text).ok()?;
    match &host {
        Host::Domain(name) if !is_name(name) => None,
        _ => Some(host),
    }
}

/// Labels of letters, digits, hyphens and underscores, as every real host has; above all no `*`.
fn is_name(name: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    name.split('.').all(|label| !label.is_empty() && label.bytes().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> CallbackHosts {
        CallbackHosts::parse(&["callback.example.com", ".partner.cn", "127.0.0.1", "::1"])
            .expect("a good list")
    }

    #[test]
    fn listed_hosts_are_admitted_on_any_port() {
        for address in [
            "http://callback.example.com",
            "https://CALLBACK.example.com:8443/a?b=c",
            "http://a.b.partner.cn/notify",
            "http://127.0.0.1:9000/x",
            "http://[::1]/x",
            "http://callback.example.com./x",
        ] {
            assert!(hosts().admit(address).is_some(), "{address}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for address in [
            "http://example.com/",
            "http://partner.cn/",
            "http://evilpartner.cn/",
            "http://callback.example.com.evil.test/",
            "http://callback.example.com@evil.test/",
            "http://evil.test\\@callback.example.com/",
            "http://user:word@callback.example.com/",
            "http://127.0.0.2/",
            "http://[::2]/",
            "ftp://callback.example.com/",
            "file:///etc/passwd",
            "//callback.example.com/",
            "callback.example.com/x",
            "",
        ] {
            assert_eq!(hosts().admit(address), None, "{address}");
        }
        assert_eq!(CallbackHosts::default().admit("http://127.0.0.1/"), None);
    }

    #[test]
    fn an_address_in_disguise_is_seen_for_what_it_is() {
        assert_eq!(hosts().admit("http://2130706433:81/x#y").as_deref(), Some("http://127.0.0.1:81/x"));
        assert_eq!(
            hosts().admit("http://callback.example.com\\@evil.test/").as_deref(),
            Some("http://callback.example.com/@evil.test/")
        );
    }

    #[test]
    fn a_bad_entry_is_named() {
        for entry in ["", ".", "a b", "http://a.b", ".127.0.0.1", "*.a.cn", "a.cn:80", "a/b"] {
            assert!(CallbackHosts::parse(&[entry]).is_err(), "{entry}");
        }
    }
}
