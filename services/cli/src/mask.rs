//! What operators need not see: everything in a message or a record that may name a person, a company or an account.

use serde_json::Value;

/// Shown instead.
const MASK: &str = "***";

/// Fields whose texts are ours or harmless. What is not listed is masked, so that a field added one day is hidden until
/// somebody has thought about it.
const HARMLESS: &[&str] = &[
    "id",
    "no",
    "order",
    "order_no",
    "business_no",
    "guarantee_no",
    "project_no",
    "section_no",
    "callback_id",
    "callback_ids",
    "message_id",
    "type",
    "kind",
    "event",
    "interface",
    "partner",
    "protocol",
    "state",
    "status",
    "verdict",
    "outcome",
    "subject",
    "action",
    "what",
    "who",
    "by",
    "bond",
    "premium",
    "rate",
    "amount",
    "at",
    "placed_at",
    "requested_at",
    "decided_at",
    "paid_at",
    "issued_at",
    "valid_until",
    "opening",
    "signed_at",
    "created_at",
    "updated_at",
    "delivered_at",
    "next_due",
    "area",
    "content_hash",
    "sha256",
    "trace",
    "why",
    "last_error",
    "say",
    "raised_at",
    "done_at",
    "done_by",
    "deadline",
    "side",
    "withdrawn_by",
    "serial_no",
    "limit",
    "from",
    "until",
    "sealed",
];

/// Particulars that hold no personal data by the contract of the timeline.
const KEPT_WHOLE: &str = "detail";

/// Masks every text below that is not known to be harmless; numbers, truths and empty texts stay.
pub(crate) fn mask(value: &mut Value) {
    mask_below(value, false);
}

fn mask_below(value: &mut Value, harmless: bool) {
    match value {
        Value::String(text) if !harmless && !text.is_empty() => MASK.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_below(item, harmless)),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut().filter(|(name, _)| *name != KEPT_WHOLE) {
                mask_below(field, HARMLESS.contains(&name.as_str()));
            }
        }
        _ => {}
    }
}

/// A name by its first character, so that an operator on the telephone can tell two orders apart.
pub(crate) fn hint(text: &str, reveal: bool) -> String {
    match text.chars().next() {
        None => String::new(),
        Some(_) if reveal => text.to_owned(),
        Some(first) => format!("{first}{MASK}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{hint, mask};
    use serde_json::Value;

    #[test]
    fn of_an_application_only_numbers_and_amounts_are_left() {
        let golden = include_str!("../../../shared/messages/fixtures/place_order.json");
        let mut message: Value = serde_json::from_str(golden).unwrap();
        mask(&mut message);
        let shown = message.to_string();
        for private in [
            "测试",
            "李四",
            "张三",
            "110101199003070011",
            "91310110666007217T",
            "6222",
            "138",
            "福州",
            "https:",
        ] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
        let with = &message["body"]["with"];
        assert_eq!((&with["bond"], &with["product"]["kind"]), (&"20000.00".into(), &"bid".into()));
        assert_eq!(with["applicant"]["legal_id"], "***");
        assert_eq!(with["contact"]["email"], "", "what is empty shows as empty");
    }

    #[test]
    fn a_name_is_hinted_at() {
        assert_eq!(hint("宏远建设工程有限公司", false), "宏***");
        assert_eq!(hint("宏远建设工程有限公司", true), "宏远建设工程有限公司");
        assert_eq!(hint("", false), "");
    }
}
