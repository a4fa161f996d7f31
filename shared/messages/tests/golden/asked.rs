//! Every query and every reply, with every field that it may have; and the reports about callbacks.

use crate::parts::{at, company, document, guarantee_no, no, origin, yuan};
use domain::{
    CaseQuery, CaseState, CaseStatus, CreditStanding, DocumentCopy, Edition, FileFindings, FileRole,
    Guarantee, GuaranteeKind, GuaranteeRecord, GuaranteeState, Held, InvoiceStatus, OrderState, OrderStatus,
    Outline, PublicRecord, Query, Rate, Refusal, Reply, VerifiedDocument,
};
use messages::{Attempt, AttemptOutcome, CallbackTask, RejectedRequest, RejectionTask, Replay};

/// Every query under the name of its file.
pub(crate) fn queries() -> Vec<(String, Query)> {
    let by = || CaseQuery { guarantee_no: guarantee_no(), no: Some(no()) };
    let queries = vec![
        Query::OrderStatus { no: no() },
        Query::ReleaseStatus(by()),
        Query::ClaimStatus(by()),
        Query::RefundStatus(by()),
        Query::InvoiceStatus(by()),
        Query::CreditStatus { company: company("测试建设有限公司") },
        Query::Cost { bond: yuan("20000.00") },
        Query::Document { guarantee_no: guarantee_no() },
        Query::VerifyRecord { guarantee_no: guarantee_no(), serial_no: "123".into() },
        Query::VerifyDocument { serial_no: "123".into(), findings: findings() },
        Query::PublicRecord { held: Held::Number(guarantee_no()) },
    ];
    queries.into_iter().map(|query| (query_name(&query).to_owned(), query)).collect()
}

const fn query_name(query: &Query) -> &'static str {
    match query {
        Query::OrderStatus { .. } => "order_status",
        Query::ReleaseStatus(_) => "release_status",
        Query::ClaimStatus(_) => "claim_status",
        Query::RefundStatus(_) => "refund_status",
        Query::InvoiceStatus(_) => "invoice_status",
        Query::CreditStatus { .. } => "credit_status",
        Query::Cost { .. } => "cost",
        Query::Document { .. } => "document",
        Query::VerifyRecord { .. } => "verify_record",
        Query::VerifyDocument { .. } => "verify_document",
        Query::PublicRecord { .. } => "public_record",
    }
}

fn findings() -> FileFindings {
    FileFindings {
        sha256: "0".repeat(64),
        signature_valid: true,
        is_modified: false,
        trusted: true,
        signer: "测试担保公司".into(),
        issuer: "测试CA".into(),
        signed_at: Some(at()),
        time_proven: true,
    }
}

fn record() -> GuaranteeRecord {
    let earlier = Edition {
        no: guarantee_no(),
        kind: GuaranteeKind::Sealed,
        issued_at: at(),
        valid_until: Some(at()),
        document: document(),
    };
    let guarantee = Guarantee {
        no: guarantee_no().reissued(1),
        state: GuaranteeState::InForce,
        issued_at: at(),
        valid_until: Some(at()),
        document: document(),
        kind: GuaranteeKind::Reissued,
        valid_from: Some(at()),
        serial_no: Some("123".into()),
        earlier: vec![earlier],
    };
    GuaranteeRecord {
        business_no: "T1".into(),
        guarantee,
        bond: yuan("20000.00"),
        bidder: company("测试建设有限公司"),
        tenderee: company("测试招标人"),
        section_name: "一标段".into(),
    }
}

