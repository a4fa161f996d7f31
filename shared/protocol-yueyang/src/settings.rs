//! Names, keys and variants of one partner instance: `[settings]` of its TOML, parsed once and dry-run.

mod knobs;
mod make;

pub use knobs::{Auth, CodeForm, InboundBody, Institution, OutboundBody, SymmetricCipher};

use crate::unsealing::Unsealing;
use crypto::sealed::looks_sealed;
use crypto::secret::SecretRef;
use domain::SealedField;
use serde::Deserialize;

/// A partner's file to start from, every key of it explained; `boot::settings::partner_file` adds what all protocols have.
pub const TEMPLATE: &str = include_str!("../partner.toml");

/// `[settings]` of a yueyang partner. Secrets are named (`env:NAME`, `file:PATH`), never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// 用户名 of HTTP Basic that the centre gave us (2.1).
    pub user: String,
    /// code（授权码）, its password (YY-06).
    pub code: SecretRef,
    /// 用户名 with which requests come, if it is another than ours.
    pub inbound_user: Option<String>,
    /// 授权码 with which requests come, if it is another than ours.
    pub inbound_code: Option<SecretRef>,
    /// How requests say who sends them: `basic` (default), `bare` (also without the word `Basic`), `none` (whoever calls
    /// from `allowed_ips` is believed, YY-06).
    #[serde(default)]
    pub auth: Auth,
    /// Whence the platform may call us: addresses or networks such as `203.0.113.0/24`; default anywhere.
    #[serde(default)]
    pub allowed_ips: Vec<String>,
    /// 出函机构 as this partner shows it.
    pub inst_name: String,
    /// 社会信用代码 of whoever issues, always told (YY-29).
    pub insurance_code: String,
    /// 理赔联系人: who at the institution is told with an approved claim, unless the claim names somebody.
    pub claim_contact_name: String,
    /// Their telephone.
    pub claim_contact_phone: String,
    /// What we are: only a `bank` gives credit; `insurer` and `guarantor` (default) answer 未开通 (YY-32).
    #[serde(default)]
    pub institution: Institution,
    /// The 公钥 of section 2.4: for bodies under RSA, and for keys that come wrapped (YY-05).
    pub platform_key: Option<SecretRef>,
    /// Requests are `plain` (default, flat or wrapped), or `recovered`: `{"data":"<base64>"}` or bare base64 of what
    /// the platform's private key encrypted; then nothing else is taken (WIRE.md 002).
    #[serde(default)]
    pub inbound_body: InboundBody,
    /// Callbacks are `wrapped` in `data` (default), `flat`, or `encrypted` with the 公钥 (YY-11, WIRE.md 002).
    #[serde(default)]
    pub outbound_body: OutboundBody,
    /// Callbacks that are flat although the others are wrapped, by their names.
    #[serde(default)]
    pub flat: Vec<String>,
    /// Which fields of an application are ciphertext, by the partner's names; default: those that look it (YY-04).
    pub sealed_fields: Option<Vec<String>>,
    /// The ciphers for which a symmetric `secretKey` is taken, in the order in which they are tried; default none:
    /// only RSA keys are taken (WIRE.md 002).
    #[serde(default)]
    pub symmetric: Vec<SymmetricCipher>,
    /// The initial vector of those in CBC, in any form of 16 bytes; default: the first bytes of the key.
    pub seal_iv: Option<SecretRef>,
    /// What is written for `payerName` and `payerAccount` while nobody has told who paid the premium; default 无.
    #[serde(default = "none_known")]
    pub unknown_payer: String,
    /// 跳转地址 of the answer to an application; `{no}` stands for our acceptance number. Default empty.
    #[serde(default)]
    pub redirect_url: String,
    /// How `code` is written in answers: `int` (`200`, default) or `string` (`"200"`) (YY-15).
    #[serde(default)]
    pub answer_code: CodeForm,
}

fn none_known() -> String {
    "无".to_owned()
}

/// What of the settings shows in how calls are read, answered and told.
pub(crate) struct Manner {
    /// 用户名, for the rehearsal.
    pub(crate) user: String,
    pub(crate) inst_name: String,
    pub(crate) insurance_code: String,
    pub(crate) claim_contact: (String, String),
    pub(crate) gives_credit: bool,
    /// The fields that are ciphertext; none: those that look it.
    pub(crate) sealed_fields: Option<Vec<SealedField>>,
    pub(crate) unsealing: Unsealing,
    pub(crate) unknown_payer: String,
    pub(crate) redirect_url: String,
    pub(crate) answer_code: CodeForm,
}

impl Manner {
    /// Whether the text of this field is ciphertext (YY-04).
    pub(crate) fn is_sealed(&self, field: SealedField, text: &str) -> bool {
        self.sealed_fields.as_ref().map_or_else(|| looks_sealed(text), |sealed| sealed.contains(&field))
    }
}

#[cfg(test)]
mod tests;
