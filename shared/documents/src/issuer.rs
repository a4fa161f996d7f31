//! The institution that issues documents.

use crate::template::{Fact, Value};

/// Who issues; printed on every document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issuer {
    /// Full registered name.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// Business address, if it is to be printed.
    pub address: Option<String>,
    /// Telephone for the verification of guarantees, if it is to be printed.
    pub phone: Option<String>,
}

impl Issuer {
    pub(crate) fn facts(&self) -> [Fact; 4] {
        [
            ("institution", Value::of(self.name.as_str())),
            ("institution_code", Value::of(self.credit_code.as_str())),
            ("institution_address", self.address.as_deref().and_then(Value::of)),
            ("institution_phone", self.phone.as_deref().and_then(Value::of)),
        ]
    }
}
