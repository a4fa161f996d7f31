//! What makes an ask ours: its acceptance number, the hash of its content, where its notices go, and the message it becomes.

use crate::partner::Partner;
use crypto::digest::sha256;
use domain::{AcceptanceNo, Command, Origin, Query, Timestamp};
use messages::{Envelope, Route};
use protocol::{Ask, Interface, Wish};
use serde_json::value::{RawValue, to_raw_value};

/// An ask ready to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Intake {
    pub(crate) no: AcceptanceNo,
    /// SHA-256 of the canonical content; empty for a query.
    pub(crate) hash: String,
    pub(crate) id: String,
    pub(crate) route: Route,
    pub(crate) body: Vec<u8>,
    pub(crate) is_query: bool,
    /// The application that a query asks about.
    pub(crate) about: Option<AcceptanceNo>,
}

/// An ask that cannot be written as a message, which none of ours is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot be written as a message: {0}")]
pub(crate) struct Unwritable(String);

/// Turns an ask into its message. `token` makes the id of a query unique.
pub(crate) fn take_in(
    partner: &Partner,
    kind: &str,
    interface: &Interface,
    ask: &Ask,
    now: Timestamp,
    token: &str,
) -> Result<Intake, Unwritable> {
    let no = AcceptanceNo::of(&partner.id, interface.name, &ask.business_key);
    let callback = match &ask.wish {
        // That address is where a browser goes back to (FZ-20), not where outcomes are sent.
        Wish::Command(Command::AnnounceOrder(_)) => None,
        _ => ask.callback.as_deref().and_then(|address| admit(partner, interface, address)),
    };
    let origin = Origin { kind: kind.to_owned(), partner: partner.id.clone(), callback };
    match &ask.wish {
        Wish::Command(command) => command_of(no, origin, interface, command, now),
        Wish::Query(query) => query_of(no, origin, interface, query, now, token),
    }
}

/// The content is written once: the same bytes are hashed and carried.
fn command_of(
    no: AcceptanceNo,
    origin: Origin,
    interface: &Interface,
    command: &Command,
    at: Timestamp,
) -> Result<Intake, Unwritable> {
    let content = to_raw_value(command).map_err(|why| Unwritable(why.to_string()))?;
    let hash = match lasting(command) {
        None => hex::encode(sha256(content.get().as_bytes())),
        Some(lasting) => {
            let lasting = serde_json::to_vec(&lasting).map_err(|why| Unwritable(why.to_string()))?;
            hex::encode(sha256(&lasting))
        }
    };
    let route = Route::command(command, &origin);
    let envelope: Envelope<&RawValue> = Envelope {
        id: no.as_str().to_owned(),
        no: no.clone(),
        origin,
        interface: interface.name.to_owned(),
        content_hash: hash.clone(),
        at,
        body: &content,
    };
    let body = envelope.to_bytes().map_err(|why| Unwritable(why.to_string()))?;
    Ok(Intake { id: envelope.id, no, hash, route, body, is_query: false, about: None })
}

/// What of a command stays the same when it is repeated: the addresses of its files may expire and come back with another
/// query (FZ-22). `None` if there is no such address in it.
fn lasting(command: &Command) -> Option<Command> {
    let files = match command {
        Command::RequestClaim(about) => &about.request.evidence,
        Command::PlaceOrder(order) => &order.attachments,
        _ => return None,
    };
    if !files.iter().any(|file| file.url.expose().contains('?')) {
        return None;
    }
    let mut lasting = command.clone();
    let files = match &mut lasting {
        Command::RequestClaim(about) => &mut about.request.evidence,
        Command::PlaceOrder(order) => &mut order.attachments,
        _ => return None,
    };
    for file in files {
        let place = file.url.expose().split('?').next().unwrap_or_default().to_owned();
        file.url = place.into();
    }
    Some(lasting)
}

fn query_of(
    no: AcceptanceNo,
    origin: Origin,
    interface: &Interface,
    query: &Query,
    at: Timestamp,
    token: &str,
) -> Result<Intake, Unwritable> {
    let route = Route::query(query, &origin);
    let id = format!("{no}-{token}");
    let envelope = Envelope::query(id.clone(), no.clone(), origin, interface.name, at, query.clone());
    let body = envelope.to_bytes().map_err(|why| Unwritable(why.to_string()))?;
    let about = match query {
        Query::OrderStatus { no } => Some(no.clone()),
        _ => None,
    };
    Ok(Intake { id, no, hash: String::new(), route, body, is_query: true, about })
}

/// An address that is not on the list is dropped, and the configured one serves: the request itself is good.
fn admit(partner: &Partner, interface: &Interface, address: &str) -> Option<String> {
    if address.trim().is_empty() {
        return None;
    }
    let admitted = partner.hosts.admit(address);
    if admitted.is_none() {
        tracing::warn!(
            partner = %partner.id,
            interface = interface.name,
            "callback address is not on the allow-list, the configured one will be used"
        );
    }
    admitted
}
