//! 3.5.1 退保申请 `guarantee_quit`: the tender came to nothing, the premium is to go back; one or a batch (FS-21).

use super::request_release::about;
use super::wire::Receipt;
use super::{Served, inbound};
use crate::codes::{ENTERPRISE_CODE, ENTERPRISE_NAME, SECTION_CODE, SECTION_NAME};
use domain::{Command, Company, Contact, Private, RequestRefund};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.5.1", "guarantee_quit", "退保申请", Way::Ask),
    batch: true,
    read,
    answer: |reply, _| Receipt::of(reply).bytes(),
};

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    fields.required(SECTION_NAME)?;
    let request = RequestRefund {
        reason: fields.required(("memo", "退保原因说明"))?,
        section_no: fields.required(SECTION_CODE)?,
        applicant: Company {
            name: fields.required(ENTERPRISE_NAME)?.into(),
            code: fields.required(ENTERPRISE_CODE)?.into(),
            address: Private::default(),
        },
        contact: Contact {
            name: fields.required(("agent_name", "退保联系人"))?.into(),
            id_no: Private::default(),
            phone: fields.required(("agent_phone", "退保联系电话"))?.into(),
            email: Private::default(),
        },
    };
    let (business_key, about) = about(fields, request)?;
    // The document gives this interface no callback (FS-25).
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestRefund(about)), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::json;

    #[test]
    fn the_key_tells_the_same_application_of_two_guarantees_apart() {
        let key = |apply_no: &str, guarantee_no: &str| {
            let fields = sample::changed("guarantee_quit", |data| {
                data["apply_no"] = json!(apply_no);
                data["guarantee_no"] = json!(guarantee_no);
            });
            read(&fields).unwrap().business_key
        };
        assert_eq!(key("A1", "G1"), "A1/G1");
        assert_ne!(key("A1", "G1"), key("A1", "G2"));
        assert_ne!(key("A/1", "G"), key("A", "1/G"));
        assert_ne!(key("A~1", "G"), key("A/", "G"));
    }

    #[test]
    fn a_nameless_section_is_named() {
        let fields = sample::changed("guarantee_quit", |data| data["section_name"] = json!(""));
        assert_eq!(read(&fields).unwrap_err().say, "标段/标包名称(section_name)不能为空");
    }
}
