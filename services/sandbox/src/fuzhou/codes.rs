//! The status codes of 5.3 that the platform gives, with the text it gives them.

/// A code that is not 200, and why in the platform's words; `404` is 失败.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) status: u16,
    pub(crate) text: String,
}

const TEXTS: &[(u16, &str)] = &[
    (1000, "解密失败"),
    (1001, "验签失败"),
    (1002, "无权调用该接口"),
    (1006, "解密失败,token错误或已过期"),
    (1015, "非法的保险公司"),
    (1017, "参数缺失：btc_id"),
    (1050, "非法访问"),
    (1101, "订单不存在"),
    (2302, "订单不存在"),
    (2313, "该订单不允许审批操作"),
    (2317, "该订单的信息缺失"),
    (2319, "被保证人名称不正确"),
    (2321, "受益人名称不正确"),
    (2323, "该订单不允许初审审批操作"),
    (2324, "该订单不允许尽调审批操作"),
    (2325, "该订单不允许报价操作"),
    (2330, "该订单不允许报价取消操作"),
    (2416, "参数缺失：guarantee_pdf"),
    (2422, "保函文件有误"),
    (2424, "对应的订单不存在"),
    (2426, "保函文件格式错误,必须是PDF"),
    (2427, "该订单不允许出函操作"),
    (2428, "保函编号已存在"),
    (3209, "参数错误：claim_state"),
    (4401, "文件不存在"),
];

/// Which code a call has for a missing field; all others are 404.
const MISSING: &[(&str, &str, u16)] = &[
    ("insurer_get_guarantee_info", "order_no", 1100),
    ("insurer_get_order_company_info", "order_no", 1100),
    ("insurer_apply_guarantee_result", "order_no", 2300),
    ("insurer_apply_guarantee_result", "order_do_type", 2301),
    ("insurer_apply_guarantee_result", "status", 2304),
    ("insurer_apply_guarantee_result", "price", 2309),
    ("insurer_apply_guarantee_result", "principal", 2314),
    ("insurer_apply_guarantee_result", "creditor", 2315),
    ("insurer_push_guarantee", "order_no", 2400),
    ("insurer_push_guarantee", "guarantee_no", 2401),
    ("insurer_push_guarantee", "principal", 2407),
    ("insurer_push_guarantee", "creditor", 2408),
    ("insurer_push_guarantee", "guarantor", 2409),
    ("insurer_push_guarantee", "out_guarantee_time", 2415),
    ("insurer_push_guarantee", "guarantee_pdf_hash", 2417),
    ("update_claim", "claim_no", 3200),
    ("update_claim", "guarantee_no", 3201),
    ("get_claim_detail", "claim_no", 3200),
    ("get_claim_detail", "guarantee_no", 3201),
    ("get_claim_detail", "principal", 3204),
    ("get_claim_detail", "creditor", 3205),
    ("get_claim_detail", "guarantor", 3206),
    ("insurer_get_file_url", "file_id", 4400),
];

impl Code {
    /// A code of the table.
    pub(crate) fn of(status: u16) -> Self {
        let text = TEXTS.iter().find(|(known, _)| *known == status).map_or("失败", |(_, text)| text);
        Self { status, text: text.to_owned() }
    }

    /// 失败, with this reason.
    pub(crate) fn failed(why: &str) -> Self {
        Self { status: 404, text: why.to_owned() }
    }

    /// What is wrong with a field, as the check of fields says it (`price is missing`).
    pub(crate) fn of_field(method: &str, problem: &str) -> Self {
        let missed =
            |name: &str| problem == format!("{name} is missing") || problem == format!("{name} is empty");
        let found = MISSING.iter().find(|(call, name, _)| *call == method && missed(name));
        match found {
            Some((_, name, status)) => Self { status: *status, text: format!("参数缺失：{name}") },
            None => Self::failed(problem),
        }
    }

    /// As a problem of a verdict: the code comes first.
    pub(crate) fn problem(&self) -> String {
        format!("{} {}", self.status, self.text)
    }

    /// Back from a problem, or from a reason that somebody gave; 404 if it begins with no code.
    pub(crate) fn parse(problem: &str) -> Self {
        let (first, rest) = problem.split_once(' ').unwrap_or((problem, ""));
        match first.parse::<u16>() {
            Ok(status) if rest.is_empty() => Self::of(status),
            Ok(status) => Self { status, text: rest.to_owned() },
            Err(_) => Self::failed(problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_a_problem() {
        for code in [
            Code::of(1006),
            Code::failed("note is missing"),
            Code::of_field("update_claim", "claim_no is empty"),
        ] {
            assert_eq!(Code::parse(&code.problem()), code);
        }
        assert_eq!(Code::of_field("update_claim", "claim_no is empty").status, 3200);
        assert_eq!(Code::parse("1006").text, "解密失败,token错误或已过期");
        assert_eq!(Code::parse("系统繁忙"), Code { status: 404, text: "系统繁忙".to_owned() });
    }
}
