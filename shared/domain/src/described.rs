//! What a message says of an order besides its number: compared before it has an effect.

use crate::{Order, Private, Refusal, RefusalKind, SealedField};
use serde::{Deserialize, Serialize};

/// What a message says of the order that it names, so that a mix-up of numbers is noticed (FZ-13). Empty is not said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// The section.
    pub section_no: String,
    /// The bidder.
    pub bidder: Private,
    /// The tenderee.
    pub tenderee: Private,
}

impl Order {
    /// Whether this is the order that a message describes; what either side leaves empty, or is still sealed, is not compared.
    ///
    /// # Errors
    /// A refusal that names what does not agree, never the values.
    pub fn fits(&self, described: &Described) -> Result<(), Refusal> {
        let known = self.known_application();
        let sealed = |field| known.sealed.contains(&field);
        let pairs = [
            (
                described.section_no.as_str(),
                known.tender.section_no.as_str(),
                SealedField::SectionNo,
                "标段编号",
            ),
            (
                described.bidder.expose(),
                known.applicant.company.name.expose(),
                SealedField::BidderName,
                "被保证人",
            ),
            (
                described.tenderee.expose(),
                known.tender.tenderee.name.expose(),
                SealedField::TendereeName,
                "受益人",
            ),
        ];
        for (said, ours, field, title) in pairs {
            let (said, ours) = (said.trim(), ours.trim());
            if !said.is_empty() && !ours.is_empty() && said != ours && !sealed(field) {
                let say = format!("{title}与订单不一致");
                return Err(Refusal { kind: RefusalKind::Unknown, say });
            }
        }
        Ok(())
    }
}
