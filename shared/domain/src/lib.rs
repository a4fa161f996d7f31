#![doc = include_str!("../README.md")]

mod application;
mod case;
mod claim;
mod command;
mod credit;
mod described;
mod guarantee;
mod ids;
mod inquiry;
mod invoice;
mod money;
mod notice;
mod order;
mod party;
mod policy;
mod public;
mod query;
mod refund;
mod refusal;
mod release;
mod reply;
mod sealed;
mod tender;
mod timestamp;
mod told;

pub use application::{PlaceOrder, Product};
pub use case::{Case, CaseState, Decision, Payout, Revocation};
pub use claim::{Claim, RequestClaim};
pub use command::{
    About, AnnounceOrder, ChangeTender, Command, ConfirmPayment, ConfirmPayout, Decide, NoteRead, NoteStatus,
    Noun, RestoreOrder, RevokeCase, Side, Stage, Subject, WithdrawOrder,
};
pub use credit::{CreditLine, CreditStanding, Grant, RequestCredit};
pub use described::Described;
pub use guarantee::{DocumentRef, Edition, Guarantee, GuaranteeKind, GuaranteeState};
pub use ids::{AcceptanceNo, BadId, GuaranteeNo, Origin, PartnerId};
pub use inquiry::{Fact, Inquire, Learn, LearntApplication, LearntClaim, LearntCompanies, Topic};
pub use invoice::{Invoice, InvoiceKind, IssuedInvoice, RequestInvoice};
pub use money::{BadMoney, Money, Rate};
pub use notice::{Brief, Notice, NoticeHead};
pub use order::{KeptFile, Order, OrderState, Received, WantedFile};
pub use party::{Applicant, Attachment, BankAccount, Company, Contact, Private};
pub use policy::{AutoRules, CreditRules, Judgement, Mode, Payment, Policy, RateCard, Tell};
pub use public::{FileRole, Held, Outline, PublicRecord};
pub use query::{CaseQuery, FileFindings, Query};
pub use refund::{Refund, RequestRefund};
pub use refusal::{Refusal, RefusalKind};
pub use release::{Release, ReleaseReason, RequestRelease};
pub use reply::{
    CaseStatus, DocumentCopy, GuaranteeRecord, InvoiceStatus, OrderStatus, Reply, VerifiedDocument,
};
pub use sealed::{Opener, Revealed, SealCipher, SealedField};
pub use tender::{Tender, TenderChange, TenderChangeKind};
pub use timestamp::{BadTimestamp, Timestamp};
pub use told::{
    CaseDecided, ClaimProgressed, ClaimStep, CreditDecided, GuaranteeIssued, GuaranteeReissued,
    GuaranteeRevealed, Inquiry, InvoiceIssued, InvoiceRefused, OrderProgressed, OrderRejected, OrderStep,
    PremiumReturned, WithdrawalDecided,
};
