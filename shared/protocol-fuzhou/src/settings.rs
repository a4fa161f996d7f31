//! Keys, identities and variants of one partner instance: `[settings]` of its TOML, parsed once and dry-run.

mod knobs;
mod make;

pub use knobs::{Alias, BusinessKey, Empties, NullAs, SignVariant, Welcome};

use crypto::rsa::Padding;
use crypto::secret::SecretRef;
use protocol::CallbackHosts;
use serde::Deserialize;
use std::net::IpAddr;

/// A partner's file to start from, every key of it explained; `boot::settings::partner_file` adds what all protocols have.
pub const TEMPLATE: &str = include_str!("../partner.toml");

/// `[settings]` of a fuzhou partner. Secrets and keys are named (`env:NAME`, `file:PATH`), never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The account the platform mailed (api_key).
    pub api_key: SecretRef,
    /// What everything is signed with, both ways (api_secret).
    pub api_secret: SecretRef,
    /// The public half of the pair the platform mailed to us: our calls are sealed with it (5.2, FZ-02).
    pub rsa_pk: SecretRef,
    /// Its private half: opens what the platform pushes. 2048 bits in every sample.
    pub rsa_sk: SecretRef,
    /// The platform's own public key: seals get_access_token (5.2).
    pub api_rsa_pk: SecretRef,
    /// Our number there (btc_id, FZ-19).
    pub btc_id: u64,
    /// Our name there: 保证人 of every guarantee, and whom 4.2 looks for.
    pub insurer_name: String,
    /// Which key seals calls other than get_access_token: `rsa_pk` (default, 5.2) or `api_rsa_pk` (FZ-02).
    #[serde(default)]
    pub business_key: BusinessKey,
    /// How RSA blocks are padded, both ways: `pkcs1` (default), `oaep_sha256_mgf1_sha1`, `oaep_sha1` (FZ-03).
    #[serde(default)]
    pub padding: Padding,
    /// Paddings under which pushes may also come; default none. Each costs time and widens what can be measured.
    #[serde(default)]
    pub accept_padding: Vec<Padding>,
    /// How we sign, and how pushes are signed (FZ-04).
    #[serde(default)]
    pub sign: SignVariant,
    /// Further ways in which pushes may be signed, tried in this order; default: empty values dropped, then null as a
    /// word (WIRE.md, table 004). Which one proved a push is counted ([`crate::Fuzhou::proved`]).
    #[serde(default = "SignVariant::also")]
    pub accept_also: Vec<SignVariant>,
    /// Whether 2.8 must be signed; default no, because its table has no sign (FZ-05).
    #[serde(default)]
    pub require_sign: bool,
    /// Addresses from which 2.8 is taken without a signature, for anybody who has rsa_pk could have sealed it (FZ-05);
    /// behind a proxy that is the proxy's. Default none: it must be signed.
    #[serde(default)]
    pub unsigned_from: Vec<IpAddr>,
    /// How far `timestamp` of a push may be ahead of our clock, seconds; default any.
    pub timestamp_skew_s: Option<u32>,
    /// How old `timestamp` of a push may be, seconds; default any age.
    pub timestamp_window_s: Option<u32>,
    /// Names under which an acknowledgement says 200 besides `status`: `statue`, `statues` (FZ-01); default none.
    #[serde(default)]
    pub ack_aliases: Vec<Alias>,
    /// Fields that pushes may carry besides those of the document; default none.
    #[serde(default)]
    pub extra_fields: Vec<String>,
    /// What the bidder's browser sees after 2.1: `page` (default) with a way back, or `return`, which sends it back.
    #[serde(default)]
    pub welcome: Welcome,
    /// Hosts to which a browser may be sent back (return_url, FZ-20), written like callback_hosts; default none.
    #[serde(default)]
    pub return_hosts: Vec<String>,
    /// The largest PDF that is looked at (2.6), bytes; default 10 MiB. `[limits] body_limit_bytes` must be larger.
    #[serde(default = "ten_mebibytes")]
    pub pdf_limit_bytes: usize,
    /// The largest file that is fetched (2.3, 3.1), bytes; default 20 MiB.
    #[serde(default = "twenty_mebibytes")]
    pub file_limit_bytes: usize,
}

const fn ten_mebibytes() -> usize {
    10 << 20
}

const fn twenty_mebibytes() -> usize {
    20 << 20
}

/// What of the settings shows in answers and calls.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) insurer_name: String,
    pub(crate) ack_aliases: Vec<Alias>,
    pub(crate) extra_fields: Vec<String>,
    pub(crate) welcome: Welcome,
    pub(crate) return_hosts: CallbackHosts,
    pub(crate) pdf_limit: usize,
    pub(crate) file_limit: usize,
}

#[cfg(test)]
mod tests;
