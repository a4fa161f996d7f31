//! A yueyang platform, played with the partner's own names; what it seals is sealed with keys of the sandbox.

use super::{Played, changes, data, unanswered, without_guarantee};
use crate::arguments::Send;
use anyhow::{Context, Result, bail};
use boot::{Mistakes, Partner, Problem};
use crypto::secret::{Secret, SecretRef, Secrets};
use protocol_yueyang::{Auth as Introduced, InboundBody, Settings};
use sandbox::Request;
use sandbox::dummy_keys::YUEYANG_PROJECTS;
use sandbox::yueyang::contract::{Direction, INTERFACES};
use sandbox::yueyang::{Auth, Bidder, Partner as Platform, Variants};

/// What stands before the name of every request.
const SIDE: &str = "financialAccount/";

/// Sends one request.
pub(super) async fn play(partner: &Partner<Settings>, send: &Send, to: &str) -> Result<Played> {
    let platform = Platform::new(platform(partner, to.to_owned())?)?;
    let request = request(&platform, send)?;
    let answer = platform.send(&request).await.with_context(|| unanswered(to))?;
    // 征信结果检查 has codes of its own: 1 says that there is credit.
    let good = answer.success() || (request.method.ends_with("queryCredit") && answer.code() == "1");
    Ok(Played {
        interface: request.method,
        status: answer.status,
        took: answer.took,
        good,
        fields: answer.fields,
    })
}

// === the partner's side of its settings ===

fn platform(partner: &Partner<Settings>, gateway: String) -> Result<sandbox::yueyang::Settings, Mistakes> {
    let settings = &partner.settings;
    let told = |key: &str, say: String| partner.mistakes(vec![Problem::new(format!("settings.{key}"), say)]);
    let read = |key: &str, reference: &SecretRef| -> Result<Secret, Mistakes> {
        boot::secrets().resolve(reference).map_err(|missing| told(key, missing.to_string()))
    };
    if settings.inbound_body == InboundBody::Recovered {
        let say = "is written with the platform's private key, which `send` does not have";
        return Err(told("inbound_body", say.to_owned()));
    }
    let code = match &settings.inbound_code {
        Some(own) => read("inbound_code", own)?,
        None => read("code", &settings.code)?,
    };
    Ok(sandbox::yueyang::Settings {
        gateway,
        user: settings.inbound_user.as_ref().unwrap_or(&settings.user).trim().to_owned(),
        code: code.expose().to_owned(),
        institution_user: None,
        institution_code: None,
        project_keys: YUEYANG_PROJECTS.map(str::to_owned).into(),
        platform_key: None,
        project_seed: partner.id.to_string(),
        variants: Variants { auth: introduced(settings.auth), ..Variants::default() },
    })
}

const fn introduced(auth: Introduced) -> Auth {
    match auth {
        Introduced::Basic => Auth::Basic,
        Introduced::Bare => Auth::Bare,
        Introduced::None => Auth::Nothing,
    }
}

// === what is sent ===

fn request(platform: &Platform, send: &Send) -> Result<Request> {
    let short = send.method.strip_prefix(SIDE).unwrap_or(&send.method);
    let mut ours = INTERFACES.iter().filter(|row| row.direction == Direction::ToInstitution);
    let Some(row) = ours.clone().find(|row| row.method.strip_prefix(SIDE) == Some(short)) else {
        let names = ours.by_ref().map(|row| row.method).collect::<Vec<_>>().join(", ");
        bail!("{:?} is no request of a yueyang platform: write one of {names}", send.method);
    };
    let mut request = match &send.data {
        Some(file) => Request::new(row.method, data(file)?),
        None => sample(platform, row.method, short, send)?,
    };
    for (field, value) in changes(send)? {
        request = request.with(field, value);
    }
    Ok(request)
}

fn sample(platform: &Platform, method: &str, short: &str, send: &Send) -> Result<Request> {
    const ABOUT_A_GUARANTEE: [&str; 5] =
        ["restoreApply", "cancelApply", "compensateApply", "invoiceApply", "refundApply"];
    let bidder = Bidder::new(1, send.bidder, sandbox::now());
    let no = send.guarantee_no.as_str();
    if ABOUT_A_GUARANTEE.contains(&short) && no.is_empty() {
        return Err(without_guarantee(method));
    }
    Ok(match short {
        "doOrderApply" => bidder.application(),
        "orderCancelApply" => bidder.withdraw(),
        "creditApply" => bidder.credit(1),
        "restoreApply" => bidder.restore(no, &platform.key(&bidder)),
        "cancelApply" => bidder.cancel(no, 1),
        "compensateApply" => bidder.claim(no, 1),
        "invoiceApply" => bidder.invoice(no, bidder.bond()),
        "refundApply" => bidder.refund(no, 1),
        "creditRevocation" => bidder.revoke_credit(1),
        "refundRevocation" => bidder.revoke_refund(1),
        "compensateRevocation" => bidder.revoke_claim(1),
        "cancelRevocation" => bidder.revoke_cancel(1),
        "queryCredit" => bidder.query_credit(),
        "updateEmEndTime" => bidder.closes(bidder.opening()),
        _ => bidder.opens(bidder.opening()),
    })
}
