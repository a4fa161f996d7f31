//! What the platform tells of an order, its companies and a claim: the answers of 2.3, 4.3 and 3.3.

use super::book::{Claim, Order};
use super::orders::CENTRE;
use serde_json::{Map, Value, json};

/// An address that was given for a file.
pub(crate) struct Address {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: String,
}

/// 2.3: numbers as text and what is unknown as null, as the sample has it.
pub(crate) fn order(order: &Order, insurer: &str, insurer_id: u32, files: [&[Address]; 2]) -> Value {
    let mut data = tender(order);
    data.extend(parties(order));
    data.extend(object(json!({
        "order_status": order.status.word(), "accept_insurer": insurer, "accept_insurer_id": insurer_id,
        "guarantor": insurer,
        "guarantee_sign_files": files[0].iter().map(|file| {
            json!({ "file_id": file.id, "file_url": file.url, "file_name": file.name })
        }).collect::<Value>(),
        "attach_files": files[1].iter().map(|file| json!({ "file_id": file.id, "file_url": file.url })).collect::<Value>(),
        "append_content": [],
    })));
    Value::Object(data)
}

fn tender(order: &Order) -> Map<String, Value> {
    let (bidder, bid) = (&order.bidder, &order.bidder.bid);
    let [start, end] = bidder.term();
    object(json!({
        "btc_name": CENTRE, "order_no": bidder.order_no(), "ktype": "4",
        "block_number": bid.section_code, "block_name": bid.section_name,
        "project_number": format!("XM{}", bid.tag), "project_name": bid.project,
        // 万元, six decimals (FZ-25).
        "contract_reckon_amount": "1234.567800",
        "project_city_code": "999999", "tender_notice_url": "https://notices.example.com/zbgg.html",
        "tender_file_url": "https://notices.example.com/zbwj.html",
        "gtype": "1", "project_type": "construction", "project_category": "房屋建筑",
        "address": format!("示例省示例市{}", bid.place), "bid_deadline": bidder.deadline(),
        "valid_day": bidder.valid_day(), "guarantee_amount": bid.bond,
        "guarantee_start_date": start, "guarantee_end_date": end,
    }))
}

fn parties(order: &Order) -> Map<String, Value> {
    let bid = &order.bidder.bid;
    object(json!({
        "creditor": bid.tenderee.name, "creditor_name": null, "creditor_phone": null,
        "creditor_social_credit_code": bid.tenderee.code, "creditor_account_bank_name": "示例银行营业部",
        "creditor_account_bank_no": format!("6201{}", bid.tag),
        "bidding_agent": bid.agency.name, "bidding_agent_name": null, "bidding_agent_phone": null,
        "principal": bid.company.name, "principal_name": bid.agent.name, "principal_phone": bid.agent.phone,
        "principal_id_card": bid.agent.id_no, "principal_social_credit_code": bid.company.code,
        "principal_address": format!("示例市{}建设路1号", bid.place), "principal_legal_person": bid.legal.name,
        "principal_legal_id_card": bid.legal.id_no, "principal_legal_phone": bid.legal.phone,
    }))
}

/// 4.3: unknown persons are the word `null`, as the sample has it; `certificates` are licence, front and back.
pub(crate) fn companies(order: &Order, insurer: &str, certificates: &[String; 3]) -> Value {
    let bid = &order.bidder.bid;
    let [licence, front, back] = certificates;
    json!({
        "creditor": {
            "company_name": bid.tenderee.name, "social_credit_code": bid.tenderee.code,
            "operator_name": "", "operator_identity_num": "", "operator_phone": "",
        },
        "principal": {
            "company_name": bid.company.name, "organization_id": "3",
            "company_address": format!("示例市{}建设路1号", bid.place), "reg_money": "5000.00",
            "social_credit_code": bid.company.code, "business_licence_cert": licence,
            "legal_person": bid.legal.name, "legal_identity_num": bid.legal.id_no,
            "legal_identity_cert": front, "legal_identity_opposite_cert": back,
            "operator_name": "null", "operator_identity_num": "null", "operator_phone": "null",
        },
        "guarantor": {
            "company_name": insurer, "social_credit_code": "91310110666007217T",
            "operator_name": bid.agent.name, "operator_identity_num": bid.agent.id_no,
            "operator_phone": bid.agent.phone,
        },
    })
}

/// 3.3: what was pushed, with today's status and a fresh address.
pub(crate) fn claim(claim: &Claim, insurer: &str, file: &str) -> Value {
    let mut data = claim.data.clone();
    data.remove("request_method");
    data.extend(object(json!({
        "claim_status": claim.status.word(), "guarantor": insurer, "out_guarantee": insurer, "claim_file": file,
    })));
    Value::Object(data)
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
