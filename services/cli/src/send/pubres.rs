//! A pubres platform, played with the partner's own keys.

use super::{Played, changes, data, unanswered, without_guarantee};
use crate::arguments::Send;
use anyhow::{Context, Result, bail};
use boot::{Mistakes, Partner, Problem};
use crypto::canonical::{Digest as Hash, HexCase, Number, Placement, Skip, Sort};
use crypto::key::{Key, KeyForm};
use crypto::secret::{Secret, SecretRef, Secrets};
use crypto::text::to_hex;
use protocol_pubres::Settings;
use sandbox::Request;
use sandbox::pubres::contract::{Direction, interface};
use sandbox::pubres::{
    Bidder, Cipher, Digest, KeyForm as Handed, Numbers, Partner as Platform, Sealing, Variants,
};
use std::collections::BTreeMap;

/// Sends one request.
pub(super) async fn play(partner: &Partner<Settings>, send: &Send, to: &str) -> Result<Played> {
    let platform = Platform::new(platform(partner, to.to_owned())?)?;
    let request = request(&platform, send)?;
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

fn platform(partner: &Partner<Settings>, gateway: String) -> Result<sandbox::pubres::Settings, Mistakes> {
    let settings = &partner.settings;
    let told = |key: &str, say: String| partner.mistakes(vec![Problem::new(format!("settings.{key}"), say)]);
    let read = |key: &str, reference: &SecretRef| -> Result<Secret, Mistakes> {
        boot::secrets().resolve(reference).map_err(|missing| told(key, missing.to_string()))
    };
    let block = |key: &str, reference: &Option<SecretRef>| -> Result<Option<String>, Mistakes> {
        let Some(reference) = reference else { return Ok(None) };
        let bytes = Key::read(&read(key, reference)?, KeyForm::Auto16);
        bytes.map(|bytes| Some(to_hex(&bytes))).map_err(|bad| told(key, bad.to_string()))
    };
    let (iv, kek) = (block("seal_iv", &settings.seal_iv)?, block("key_wrap", &settings.key_wrap)?);
    let sealing = Sealing {
        seed: partner.id.to_string(),
        cipher: if iv.is_some() { Cipher::Cbc } else { Cipher::Ecb },
        iv,
        text: Default::default(),
        key: if kek.is_some() { Handed::Wrapped } else { Handed::Base64 },
        kek,
        fixed_key: block("fixed_key", &settings.fixed_key)?,
    };
    Ok(sandbox::pubres::Settings {
        gateway,
        urls: BTreeMap::new(),
        paths: BTreeMap::new(),
        appkey: settings.appkey.trim().to_owned(),
        appsecret: read("appsecret", &settings.appsecret)?.expose().to_owned(),
        platformcode: settings.platform_code.clone().unwrap_or_else(|| partner.id.to_string()),
        sealing,
        variants: variants(settings).map_err(|say| told("sign", say))?,
    })
}

fn variants(settings: &Settings) -> Result<Variants, String> {
    let sign = &settings.sign;
    let digest = match (sign.digest, sign.secret.as_ref()) {
        (Some(Hash::HmacSm3), _) => Digest::Hmac,
        (None | Some(Hash::Sm3), None) => Digest::AppSecret,
        (None | Some(Hash::Sm3), Some(Placement::Suffix(text))) if text == "&appsecret=" => Digest::AppSecret,
        (None | Some(Hash::Sm3), Some(Placement::Suffix(text))) if text == "&key=" => Digest::Key,
        (None | Some(Hash::Sm3), Some(Placement::Suffix(text))) if text.is_empty() => Digest::Suffix,
        (None | Some(Hash::Sm3), Some(Placement::Prefix(text))) if text == "&" => Digest::Prefix,
        _ => return Err("is a recipe that `send` cannot play: give --data to another tool".to_owned()),
    };
    Ok(Variants {
        digest,
        upper: sign.hex == Some(HexCase::Upper),
        keep_empty: sign.skip == Some(Skip::None),
        caseless: sign.sort == Some(Sort::AsciiCi),
        numbers: if sign.number == Some(Number::JavaDouble) { Numbers::JavaDouble } else { Numbers::Text },
        ..Variants::default()
    })
}

// === what is sent ===

fn request(platform: &Platform, send: &Send) -> Result<Request> {
    let asked = if send.method == "cancelnotice" { "canclenotice" } else { &send.method };
    let Some(row) = interface(asked, Direction::ToInstitution) else {
        let all = sandbox::pubres::contract::INTERFACES;
        let ours = all.iter().filter(|row| row.direction == Direction::ToInstitution);
        let names = ours.map(|row| row.method).collect::<Vec<_>>().join(", ");
        bail!("{:?} is no request of a pubres platform: write one of {names}", send.method);
    };
    let mut request = match &send.data {
        Some(file) => Request::new(row.method, data(file)?),
        None => sample(platform, row.method, send)?,
    };
    for (field, value) in changes(send)? {
        request = request.with(field, value);
    }
    Ok(request)
}

fn sample(platform: &Platform, method: &'static str, send: &Send) -> Result<Request> {
    let bidder = Bidder::new(1, send.bidder, sandbox::now());
    let (no, safe) = (send.guarantee_no.as_str(), platform.safe());
    if !matches!(method, "baohanapply" | "giveupapply") && no.is_empty() {
        return Err(without_guarantee(method));
    }
    Ok(match method {
        "baohanapply" => bidder.application(safe)?,
        "baohanrestore" => bidder.restore(safe, no, sandbox::now()),
        "invoiceapply" => bidder.invoice(no, bidder.bond()),
        "quitapply" => bidder.quit(no),
        "canclenotice" => bidder.cancel(no),
        "claimsnotice" => bidder.claim(no, bidder.bond()),
        _ => bidder.give_up(),
    })
}
