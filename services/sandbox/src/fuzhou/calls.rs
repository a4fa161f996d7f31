//! What a call of the insurer's means for the book: whether it may be now, what it changes, what it is told.

use super::book::{Book, ClaimStatus, Issued, Order, OrderStatus};
use super::codes::Code;
use crate::fields::text_of;
use serde_json::{Map, Value, json};

/// The business fields of a call; a file is there under the name of its part, as `sha256:…`.
pub(crate) type Data = Map<String, Value>;

/// What a call changes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing: a question, or something told again.
    Nothing,
    /// An order takes a step.
    Step(OrderStatus),
    /// A guarantee is kept.
    Issue,
    /// An invoice is kept.
    Invoice,
    /// A claim takes a step.
    Claim(ClaimStatus),
}

/// What the call would change, or the code that says why it may not be.
pub(crate) fn judge(book: &Book, method: &str, data: &Data) -> Result<Change, Code> {
    match method {
        "insurer_get_guarantee_info" | "insurer_get_order_company_info" => {
            book.orders.get(&text_of(data, "order_no")).map(|_| Change::Nothing).ok_or_else(|| Code::of(1101))
        }
        "insurer_apply_guarantee_result" => step(book, data),
        "insurer_push_guarantee" => issue(book, data),
        "insurer_push_guarantee_update" => update(book, data),
        "insurer_push_invoice" => invoice(book, data),
        "update_claim" => claim_step(book, data),
        "get_claim_detail" => claim_detail(book, data),
        _ => Ok(Change::Nothing),
    }
}

fn step(book: &Book, data: &Data) -> Result<Change, Code> {
    let order = book.orders.get(&text_of(data, "order_no")).ok_or_else(|| Code::of(2302))?;
    parties(order, data)?;
    let bid = &order.bidder.bid;
    if text_of(data, "block_number") != bid.section_code || text_of(data, "block_name") != bid.section_name {
        return Err(Code::of(2317));
    }
    order.after(data).map(Change::Step)
}

fn parties(order: &Order, data: &Data) -> Result<(), Code> {
    if text_of(data, "principal") != order.bidder.principal() {
        return Err(Code::of(2319));
    }
    if text_of(data, "creditor") != order.bidder.creditor() { Err(Code::of(2321)) } else { Ok(()) }
}

/// The digest of the file that came, which has to be the one that was announced.
fn document(data: &Data, part: &str, announced: &str) -> Result<String, Code> {
    let came = text_of(data, part);
    let digest = came.strip_prefix("sha256:").ok_or_else(|| Code::of(2416))?;
    if text_of(data, announced) == digest { Ok(digest.to_owned()) } else { Err(Code::of(2422)) }
}

fn issue(book: &Book, data: &Data) -> Result<Change, Code> {
    let order = book.orders.get(&text_of(data, "order_no")).ok_or_else(|| Code::of(2424))?;
    parties(order, data)?;
    let digest = document(data, "guarantee_pdf", "guarantee_pdf_hash")?;
    let no = text_of(data, "guarantee_no");
    match (book.guarantee(&no), order.status) {
        (Some((of, issued)), _)
            if of.bidder.order_no() == order.bidder.order_no() && issued.sha256 == digest =>
        {
            Ok(Change::Nothing)
        }
        (Some(_), _) => Err(Code::of(2428)),
        (None, OrderStatus::WaitOutGuarantee) => Ok(Change::Issue),
        (None, _) => Err(Code::of(2427)),
    }
}

