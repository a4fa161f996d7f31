//! Who was given which document: told to the worker, durably, before the document leaves.

use broker::{Message, NotPublished, Publisher};
use crypto::digest::sha256;
use domain::{AcceptanceNo, Command, DocumentRef, NoteRead, Origin, PartnerId, Timestamp};
use messages::{Envelope, Route};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// For the broker's confirm; whoever fetches the document waits for it.
const WITHIN: Duration = Duration::from_secs(3);

/// The book of reads, which the worker keeps.
#[derive(Clone)]
pub(crate) struct Reads {
    publisher: Publisher,
    origin: Origin,
}

impl Reads {
    pub(crate) fn new(publisher: Publisher, origin: Origin) -> Self {
        Self { publisher, origin }
    }

    /// Tells of a read. What one caller fetches by one link within a minute, in however many ranges, is one read: the
    /// worker takes a message of the same id once.
    ///
    /// # Errors
    /// If the broker has not confirmed it.
    pub(crate) async fn note(
        &self,
        document: &DocumentRef,
        (path, caller): (&str, IpAddr),
        now: Timestamp,
    ) -> Result<(), NotPublished> {
        let minute = now.unix_seconds() / 60;
        let key = hex::encode(sha256(format!("{path} {caller} {minute}").as_bytes()));
        let read = NoteRead { sha256: document.sha256.clone(), caller: network_of(caller), at: now };
        let no = AcceptanceNo::of(&self.origin.partner, "read", &key);
        let command = Command::NoteRead(read);
        let route = Route::command(&command, &self.origin);
        let envelope = Envelope::command(no, self.origin.clone(), "files", key, now, command);
        // Our own messages can always be written; if not, nothing is published and nothing is served.
        let body = envelope.to_bytes().map_err(|_| NotPublished::Rejected)?;
        let trace = boot::Trace::start().to_string();
        let message =
            Message::durable(route.exchange, route.key, envelope.id, body).header(boot::Trace::HEADER, trace);
        self.publisher.publish(message, WITHIN).await
    }
}

/// The network of an address, all that is written down of it: it tells a partner's server from elsewhere, and no bidder who
/// opened a link.
fn network_of(caller: IpAddr) -> String {
    match caller.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// As whom this service speaks to workers: it is no partner, and finds guarantees of all of them.
///
/// # Errors
/// Never: the name is one.
pub(crate) fn ourselves() -> anyhow::Result<Origin> {
    Ok(Origin { kind: "files".to_owned(), partner: PartnerId::parse("files")?, callback: None })
}

#[cfg(test)]
mod tests {
    use super::network_of;

    #[test]
    fn of_an_address_its_network_is_kept() {
        for (address, network) in [
            ("192.0.2.7", "192.0.2.0/24"),
            ("::ffff:192.0.2.7", "192.0.2.0/24"),
            ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ] {
            assert_eq!(network_of(address.parse().unwrap()), network);
        }
    }
}
