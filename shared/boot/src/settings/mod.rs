//! Settings: one TOML for the gateway, one for each partner instance, and all that can be wrong with them.

mod former;
mod gateway;
mod mistakes;
mod partner;
mod partners;
mod sections;
mod source;
mod template;
mod traces;
mod tree;
mod words;

pub use former::Former;
pub use gateway::{Gateway, RUNGS_S};
pub use mistakes::{Mistake, Mistakes, Problem};
pub use partner::{Delivery, Partner, PartnerLimits};
pub use partners::{every_partner, partners, survey, survey_every};
pub use sections::{
    Admin, Broker, Bucket, Documents, Egress, Environment, Files, Ingress, Installation, Institution, Keys,
    PartnerTls, Partners, Postgres, ProcessSettings, Redis, Retry, Signer, Tls,
};
pub use source::{Source, load};
pub use template::partner_file;
pub use traces::TraceSettings;
