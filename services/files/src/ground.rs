//! A desk of the files service for its tests: a real broker, and a worker that answers as the test says.

use crate::answer::Desk;
use crate::reads::{Reads, ourselves};
use crate::verify::Verification;
use boot::Metrics;
use broker::{Consumer, Publisher, Settings, Settled};
use bytes::Bytes;
use crypto::secret::Secret;
use documents::{Documents, Links};
use domain::{Command, DocumentRef, Query, Reply, Timestamp};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use messages::Envelope;
use signing::TrustAnchors;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;
use testkit::{World, world};
use tokio::sync::mpsc;
use web::Body;

/// A bound, not a measure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const CALLER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// A desk and what is behind it.
pub(crate) struct Ground {
    pub(crate) desk: Desk,
    pub(crate) document: DocumentRef,
    pub(crate) world: World,
    folder: PathBuf,
    _worker: Vec<Consumer>,
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn links(days: u32) -> Links {
    Links::new("http://files.example", Secret::new("a-dummy-secret-for-links".to_owned()), days).unwrap()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::new(boot::now())
}

/// A desk whose broker is at this address, with one document.
async fn desk_at(name: &str, url: String, trust: TrustAnchors) -> (Desk, DocumentRef, PathBuf, Publisher) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../target/tmp/files-{name}-{}", std::process::id()));
    let store = Documents::open(&folder).unwrap();
    let document = store.put(b"0123456789".to_vec(), "投标保函.pdf").await.unwrap();
    let publisher = Publisher::start(&Settings::new(url, "files")).unwrap();
    let origin = ourselves().unwrap();
    let reads = Reads::new(publisher.clone(), origin.clone());
    let institution = ("示范担保<有限>公司".to_owned(), Some("000-00000000".to_owned()));
    let verification = Verification::new(links(1), trust, (publisher.clone(), origin), institution);
    let metrics = Metrics::of(boot::Process { name: "files" });
    (Desk::new((links(1), store), reads, verification, &metrics), document, folder, publisher)
}

/// A desk beside a broker.
pub(crate) async fn ground(name: &str, trust: TrustAnchors) -> Ground {
    let world = world();
    let (desk, document, folder, publisher) = desk_at(name, world.files(), trust).await;
    publisher.ready(PATIENCE).await.unwrap();
    Ground { desk, document, world, folder, _worker: Vec::new() }
}

/// A desk whose broker is away.
pub(crate) async fn lonely(name: &str, trust: TrustAnchors) -> (Desk, DocumentRef) {
    let (desk, document, ..) = desk_at(name, "amqp://u:p@127.0.0.1:1/v".to_owned(), trust).await;
    (desk, document)
}

impl Ground {
    /// The reads that the worker is told of.
    pub(crate) fn reads(&mut self) -> mpsc::UnboundedReceiver<Envelope<Command>> {
        let (told, heard) = mpsc::unbounded_channel();
        let settings = Settings::new(self.world.worker(), "worker");
        let consumer = Consumer::start(&settings, "cmd.apply", 8, move |delivery| {
            let told = told.clone();
            async move {
                told.send(Envelope::from_bytes(&delivery.body).unwrap()).unwrap();
                Settled::Ack
            }
        });
        self._worker.push(consumer.unwrap());
        heard
    }

    /// A worker that answers every question so.
    pub(crate) fn answering(&mut self, answer: impl Fn(Query) -> Reply + Clone + Send + Sync + 'static) {
        let settings = Settings::new(self.world.worker(), "worker");
        let publisher = Publisher::start(&settings).unwrap();
        let consumer = Consumer::start(&settings, "ask.apply", 8, move |delivery| {
            let (publisher, answer) = (publisher.clone(), answer.clone());
            async move {
                let envelope = Envelope::<Query>::from_bytes(&delivery.body).unwrap();
                let reply = serde_json::to_vec(&answer(envelope.body)).unwrap();
                publisher.ready(PATIENCE).await.unwrap();
                publisher.reply(&delivery.reply_to.unwrap(), Vec::new(), reply, PATIENCE).await.unwrap();
                Settled::Ack
            }
        });
        self._worker.push(consumer.unwrap());
    }

    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Body> {
        self.desk.clone().answer(request, CALLER).await
    }
}

pub(crate) fn get(url: &str) -> Request<Bytes> {
    let path = url.strip_prefix("http://files.example").unwrap_or(url);
    Request::get(path).body(Bytes::new()).unwrap()
}

pub(crate) fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

pub(crate) async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