/// 2.11 replaces the newest guarantee of an order whose section was postponed.
fn update(book: &Book, data: &Data) -> Result<Change, Code> {
    let order = book.orders.get(&text_of(data, "order_no")).ok_or_else(|| Code::of(2424))?;
    parties(order, data)?;
    let digest = document(data, "guarantee_pdf", "guarantee_pdf_hash")?;
    let [old, new] = ["guarantee_no_old", "guarantee_no"].map(|name| text_of(data, name));
    let current = order.in_force().ok_or_else(|| Code::of(2427))?;
    if let [.., was, is] = order.guarantees.as_slice()
        && (&was.guarantee_no, &is.guarantee_no, &is.sha256) == (&old, &new, &digest)
    {
        return Ok(Change::Nothing);
    }
    if !book.postponed.contains(order.bidder.block_number()) || current.guarantee_no != old {
        return Err(Code::of(2427));
    }
    if book.guarantee(&new).is_some() { Err(Code::of(2428)) } else { Ok(Change::Issue) }
}

fn invoice(book: &Book, data: &Data) -> Result<Change, Code> {
    let unknown = || Code::failed("发票申请不存在");
    let invoice = book.invoices.get(&text_of(data, "invoice_id")).ok_or_else(unknown)?;
    let came = text_of(data, "invoice_pdf");
    if came.is_empty() && !invoice.electronic {
        return Ok(Change::Invoice);
    }
    let digest = document(data, "invoice_pdf", "invoice_pdf_hash")?;
    match &invoice.pushed {
        Some(pushed) if *pushed == digest => Ok(Change::Nothing),
        Some(_) => Err(Code::failed("发票已推送")),
        None => Ok(Change::Invoice),
    }
}

fn claim_step(book: &Book, data: &Data) -> Result<Change, Code> {
    let claim = book.claims.get(&text_of(data, "claim_no")).ok_or_else(|| Code::failed("理赔不存在"))?;
    if text_of(data, "guarantee_no") != text_of(&claim.data, "guarantee_no") {
        return Err(Code::failed("保函编号不一致"));
    }
    claim.after(data).map(Change::Claim)
}

fn claim_detail(book: &Book, data: &Data) -> Result<Change, Code> {
    let claim = book.claims.get(&text_of(data, "claim_no")).ok_or_else(|| Code::failed("理赔不存在"))?;
    let differs = ["guarantee_no", "principal", "creditor"]
        .into_iter()
        .find(|name| text_of(data, name) != text_of(&claim.data, name));
    differs.map_or(Ok(Change::Nothing), |name| Err(Code::failed(&format!("{name} 不一致"))))
}

/// Writes what [`judge`] found into the book; the `data` of the answer, null where the manual has none.
pub(crate) fn apply(book: &mut Book, method: &str, data: &Data, change: Change) -> Value {
    let serial = if change == Change::Issue { book.next_serial() } else { String::new() };
    let order = book.orders.get_mut(&text_of(data, "order_no"));
    match (change, order) {
        (Change::Step(next), Some(order)) => order.step(data, next),
        (Change::Issue, Some(order)) => {
            let sha256 = text_of(data, "guarantee_pdf_hash");
            order.guarantees.push(Issued {
                guarantee_no: text_of(data, "guarantee_no"),
                serial_num: serial,
                sha256,
            });
            order.status = OrderStatus::HasOutGuarantee;
        }
        (Change::Invoice, _) => {
            if let Some(invoice) = book.invoices.get_mut(&text_of(data, "invoice_id")) {
                invoice.pushed = Some(text_of(data, "invoice_pdf_hash"));
            }
        }
        (Change::Claim(next), _) => {
            if let Some(claim) = book.claims.get_mut(&text_of(data, "claim_no")) {
                claim.status = next;
                claim.last = Some(data.clone());
            }
        }
        _ => {}
    }
    match method {
        "insurer_apply_guarantee_result" | "update_claim" => json!("成功"),
        "insurer_push_guarantee" | "insurer_push_guarantee_update" => serial_of(book, data),
        _ => Value::Null,
    }
}

/// The serial number as the sample has it: a number of fifteen digits (FZ-24).
fn serial_of(book: &Book, data: &Data) -> Value {
    let serial = book.guarantee(&text_of(data, "guarantee_no")).map(|(_, issued)| issued.serial_num.as_str());
    json!({ "serial_num": serial.and_then(|serial| serial.parse::<u64>().ok()) })
}
