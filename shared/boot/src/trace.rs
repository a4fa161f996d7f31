//! The trace that ties together what happens to one request in all processes: a W3C `traceparent`.

use crate::clock::random;
use std::fmt;

/// Version 00 of <https://www.w3.org/TR/trace-context/>: carried in AMQP headers as `traceparent`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trace {
    trace: [u8; 16],
    span: [u8; 8],
    flags: u8,
}

impl Trace {
    /// The name of the header, in HTTP and in AMQP.
    pub const HEADER: &'static str = "traceparent";

    /// A new trace from random bytes, which nobody records; [`crate::Traces`] begins those that are.
    #[must_use]
    pub fn start() -> Self {
        Self { trace: nonzero(random()), span: nonzero(random()), flags: 0 }
    }

    /// The same trace with a span of its own: one for each process that handles it.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { span: nonzero(random()), ..*self }
    }

    /// Continues a trace that arrived, or starts one if nothing readable did.
    #[must_use]
    pub fn continue_or_start(header: Option<&str>) -> Self {
        header.and_then(Self::parse).map_or_else(Self::start, |trace| trace.child())
    }

    /// The same, recorded or not: the flag `sampled`, which everyone behind it honours.
    #[must_use]
    pub(crate) const fn sampled(self, sampled: bool) -> Self {
        Self { flags: sampled as u8, ..self }
    }

    /// Whether whoever began it wants it to be recorded.
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }

    /// What chance made of it: 56 bits that are the same in every process (W3C Trace Context, level 2).
    #[must_use]
    pub(crate) fn chance(&self) -> u64 {
        self.trace[9..].iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
    }

    /// Reads `00-<32 hex>-<16 hex>-<2 hex>`, lower case; later versions may have more behind.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.trim().split('-');
        let version = unhex::<1>(parts.next()?)?[0];
        let trace = unhex(parts.next()?)?;
        let span = unhex(parts.next()?)?;
        let [flags] = unhex(parts.next()?)?;
        let allowed = version != 0xff && (version != 0 || parts.next().is_none());
        let known = allowed && trace != [0; 16] && span != [0; 8];
        known.then_some(Self { trace, span, flags: flags & 1 })
    }

    /// The trace id, 32 hexadecimal characters: the log field `trace`.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.trace)
    }

    /// The span id, 16 hexadecimal characters.
    #[must_use]
    pub fn span_id(&self) -> String {
        hex(&self.span)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{:02x}", hex(&self.trace), hex(&self.span), self.flags)
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// All zeros means "none" in the standard.
fn nonzero<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    if bytes.iter().all(|byte| *byte == 0) {
        bytes[N - 1] = 1;
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let nibble = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::Trace;

    #[test]
    fn what_is_written_is_read_again() {
        let trace = Trace::start();
        assert_eq!(Trace::parse(&trace.to_string()), Some(trace));
        let child = trace.child();
        assert_eq!(child.id(), trace.id());
        assert_ne!(child, trace);
        assert_eq!((trace.is_sampled(), trace.sampled(true).child().is_sampled()), (false, true));
        assert_eq!(Trace::continue_or_start(Some(&trace.to_string())).id(), trace.id());
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(Trace::parse(header).map(|t| t.to_string()).as_deref(), Some(header));
    }

    #[test]
    fn chance_is_the_end_of_the_id() {
        let trace = Trace::parse("00-ffffffffffffffffff00000000000102-00f067aa0ba902b7-01").unwrap();
        assert_eq!(trace.chance(), 0x0102);
    }

    #[test]
    fn what_the_standard_forbids_is_not_read() {
        for bad in [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        ] {
            assert_eq!(Trace::parse(bad), None, "{bad}");
        }
        assert!(Trace::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").is_some());
    }
}
