//! A fuzhou platform, played with the pair of keys that it mailed to the partner's institution.

use super::{Played, changes, data, unanswered, without_guarantee};
use crate::arguments::Send;
use anyhow::{Context, Result, bail};
use boot::{Mistakes, Partner, Problem};
use crypto::rsa::Padding;
use crypto::secret::{Secret, SecretRef, Secrets};
use protocol_fuzhou::{Empties, NullAs, Settings};
use sandbox::Request;
use sandbox::fuzhou::contract::{Direction, INTERFACES, interface};
use sandbox::fuzhou::{Bidder, Empties as Signed, Office, OrderStatus, Partner as Platform, Variants};
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// Sends one push; what a browser would see is shown as the field `page`.
pub(super) async fn play(partner: &Partner<Settings>, send: &Send, to: &str) -> Result<Played> {
    let settings = platform(partner, to.to_owned())?;
    let platform = Platform::new(settings.clone(), &Office::new(&settings))?;
    let request = request(send)?;
    if request.method == "apply-redirect" {
        let bidder = Bidder::new(1, send.bidder, sandbox::now());
        let page = platform.redirect(&bidder, request.text("return_url")).await;
        let page = page.with_context(|| unanswered(to))?;
        let fields = json!({ "page": page.body, "location": page.location });
        return Ok(Played {
            interface: request.method,
            status: page.status,
            took: page.took,
            good: matches!(page.status, 200 | 302),
            fields: fields.as_object().cloned().unwrap_or_else(Map::new),
        });
    }
    let answer = platform.send(&request).await.with_context(|| unanswered(to))?;
    Ok(Played {
        interface: request.method,
        status: answer.http,
        took: answer.took,
        good: answer.acknowledged(),
        fields: answer.fields,
    })
}

// === the partner's side of its settings ===

fn platform(partner: &Partner<Settings>, gateway: String) -> Result<sandbox::fuzhou::Settings, Mistakes> {
    let settings = &partner.settings;
    let told = |key: &str, say: String| partner.mistakes(vec![Problem::new(format!("settings.{key}"), say)]);
    let read = |key: &str, reference: &SecretRef| -> Result<Secret, Mistakes> {
        boot::secrets().resolve(reference).map_err(|missing| told(key, missing.to_string()))
    };
    let pair = read("rsa_sk", &settings.rsa_sk)?.expose().to_owned();
    Ok(sandbox::fuzhou::Settings {
        gateway,
        urls: BTreeMap::new(),
        path: "/".to_owned(),
        api_key: read("api_key", &settings.api_key)?.expose().to_owned(),
        api_secret: read("api_secret", &settings.api_secret)?.expose().to_owned(),
        // Only calls of the institution need the platform's own pair, and none are answered here.
        platform_key: pair.clone(),
        insurer_key: pair,
        btc_id: u32::try_from(settings.btc_id).unwrap_or_default(),
        insurer_name: settings.insurer_name.clone(),
        token_seconds: 7200,
        file_seconds: 7200,
        repeat_scale: 1.0,
        variants: variants(settings),
    })
}

fn variants(settings: &Settings) -> Variants {
    Variants {
        padding: match settings.padding {
            Padding::Pkcs1 => sandbox::rsa_blocks::Padding::Pkcs1,
            Padding::OaepSha256Mgf1Sha1 => sandbox::rsa_blocks::Padding::OaepSha256,
            Padding::OaepSha1 => sandbox::rsa_blocks::Padding::OaepSha1,
        },
        empties: match settings.sign.empties {
            Empties::Keep => Signed::Included,
            Empties::Drop => Signed::Dropped,
        },
        null_word: settings.sign.null_as == NullAs::Word,
        sign_invoice: settings.require_sign,
        ..Variants::default()
    }
}

// === what is sent ===

fn request(send: &Send) -> Result<Request> {
    let known = interface(&send.method).filter(|row| row.direction == Direction::ToInstitution);
    let Some(row) = known else {
        let ours = INTERFACES.iter().filter(|row| row.direction == Direction::ToInstitution);
        let names = ours.map(|row| row.method).collect::<Vec<_>>().join(", ");
        bail!("{:?} is no push of a fuzhou platform: write one of {names}", send.method);
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
    let no = send.guarantee_no.as_str();
    if matches!(method, "verify-info" | "apply_claim") && no.is_empty() {
        return Err(without_guarantee(method));
    }
    Ok(match method {
        "apply-redirect" => bidder.redirect("https://platform.example/orders"),
        "order-status-push" => bidder.status(OrderStatus::WaitOffer, OrderStatus::Cancel),
        "verify-info" => Bidder::verify_info(no, ""),
        "invoice-apply-push" => bidder.invoice(),
        "delay-open-push" => bidder.postpone(7),
        "apply_claim" => bidder.claim(no, bidder.amount()),
        _ => bail!("{method} comes with a document, which `send` cannot carry: see `baohan verify`"),
    })
}
