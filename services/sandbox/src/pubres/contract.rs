//! The twelve interfaces of the document and the fields of the five that arrive here, copied from its tables by hand.

pub use crate::interface::{Direction, Interface};
use crate::interface::{asked, told};

/// All twelve, in the order of the document; it has no section numbers. `giveupapply` is two interfaces (PR-01).
pub const INTERFACES: [Interface; 12] = [
    asked("1", "baohanapply", "投保申请"),
    told("2", "baohannotice", "投保申请结果通知"),
    asked("3", "baohanrestore", "还原保函"),
    told("4", "restorenotice", "还原保函通知"),
    asked("5", "invoiceapply", "发票申请"),
    told("6", "invoicenotice", "发票开具通知"),
    asked("7", "quitapply", "退保申请"),
    told("8", "quitnotice", "退保通知"),
    asked("9", "canclenotice", "注销保函通知"),
    asked("10", "claimsnotice", "理赔通知"),
    asked("11", "giveupapply", "数据服务平台放弃申请"),
    told("12", "giveupapply", "金融机构放弃申请"),
];

/// The row of a name in a direction.
#[must_use]
pub fn interface(method: &str, direction: Direction) -> Option<&'static Interface> {
    INTERFACES.iter().find(|row| row.method == method && row.direction == direction)
}

/// When a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Always,
    /// The key always, a value when applystatus is 1 (PR-04, PR-06).
    WhenApproved,
    /// Never.
    Never,
}

/// What the value of a field looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Any text.
    Text,
    /// `1` or `0`.
    Outcome,
    /// An absolute http or https address.
    Address,
    /// 数字格式字符串.
    Number,
    /// yyyy-MM-dd HH:mm:ss.
    Time,
    /// A PDF in base64.
    File,
}

/// A field of a callback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) form: Form,
    /// 最大长度 in characters; a file has none.
    pub(crate) longest: usize,
}

/// A callback and its business fields; appkey, timestamp and sign are in all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

const fn field(name: &'static str, need: Need, form: Form, longest: usize) -> Field {
    Field { name, need, form, longest }
}

const APPLYNO: Field = field("applyno", Need::Always, Form::Text, 50);
const BAOHANNO: Field = field("baohanno", Need::Always, Form::Text, 50);
const OUTCOME: Field = field("applystatus", Need::Always, Form::Outcome, 10);

/// The five.
pub(crate) const ENDPOINTS: [Endpoint; 5] = [
    Endpoint {
        name: "baohannotice",
        fields: &[
            APPLYNO,
            field("baohanno", Need::WhenApproved, Form::Text, 50),
            field("baohanurl", Need::WhenApproved, Form::Address, 1000),
            field("baohanfile", Need::WhenApproved, Form::File, usize::MAX),
            field("payername", Need::WhenApproved, Form::Text, 200),
            field("payeraccount", Need::WhenApproved, Form::Text, 50),
            // This is a 第三方平台, where instname is 必填 (PR-17).
            field("instname", Need::WhenApproved, Form::Text, 200),
            field("generatetime", Need::WhenApproved, Form::Time, 30),
            field("rate", Need::Always, Form::Number, 50),
            field("cost", Need::Always, Form::Number, 50),
            OUTCOME,
        ],
    },
    Endpoint {
        name: "restorenotice",
        fields: &[
            APPLYNO,
            BAOHANNO,
            field("baohanurl", Need::Never, Form::Address, 1000),
            field("baohanfile", Need::Always, Form::File, usize::MAX),
        ],
    },
    Endpoint {
        name: "invoicenotice",
        fields: &[
            BAOHANNO,
            field("invoiceurl", Need::Never, Form::Address, 1000),
            field("invoicecode", Need::Never, Form::Text, 50),
            field("invoiceno", Need::Never, Form::Text, 50),
            OUTCOME,
        ],
    },
    Endpoint {
        name: "quitnotice",
        fields: &[APPLYNO, BAOHANNO, OUTCOME, field("tuibaotime", Need::WhenApproved, Form::Time, 50)],
    },
    Endpoint { name: "giveupapply", fields: &[APPLYNO] },
];
