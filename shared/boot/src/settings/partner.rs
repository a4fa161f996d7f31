//! One partner instance: what every protocol needs to know of it, and `[settings]`, which only its protocol understands.

use super::former::Former;
use super::gateway::RUNGS_S;
use super::mistakes::{Mistake, Mistakes, Problem};
use super::sections::PartnerTls;
use super::source::Source;
use domain::{Money, PartnerId, Policy, Rate};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One partner instance; `P` are the settings of its protocol. [`serde::de::IgnoredAny`] for who need not know them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner<P> {
    /// Lower-case letters, digits and inner hyphens; unique among all partners, and never changed later.
    pub id: PartnerId,
    /// Its protocol: `finserv`, …
    pub protocol: String,
    /// Its name as operators know it.
    pub title: String,
    /// False: it is paused. Its requests are answered as "come again later", its callbacks wait in the broker, uncounted.
    /// Default true.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Interfaces that are paused, by name, whichever side calls: `["baohanapply", "invoicenotice"]`. Default: none.
    #[serde(default)]
    pub paused: Vec<String>,
    /// What our requests to it begin with, `https://host/path`.
    pub base_url: String,
    /// Interface name → whole address, where it is not below `base_url`.
    #[serde(default)]
    pub urls: BTreeMap<String, String>,
    /// Hosts to which it may ask us to call back, on any port: `callback.example.com`, `192.0.2.7`, or `.example.com`
    /// for all beneath. The engines read it as `protocol::CallbackHosts`. Default: none.
    #[serde(default)]
    pub callback_hosts: Vec<String>,
    /// Hosts from which its files may be fetched, written the same way. Default: none.
    #[serde(default)]
    pub file_hosts: Vec<String>,
    /// Waits between deliveries of one notice, seconds, each one of [`RUNGS_S`].
    /// Default 15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600.
    #[serde(default = "schedule")]
    pub retry_schedule_s: Vec<u32>,
    /// How deliveries to it differ from `[egress]` of the gateway.
    #[serde(default)]
    pub egress: Delivery,
    /// What it may ask of us.
    #[serde(default)]
    pub limits: PartnerLimits,
    /// How the institution decides.
    pub policy: Policy,
    /// Keys, identities and variants of its protocol.
    pub settings: P,
    /// `[former]`: the keys it had before, for a while.
    pub former: Option<Former>,
    /// The file, so that the protocol's own judgement of `settings` can be told with lines.
    #[serde(skip)]
    pub source: Source,
}

/// `[egress]` of a partner; what is absent is as in the gateway's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Deliveries at the same time.
    pub concurrency: Option<usize>,
    /// For one delivery in total, seconds.
    pub total_timeout_s: Option<u64>,
    /// `[egress.tls]`: certificates beyond the system's.
    pub tls: Option<PartnerTls>,
}

/// `[limits]` of a partner; what is absent is not limited (bytes: as in the gateway's settings).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerLimits {
    /// Requests per second, on the average over a minute.
    pub requests_per_s: Option<u32>,
    /// Largest request body, bytes.
    pub body_limit_bytes: Option<usize>,
    /// Requests being answered at the same time, in one process.
    pub concurrency: Option<u32>,
    /// Addresses and networks from which it calls, `203.0.113.7` or `203.0.113.0/24`; others are refused. Default: any.
    #[serde(default)]
    pub addresses: Vec<String>,
}

fn yes() -> bool {
    true
}

fn schedule() -> Vec<u32> {
    vec![15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600]
}

impl<P> Partner<P> {
    /// What is wrong with `[settings]`, or with other keys of this file, told with lines.
    #[must_use]
    pub fn mistakes(&self, problems: Vec<Problem>) -> Mistakes {
        self.source.locate(problems)
    }

    /// Where an interface is called: its own address if it has one, else `path` below `base_url`.
    #[must_use]
    pub fn address(&self, interface: &str, path: &str) -> String {
        self.urls.get(interface).cloned().unwrap_or_else(|| {
            let base = self.base_url.trim_end_matches('/');
            if path.is_empty() {
                self.base_url.clone()
            } else {
                format!("{base}/{}", path.trim_start_matches('/'))
            }
        })
    }

    /// The instance beside what is wrong with it, so that its protocol can say at once what else is.
    pub(super) fn judged(self, source: &Source) -> (Self, Vec<Mistake>) {
        let found = Vec::from(source.locate(self.problems()));
        (Self { source: source.clone(), ..self }, found)
    }

    fn problems(&self) -> Vec<Problem> {
        const ADDRESS: &str = "is not an address: write https://host/path, without user and password";
        let mut found = Vec::new();
        let mut check = |holds: bool, key: String, say: String| {
            if !holds {
                found.push(Problem::new(key, say));
            }
        };
        check(!self.title.trim().is_empty(), "title".into(), "is empty: write the partner's name".into());
        check(is_web_address(&self.base_url), "base_url".into(), ADDRESS.into());
        for (interface, address) in &self.urls {
            check(is_web_address(address), format!("urls.{interface}"), ADDRESS.into());
        }
        for (key, hosts) in [("callback_hosts", &self.callback_hosts), ("file_hosts", &self.file_hosts)] {
            for host in hosts.iter().filter(|host| !is_host(host)) {
                check(
                    false,
                    key.into(),
                    format!(
                        "{host:?} is not a host: write callback.example.com, or .example.com for all beneath, no scheme, no port"
                    ),
                );
            }
        }
        for wait in self.retry_schedule_s.iter().filter(|wait| !RUNGS_S.contains(wait)) {
            let say = format!("there is no wait of {wait} s: choose among {RUNGS_S:?}");
            check(false, "retry_schedule_s".into(), say);
        }
        let card = &self.policy.rate_card;
        check(
            card.rate != Rate::ZERO || card.minimum != Money::ZERO,
            "policy.rate_card.rate".into(),
            "charges nothing: write the fraction of the bond, \"0.005\", or a minimum".into(),
        );
        check(self.egress.concurrency != Some(0), "egress.concurrency".into(), "must be at least 1".into());
        check(
            self.egress.total_timeout_s != Some(0),
            "egress.total_timeout_s".into(),
            "must be at least 1 s".into(),
        );
        found
    }
}

/// `http` or `https`, a host, and no credentials that would end up in logs.
pub(super) fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// A host without port, or `.suffix` of a name.
fn is_host(text: &str) -> bool {
    match text.strip_prefix('.') {
        None => url::Host::parse(text).is_ok(),
        Some(name) => matches!(url::Host::parse(name), Ok(url::Host::Domain(_))),
    }
}
