//! The platform's book: its orders, guarantees, invoices and claims, and which step may follow which.

use super::codes::Code;
use super::orders::Bidder;
use crate::fields::text_of;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// 5.4 保函申请订单状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// 待尽调; a new order waits here for its confirmation, too.
    WaitTuneUp,
    /// 待提交尽调资料.
    WaitSubmitTuneUp,
    /// 待报价.
    WaitOffer,
    /// 待支付.
    WaitPay,
    /// 待出函.
    WaitOutGuarantee,
    /// 已出函.
    HasOutGuarantee,
    /// 交易完成.
    Finish,
    /// 交易取消.
    Cancel,
}

/// 5.7 理赔状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimStatus {
    /// 待受理.
    WaitAccept,
    /// 调查中.
    Investigating,
    /// 等待赔付.
    WaitIndemnity,
    /// 完成赔付.
    FinishIndemnity,
    /// 拒绝赔付.
    RefuseIndemnity,
    /// 已撤销.
    Revoked,
}

/// A guarantee that was pushed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// 保函编号.
    pub guarantee_no: String,
    /// 保函序列号, given by the platform.
    pub serial_num: String,
    /// SHA-256 of the document.
    pub sha256: String,
}

/// An order, with the files that the bidder handed in.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) bidder: Bidder,
    pub(crate) status: OrderStatus,
    pub(crate) confirmed: bool,
    /// What 2.4 said and was believed, as often as it took a step.
    pub(crate) steps: Vec<Map<String, Value>>,
    /// The newest last.
    pub(crate) guarantees: Vec<Issued>,
    /// Ids of 签署文件.
    pub(crate) signed: Vec<String>,
    /// Ids of 附件.
    pub(crate) attached: Vec<String>,
    /// Ids of licence, front and back of the legal person's card.
    pub(crate) certificates: [String; 3],
}

/// A request for an invoice.
#[derive(Debug)]
pub(crate) struct Invoice {
    pub(crate) electronic: bool,
    /// SHA-256 of the invoice that was pushed; empty for one on paper.
    pub(crate) pushed: Option<String>,
}

/// A claim as it was pushed.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) data: Map<String, Value>,
    pub(crate) status: ClaimStatus,
    /// Id of 索赔文件.
    pub(crate) file: String,
    /// What 3.2 said last and was believed.
    pub(crate) last: Option<Map<String, Value>>,
}

/// All of it, each by the platform's number.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) invoices: BTreeMap<String, Invoice>,
    pub(crate) claims: BTreeMap<String, Claim>,
    /// Sections whose opening was postponed.
    pub(crate) postponed: BTreeSet<String>,
    serials: u64,
}

impl Book {
    /// The next 保函序列号: fifteen digits.
    pub(crate) fn next_serial(&mut self) -> String {
        self.serials += 1;
        format!("806097{:09}", self.serials)
    }

    /// The guarantee with this number, and whose order it is.
    pub(crate) fn guarantee(&self, no: &str) -> Option<(&Order, &Issued)> {
        self.orders.values().find_map(|order| {
            order.guarantees.iter().find(|issued| issued.guarantee_no == no).map(|issued| (order, issued))
        })
    }
}

impl Order {
    /// The status after this step of 2.4, or why it may not follow now. The same step told again changes nothing.
    pub(crate) fn after(&self, data: &Map<String, Value>) -> Result<OrderStatus, Code> {
        use OrderStatus::{Cancel, WaitOffer, WaitOutGuarantee, WaitPay, WaitSubmitTuneUp, WaitTuneUp};
        if self.steps.contains(data) {
            return Ok(self.status);
        }
        let (step, outcome) = (text_of(data, "order_do_type"), text_of(data, "status"));
        let before_payment = matches!(self.status, WaitTuneUp | WaitSubmitTuneUp | WaitOffer | WaitPay);
        if outcome == "3" {
            return if before_payment { Ok(Cancel) } else { Err(Code::of(2330)) };
        }
        let passed = outcome == "1";
        let due = matches!(self.status, WaitTuneUp | WaitSubmitTuneUp);
        match step.as_str() {
            "1" if due && !self.confirmed => Ok(if passed { WaitTuneUp } else { Cancel }),
            "2" if due && self.confirmed => Ok(if passed { WaitOffer } else { WaitSubmitTuneUp }),
            "3" if self.status == WaitOffer => Ok(if passed { WaitPay } else { Cancel }),
            "4" if self.status == WaitPay => Ok(if passed { WaitOutGuarantee } else { WaitPay }),
            "1" => Err(Code::of(2323)),
            "2" => Err(Code::of(2324)),
            "3" => Err(Code::of(2325)),
            _ => Err(Code::of(2313)),
        }
    }

    /// Takes a step that [`Order::after`] allows.
    pub(crate) fn step(&mut self, data: &Map<String, Value>, next: OrderStatus) {
        if self.steps.contains(data) {
            return;
        }
        self.confirmed |= text_of(data, "order_do_type") == "1" && text_of(data, "status") == "1";
        self.status = next;
        self.steps.push(data.clone());
    }

    /// The newest guarantee.
    pub(crate) fn in_force(&self) -> Option<&Issued> {
        self.guarantees.last()
    }
}

impl Claim {
    /// The status after this step of 3.2, or why it may not follow now (FZ-10).
    pub(crate) fn after(&self, data: &Map<String, Value>) -> Result<ClaimStatus, Code> {
        use ClaimStatus::{FinishIndemnity, Investigating, RefuseIndemnity, WaitAccept, WaitIndemnity};
        if self.last.as_ref() == Some(data) {
            return Ok(self.status);
        }
        match (self.status, text_of(data, "do_type").as_str()) {
            (WaitAccept, "ACCEPT") => Ok(Investigating),
            (WaitAccept | Investigating, "REFUSE_INDEMNITY") => Ok(RefuseIndemnity),
            (Investigating, "AGREE_INDEMNITY") => Ok(WaitIndemnity),
            (WaitIndemnity, "FINISH_INDEMNITY") => Ok(FinishIndemnity),
            _ => Err(Code::of(3209)),
        }
    }
}

impl OrderStatus {
    /// Its word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WaitTuneUp => "WAIT_TUNE_UP",
            Self::WaitSubmitTuneUp => "WAIT_SUBMIT_TUNE_UP",
            Self::WaitOffer => "WAIT_OFFER",
            Self::WaitPay => "WAIT_PAY",
            Self::WaitOutGuarantee => "WAIT_OUT_GUARANTEE",
            Self::HasOutGuarantee => "HAS_OUT_GUARANTEE",
            Self::Finish => "FINISH",
            Self::Cancel => "CANCEL",
        }
    }

    /// The status of this word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        use OrderStatus::{
            Cancel, Finish, HasOutGuarantee, WaitOffer, WaitOutGuarantee, WaitPay, WaitSubmitTuneUp,
            WaitTuneUp,
        };
        [WaitTuneUp, WaitSubmitTuneUp, WaitOffer, WaitPay, WaitOutGuarantee, HasOutGuarantee, Finish, Cancel]
            .into_iter()
            .find(|status| status.word() == word)
    }
}

impl ClaimStatus {
    /// Its word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WaitAccept => "WAIT_ACCEPT",
            Self::Investigating => "INVESTIGATING",
            Self::WaitIndemnity => "WAIT_INDEMNITY",
            Self::FinishIndemnity => "FINISH_INDEMNITY",
            Self::RefuseIndemnity => "REFUSE_INDEMNITY",
            Self::Revoked => "REVOKED",
        }
    }
}
