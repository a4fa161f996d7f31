//! How a process reaches the broker, and how patient it is.

use std::fmt;
use std::time::Duration;

use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties};
use tokio::time::timeout;

use crate::Trouble;

/// Plain data; the defaults of [`Settings::new`] suit every service of the gateway.
#[derive(Clone)]
pub struct Settings {
    /// `amqp://user:password@host:port/vhost`.
    pub url: String,
    /// What operators see in the list of connections, such as `ingress-finserv@host-1`; unique per instance.
    pub name: String,
    /// Publishing channels, each with one message in flight.
    pub lanes: usize,
    /// Connections the lanes are spread over. Consumers have connections of their own.
    pub connections: usize,
    /// Messages that may wait for a free lane before a publisher hears [`crate::NotPublished::Busy`].
    pub waiting: usize,
    /// A peer that is silent for twice this long is given up.
    pub heartbeat: Duration,
    /// Bound of connecting, and of every other single step of the protocol.
    pub step_within: Duration,
    /// Bound of waiting for a confirm, whatever the caller's own deadline; then the connection is replaced.
    pub confirm_within: Duration,
    /// A consumer that hears nothing for this long asks whether its queue is really empty.
    pub silence: Duration,
}

impl Settings {
    /// The defaults: 32 lanes over two connections, heartbeat 10 s, steps and confirms within 5 s.
    #[must_use]
    pub fn new(url: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            name: name.into(),
            lanes: 32,
            connections: 2,
            waiting: 256,
            heartbeat: Duration::from_secs(10),
            step_within: Duration::from_secs(5),
            confirm_within: Duration::from_secs(5),
            silence: Duration::from_secs(60),
        }
    }

    /// As an operator set it: publishing channels, the heartbeat in seconds, the wait for a confirm in milliseconds.
    #[must_use]
    pub fn tuned(self, lanes: u16, heartbeat_s: u16, confirm_within_ms: u64) -> Self {
        Self {
            lanes: usize::from(lanes),
            heartbeat: Duration::from_secs(u64::from(heartbeat_s)),
            confirm_within: Duration::from_millis(confirm_within_ms),
            ..self
        }
    }

    /// The address in lapin's terms; the reason never repeats the address, which holds a password.
    pub(crate) fn address(&self) -> Result<AMQPUri, Trouble> {
        let mut address: AMQPUri = self
            .url
            .parse()
            .map_err(|_| Trouble::Address("not of the form amqp://user:password@host:port/vhost"))?;
        let seconds = u16::try_from(self.heartbeat.as_secs().max(1)).unwrap_or(u16::MAX);
        address.query.heartbeat = Some(seconds);
        Ok(address)
    }

    /// One connection, without lapin's own recovery: whatever fails is dropped whole and built anew.
    pub(crate) async fn connect(&self, purpose: &str) -> Result<Connection, Trouble> {
        let name = format!("{}/{purpose}", self.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let connecting = Connection::connect_uri(self.address()?, properties);
        Ok(timeout(self.step_within, connecting).await.map_err(|_| Trouble::Slow("connect"))??)
    }

    /// Waiting time before attempt `attempt` (0, 1, …): 0.2 s doubling to 5 s, spread by the instance's name so
    /// that a restarted broker does not see every instance at the same moment.
    pub(crate) fn pause_before(&self, attempt: u32) -> Duration {
        let ceiling = 200_u64.saturating_mul(1 << attempt.min(5)).min(5_000);
        let seed = self.name.bytes().chain(attempt.to_le_bytes());
        let hash = seed.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Duration::from_millis(ceiling / 2 + (hash >> 16) % (ceiling / 2 + 1))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_within_their_bounds_and_differ_by_name() {
        let one = Settings::new("amqp://localhost", "worker@1");
        let two = Settings::new("amqp://localhost", "worker@2");
        for attempt in 0..40 {
            let pause = one.pause_before(attempt);
            assert!(
                pause >= Duration::from_millis(100) && pause <= Duration::from_secs(5),
                "{attempt}: {pause:?}"
            );
        }
        assert_ne!(one.pause_before(3), two.pause_before(3));
    }

    #[test]
    fn neither_debug_nor_error_shows_the_password() {
        let settings = Settings::new("http://u:geheim@h/x", "n");
        let error = settings.address().unwrap_err();
        assert!(!format!("{settings:?} {error} {error:?}").contains("geheim"));
    }
}
