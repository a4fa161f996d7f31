//! `--health`: a process asks the one beside it on the same machine whether it is ready, for images that hold no other tool.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Whoever asks has little patience, and the answer is short.
const WITHIN: Duration = Duration::from_secs(3);
const LONGEST: u64 = 64 * 1024;

/// What `/readyz` of the admin port at `listen` says; the error is what it says while not ready, or why it is not heard.
///
/// # Errors
/// If it is not ready, or does not answer in time.
pub(crate) fn ready(listen: SocketAddr) -> Result<String, String> {
    let asked = ask(here(listen)).map_err(|why| format!("{listen} does not answer: {why}"))?;
    let (head, body) = asked.split_once("\r\n\r\n").unwrap_or((&asked, ""));
    let ready = head.split_whitespace().nth(1) == Some("200");
    if ready { Ok(body.to_owned()) } else { Err(body.to_owned()) }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, WITHIN)?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.set_write_timeout(Some(WITHIN))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(LONGEST).read_to_string(&mut answer)?;
    Ok(answer)
}

/// "Any address" is where one listens, not where one calls.
fn here(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
