//! A tap in the wire between a client and a service: it lets through, delays, swallows or cuts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to bytes on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Fault {
    delay: Duration,
    swallow: bool,
    /// Connections of an older cut are closed.
    cuts: u64,
    refuse: bool,
}

/// A TCP proxy on a port of its own; ends when dropped.
#[derive(Debug)]
pub struct Tap {
    address: SocketAddr,
    fault: Arc<watch::Sender<Fault>>,
    accepting: JoinHandle<()>,
}

impl Tap {
    /// Opens a tap in front of `upstream` (`host:port`).
    ///
    /// # Panics
    /// When no port can be opened.
    pub async fn open(upstream: impl Into<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let fault = Arc::new(watch::Sender::new(Fault::default()));
        let accepting = tokio::spawn(accept(listener, upstream.into(), Arc::clone(&fault)));
        Self { address, fault, accepting }
    }

    /// `127.0.0.1:port`, to be used instead of the service's own.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The service's URL with the tap's host and port in it.
    ///
    /// # Panics
    /// When it is no URL.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let login = authority.rsplit_once('@').map(|(login, _)| format!("{login}@")).unwrap_or_default();
        format!("{scheme}://{login}{}/{path}", self.address)
    }

    /// Closes every connection, and lets new ones through.
    pub fn cut(&self) {
        self.fault.send_modify(|fault| fault.cuts += 1);
    }

    /// Closes every connection and refuses new ones until [`Tap::heal`].
    pub fn sever(&self) {
        self.fault.send_modify(|fault| {
            fault.cuts += 1;
            fault.refuse = true;
        });
    }

    /// Keeps connections open and lets nothing through, in either direction.
    pub fn black_hole(&self) {
        self.fault.send_modify(|fault| fault.swallow = true);
    }

    /// Holds every piece back for this long.
    pub fn delay(&self, delay: Duration) {
        self.fault.send_modify(|fault| fault.delay = delay);
    }

    /// Lets everything through again; what was swallowed comes late, as on a real wire.
    pub fn heal(&self) {
        self.fault.send_modify(|fault| {
            let cuts = fault.cuts;
            *fault = Fault { cuts, ..Fault::default() };
        });
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, upstream: String, fault: Arc<watch::Sender<Fault>>) {
    while let Ok((client, _)) = listener.accept().await {
        let now = *fault.borrow();
        if now.refuse {
            continue;
        }
        let (upstream, faults) = (upstream.clone(), fault.subscribe());
        tokio::spawn(async move {
            let Ok(service) = TcpStream::connect(&upstream).await else { return };
            let _ = (client.set_nodelay(true), service.set_nodelay(true));
            let (from_client, to_client) = client.into_split();
            let (from_service, to_service) = service.into_split();
            tokio::select! {
                () = carry(from_client, to_service, faults.clone()) => {}
                () = carry(from_service, to_client, faults.clone()) => {}
                () = cut_after(faults, now.cuts) => {}
            }
        });
    }
}

async fn cut_after(mut faults: watch::Receiver<Fault>, cuts: u64) {
    let _ = faults.wait_for(|fault| fault.cuts > cuts).await;
}

async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut faults: watch::Receiver<Fault>,
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let delay = faults.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if faults.wait_for(|fault| !fault.swallow).await.is_err()
            || to.write_all(&piece[..length]).await.is_err()
        {
            return;
        }
    }
}
