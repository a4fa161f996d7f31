//! A govproc platform, played with the partner's own keys.

use super::{Played, changes, data, unanswered, without_guarantee};
use crate::arguments::Send;
use anyhow::{Context, Result, bail};
use boot::{Mistakes, Partner, Problem};
use crypto::key::Key;
use crypto::secret::{Secret, SecretRef, Secrets};
use protocol_govproc as ours;
use sandbox::Request;
use sandbox::govproc::contract::{Direction, interface};
use sandbox::govproc::{Bidder, Cipher, Iv, Money, Partner as Platform, Settings, Shape, Times, Variants};
use std::collections::BTreeMap;

/// Where the links of an answer lead: a platform would have kept them.
const LINKS: [(&str, &str); 3] =
    [("queryurl", "/guarantee/query"), ("pullurl", "/guarantee/pull"), ("cancelurl", "/guarantee/cancel")];

/// Sends one request.
pub(super) async fn play(partner: &Partner<ours::Settings>, send: &Send, to: &str) -> Result<Played> {
    let platform = Platform::new(platform(partner, to.to_owned())?)?;
    let request = request(&platform, send)?;
    let link = LINKS.iter().find(|(name, _)| *name == request.method);
    let to_path = platform.settings().url(link.map_or(request.method, |(_, path)| path));
    let answer =
        platform.follow(&to_path, Default::default(), &request).await.with_context(|| unanswered(to))?;
    // What is enciphered means nothing to whoever reads this.
    let mut fields = answer.fields.clone();
    if fields.contains_key("data") {
        fields.insert("data".to_owned(), answer.data.clone().into());
    }
    Ok(Played {
        interface: request.method,
        status: answer.status,
        took: answer.took,
        good: answer.success(),
        fields,
    })
}

// === the partner's side of its settings ===

fn platform(partner: &Partner<ours::Settings>, gateway: String) -> Result<Settings, Mistakes> {
    let settings = &partner.settings;
    let told = |key: &str, say: String| partner.mistakes(vec![Problem::new(format!("settings.{key}"), say)]);
    let read = |key: &str, reference: &SecretRef| -> Result<Secret, Mistakes> {
        boot::secrets().resolve(reference).map_err(|missing| told(key, missing.to_string()))
    };
    let iv = settings.iv.as_ref().map(|reference| {
        let bytes = Key::read(&read("iv", reference)?, settings.iv_form);
        let bytes = bytes.map_err(|bad| told("iv", bad.to_string()))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| {
            told("iv", "is not text: `send` can play only partners whose vector is text".to_owned())
        })
    });
    Ok(Settings {
        gateway,
        paths: BTreeMap::new(),
        app_key: settings.app_key.trim().to_owned(),
        app_secret: read("app_secret", &settings.app_secret)?.expose().to_owned(),
        iv: iv.transpose()?,
        orgcode: settings.orgcode.clone().unwrap_or_else(|| "JG0001".to_owned()),
        variants: variants(settings),
    })
}

fn variants(settings: &ours::Settings) -> Variants {
    Variants {
        cipher: match settings.cipher {
            ours::Cipher::Ecb => Cipher::Ecb,
            ours::Cipher::Cbc => Cipher::Cbc,
        },
        iv: match settings.vector {
            ours::Vector::Given => Iv::Given,
            ours::Vector::Key => Iv::Key,
            ours::Vector::Prefixed => Iv::Prefixed,
        },
        key_form: settings.key_form,
        text: settings.text,
        shape: shape(settings.shape),
        content_type: settings.content_type.clone(),
        app_key_in_body: settings.app_key_in_body,
        whole_answers: settings.whole_answers,
        times: match settings.times {
            ours::Times::Millis => Times::Millis,
            ours::Times::MillisText => Times::MillisText,
            ours::Times::Seconds => Times::Seconds,
            ours::Times::Text => Times::Text,
        },
        money: match settings.amounts {
            ours::Amounts::Number => Money::Number,
            ours::Amounts::Text => Money::Text,
        },
        ..Variants::default()
    }
}

const fn shape(shape: ours::Shape) -> Shape {
    match shape {
        ours::Shape::Data => Shape::Data,
        ours::Shape::Param => Shape::Param,
        ours::Shape::Params => Shape::Params,
        ours::Shape::Encrypt => Shape::Encrypt,
        ours::Shape::Bare => Shape::Bare,
        ours::Shape::Literal => Shape::Literal,
        ours::Shape::Plain => Shape::Plain,
    }
}

// === what is sent ===

fn request(platform: &Platform, send: &Send) -> Result<Request> {
    let Some(row) = interface(&send.method).filter(|row| row.direction == Direction::ToInstitution) else {
        let all = sandbox::govproc::contract::INTERFACES;
        let ours = all.iter().filter(|row| row.direction == Direction::ToInstitution);
        let names = ours.map(|row| row.method).collect::<Vec<_>>().join(", ");
        bail!("{:?} is no request of a govproc platform: write one of {names}", send.method);
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
    let no = send.guarantee_no.as_str();
    if matches!(method, "pullurl" | "cancelurl") && no.is_empty() {
        return Err(without_guarantee(method));
    }
    Ok(match method {
        "/guarantee/apply" => bidder.application(),
        "/guarantee/cost" => bidder.cost(platform.settings()),
        "/guarantee/xmstate" => bidder.final_state("2"),
        "queryurl" => bidder.query(),
        "pullurl" => Bidder::pull(no),
        _ => Bidder::cancel(no),
    })
}
