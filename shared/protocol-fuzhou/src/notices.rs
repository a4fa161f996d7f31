//! What we tell and ask the platform: the table of methods, from a notice to a call, and what the reply means and teaches.

mod application;
mod application_told;
mod claim_detail;
mod claim_progressed;
mod companies;
mod file;
mod file_address;
mod guarantee_issued;
mod guarantee_reissued;
mod insurers;
mod invoice_issued;
mod order_progressed;
mod reply;
mod token;

pub(crate) use file::is_file;

use crate::envelope::{Enclosure, Envelope, Field};
use crate::settings::Manner;
use bytes::Bytes;
use crypto::{digest, text};
use domain::{Brief, Notice, NoticeHead, Side, Timestamp, Topic};
use http::{Request, Response, Uri};
use protocol::{Direction, Interface, Learnt, Pass, Sealed, Token, Unsealable, Verdict, Way};

/// The methods in the order of the document.
pub(crate) static CALLBACKS: [Interface; 11] = [
    token::INTERFACE,
    application::INTERFACE,
    order_progressed::INTERFACE,
    guarantee_issued::INTERFACE,
    invoice_issued::INTERFACE,
    guarantee_reissued::INTERFACE,
    claim_progressed::INTERFACE,
    claim_detail::INTERFACE,
    file_address::INTERFACE,
    insurers::INTERFACE,
    companies::INTERFACE,
];

/// The business fields of a call, and the part of the form that carries the notice's document, if it carries one.
struct Said<'a> {
    fields: Vec<Field<'a>>,
    part: Option<&'static str>,
}

impl<'a> Said<'a> {
    const fn plain(fields: Vec<Field<'a>>) -> Self {
        Self { fields, part: None }
    }
}

const fn outbound(section: &'static str, name: &'static str, title: &'static str) -> Interface {
    Interface { section, name, title, direction: Direction::Outbound, way: Way::Notice }
}

/// Where in the table the call for a notice stands. There is none for a refused invoice (FZ-21), nor for releases, refunds
/// and credit lines, which the platform does not know (FZ-23). A file is fetched from an address that 4.1 gives.
fn position(notice: &Notice) -> Option<usize> {
    Some(match notice {
        Notice::OrderProgressed(_) | Notice::OrderRejected(_) | Notice::WithdrawalDecided(_) => 2,
        Notice::GuaranteeIssued(_) => 3,
        Notice::InvoiceIssued(_) => 4,
        Notice::GuaranteeReissued(_) => 5,
        Notice::ClaimProgressed(_) | Notice::ClaimDecided(_) => 6,
        Notice::Inquiry(inquiry) => match inquiry.topic {
            Topic::Application => 1,
            Topic::ClaimDetail { .. } => 7,
            Topic::FileAddress { .. } | Topic::File { .. } => 8,
            Topic::Insurers { .. } => 9,
            Topic::Companies => 10,
        },
        _ => return None,
    })
}

/// The call that carries a notice.
pub(crate) fn callback_for(notice: &Notice) -> Option<&'static Interface> {
    position(notice).and_then(|row| CALLBACKS.get(row))
}

/// Writes a notice as a request.
pub(crate) fn seal(
    notice: &Notice,
    pass: &Pass<'_>,
    envelope: &Envelope,
    manner: &Manner,
    addresses: &[Uri],
) -> Result<Sealed, Unsealable> {
    let Some(row) = position(notice) else {
        return Ok(Sealed::Silent("the protocol has no call for it"));
    };
    if let Notice::Inquiry(inquiry) = notice
        && let Topic::File { attachment, .. } = &inquiry.topic
    {
        return file::fetch(attachment).map(Sealed::Send);
    }
    if let Notice::WithdrawalDecided(decided) = notice
        && (decided.side == Side::Partner || !decided.approved)
    {
        return Ok(Sealed::Silent("the platform withdrew it itself, and knows no refusal of that (FZ-23)"));
    }
    let digest = enclosed(notice, pass).map(|pdf| text::to_hex(&digest::sha256(pdf)));
    let said = write(notice, manner, digest.as_deref().unwrap_or_default())?;
    let enclosure = match said.part {
        Some(part) => {
            let none = || Unsealable("the document of the notice is not at hand".to_owned());
            Some(Enclosure { part, pdf: enclosed(notice, pass).ok_or_else(none)? })
        }
        None => None,
    };
    let target = address_of(row, addresses)?;
    envelope.seal(CALLBACKS[row].name, &said.fields, enclosure.as_ref(), pass, target).map(Sealed::Send)
}

fn enclosed<'a>(notice: &Notice, pass: &Pass<'a>) -> Option<&'a Bytes> {
    pass.document.filter(|_| notice.document().is_some())
}

