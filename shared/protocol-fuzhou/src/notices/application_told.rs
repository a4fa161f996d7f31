//! 2.3, the reply: everything the platform says of an order, read leniently, for its example and its table differ (FZ-07).

use super::reply::{Told, said};
use crate::codes::{WORKS, day, from_ten_thousands, moment};
use domain::{
    Applicant, Attachment, Company, Contact, Fact, LearntApplication, Money, NoticeHead, PlaceOrder, Private,
    Product, Tender, Timestamp,
};
use protocol::Fields;

/// What the document adds to the validity of the bid, days (FZ-08).
const MORE_DAYS: i64 = 28;
const DAY: i64 = 86_400;
/// To the last second of a day.
const TO_ITS_END: i64 = DAY - 1;
/// An opening before this is none: the example has 1970-01-01 08:00 (FZ-07), 2000-01-01 in UTC here.
const UNKNOWN_BEFORE: i64 = 946_684_800;

/// What is kept for operators because it has no place of its own: the field and its title.
const PARTICULARS: [(&str, &str); 19] = [
    ("btc_name", "交易中心名称"),
    ("ktype", "保函属性"),
    ("accept_insurer", "受理保险公司"),
    ("accept_insurer_id", "受理保险公司id"),
    ("guarantor", "担保公司(保险公司)名称"),
    ("tender_notice_url", "招标公告地址"),
    ("tender_file_url", "招标文件地址"),
    ("project_category", "项目类别"),
    ("creditor_name", "建设单位经办人"),
    ("creditor_phone", "建设单位联系电话"),
    ("creditor_account_bank_name", "建设单位银行开户行"),
    ("creditor_account_bank_no", "建设单位银行账号号码"),
    ("bidding_agent_name", "招标代理机构经办人"),
    ("bidding_agent_phone", "招标代理机构联系电话"),
    ("principal_legal_phone", "被保证人法定代表人联系电话"),
    ("valid_day", "投标有效期（天）"),
    ("guarantee_start_date", "担保期间(开始)"),
    ("guarantee_end_date", "担保期间(结束)"),
    ("bid_deadline", "投递投标文件截止时间"),
];

/// The application in a reply. Its number must be the one that was asked for; without an amount and a bidder there is
/// nothing a guarantee could be made out for, and the question is asked again.
pub(super) fn learn(told: &Told, head: &NoticeHead) -> Result<Fact, &'static str> {
    let data = told.object().ok_or("there is no order in it")?;
    if said(&data, "order_no") != head.business_no {
        return Err("it is about another order");
    }
    let bond = Money::parse(&said(&data, "guarantee_amount")).ok().filter(|bond| bond.is_positive());
    let bond = bond.ok_or("guarantee_amount is missing or no amount")?;
    if said(&data, "principal").is_empty() {
        return Err("principal is missing");
    }
    let mut remarks = Vec::new();
    let term = term(&data, &mut remarks);
    let application = PlaceOrder {
        business_no: head.business_no.clone(),
        product: Product::Bid { opening: opening(&data, &mut remarks), validity_days: valid_days(&data) },
        applicant: applicant(&data),
        tender: tender(&data),
        bond,
        contact: Contact {
            name: private(&data, "principal_name"),
            id_no: private(&data, "principal_id_card"),
            phone: private(&data, "principal_phone"),
            email: Private::default(),
        },
        attachments: Vec::new(),
        request_no: String::new(),
        deadline: None,
        term,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks,
    };
    let files = files(&data);
    Ok(Fact::Application(Box::new(LearntApplication {
        application,
        files,
        status: said(&data, "order_status"),
        particulars: particulars(told, &data),
    })))
}

fn private(fields: &Fields, name: &'static str) -> Private {
    said(fields, name).into()
}

fn opening(data: &Fields, remarks: &mut Vec<String>) -> Option<Timestamp> {
    let known = moment(&said(data, "bid_deadline")).filter(|at| at.unix_seconds() >= UNKNOWN_BEFORE);
    if known.is_none() {
        remarks.push("投递投标文件截止时间未知，请核实".to_owned());
    }
    known
}

fn valid_days(data: &Fields) -> Option<u32> {
    said(data, "valid_day").parse().ok()
}

