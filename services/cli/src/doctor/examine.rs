//! Which protocol looks at a message, with which settings and secrets; and what the gateway itself says of it today.

use crate::ground::Ground;
use crate::moment;
use crate::send::known;
use anyhow::{Result, anyhow, bail};
use boot::Partner;
use boot::settings::every_partner;
use bytes::Bytes;
use crypto::doctor::{Findings, Look, Remark};
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{PartnerId, Timestamp};
use http::Request;
use protocol::{Inbound, Problem};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::path::Path;

/// A message and whose it is said to be.
pub(crate) struct Case<'a> {
    pub(crate) partner: &'a PartnerId,
    pub(crate) request: Request<Bytes>,
    /// When it arrived.
    pub(crate) at: Option<Timestamp>,
    /// It is a message of ours.
    pub(crate) outbound: bool,
    /// The signature that the partner expects.
    pub(crate) sign: Option<&'a str>,
}

/// Examines a message.
///
/// # Errors
/// If there is no such partner, or its settings or secrets cannot be used.
pub(crate) fn examine(ground: &Ground, case: Case<'_>) -> Result<Findings> {
    let folder = &ground.gateway.partners.folder;
    let found = every_partner(folder)?.into_iter().find(|one| one.id == *case.partner);
    let partner = found.ok_or_else(|| anyhow!("no partner {}: `baohan check` lists them", case.partner))?;
    let Case { request, at, .. } = &case;
    match partner.protocol.as_str() {
        "finserv" => {
            let (own, others) = with_others(folder, &partner, |of: &protocol_finserv::Settings| {
                of.sign_secret.clone().unwrap_or_else(|| of.secret_key.clone())
            })?;
            let found =
                protocol_finserv::examine(&own.settings, &boot::secrets(), request, *at, &case.look(&others));
            case.with_verdict(
                found,
                made(&own, protocol_finserv::Finserv::new),
                former(&own, protocol_finserv::Finserv::new)?,
            )
        }
        "pubres" => {
            let secret = |of: &protocol_pubres::Settings| of.appsecret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_pubres::examine(&own.settings, &boot::secrets(), request, *at, &case.look(&others));
            case.with_verdict(
                found,
                made(&own, protocol_pubres::Pubres::new),
                former(&own, protocol_pubres::Pubres::new)?,
            )
        }
        "yueyang" => {
            let (own, others) = with_others(folder, &partner, |of: &protocol_yueyang::Settings| {
                of.inbound_code.clone().unwrap_or_else(|| of.code.clone())
            })?;
            let found =
                protocol_yueyang::examine(&own.settings, &boot::secrets(), request, &case.look(&others));
            case.with_verdict(
                found,
                made(&own, protocol_yueyang::Yueyang::new),
                former(&own, protocol_yueyang::Yueyang::new)?,
            )
        }
        "govproc" => {
            let secret = |of: &protocol_govproc::Settings| of.app_secret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_govproc::examine(&own.settings, &boot::secrets(), request, &case.look(&others));
            case.with_verdict(
                found,
                made(&own, protocol_govproc::Govproc::new),
                former(&own, protocol_govproc::Govproc::new)?,
            )
        }
        "fuzhou" => {
            let secret = |of: &protocol_fuzhou::Settings| of.api_secret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_fuzhou::examine(&own.settings, &boot::secrets(), request, *at, &case.look(&others));
            case.with_verdict(
                found,
                made(&own, protocol_fuzhou::Fuzhou::new),
                former(&own, protocol_fuzhou::Fuzhou::new)?,
            )
        }
        other => bail!("{other:?} is not spoken here: see `baohan check`"),
    }
}

type Others = Vec<(String, Secret)>;

/// The partner with its settings, and the secrets of all others of its protocol that can be had.
fn with_others<S: DeserializeOwned>(
    folder: &Path,
    partner: &Partner<IgnoredAny>,
    secret: impl Fn(&S) -> SecretRef,
) -> Result<(Partner<S>, Others)> {
    let own = known::<S>(folder, partner)?;
    let mut others = Vec::new();
    for one in boot::partners::<S>(folder, &partner.protocol)? {
        let found = boot::secrets().resolve(&secret(&one.settings)).ok().filter(|_| one.id != own.id);
        others.extend(found.map(|found| (one.id.to_string(), found)));
    }
    Ok((own, others))
}

/// How a protocol is made from a partner's settings.
type New<S, P> = fn(PartnerId, &S, &str, &BTreeMap<String, String>, &dyn Secrets) -> Result<P, Vec<Problem>>;

/// The partner with the keys it had before, and until when these are accepted.
type Former = Option<(Box<dyn Inbound>, Timestamp)>;

fn former<S: DeserializeOwned, P: Inbound + 'static>(partner: &Partner<S>, new: New<S, P>) -> Result<Former> {
    let Some((before, until)) = partner.former()? else { return Ok(None) };
    Ok(made(&before, new).map(|made| (made, until)))
}

fn made<S, P: Inbound + 'static>(partner: &Partner<S>, new: New<S, P>) -> Option<Box<dyn Inbound>> {
    let made = new(partner.id.clone(), &partner.settings, &partner.base_url, &partner.urls, &boot::secrets());
    made.ok().map(|made| Box::new(made) as Box<dyn Inbound>)
}

const FORMER: &str = "与更换前的密钥 [former] 一致";

fn by_former_keys(remark: &Remark) -> bool {
    remark.say.starts_with(FORMER)
}

impl Case<'_> {
    fn look<'b>(&'b self, others: &'b [(String, Secret)]) -> Look<'b> {
        Look { outbound: self.outbound, expected: self.sign, others }
    }

    /// A request that only the keys before the last change open: nothing is wrong with the settings, the partner has not
    /// changed its keys yet.
    fn of_former_keys(&self, findings: Findings, former: Former) -> Findings {
        let Some((before, until)) = former.filter(|_| !self.outbound && !findings.is_good()) else {
            return findings;
        };
        let now = self.at.unwrap_or_else(|| Timestamp::new(boot::now()));
        if before.open(&self.request, now).is_err() {
            return findings;
        }
        let mut told = Findings { tried: findings.tried, private: findings.private, ..Findings::default() };
        let day = moment::shortly(until);
        if now < until {
            told.good(format!("{FORMER}，{day} 前有效，网关会接受；请合作方改用新密钥"));
        } else {
            told.bad(format!("{FORMER}，已于 {day} 失效；请合作方改用新密钥，或延长 [former] until"));
        }
        told
    }

    /// What the gateway would answer today, where the message is a request; a capture of a body alone has no address.
    fn with_verdict(
        &self,
        found: Result<Findings, String>,
        inbound: Option<Box<dyn Inbound>>,
        former: Former,
    ) -> Result<Findings> {
        let findings = found.map_err(|why| anyhow!("{}: {why}", self.partner))?;
        let mut findings = self.of_former_keys(findings, former);
        let has_address = !self.request.headers().is_empty() || self.request.uri().path() != "/";
        let Some(inbound) = inbound.filter(|_| !self.outbound && has_address) else { return Ok(findings) };
        let now = self.at.unwrap_or_else(|| Timestamp::new(boot::now()));
        match inbound.open(&self.request, now) {
            Ok(call) => findings.good(format!("网关会接受：{}", call.interface.name)),
            // What there is to say has been said.
            Err(_) if findings.lines.is_empty() && findings.remarks.iter().any(by_former_keys) => {}
            Err(rejection) if findings.is_good() => {
                findings.bad(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why))
            }
            Err(rejection) => findings.note(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why)),
        }
        Ok(findings)
    }
}
