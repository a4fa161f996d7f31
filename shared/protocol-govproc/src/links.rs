//! The addresses we hand out: three for the platform, one for the bidder's browser with a token that expires.

use crypto::digest::hmac_sha256;
use crypto::secret::{Secret, same};
use crypto::text;
use domain::{Money, PartnerId, Timestamp};
use protocol::{Rejection, RejectionKind};

/// Where the page is, and where its button leads; the platform's addresses are in the table of interfaces.
pub(crate) const PAGE: &str = "/continue";
pub(crate) const PAY: &str = "/continue/pay";

/// What the addresses of one partner instance are made of.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    /// Our public address without a slash at its end.
    pub(crate) base: String,
    pub(crate) partner: PartnerId,
    /// Signs the tokens: at least 32 bytes.
    pub(crate) secret: Secret,
    /// How long a page can be opened after its address was handed out, seconds.
    pub(crate) valid_s: u32,
}

/// The right to see one order's page, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) order_no: String,
    /// Seconds since 1970.
    pub(crate) until: i64,
}

impl Links {
    /// The address of one of our paths.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{}/{}{path}", self.base, self.partner)
    }

    /// A new ticket.
    pub(crate) fn ticket(&self, order_no: &str, now: Timestamp) -> Ticket {
        let until = now.unix_seconds().saturating_add(self.valid_s.into());
        Ticket { order_no: order_no.to_owned(), until }
    }

    /// continueurl: whoever holds it sees this order, and no other.
    pub(crate) fn page(&self, ticket: &Ticket) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("no", &ticket.order_no)
            .append_pair("until", &ticket.until.to_string())
            .append_pair("token", &self.page_token(ticket))
            .finish();
        format!("{}?{query}", self.to(PAGE))
    }

    pub(crate) fn page_token(&self, ticket: &Ticket) -> String {
        self.token(&["page", &ticket.order_no, &ticket.until.to_string()])
    }

    /// The token of the button: for this order, this premium, as long as the page is good.
    pub(crate) fn pay_token(&self, ticket: &Ticket, premium: Money) -> String {
        self.token(&["pay", &ticket.order_no, &ticket.until.to_string(), &premium.to_string()])
    }

    /// Believes a token or not; one that is believed may have expired.
    pub(crate) fn check(
        &self,
        expected: &str,
        given: &str,
        until: i64,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        if !same(expected.as_bytes(), given.as_bytes()) {
            return Err(Rejection::new(
                RejectionKind::Forged,
                "链接无效，请从交易平台重新进入",
                "a wrong token",
            ));
        }
        if now.unix_seconds() >= until {
            let say = "链接已过期，请从交易平台重新进入";
            return Err(Rejection::new(RejectionKind::Stale, say, "an expired link"));
        }
        Ok(())
    }

    /// Each part behind its length, so that no two lists of parts sign alike.
    fn token(&self, parts: &[&str]) -> String {
        let signed = std::iter::once(self.partner.as_str()).chain(parts.iter().copied());
        let message: String = signed.map(|part| format!("{}:{part}", part.len())).collect();
        text::to_hex(&hmac_sha256(self.secret.expose_bytes(), message.as_bytes()))
    }
}