fn write<'a>(notice: &'a Notice, manner: &'a Manner, digest: &'a str) -> Result<Said<'a>, Unsealable> {
    match notice {
        Notice::OrderProgressed(progressed) => order_progressed::progressed(progressed),
        Notice::OrderRejected(rejected) => order_progressed::rejected(rejected),
        Notice::WithdrawalDecided(decided) => order_progressed::withdrawn(decided),
        Notice::GuaranteeIssued(issued) => guarantee_issued::write(issued, manner, digest),
        Notice::GuaranteeReissued(reissued) => guarantee_reissued::write(reissued, manner, digest),
        Notice::InvoiceIssued(issued) => Ok(invoice_issued::write(issued, digest)),
        Notice::ClaimProgressed(progressed) => Ok(claim_progressed::progressed(progressed)),
        Notice::ClaimDecided(decided) => Ok(claim_progressed::decided(decided)),
        Notice::Inquiry(inquiry) => Ok(ask(&inquiry.topic, &inquiry.head, manner)),
        _ => Err(Unsealable("the protocol has no call for it".to_owned())),
    }
}

fn ask<'a>(topic: &'a Topic, head: &'a NoticeHead, manner: &'a Manner) -> Said<'a> {
    match topic {
        Topic::Application => application::write(head),
        Topic::Companies => companies::write(head),
        Topic::FileAddress { file_id } | Topic::File { file_id, .. } => file_address::write(file_id),
        Topic::Insurers { name } => insurers::write(name, manner),
        Topic::ClaimDetail { claim_no, guarantee_no, principal, creditor } => {
            claim_detail::write(claim_no, guarantee_no, principal, creditor, manner)
        }
    }
}

/// What 2.4, 2.5 and 2.11 repeat of the order.
fn brief(head: &NoticeHead) -> Result<&Brief, Unsealable> {
    let none = || Unsealable("the notice does not say what its order is about".to_owned());
    head.brief.as_deref().ok_or_else(none)
}

fn address_of(row: usize, addresses: &[Uri]) -> Result<Uri, Unsealable> {
    let none = || Unsealable(format!("no address is configured for {}", CALLBACKS[row].name));
    addresses.get(row).cloned().ok_or_else(none)
}

/// An absolute http or https address with a host, in the form HTTP wants it.
pub(crate) fn address(text: &str) -> Option<Uri> {
    let url = url::Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web { url.as_str().parse().ok() } else { None }
}

/// 1.1.
pub(crate) fn ask_token(
    pass: &Pass<'_>,
    envelope: &Envelope,
    addresses: &[Uri],
) -> Result<Request<Bytes>, Unsealable> {
    envelope.seal_token_call(token::INTERFACE.name, pass, address_of(0, addresses)?)
}

/// The reply to 1.1.
pub(crate) fn read_token(reply: &Response<Bytes>, now: Timestamp) -> Result<Token, String> {
    token::read(reply, now)
}

/// What a reply means: by its code and, where we asked something, by whether it holds an answer.
pub(crate) fn judge(notice: &Notice, reply: &Response<Bytes>) -> Verdict {
    if is_file(notice) {
        return file::judge(reply);
    }
    match (reply::judge(reply), notice) {
        (Verdict::Delivered, Notice::Inquiry(inquiry)) => {
            match answered(&inquiry.topic, &inquiry.head, reply) {
                Ok(_) => Verdict::Delivered,
                Err(why) => Verdict::Later(format!("200, but {why}"), None),
            }
        }
        (verdict, _) => verdict,
    }
}

/// What a reply that was judged delivered teaches.
pub(crate) fn learn(notice: &Notice, reply: &Response<Bytes>) -> Vec<Learnt> {
    match notice {
        Notice::Inquiry(inquiry) => match &inquiry.topic {
            Topic::File { file_id, attachment } => vec![file::learn(file_id, attachment, reply)],
            topic => {
                answered(topic, &inquiry.head, reply).map(|fact| vec![Learnt::Fact(fact)]).unwrap_or_default()
            }
        },
        Notice::GuaranteeIssued(_) | Notice::GuaranteeReissued(_) => {
            guarantee_issued::learn(reply).map(Learnt::Fact).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The fact in the reply to a question, or why there is none in it.
fn answered(topic: &Topic, head: &NoticeHead, reply: &Response<Bytes>) -> Result<domain::Fact, &'static str> {
    let told = reply::Told::read(reply.body()).ok_or("no JSON with a status")?;
    match topic {
        Topic::Application => application_told::learn(&told, head),
        Topic::Companies => companies::learn(&told),
        Topic::FileAddress { file_id } => file_address::learn(&told, file_id),
        Topic::Insurers { .. } => insurers::learn(&told),
        Topic::ClaimDetail { claim_no, .. } => claim_detail::learn(&told, claim_no),
        Topic::File { .. } => Err("a file is no answer"),
    }
}

#[cfg(test)]
mod tests;
