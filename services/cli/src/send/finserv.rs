//! A finserv platform, played with the partner's own keys.

use super::{Played, changes, data, unanswered, without_guarantee};
use crate::arguments::Send;
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use boot::{Mistakes, Partner, Problem};
use crypto::key::Key;
use crypto::secret::{Secret, SecretRef, Secrets};
use protocol_finserv::{Clock, Empties, Joiner, RequestBody, Settings};
use sandbox::finserv::contract::{Direction, interface};
use sandbox::finserv::{AesKeyForm, Bidder, Body, Joint, Partner as Platform, Request, Variants};

/// Sends one request.
pub(super) async fn play(partner: &Partner<Settings>, send: &Send, to: &str) -> Result<Played> {
    let platform = Platform::new(platform(partner, to.to_owned())?)?;
    let request = request(send)?;
    let answer = platform.send(&request).await.with_context(|| unanswered(to))?;
    Ok(Played {
        interface: request.method,
        status: answer.status,
        took: answer.took,
        good: answer.success(),
        fields: answer.fields,
    })
}

// === the partner's side of its settings ===

fn platform(partner: &Partner<Settings>, gateway: String) -> Result<sandbox::finserv::Settings, Mistakes> {
    let settings = &partner.settings;
    let told = |key: &str, say: String| partner.mistakes(vec![Problem::new(format!("settings.{key}"), say)]);
    let read = |key: &str, reference: &SecretRef| -> Result<Secret, Mistakes> {
        boot::secrets().resolve(reference).map_err(|missing| told(key, missing.to_string()))
    };
    let bytes =
        |key: &str, secret: &Secret, form| Key::read(secret, form).map_err(|bad| told(key, bad.to_string()));
    let own = |key: &str, reference: &Option<SecretRef>| match reference {
        Some(reference) => read(key, reference),
        None => read("secret_key", &settings.secret_key),
    };
    let (signs, aes) = (own("sign_secret", &settings.sign_secret)?, own("aes_key", &settings.aes_key)?);
    let aes = bytes("aes_key", &aes, settings.key_form)?;
    let iv = bytes("iv", &read("iv", &settings.iv)?, settings.iv_form)?;
    let iv = String::from_utf8(iv.to_vec()).map_err(|_| {
        told("iv", "is not text: `send` can play only partners whose vector is text".to_owned())
    })?;
    Ok(sandbox::finserv::Settings {
        gateway,
        access_key: settings.access_key.trim().to_owned(),
        secret_key: signs.expose().to_owned(),
        aes_key: Some(STANDARD.encode(&*aes)),
        aes_key_form: AesKeyForm::Base64,
        iv,
        variants: variants(settings),
    })
}

fn variants(settings: &Settings) -> Variants {
    Variants {
        joint: match settings.sign.secret_joiner {
            Joiner::Ampersand => Joint::Ampersand,
            Joiner::Nothing => Joint::Bare,
            Joiner::SecretKey => Joint::SecretKey,
            Joiner::Key => Joint::Key,
        },
        trim: settings.sign.trim,
        skip_empty: settings.sign.empties == Empties::Skip,
        clock: if settings.created == Clock::TwelveHours {
            sandbox::finserv::Clock::H12
        } else {
            sandbox::finserv::Clock::H24
        },
        body: if settings.body == RequestBody::Form { Body::Form } else { Body::Json },
        ..Variants::default()
    }
}

// === what is sent ===

fn request(send: &Send) -> Result<Request> {
    let known = interface(&send.method).filter(|row| row.direction == Direction::ToInstitution);
    let Some(row) = known else {
        let all = sandbox::finserv::contract::INTERFACES;
        let ours = all.iter().filter(|row| row.direction == Direction::ToInstitution);
        let names = ours.map(|row| row.method).collect::<Vec<_>>().join(", ");
        bail!("{:?} is no request of a finserv platform: write one of {names}", send.method);
    };
    let mut request = match &send.data {
        Some(file) => Request::new(row.method, data(file)?),
        None => sample(row.method, send)?,
    };
    for (field, value) in changes(send)? {
        request = request.with(field, value);
    }
    Ok(request)
}

fn sample(method: &'static str, send: &Send) -> Result<Request> {
    let bidder = Bidder::new(1, send.bidder, sandbox::now());
    let (no, amount) = (send.guarantee_no.as_str(), bidder.bond());
    let accept_no = Some(send.accept_no.as_str()).filter(|text| !text.is_empty());
    let needs_guarantee =
        !matches!(method, "apply_guarantee" | "get_apply_guarantee_result" | "update_bidinfo");
    if needs_guarantee && no.is_empty() {
        return Err(without_guarantee(method));
    }
    Ok(match method {
        "apply_guarantee" => bidder.bid_application(),
        "get_apply_guarantee_result" => bidder.ask_application(&send.accept_no),
        "apply_cancel" => bidder.cancel(no),
        "apply_claim" => bidder.claim(no, amount),
        "apply_invoice" => bidder.invoice(no, amount),
        "guarantee_quit" => bidder.quit(no),
        "update_bidinfo" => bidder.postpone(7),
        question => Bidder::ask(question, no, accept_no),
    })
}
