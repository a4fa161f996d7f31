//! 4.3 获取订单相关企业基本信息 `insurer_get_order_company_info`: beneficiary, bidder and guarantor of an order.

use super::reply::{Told, said};
use super::{Said, outbound};
use crate::codes::{ORDER_NO, from_ten_thousands};
use crate::envelope::Field;
use domain::{Applicant, Attachment, Company, Contact, Fact, LearntCompanies, NoticeHead, Private};
use protocol::{Fields, Interface};

pub(super) const INTERFACE: Interface =
    outbound("4.3", "insurer_get_order_company_info", "获取订单相关企业基本信息");

/// Papers of the bidder: the field, what it is, what it is called.
const PAPERS: [(&str, &str, &str); 3] = [
    ("business_licence_cert", "business_licence", "营业执照"),
    ("legal_identity_cert", "legal_id_front", "法人身份证复印件"),
    ("legal_identity_opposite_cert", "legal_id_back", "法人身份证复印件(反面)"),
];

/// organization_id.
const KINDS: [(&str, &str); 9] = [
    ("1", "国有或国有控股"),
    ("2", "股份有限公司"),
    ("3", "有限责任公司"),
    ("4", "中外合资"),
    // 外商融资 in the document (FZ-25).
    ("5", "外商投资"),
    ("6", "股份合作"),
    ("7", "集体"),
    ("8", "合伙"),
    ("9", "其他"),
];

pub(super) fn write(head: &NoticeHead) -> Said<'_> {
    Said::plain(vec![Field::text(ORDER_NO.0, head.business_no.as_str())])
}

pub(super) fn learn(told: &Told) -> Result<Fact, &'static str> {
    let none = "there are no companies in it";
    let principal = told.inner("principal").ok_or(none)?;
    let creditor = told.inner("creditor");
    let guarantor = told.inner("guarantor");
    let code = said(&principal, "organization_id");
    let kind = KINDS.iter().find(|(known, _)| *known == code).map(|(_, kind)| (*kind).to_owned());
    Ok(Fact::Companies(Box::new(LearntCompanies {
        applicant: Applicant {
            company: Company { address: private(&principal, "company_address"), ..company(Some(&principal)) },
            legal_name: private(&principal, "legal_person"),
            legal_id: private(&principal, "legal_identity_num"),
            account: None,
        },
        organisation: kind.unwrap_or(code),
        capital: from_ten_thousands(&said(&principal, "reg_money")),
        operator: operator(Some(&principal)),
        creditor: company(creditor.as_ref()),
        creditor_operator: operator(creditor.as_ref()),
        guarantor: company(guarantor.as_ref()),
        guarantor_operator: operator(guarantor.as_ref()),
        files: papers(&principal),
    })))
}

fn private(fields: &Fields, name: &'static str) -> Private {
    said(fields, name).into()
}

fn company(fields: Option<&Fields>) -> Company {
    let Some(fields) = fields else { return Company::default() };
    Company {
        name: private(fields, "company_name"),
        code: private(fields, "social_credit_code"),
        address: Private::default(),
    }
}

fn operator(fields: Option<&Fields>) -> Contact {
    let Some(fields) = fields else { return Contact::default() };
    Contact {
        name: private(fields, "operator_name"),
        id_no: private(fields, "operator_identity_num"),
        phone: private(fields, "operator_phone"),
        email: Private::default(),
    }
}

fn papers(principal: &Fields) -> Vec<Attachment> {
    let there = PAPERS.iter().map(|(name, kind, title)| (said(principal, name), kind, title));
    there
        .filter(|(url, ..)| !url.is_empty())
        .map(|(url, kind, title)| Attachment {
            name: (*title).into(),
            kind: (*kind).to_owned(),
            url: url.into(),
        })
        .collect()
}
