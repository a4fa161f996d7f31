//! Every command, with every field that it may have.

use crate::parts::{account, at, company, contact, document, file, guarantee_no, no, yuan};
use domain::{
    About, AnnounceOrder, Applicant, ChangeTender, Command, ConfirmPayment, ConfirmPayout, Decide, Decision,
    Described, Fact, Inquire, InvoiceKind, Learn, LearntApplication, LearntClaim, LearntCompanies, NoteRead,
    NoteStatus, Opener, PlaceOrder, Product, ReleaseReason, RequestClaim, RequestCredit, RequestInvoice,
    RequestRefund, RequestRelease, RestoreOrder, RevokeCase, SealCipher, SealedField, Side, Stage, Subject,
    Tender, TenderChange, TenderChangeKind, Topic, WithdrawOrder,
};

/// Every command under the name of its file.
pub(crate) fn commands() -> Vec<(String, Command)> {
    let mut commands = placing();
    commands.extend(cases());
    commands.extend(deciding());
    commands.extend(
        topics()
            .into_iter()
            .map(|topic| Command::Inquire(Inquire { topic, about: Some(no()), by: "ops".into() })),
    );
    commands.extend(facts().into_iter().map(|fact| Command::Learn(Learn { about: no(), fact })));
    commands.into_iter().map(|command| (name(&command), command)).collect()
}

/// A new command has no name here, and the compiler says so.
fn name(command: &Command) -> String {
    match command {
        Command::PlaceOrder(order) => match order.product {
            Product::Bid { .. } => "place_order".to_owned(),
            Product::Performance { .. } => "place_order_performance".to_owned(),
        },
        Command::RequestClaim(_) => "request_claim".to_owned(),
        Command::RequestInvoice(_) => "request_invoice".to_owned(),
        Command::RequestRefund(_) => "request_refund".to_owned(),
        Command::RequestRelease(_) => "request_release".to_owned(),
        Command::ChangeTender(_) => "change_tender".to_owned(),
        Command::AnnounceOrder(_) => "announce_order".to_owned(),
        Command::WithdrawOrder(_) => "withdraw_order".to_owned(),
        Command::RestoreOrder(_) => "restore_order".to_owned(),
        Command::RequestCredit(_) => "request_credit".to_owned(),
        Command::RevokeCase(_) => "revoke_case".to_owned(),
        Command::NoteStatus(_) => "note_status".to_owned(),
        Command::NoteRead(_) => "note_read".to_owned(),
        Command::Inquire(inquire) => format!("inquire_{}", inquire.topic.word()),
        Command::Learn(learn) => format!("learn_{}", learn.fact.word()),
        Command::ConfirmPayout(_) => "confirm_payout".to_owned(),
        Command::Decide(_) => "decide".to_owned(),
        Command::ConfirmPayment(_) => "confirm_payment".to_owned(),
    }
}

pub(crate) fn place_order() -> PlaceOrder {
    PlaceOrder {
        business_no: "T1".into(),
        product: Product::Bid { opening: Some(at()), validity_days: Some(120) },
        applicant: applicant(),
        tender: Tender {
            project_no: "P1".into(),
            project_name: "测试项目".into(),
            area: "350100".into(),
            address: "福州市".into(),
            section_no: "S1".into(),
            section_name: "一标段".into(),
            tenderee: company("测试招标人"),
            agency: company("测试招标代理"),
        },
        bond: yuan("20000.00"),
        contact: contact(),
        attachments: vec![file()],
        request_no: "R1".into(),
        deadline: Some(at()),
        term: Some((at(), at())),
        sealed: vec![
            SealedField::ProjectNo,
            SealedField::ProjectName,
            SealedField::SectionNo,
            SealedField::SectionName,
            SealedField::TendereeName,
            SealedField::TendereeCode,
            SealedField::BidderName,
            SealedField::BidderCode,
        ],
        basic_account_only: true,
        remarks: vec!["未提供开标时间".into()],
    }
}

fn applicant() -> Applicant {
    Applicant {
        company: company("测试建设有限公司"),
        legal_name: "李四".into(),
        legal_id: "110101199003070011".into(),
        account: Some(account()),
    }
}

fn described() -> Described {
    Described {
        section_no: "S1".into(),
        bidder: "甲公司".to_owned().into(),
        tenderee: "乙公司".to_owned().into(),
    }
}

fn placing() -> Vec<Command> {
    let product = Product::Performance { signed_at: at(), period: "365日历天".into() };
    let opener = |cipher, iv: &str| Opener { cipher, key: "00112233".into(), iv: iv.into() };
    vec![
        Command::PlaceOrder(place_order()),
        Command::PlaceOrder(PlaceOrder { product, ..place_order() }),
        Command::AnnounceOrder(AnnounceOrder { business_no: "T1".into() }),
        Command::WithdrawOrder(WithdrawOrder {
            business_no: "T1".into(),
            no: Some(no()),
            reason: "不再投标".into(),
            side: Side::Institution,
            by: "ops".into(),
            described: Some(described()),
        }),
        Command::RestoreOrder(RestoreOrder {
            business_no: "T1".into(),
            guarantee_no: guarantee_no(),
            opening: Some(at()),
            openers: vec![
                opener(SealCipher::Sm4Ecb, ""),
                opener(SealCipher::Sm4Cbc, "ffee"),
                opener(SealCipher::AesEcb, ""),
                opener(SealCipher::AesCbc, "ffee"),
                opener(SealCipher::RsaPublic, ""),
                opener(SealCipher::RsaPrivate, ""),
            ],
            plain_allowed: true,
        }),
        Command::NoteStatus(NoteStatus {
            business_no: "T1".into(),
            from: "WAIT_PAY".into(),
            to: "PAID".into(),
            described: Some(described()),
        }),
        Command::NoteRead(NoteRead { sha256: "0".repeat(64), caller: "192.0.2.1".into(), at: at() }),
        Command::ChangeTender(ChangeTender {
            business_no: "T3".into(),
            section_no: "S1".into(),
            project_no: "P1".into(),
            change: TenderChange {
                kind: TenderChangeKind::Rescheduled,
                opening: Some(at()),
                deadline: Some(at()),
                notice_url: "https://partner.example/n".into(),
            },
        }),
        Command::RequestCredit(RequestCredit {
            business_no: "C1".into(),
            company: company("测试建设有限公司"),
            papers: "https://partner.example/zip".into(),
        }),
    ]
}

