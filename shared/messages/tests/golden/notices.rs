//! Every notice, with every field that it may have.

use crate::commands::topics;
use crate::parts::{at, company, contact, document, guarantee_no, head, yuan};
use domain::{
    CaseDecided, ClaimProgressed, ClaimStep, CreditDecided, Grant, GuaranteeIssued, GuaranteeReissued,
    GuaranteeRevealed, Inquiry, InvoiceIssued, InvoiceRefused, IssuedInvoice, Notice, OrderProgressed,
    OrderRejected, OrderStep, PremiumReturned, Rate, Side, WithdrawalDecided,
};

/// Every notice under the name of its file.
pub(crate) fn notices() -> Vec<(String, Notice)> {
    let mut notices = about_guarantees();
    notices.extend(about_cases());
    notices.extend(steps());
    notices.extend(topics().into_iter().map(|topic| Notice::Inquiry(Inquiry { head: head(), topic })));
    notices.into_iter().map(|notice| (name(&notice), notice)).collect()
}

fn name(notice: &Notice) -> String {
    match notice {
        Notice::Inquiry(inquiry) => format!("inquiry_{}", inquiry.topic.word()),
        other => other.word().to_owned(),
    }
}

fn about_guarantees() -> Vec<Notice> {
    vec![
        Notice::GuaranteeIssued(GuaranteeIssued {
            head: head(),
            guarantee_no: guarantee_no(),
            document: document(),
            bond: yuan("20000.00"),
            premium: yuan("100.00"),
            rate: Rate::parse("0.005").expect("a rate"),
            valid_until: Some(at()),
            valid_from: Some(at()),
        }),
        Notice::GuaranteeRevealed(GuaranteeRevealed {
            head: head(),
            guarantee_no: guarantee_no(),
            document: document(),
        }),
        Notice::GuaranteeReissued(GuaranteeReissued {
            head: head(),
            old_no: guarantee_no(),
            guarantee_no: guarantee_no().reissued(1),
            document: document(),
            valid_from: at(),
            valid_until: Some(at()),
        }),
        Notice::OrderRejected(OrderRejected { head: head(), reason: "材料不全".into() }),
        Notice::WithdrawalDecided(WithdrawalDecided {
            head: head(),
            side: Side::Partner,
            approved: false,
            reason: "保函已出具".into(),
        }),
    ]
}

fn about_cases() -> Vec<Notice> {
    let decided = || CaseDecided {
        head: head(),
        guarantee_no: guarantee_no(),
        approved: true,
        reason: String::new(),
        amount: Some(yuan("20000.00")),
        asked_because: "中标后放弃".into(),
        contact: Some(Box::new(contact())),
        confirmation: Some(document()),
    };
    vec![
        Notice::ReleaseDecided(decided()),
        Notice::ClaimDecided(decided()),
        Notice::RefundDecided(decided()),
        Notice::InvoiceIssued(InvoiceIssued {
            head: head(),
            guarantee_no: guarantee_no(),
            invoice: IssuedInvoice { code: "C1".into(), number: "N1".into(), document: document() },
            special: Some(true),
        }),
        Notice::InvoiceRefused(InvoiceRefused {
            head: head(),
            guarantee_no: guarantee_no(),
            reason: "无".into(),
            special: Some(false),
        }),
        Notice::PremiumReturned(PremiumReturned {
            head: head(),
            guarantee_no: guarantee_no(),
            amount: yuan("100.00"),
        }),
        Notice::CreditDecided(CreditDecided {
            head: head(),
            company: company("测试建设有限公司"),
            grant: Some(Grant { limit: yuan("500000.00"), from: at(), until: at() }),
            reason: String::new(),
        }),
    ]
}

fn steps() -> Vec<Notice> {
    let order = |step| Notice::OrderProgressed(OrderProgressed { head: head(), step });
    let claim =
        |step| Notice::ClaimProgressed(ClaimProgressed { head: head(), guarantee_no: guarantee_no(), step });
    vec![
        order(OrderStep::Confirmed),
        order(OrderStep::Surveyed),
        order(OrderStep::Quoted { premium: yuan("100.00"), valid_until: Some(at()) }),
        order(OrderStep::Paid { amount: yuan("100.00"), paid_at: at() }),
        claim(ClaimStep::Accepted),
        claim(ClaimStep::PaidOut { amount: yuan("20000.00") }),
    ]
}
