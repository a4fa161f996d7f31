//! Which protocol looks at a message, with which settings and secrets, those of before among them; and what the gateway itself
//! says of it today.

use crate::ground::Ground;
use crate::moment;
use crate::partner::{Sheet, Today};
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
    let secrets = boot::secrets();
    let mut findings = match partner.protocol.as_str() {
        "finserv" => case.seen(
            (folder, &partner),
            |of: &protocol_finserv::Settings| of.sign_secret.clone().unwrap_or_else(|| of.secret_key.clone()),
            |of, look| protocol_finserv::examine(of, &secrets, request, *at, look),
            protocol_finserv::Finserv::new,
        ),
        "pubres" => case.seen(
            (folder, &partner),
            |of: &protocol_pubres::Settings| of.appsecret.clone(),
            |of, look| protocol_pubres::examine(of, &secrets, request, *at, look),
            protocol_pubres::Pubres::new,
        ),
        "yueyang" => case.seen(
            (folder, &partner),
            |of: &protocol_yueyang::Settings| of.inbound_code.clone().unwrap_or_else(|| of.code.clone()),
            |of, look| protocol_yueyang::examine(of, &secrets, request, look),
            protocol_yueyang::Yueyang::new,
        ),
        "govproc" => case.seen(
            (folder, &partner),
            |of: &protocol_govproc::Settings| of.app_secret.clone(),
            |of, look| protocol_govproc::examine(of, &secrets, request, look),
            protocol_govproc::Govproc::new,
        ),
        "fuzhou" => case.seen(
            (folder, &partner),
            |of: &protocol_fuzhou::Settings| of.api_secret.clone(),
            |of, look| protocol_fuzhou::examine(of, &secrets, request, *at, look),
            protocol_fuzhou::Fuzhou::new,
        ),
        other => bail!("{other:?} is not spoken here: see `baohan check`"),
    }?;
    if let Some(sheet) = Sheet::find(folder, partner.id.as_str())? {
        let today = Today::of(&sheet.document, &partner.protocol);
        findings.lines = findings.lines.iter().map(|line| today.extended(line)).collect();
    }
    Ok(findings)
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

/// How a protocol makes a partner instance.
type New<S, P> = fn(PartnerId, &S, &str, &BTreeMap<String, String>, &dyn Secrets) -> Result<P, Vec<Problem>>;

fn made<S, P: Inbound>(partner: &Partner<S>, new: New<S, P>) -> Option<Box<dyn Inbound>> {
    let made = new(partner.id.clone(), &partner.settings, &partner.base_url, &partner.urls, &boot::secrets());
    made.ok().map(|made| Box::new(made) as Box<dyn Inbound>)
}

/// What is wrong with nothing: the partner has not changed its keys yet.
const FORMER: &str = "与更换前的密钥 [former] 一致";

impl Case<'_> {
    /// The message under the settings of today; if these do not fit, under those that were before (`[former]`).
    fn seen<S: DeserializeOwned, P: Inbound>(
        &self,
        (folder, partner): (&Path, &Partner<IgnoredAny>),
        secret: impl Fn(&S) -> SecretRef,
        look: impl Fn(&S, &Look<'_>) -> Result<Findings, String>,
        new: New<S, P>,
    ) -> Result<Findings> {
        let (own, others) = with_others(folder, partner, secret)?;
        let told = |why: String| anyhow!("{}: {why}", self.partner);
        let today = look(&own.settings, &self.look(&others)).map_err(told)?;
        if !today.is_good()
            && let Some((before, until)) = own.former()?
            && let Ok(matching) = look(&before.settings, &self.look(&others))
            && matching.is_good()
        {
            let now = self.at.unwrap_or_else(|| Timestamp::new(boot::now()));
            let is_over = until <= now;
            // Once it is over the settings of today alone decide.
            let judge = if is_over || self.outbound { made(&own, new) } else { made(&before, new) };
            let mut findings = self.with_verdict(matching, judge);
            self.tell_former(&mut findings, until, is_over);
            return Ok(findings);
        }
        Ok(self.with_verdict(today, made(&own, new)))
    }

    fn tell_former(&self, findings: &mut Findings, until: Timestamp, is_over: bool) {
        let day = moment::shortly(until);
        match (self.outbound, is_over) {
            (true, _) => findings.bad(format!("{FORMER}：对方仍按旧密钥核对我方报文；请合作方改用新密钥")),
            (false, false) => {
                findings.note(format!("{FORMER}，{day} 前有效，网关会接受；请合作方改用新密钥"))
            }
            (false, true) => {
                findings.bad(format!("{FORMER}，已于 {day} 失效；请合作方改用新密钥，或延长 [former] until"));
            }
        }
    }

    fn look<'b>(&'b self, others: &'b [(String, Secret)]) -> Look<'b> {
        Look { outbound: self.outbound, expected: self.sign, others }
    }

    /// What the gateway would answer today, where the message is a request; a capture of a body alone has no address.
    fn with_verdict(&self, mut findings: Findings, inbound: Option<Box<dyn Inbound>>) -> Findings {
        let has_address = !self.request.headers().is_empty() || self.request.uri().path() != "/";
        let Some(inbound) = inbound.filter(|_| !self.outbound && has_address) else { return findings };
        let now = self.at.unwrap_or_else(|| Timestamp::new(boot::now()));
        match inbound.open(&self.request, now) {
            Ok(call) => findings.good(format!("网关会接受：{}", call.interface.name)),
            Err(rejection) if findings.is_good() => {
                findings.bad(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why))
            }
            Err(rejection) => findings.note(format!("网关会拒绝：{}（{}）", rejection.say, rejection.why)),
        }
        findings
    }
}
