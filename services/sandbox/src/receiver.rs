//! The platform's endpoint: takes callbacks on any path, records them, answers as told, and is steered under /control.

use crate::ledger::{Entry, Ledger};
use crate::misbehave::{How, Misbehaviour, Mischief};
use bytes::Bytes;
use futures_util::stream;
use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Map, Value, json};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use web::{Body, Limits, Reset};

/// Largest callback a platform takes: a guarantee of some megabytes, written in base64 inside JSON.
const BODY_BYTES: usize = 32 * 1024 * 1024;

/// A protocol's way of reading callbacks and of answering them. It is given method, path, header fields and body as they came.
pub trait Platform: Send + Sync + 'static {
    /// Reads a callback and judges it.
    fn hear(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict;
    /// The answer that acknowledges what was heard, or gives what it asked for.
    fn agree(&self, heard: &Verdict) -> Response<Bytes>;
    /// The answer that does not.
    fn refuse(&self, heard: &Verdict, why: &str) -> Response<Bytes>;
}

/// What a platform makes of a callback.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The callback it claims to be.
    pub method: String,
    /// What makes two deliveries the same callback.
    pub key: String,
    /// Whether signature and envelope held.
    pub verified: bool,
    /// What is not as documented.
    pub problems: Vec<String>,
    /// The deciphered fields.
    pub data: Map<String, Value>,
}

/// A running endpoint; it ends when dropped.
#[derive(Debug)]
pub struct Receiver {
    addr: SocketAddr,
    ledger: Ledger,
    mischief: Arc<Mutex<Mischief>>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

struct Desk {
    platform: Box<dyn Platform>,
    ledger: Ledger,
    mischief: Arc<Mutex<Mischief>>,
    stop: watch::Receiver<bool>,
}

impl Receiver {
    /// Opens the endpoint; `file` receives the ledger as JSON lines.
    ///
    /// # Errors
    /// If the address or the file cannot be had.
    pub async fn start(
        addr: impl ToSocketAddrs,
        platform: impl Platform,
        file: Option<&Path>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let ledger = Ledger::open(file)?;
        let mischief = Arc::<Mutex<Mischief>>::default();
        let (stop, stopped) = watch::channel(false);
        let desk = Arc::new(Desk {
            platform: Box::new(platform),
            ledger: ledger.clone(),
            mischief: Arc::clone(&mischief),
            stop: stopped.clone(),
        });
        let limits =
            Limits { body_bytes: BODY_BYTES, drain: Duration::from_millis(500), ..Limits::default() };
        let serving = tokio::spawn(async move {
            let answer = move |request, _| Arc::clone(&desk).answer(request);
            web::serve(listener, limits, until(stopped), |refusal| status(refusal.status()), answer).await;
        });
        Ok(Self { addr, ledger, mischief, stop, serving })
    }

    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A callback address for the institution.
    #[must_use]
    pub fn url(&self) -> String {
        self.at("/callback")
    }

    /// The address of a path (which begins with `/`), where an interface has its own.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// What arrived.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Asks for a misbehaviour.
    pub fn misbehave(&self, misbehaviour: Misbehaviour) {
        self.mischief.lock().unwrap_or_else(PoisonError::into_inner).add(misbehaviour);
    }

    /// Behaves from now on; what arrived stays in the ledger.
    pub fn behave(&self) {
        self.mischief.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Closes the endpoint and waits until it is closed.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // It can only have ended already.
        let _ = self.serving.await;
    }

    /// Serves until the process is asked to end.
    pub async fn serve(self) {
        let _ = self.serving.await;
        drop(self.stop);
    }
}

impl Desk {
    async fn answer(self: Arc<Self>, request: Request<Bytes>) -> Result<Response<Body>, Reset> {
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/control/ledger") => Ok(self.show()),
            (&Method::POST, "/control/misbehave") => Ok(self.plan(request.body())),
            (&Method::POST, "/control/reset") => Ok(self.forget()),
            _ => self.callback(&request).await,
        }
    }

