//! Which protocol looks at a message, with which settings and secrets; and what the gateway itself says of it today.

use crate::ground::Ground;
use crate::send::known;
use anyhow::{Result, anyhow, bail};
use boot::Partner;
use boot::settings::every_partner;
use bytes::Bytes;
use crypto::doctor::{Findings, Look};
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{PartnerId, Timestamp};
use http::Request;
use protocol::{Inbound, Problem};
use serde::de::{DeserializeOwned, IgnoredAny};
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
            case.with_verdict(found, made(&own, protocol_finserv::Finserv::new))
        }
        "pubres" => {
            let secret = |of: &protocol_pubres::Settings| of.appsecret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_pubres::examine(&own.settings, &boot::secrets(), request, *at, &case.look(&others));
            case.with_verdict(found, made(&own, protocol_pubres::Pubres::new))
        }
        "yueyang" => {
            let (own, others) = with_others(folder, &partner, |of: &protocol_yueyang::Settings| {
                of.inbound_code.clone().unwrap_or_else(|| of.code.clone())
            })?;
            let found =
                protocol_yueyang::examine(&own.settings, &boot::secrets(), request, &case.look(&others));
            case.with_verdict(found, made(&own, protocol_yueyang::Yueyang::new))
        }
        "govproc" => {
            let secret = |of: &protocol_govproc::Settings| of.app_secret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_govproc::examine(&own.settings, &boot::secrets(), request, &case.look(&others));
            case.with_verdict(found, made(&own, protocol_govproc::Govproc::new))
        }
        "fuzhou" => {
            let secret = |of: &protocol_fuzhou::Settings| of.api_secret.clone();
            let (own, others) = with_others(folder, &partner, secret)?;
            let found =
                protocol_fuzhou::examine(&own.settings, &boot::secrets(), request, *at, &case.look(&others));
            case.with_verdict(found, made(&own, protocol_fuzhou::Fuzhou::new))
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

fn made<S, P: Inbound>(
    partner: &Partner<S>,
    new: impl Fn(
        PartnerId,
        &S,
        &str,
        &std::collections::BTreeMap<String, String>,
        &dyn Secrets,
    ) -> Result<P, Vec<Problem>>,
) -> Option<Box<dyn Inbound>> {
    let made = new(partner.id.clone(), &partner.settings, &partner.base_url, &partner.urls, &boot::secrets());
    made.ok().map(|made| Box::new(made) as Box<dyn Inbound>)
}

impl Case<'_> {
    fn look<'b>(&'b self, others: &'b [(String, Secret)]) -> Look<'b> {
        Look { outbound: self.outbound, expected: self.sign, others }
    }

    /// What the gateway would answer today, where the message is a request; a capture of a body alone has no address.
    fn with_verdict(
        &self,
        found: Result<Findings, String>,
        inbound: Option<Box<dyn Inbound>>,
    ) -> Result<Findings> {
        let mut findings = found.map_err(|why| anyhow!("{}: {why}", self.partner))?;
        let has_address = !self.request.headers().is_empty() || self.request.uri().path() != "/";
        let Some(inbound) = inbound.filter(|_| !self.outbound && has_address) else { return Ok(findings) };
        let now = self.at.unwrap_or_else(|| Timestamp::new(boot::now()));
        match inbound.open(&self.request, now) {
            Ok(call) => findings.good(format!("网关会接受：{}", call.interface.name)),
            Err(rejection) if findings.is_good() => {
                findings.bad(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why))
            }
            Err(rejection) => findings.note(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why)),
        }
        Ok(findings)
    }
}
