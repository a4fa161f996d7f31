#![doc = include_str!("../README.md")]

mod case;
mod claim;
mod command;
mod guarantee;
mod ids;
mod invoice;
mod money;
mod notice;
mod order;
mod party;
mod policy;
mod query;
mod refund;
mod refusal;
mod release;
mod reply;
mod tender;
mod timestamp;

pub use case::{Case, CaseState, Decision};
pub use claim::{Claim, RequestClaim};
pub use command::{About, ChangeTender, Command, ConfirmPayment, Decide, Noun, Subject};
pub use guarantee::{DocumentRef, Guarantee, GuaranteeState};
pub use ids::{AcceptanceNo, BadId, GuaranteeNo, Origin, PartnerId};
pub use invoice::{Invoice, InvoiceKind, IssuedInvoice, RequestInvoice};
pub use money::{BadMoney, Money, Rate};
pub use notice::{
    CaseDecided, GuaranteeIssued, InvoiceIssued, InvoiceRefused, Notice, NoticeHead, OrderRejected,
};
pub use order::{Order, OrderState, PlaceOrder, Product};
pub use party::{Applicant, Attachment, BankAccount, Company, Contact, Private};
pub use policy::{AutoRules, Judgement, Mode, Payment, Policy, RateCard};
pub use query::{CaseQuery, Query};
pub use refund::{Refund, RequestRefund};
pub use refusal::{Refusal, RefusalKind};
pub use release::{Release, ReleaseReason, RequestRelease};
pub use reply::{CaseStatus, InvoiceStatus, OrderStatus, Reply};
pub use tender::{Tender, TenderChange, TenderChangeKind};
pub use timestamp::{BadTimestamp, Timestamp};