    async fn callback(&self, request: &Request<Bytes>) -> Result<Response<Body>, Reset> {
        let now = crate::now();
        let verdict = self.platform.hear(request, now);
        let how = self.mischief.lock().unwrap_or_else(PoisonError::into_inner).next(&verdict.method);
        let believed = verdict.verified && verdict.problems.is_empty();
        let late = matches!(how, None | Some(How::Slow { .. }));
        let refusal = verdict.problems.join("; ");
        if let Some(How::Slow { ms }) = how {
            sleep(Duration::from_millis(ms)).await;
        }
        let answered = match &how {
            Some(how) if !late => how.word(),
            _ if believed => "success",
            _ => "refused",
        };
        self.ledger.write(entry(request, verdict.clone(), now, answered)).await;
        match how {
            Some(how) if !late => self.disappoint(&verdict, how).await,
            _ if believed => Ok(self.platform.agree(&verdict).map(Body::from)),
            _ => Ok(self.platform.refuse(&verdict, &refusal).map(Body::from)),
        }
    }

    async fn disappoint(&self, heard: &Verdict, how: How) -> Result<Response<Body>, Reset> {
        match how {
            How::Status { code } => {
                Ok(status(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)))
            }
            How::Refuse { msg } => Ok(self.platform.refuse(heard, &msg).map(Body::from)),
            How::Redirect { to } => Ok(redirect(&to)),
            How::Silence => {
                until(self.stop.clone()).await;
                Err(Reset)
            }
            How::Drip { every_ms } => Ok(drip(Duration::from_millis(every_ms))),
            How::Reset => Err(Reset),
            How::WrongBody | How::Slow { .. } => {
                Ok(Response::new(Body::from("<html><body>系统维护中</body></html>")))
            }
        }
    }

    fn show(&self) -> Response<Body> {
        json_answer(&json!(self.ledger.entries()))
    }

    fn plan(&self, body: &[u8]) -> Response<Body> {
        match serde_json::from_slice::<Misbehaviour>(body) {
            Ok(misbehaviour) => {
                self.mischief.lock().unwrap_or_else(PoisonError::into_inner).add(misbehaviour);
                json_answer(&json!({ "planned": true }))
            }
            Err(error) => {
                let mut answer = json_answer(&json!({ "planned": false, "why": error.to_string() }));
                *answer.status_mut() = StatusCode::BAD_REQUEST;
                answer
            }
        }
    }

    fn forget(&self) -> Response<Body> {
        self.mischief.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.ledger.clear();
        json_answer(&json!({ "reset": true }))
    }
}

fn entry(request: &Request<Bytes>, verdict: Verdict, now: OffsetDateTime, answered: &str) -> Entry {
    Entry {
        seq: 0,
        at_ms: crate::clock::millis(now),
        path: request.uri().path().to_owned(),
        method: verdict.method,
        key: verdict.key,
        verified: verdict.verified,
        problems: verdict.problems,
        data: verdict.data,
        copy: 0,
        changed: false,
        answered: answered.to_owned(),
        acknowledged: answered == "success",
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the receiver was dropped, which is a stop too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn status(status: StatusCode) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

fn redirect(to: &str) -> Response<Body> {
    let mut answer = status(StatusCode::FOUND);
    if let Ok(to) = to.parse() {
        answer.headers_mut().insert(header::LOCATION, to);
    }
    answer
}

/// A reply with status 200 and this JSON, as platforms give it.
#[must_use]
pub fn json_reply(value: &Value) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(value.to_string()));
    let json = header::HeaderValue::from_static("application/json;charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    answer
}

fn json_answer(value: &Value) -> Response<Body> {
    json_reply(value).map(Body::from)
}

/// An answer that begins well and never ends: blanks, which JSON allows, one at a time.
fn drip(every: Duration) -> Response<Body> {
    let drops = stream::unfold((), move |()| async move {
        sleep(every).await;
        Some((Ok(Bytes::from_static(b" ")), ()))
    });
    Response::new(Body::stream(drops))
}
