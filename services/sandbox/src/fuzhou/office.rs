//! The platform's memory, shared by its endpoint and its pushes: orders, claims, invoices, files and access tokens.

use super::book::{Book, Claim, ClaimStatus, Invoice, Issued, Order, OrderStatus};
use super::calls::{self, Data};
use super::codes::Code;
use super::links::{Links, Paper};
use super::orders::Bidder;
use super::papers::{self, Address};
use super::settings::{Expiry, Settings};
use super::tokens::Tokens;
use crate::fields::{SECONDS, text_of};
use crate::files::Files;
use crate::request::Request;
use bytes::Bytes;
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// The memory of one platform; clones are the same memory.
#[derive(Clone)]
pub struct Office {
    settings: Arc<Settings>,
    files: Files,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    book: Book,
    links: Links,
    tokens: Tokens,
    /// `http://host:port`, once somebody called or the story said so.
    home: Option<String>,
    /// Whether 2.3 gives addresses that have expired already.
    stale: bool,
}

impl Office {
    /// An empty memory.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let memory = Memory { stale: settings.variants.stale_files, ..Memory::default() };
        let memory = Arc::new(Mutex::new(memory));
        Self { settings: Arc::new(settings.clone()), files: Files::default(), memory }
    }

    /// Where the platform's endpoint is, for the addresses of files: `http://127.0.0.1:8090`. Without it, the endpoint
    /// learns it from the first call.
    pub fn live_at(&self, home: &str) {
        self.memory().home = Some(home.trim_end_matches('/').to_owned());
    }

    /// Takes in an order, with its files, as the bidder handed it in; an order that is there already stays as it is.
    pub fn offer(&self, bidder: &Bidder) {
        let mut memory = self.memory();
        if memory.book.orders.contains_key(&bidder.order_no()) {
            return;
        }
        let no = bidder.order_no();
        let mut file = |name: &str| memory.links.file(name, pdf(&format!("{no} {name}")));
        let order = Order {
            signed: ["投保单.pdf", "承诺函.pdf"].map(&mut file).into(),
            attached: vec![file("招标文件.pdf")],
            certificates: ["营业执照.pdf", "法人身份证正面.pdf", "法人身份证反面.pdf"].map(&mut file),
            bidder: bidder.clone(),
            status: OrderStatus::WaitTuneUp,
            confirmed: false,
            steps: Vec::new(),
            guarantees: Vec::new(),
        };
        memory.book.orders.insert(no, order);
    }

    /// Where an order stands.
    #[must_use]
    pub fn order_status(&self, order_no: &str) -> Option<OrderStatus> {
        self.memory().book.orders.get(order_no).map(|order| order.status)
    }

    /// The guarantees of an order, the newest last.
    #[must_use]
    pub fn guarantees(&self, order_no: &str) -> Vec<Issued> {
        self.memory().book.orders.get(order_no).map(|order| order.guarantees.clone()).unwrap_or_default()
    }

    /// Where a claim stands.
    #[must_use]
    pub fn claim_status(&self, claim_no: &str) -> Option<ClaimStatus> {
        self.memory().book.claims.get(claim_no).map(|claim| claim.status)
    }

    /// The document with this SHA-256, if it was pushed.
    #[must_use]
    pub fn document(&self, sha256: &str) -> Option<Bytes> {
        self.files.get(sha256)
    }

    /// Every access token dies now: the next call gets 1006.
    pub fn expire_tokens(&self) {
        self.memory().tokens.expire();
    }

    /// How many access tokens were issued.
    #[must_use]
    pub fn tokens_issued(&self) -> u64 {
        self.memory().tokens.issued()
    }

    /// Every address of a file that can die dies now.
    pub fn expire_addresses(&self) {
        self.memory().links.expire();
    }

    /// From now on 2.3 gives addresses of files that have expired already, or fresh ones again.
    pub fn give_stale_addresses(&self, stale: bool) {
        self.memory().stale = stale;
    }

    /// What the platform itself knows once it pushes this; 索赔文件 gets its address.
    pub(crate) fn note(&self, mut request: Request, now: OffsetDateTime) -> Request {
        let mut memory = self.memory();
        match request.method {
            "order-status-push" => {
                let status = OrderStatus::of(request.text("order_status"));
                let order = memory.book.orders.get_mut(request.text("order_no"));
                if let (Some(status), Some(order)) = (status, order) {
                    order.status = status;
                }
            }
            "invoice-apply-push" => {
                let invoice = Invoice { electronic: request.text("is_electron") == "1", pushed: None };
                memory.book.invoices.entry(request.text("invoice_id").to_owned()).or_insert(invoice);
            }
            "delay-open-push" => memory.postpone(&request),
            "apply_claim" => request = memory.claim(request, &self.settings, now),
            _ => {}
        }
        request
    }

    pub(crate) fn keep(&self, document: Bytes) -> String {
        self.files.keep(document)
    }

    /// Learns its own address from a caller, if nobody told it before.
    pub(crate) fn called_at(&self, host: &str) {
        let mut memory = self.memory();
        if memory.home.is_none() && !host.is_empty() {
            memory.home = Some(format!("http://{host}"));
        }
    }

    /// Whether this token lives; if it does, it lives on.
    pub(crate) fn admits(&self, token: &str, now: OffsetDateTime) -> bool {
        self.memory().tokens.used(token, Duration::seconds(self.settings.token_seconds.into()), now)
    }

    /// Whether a call may be now.
    pub(crate) fn judge(&self, method: &str, data: &Data) -> Result<(), Code> {
        let memory = self.memory();
        if method == "insurer_get_file_url" && memory.links.name(&text_of(data, "file_id")).is_none() {
            return Err(Code::of(4401));
        }
        calls::judge(&memory.book, method, data).map(|_| ())
    }

    /// Does what a call asks and gives the `data` of its answer; judged again, for another call may have been faster.
    pub(crate) fn answer(&self, method: &str, data: &Data, now: OffsetDateTime) -> Result<Value, Code> {
        let mut memory = self.memory();
        let change = calls::judge(&memory.book, method, data)?;
        let told = calls::apply(&mut memory.book, method, data, change);
        Ok(match method {
            "get_access_token" => memory.token(&self.settings, now),
            "insurer_get_guarantee_info" => memory.order_info(data, &self.settings, now),
            "insurer_get_order_company_info" => memory.companies(data, &self.settings, now),
            "get_claim_detail" => memory.claim_detail(data, &self.settings, now),
            "insurer_get_file_url" => {
                json!({ "file_url": memory.address(&text_of(data, "file_id"), &self.settings, now) })
            }
            "insurer_get_branch_insurers" => json!([
                { "id": self.settings.btc_id.to_string(), "name": self.settings.insurer_name },
                { "id": "1", "name": format!("{}示例分公司", text_of(data, "insurer_name")) },
            ]),
            _ => told,
        })
    }

    /// The file behind the query of an address, if it lives; and its id, alive or dead.
    pub(crate) fn fetch(&self, query: &str, now: OffsetDateTime) -> (String, Option<Paper>) {
        let memory = self.memory();
        (memory.links.behind(query).unwrap_or_default().to_owned(), memory.links.fetch(query, now))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn token(&mut self, settings: &Settings, now: OffsetDateTime) -> Value {
        let lives = Duration::seconds(settings.token_seconds.into());
        let (token, dies) = self.tokens.issue(lives, now);
        let expired_at = match settings.variants.expired_at {
            Expiry::Epoch => dies.unix_timestamp(),
            Expiry::Seconds => lives.whole_seconds(),
        };
        json!({ "access_token": token, "expired_at": expired_at })
    }

    fn address(&mut self, id: &str, settings: &Settings, now: OffsetDateTime) -> String {
        let base = format!("{}{}", self.home.as_deref().unwrap_or_default(), settings.path);
        self.links.give(id, &base, now + Duration::seconds(settings.file_seconds.into()), now)
    }

    fn order_info(&mut self, data: &Data, settings: &Settings, now: OffsetDateTime) -> Value {
        let no = text_of(data, "order_no");
        let ids = |memory: &Self| {
            memory.book.orders.get(&no).map(|order| [order.signed.clone(), order.attached.clone()])
        };
        let files = ids(self).unwrap_or_default().map(|ids| {
            let addresses = ids.into_iter().map(|id| self.addressed(id, settings, now));
            addresses.collect::<Vec<_>>()
        });
        let Some(order) = self.book.orders.get(&no) else { return Value::Null };
        papers::order(order, &settings.insurer_name, settings.btc_id, [&files[0], &files[1]])
    }

    fn addressed(&mut self, id: String, settings: &Settings, now: OffsetDateTime) -> Address {
        // An address made long ago is dead today.
        let made = if self.stale {
            now - Duration::seconds(settings.file_seconds.into()) - Duration::HOUR
        } else {
            now
        };
        let url = self.address(&id, settings, made);
        Address { name: self.links.name(&id).unwrap_or_default().to_owned(), id, url }
    }

    fn companies(&mut self, data: &Data, settings: &Settings, now: OffsetDateTime) -> Value {
        let home = self.home.clone().unwrap_or_default();
        let Some(order) = self.book.orders.get(&text_of(data, "order_no")) else { return Value::Null };
        let links = &mut self.links;
        let certificates = order.certificates.each_ref().map(|id| links.give_for_ever(id, &home, now));
        papers::companies(order, &settings.insurer_name, &certificates)
    }

    fn claim_detail(&mut self, data: &Data, settings: &Settings, now: OffsetDateTime) -> Value {
        let no = text_of(data, "claim_no");
        let Some(file) = self.book.claims.get(&no).map(|claim| claim.file.clone()) else {
            return Value::Null;
        };
        let url = self.address(&file, settings, now);
        self.book
            .claims
            .get(&no)
            .map_or(Value::Null, |claim| papers::claim(claim, &settings.insurer_name, &url))
    }

    fn claim(&mut self, mut request: Request, settings: &Settings, now: OffsetDateTime) -> Request {
        let no = request.text("claim_no").to_owned();
        let known = self.book.claims.get(&no).map(|claim| claim.file.clone());
        let file = known.unwrap_or_else(|| self.links.file("索赔文件.pdf", pdf(&format!("{no} 索赔文件"))));
        if request.text("claim_file").is_empty() {
            request = request.with("claim_file", self.address(&file, settings, now));
        }
        let data = papers::object(request.data.clone());
        let claim = Claim { data, status: ClaimStatus::WaitAccept, file, last: None };
        self.book.claims.entry(no).or_insert(claim);
        request
    }

    fn postpone(&mut self, request: &Request) {
        let block = request.text("block_number");
        self.book.postponed.insert(block.to_owned());
        let Ok(opening) = PrimitiveDateTime::parse(request.text("open_tender_time"), SECONDS) else { return };
        let opening = opening.assume_offset(crate::now().offset());
        for order in self.book.orders.values_mut().filter(|order| order.bidder.block_number() == block) {
            order.bidder.bid.opening = opening;
        }
    }
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory();
        f.debug_struct("Office")
            .field("orders", &memory.book.orders.len())
            .field("claims", &memory.book.claims.len())
            .finish_non_exhaustive()
    }
}

/// A file of which nothing matters but that it is a PDF, and another than all others.
fn pdf(what: &str) -> Bytes {
    format!("%PDF-1.4\n% {what}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n").into()
}
