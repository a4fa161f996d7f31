//! Keys, identities and variants of one partner instance: `[settings]` of its TOML, parsed once and dry-run.

mod knobs;
mod make;

pub use knobs::{Amounts, Cipher, Shape, Times, Transport, Vector};
pub(crate) use protocol::AllowList;

use crate::links::Links;
use crypto::key::KeyForm;
use crypto::secret::SecretRef;
use crypto::text::Encoding;
use serde::Deserialize;

/// A partner's file to start from, every key of it explained; `boot::settings::partner_file` adds what all protocols have.
pub const TEMPLATE: &str = include_str!("../partner.toml");

/// `[settings]` of a govproc partner. Secrets are named (`env:NAME`, `file:PATH`), never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The account the platform gave us, in the header `appKey` of either side.
    pub app_key: String,
    /// The secret the platform gave us, of which the AES key is made.
    pub app_secret: SecretRef,
    /// How `app_secret` becomes the key: `utf8` (default, 16, 24 or 32 bytes), `hex`, `base64`, `md5`, `md5_hex_lower`,
    /// `md5_hex_upper`, `md5_hex16_lower`, `md5_hex16_upper`, `sha1prng`. Never guessed: a secret of 32 hexadecimal
    /// digits fits three of them (GP-01).
    #[serde(default)]
    pub key_form: KeyForm,
    /// `ecb` (default) or `cbc` (GP-01).
    #[serde(default)]
    pub cipher: Cipher,
    /// Where CBC takes its vector from: `given` (default), `key`, `prefixed`.
    #[serde(default)]
    pub vector: Vector,
    /// The vector, if it is given: 16 bytes in `iv_form`.
    pub iv: Option<SecretRef>,
    /// What the text of the vector stands for; default `utf8`.
    #[serde(default)]
    pub iv_form: KeyForm,
    /// How we write ciphertext: `base64` (default), `hex_lower`, `hex_upper`. An answer uses what its request used.
    #[serde(default)]
    pub text: Encoding,
    /// What carries the ciphertext of a request: `data` (default), `param`, `params`, `encrypt`, `bare`, `literal`; or
    /// `plain`, nothing enciphered, with `transport = "sandbox"` only (GP-01).
    #[serde(default)]
    pub shape: Shape,
    /// Content-Type of our requests; default `application/json;charset=utf-8`.
    pub content_type: Option<String>,
    /// Repeat appKey in the body of our requests; default false.
    #[serde(default)]
    pub app_key_in_body: bool,
    /// Answers of either side are enciphered as a whole, `data` within them again; default false.
    #[serde(default)]
    pub whole_answers: bool,
    /// How we write moments: `millis` (default), `millis_text`, `seconds`, `text` (GP-02). All are read.
    #[serde(default)]
    pub times: Times,
    /// How we write amounts: `number` (default, two decimals) or `text`. Both are read.
    #[serde(default)]
    pub amounts: Amounts,
    /// `errcode` of success; default `000000`, the document prints `000070` (GP-09).
    #[serde(default = "six_zeros")]
    pub success_code: String,
    /// What protects the messages, for no signature does (GP-14): `https`, `ip_allow_list`, or `sandbox`.
    pub transport: Transport,
    /// Whence the platform may call us, with `ip_allow_list`: addresses or networks such as `203.0.113.0/24`.
    #[serde(default)]
    pub allowed_ips: Vec<String>,
    /// What the addresses we hand out begin with; `/<partner id>/…` follows.
    pub public_base_url: String,
    /// Signs the token in continueurl: at least 32 bytes.
    pub link_secret: SecretRef,
    /// How long continueurl can be opened, seconds; default 86400, a day. The same application again brings a fresh one.
    #[serde(default = "a_day")]
    pub link_valid_s: u32,
    /// 注销 is offered: cancelurl has an address; default true.
    #[serde(default = "yes")]
    pub cancel: bool,
    /// The page behind continueurl has a button that pays; with `transport = "sandbox"` only. Default false.
    #[serde(default)]
    pub sandbox_pay_button: bool,
    /// Answer `bhno` to queryurl as well, for platforms that may miss applynotify (GP-12); default false.
    #[serde(default)]
    pub query_bhno: bool,
    /// Send `status` beside `staus` (GP-04); default false.
    #[serde(default)]
    pub both_spellings: bool,
    /// Our orgcode at this platform: another one in /guarantee/cost is turned away. Default: any.
    pub orgcode: Option<String>,
    /// 金融机构名称.
    pub sellername: String,
    /// 金融机构地址.
    pub selleraddress: String,
    /// 金融机构联系电话.
    pub sellerphone: String,
}

fn six_zeros() -> String {
    "000000".to_owned()
}

const fn a_day() -> u32 {
    86_400
}

const fn yes() -> bool {
    true
}

impl Settings {
    /// The keys that belong to the sandbox and must not be in production, each with what to do.
    #[must_use]
    pub fn sandbox_only(&self) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        if self.transport == Transport::Sandbox {
            found.push((
                "settings.transport",
                "no signature protects this protocol: in production write \"https\", or \"ip_allow_list\" with allowed_ips",
            ));
        }
        if self.sandbox_pay_button {
            found.push((
                "settings.sandbox_pay_button",
                "whoever has the page could pay with it: not in production",
            ));
        }
        if self.shape == Shape::Plain {
            found.push(("settings.shape", "\"plain\" enciphers nothing: not in production"));
        }
        found
    }
}

/// What of the settings shows in answers, callbacks and pages.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) links: Links,
    pub(crate) times: Times,
    pub(crate) amounts: Amounts,
    pub(crate) success_code: String,
    pub(crate) cancel: bool,
    pub(crate) pay_button: bool,
    pub(crate) query_bhno: bool,
    pub(crate) both_spellings: bool,
    pub(crate) orgcode: Option<String>,
    pub(crate) sellername: String,
    pub(crate) selleraddress: String,
    pub(crate) sellerphone: String,
}

impl Manner {
    fn of(settings: &Settings, links: Links) -> Self {
        let tidy = |text: &String| text.trim().to_owned();
        Self {
            links,
            times: settings.times,
            amounts: settings.amounts,
            success_code: tidy(&settings.success_code),
            cancel: settings.cancel,
            pay_button: settings.sandbox_pay_button,
            query_bhno: settings.query_bhno,
            both_spellings: settings.both_spellings,
            orgcode: settings.orgcode.as_ref().map(tidy),
            sellername: tidy(&settings.sellername),
            selleraddress: tidy(&settings.selleraddress),
            sellerphone: tidy(&settings.sellerphone),
        }
    }
}

#[cfg(test)]
mod tests;