/// The term as given; an end that is not given is start, validity and 28 days, and one before that is told to operators
/// (FZ-08). A start that is not given is the day of the opening.
fn term(data: &Fields, remarks: &mut Vec<String>) -> Option<(Timestamp, Timestamp)> {
    let date = |name| moment(&said(data, name)).filter(|at| at.unix_seconds() >= UNKNOWN_BEFORE);
    let from = date("guarantee_start_date").or_else(|| moment(&day(date("bid_deadline")?)))?;
    let due = valid_days(data).map(|days| from.plus_seconds((i64::from(days) + MORE_DAYS) * DAY));
    let given = date("guarantee_end_date");
    if given.zip(due).is_some_and(|(given, due)| given < due) {
        remarks.push("担保截止日期早于担保开始日期加投标有效期加28天，以平台给出的日期为准".to_owned());
    }
    let until = given.or(due)?;
    if until < from {
        remarks.push("担保截止日期早于担保开始日期，请核实".to_owned());
        return None;
    }
    Some((from, until.plus_seconds(TO_ITS_END)))
}

fn applicant(data: &Fields) -> Applicant {
    Applicant {
        company: Company {
            name: private(data, "principal"),
            code: private(data, "principal_social_credit_code"),
            address: private(data, "principal_address"),
        },
        legal_name: private(data, "principal_legal_person"),
        legal_id: private(data, "principal_legal_id_card"),
        account: None,
    }
}

fn tender(data: &Fields) -> Tender {
    Tender {
        project_no: said(data, "project_number"),
        project_name: private(data, "project_name"),
        area: said(data, "project_city_code"),
        address: private(data, "address"),
        section_no: said(data, "block_number"),
        section_name: private(data, "block_name"),
        tenderee: Company {
            name: private(data, "creditor"),
            code: private(data, "creditor_social_credit_code"),
            address: Private::default(),
        },
        agency: Company { name: private(data, "bidding_agent"), ..Company::default() },
    }
}

/// 签署文件 and 附件; where the reply is like the example, `file1` to `file4` (FZ-07). Each gets a kind of its own, for some
/// have no id.
fn files(data: &Fields) -> Vec<(String, Attachment)> {
    let mut files = Vec::new();
    for (list, kind, title) in
        [("guarantee_sign_files", "sign_file", "签署文件"), ("attach_files", "attach_file", "附件")]
    {
        for (index, item) in data.list((list, "")).unwrap_or_default().iter().enumerate() {
            let name = Some(said(item, "file_name")).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| format!("{title}{}", index + 1));
            let kind = format!("other:{kind}{}", index + 1);
            push(&mut files, said(item, "file_id"), name, kind, said(item, "file_url"));
        }
    }
    if files.is_empty() {
        for (id, name) in
            [("file1_id", "file1"), ("file2_id", "file2"), ("file3_id", "file3"), ("file4_id", "file4")]
        {
            push(&mut files, said(data, id), name.to_owned(), format!("other:{name}"), said(data, name));
        }
    }
    files
}

fn push(files: &mut Vec<(String, Attachment)>, id: String, name: String, kind: String, url: String) {
    if !id.is_empty() || !url.is_empty() {
        files.push((id, Attachment { name: name.into(), kind, url: url.into() }));
    }
}

fn particulars(told: &Told, data: &Fields) -> Vec<(String, Private)> {
    let mut kept: Vec<(String, Private)> = PARTICULARS
        .iter()
        .map(|(name, title)| ((*title).to_owned(), private(data, name)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    // project_type overrides gtype, with codes of its own (FZ-25).
    let work = Some(said(data, "project_type")).filter(|code| !code.is_empty());
    let work = work.unwrap_or_else(|| said(data, "gtype"));
    if !work.is_empty() {
        let title = WORKS.iter().find(|(code, _)| *code == work).map(|(_, title)| *title);
        kept.push(("工程类型".to_owned(), title.unwrap_or(work.as_str()).into()));
    }
    if let Some(estimate) = from_ten_thousands(&said(data, "contract_reckon_amount")) {
        kept.push(("合同估算价（元）".to_owned(), estimate.to_string().into()));
    }
    // What we had the platform ask for, in whatever shape we agreed on (append_content).
    let appended =
        told.raw("append_content").filter(|raw| !matches!(raw.as_str(), "[]" | "{}" | "null" | "\"\""));
    kept.extend(appended.map(|raw| ("保险公司额外要求的字段".to_owned(), raw.into())));
    kept
}