/// Every reply under the name of its file.
pub(crate) fn replies() -> Vec<(String, Reply)> {
    let replies = vec![
        Reply::Accepted { no: no() },
        Reply::Refused(Refusal::conflict()),
        Reply::Order(OrderStatus {
            no: no(),
            state: OrderState::Issued,
            premium: Some(yuan("100.00")),
            rate: Rate::parse("0.005").ok(),
            guarantee_no: Some(guarantee_no()),
            document_url: Some("https://files.example/d".into()),
            reason: String::new(),
            bond: Some(yuan("20000.00")),
            changed_at: Some(at()),
        }),
        Reply::Case(CaseStatus {
            no: no(),
            state: CaseState::Refused,
            reason: "材料不全".into(),
            document_url: Some("https://files.example/d".into()),
        }),
        Reply::Invoice(InvoiceStatus {
            no: no(),
            state: CaseState::Approved,
            code: "C1".into(),
            number: "N1".into(),
            document_url: "https://files.example/d".into(),
            reason: String::new(),
        }),
        Reply::Credit(CreditStanding::TooLittle),
        Reply::Cost { premium: yuan("100.00"), rate: Rate::parse("0.005").expect("a rate") },
        Reply::Document(DocumentCopy { document: document(), content: "JVBERg==".into() }),
        Reply::Record(Box::new(record())),
        Reply::Verified(Box::new(VerifiedDocument {
            findings: findings(),
            record: Some(record()),
            is_current: true,
        })),
        Reply::Public(Box::new(PublicRecord {
            guarantee_no: guarantee_no(),
            title: "投标保函".into(),
            kind: GuaranteeKind::Revealed,
            state: GuaranteeState::InForce,
            issued_at: at(),
            valid_from: Some(at()),
            valid_until: Some(at()),
            outline: Some(Outline {
                beneficiary: "测＊＊＊".into(),
                applicant: "测试＊＊公司".into(),
                project: "测＊＊＊".into(),
                bond: "2*,***.00".into(),
            }),
            file: Some(FileRole::Current),
        })),
    ];
    replies.into_iter().map(|reply| (reply_name(&reply).to_owned(), reply)).collect()
}

const fn reply_name(reply: &Reply) -> &'static str {
    match reply {
        Reply::Accepted { .. } => "reply_accepted",
        Reply::Refused(_) => "reply_refused",
        Reply::Order(_) => "reply_order",
        Reply::Case(_) => "reply_case",
        Reply::Invoice(_) => "reply_invoice",
        Reply::Credit(_) => "reply_credit",
        Reply::Cost { .. } => "reply_cost",
        Reply::Document(_) => "reply_document",
        Reply::Record(_) => "reply_record",
        Reply::Verified(_) => "reply_verified",
        Reply::Public(_) => "reply_public",
    }
}

/// What egress reports and operators order about callbacks.
pub(crate) fn tasks() -> Vec<(String, CallbackTask)> {
    let attempt = Attempt {
        callback_id: "A0:2:guarantee_issued".into(),
        origin: origin(),
        interface: "feedback_apply_guarantee_result".into(),
        number: 1,
        cycle: 0,
        at: at(),
        duration_ms: 12,
        status: 500,
        outcome: AttemptOutcome::Failed { next_due: at() },
        why: "status 500".into(),
    };
    let replay = Replay { callback_ids: vec!["A0:2:guarantee_issued".into()], by: "ops".into() };
    vec![
        ("record_attempt".to_owned(), CallbackTask::Record(attempt)),
        ("replay_callbacks".to_owned(), CallbackTask::Replay(replay)),
    ]
}

/// The file of the message that ingress sends of a request it turned away.
pub(crate) const REJECTED: &str = "keep_rejected";

/// That message.
pub(crate) fn rejected() -> RejectionTask {
    RejectionTask::Keep(RejectedRequest {
        id: "00f067aa0ba902b7".into(),
        partner: origin().partner,
        protocol: "pubres".into(),
        at: at(),
        reason: "forged".into(),
        why: "the signature does not hold".into(),
        method: "POST".into(),
        target: "/baohanapply".into(),
        caller: "203.0.113.7".into(),
        headers: vec![("content-type".into(), "application/json".into())],
        body: "e30=".into(),
        size: 2,
    })
}