fn about<R>(request: R) -> About<R> {
    About {
        business_no: "T2".into(),
        guarantee_no: guarantee_no(),
        order_no: "T1".into(),
        stage: Some(Stage::AfterOpening),
        by: "ops".into(),
        request,
    }
}

fn cases() -> Vec<Command> {
    let special = InvoiceKind::Special {
        phone: "0591".into(),
        bank: "测试银行".into(),
        account: "6222000000000000".into(),
    };
    vec![
        Command::RequestClaim(about(RequestClaim {
            reason: "中标后放弃".into(),
            claimer: company("测试招标人"),
            contact: contact(),
            amount: Some(yuan("1.00")),
            account: Some(account()),
            evidence: vec![file()],
        })),
        Command::RequestInvoice(about(RequestInvoice {
            buyer: company("测试建设有限公司"),
            amount: Some(yuan("100.00")),
            kind: special,
            contact_phone: "13800000000".into(),
            contact_email: "".into(),
            postal_address: "福州市测试路2号".into(),
            recipient: "王五".into(),
            orders: vec!["T1".into(), "T4".into()],
        })),
        Command::RequestRefund(about(RequestRefund {
            reason: "流标".into(),
            section_no: "S1".into(),
            applicant: company("测试建设有限公司"),
            contact: contact(),
        })),
        Command::RequestRelease(about(RequestRelease {
            reason: ReleaseReason::Stated {
                text: "到期".into(), papers: "https://partner.example/z".into()
            },
            section_no: "S1".into(),
        })),
        Command::RevokeCase(RevokeCase {
            subject: Subject::Claim,
            business_no: "T2".into(),
            reason: "误操作".into(),
        }),
    ]
}

fn deciding() -> Vec<Command> {
    vec![
        Command::Decide(Decide {
            subject: Subject::Credit,
            no: no(),
            decision: Decision::Approve,
            invoice: Some(("C1".into(), "N1".into())),
            amount: Some(yuan("500000.00")),
            until: Some(at()),
            by: "ops".into(),
        }),
        Command::ConfirmPayment(ConfirmPayment {
            no: no(),
            amount: yuan("100.00"),
            paid_at: at(),
            reference: "B1".into(),
            payer: Some(account()),
            by: "ops".into(),
        }),
        Command::ConfirmPayout(ConfirmPayout {
            no: no(),
            amount: Some(yuan("20000.00")),
            paid_at: at(),
            reference: "B2".into(),
            by: "ops".into(),
        }),
    ]
}

/// Every question to a partner.
pub(crate) fn topics() -> Vec<Topic> {
    vec![
        Topic::Application,
        Topic::Companies,
        Topic::FileAddress { file_id: "77".into() },
        Topic::File { file_id: "77".into(), attachment: file() },
        Topic::ClaimDetail {
            claim_no: "L1".into(),
            guarantee_no: guarantee_no().to_string(),
            principal: "测试建设有限公司".into(),
            creditor: "测试招标人".into(),
        },
        Topic::Insurers { name: "测试".into() },
    ]
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::Application(Box::new(LearntApplication {
            application: place_order(),
            files: vec![("77".into(), file())],
            status: "WAIT_TUNE_UP".into(),
            particulars: vec![("合同估算价（元）".into(), "1000000.00".into())],
        })),
        Fact::Companies(Box::new(LearntCompanies {
            applicant: applicant(),
            organisation: "1".into(),
            capital: Some(yuan("1000000.00")),
            operator: contact(),
            creditor: company("测试招标人"),
            creditor_operator: contact(),
            guarantor: company("测试担保公司"),
            guarantor_operator: contact(),
            files: vec![file()],
        })),
        Fact::FileAddress { file_id: "77".into(), url: "https://partner.example/f/2".into() },
        Fact::FileKept { file_id: "77".into(), attachment: file(), document: document() },
        Fact::FileGone { file_id: "77".into(), attachment: file() },
        Fact::SerialNo("123456789012345".into()),
        Fact::ClaimDetail(Box::new(LearntClaim {
            claim_no: "L1".into(),
            status: "WAIT_ACCEPT".into(),
            guarantee_no: guarantee_no().to_string(),
            section_no: "S1".into(),
            section_name: "一标段".into(),
            principal: "测试建设有限公司".into(),
            creditor: "测试招标人".into(),
            guarantor: "测试担保公司".into(),
            issuer: "测试担保公司".into(),
            amount: Some(yuan("20000.00")),
            reason: "中标后放弃".into(),
            contact: contact(),
            statement: "说明".into(),
            file: Some(file()),
        })),
        Fact::Insurers(vec![("7".into(), "测试保险福州分公司".into())]),
    ]
}
