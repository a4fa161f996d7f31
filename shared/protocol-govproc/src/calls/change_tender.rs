//! 3.2.8 项目最终状态推送 `/guarantee/xmstate`: how a section ended, for every guarantee of it (GP-11).

use super::{Served, inbound, joined, receipt};
use crate::codes::{OPENING, PROJECT_NAME, PROJECT_NO, SECTION_NAME, SECTION_NO, TENDER_STATES};
use crate::reading::{moment, text};
use crate::settings::Manner;
use domain::{ChangeTender, Command, TenderChange, TenderChangeKind};
use protocol::{Ask, Fields, Form, Label, Rejection, Way, Wish, print_shanghai};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.8", "/guarantee/xmstate", "项目最终状态推送", Way::Tell),
    path: "/guarantee/xmstate",
    in_address: false,
    read,
    tell: receipt,
};

const STATE: Label = ("state", "项目状态");

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let project_no = text(fields, PROJECT_NO, 128)?;
    let section_no = text(fields, SECTION_NO, 128)?;
    text(fields, PROJECT_NAME, 256)?;
    text(fields, SECTION_NAME, 256)?;
    let opening = moment(fields, &OPENING)?;
    let code = text(fields, STATE, 8)?;
    let kind = fields.code(STATE, &TENDER_STATES)?.unwrap_or(TenderChangeKind::Other);
    // The opening is that of the tender that ended; the guarantees know their own.
    let change = TenderChange { kind, opening: None, deadline: None, notice_url: String::new() };
    // A section that is tendered again may end again, after another opening.
    let opening = print_shanghai(opening, Form::Compact);
    let business_key = joined(&[&project_no, &section_no, &code, &opening]);
    let change = ChangeTender { business_no: String::new(), section_no, project_no, change };
    Ok(Ask { business_key, wish: Wish::Command(Command::ChangeTender(change)), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, changed};
    use serde_json::json;

    fn kind(state: &str) -> Result<TenderChangeKind, String> {
        let fields = changed("/guarantee/xmstate", |data| data["state"] = json!(state));
        match read(&fields, &sample::manner()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::ChangeTender(change))) => Ok(change.change.kind),
            Ok(other) => panic!("not a change: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn every_state_has_its_word() {
        use TenderChangeKind::{Awarded, Failed, Retendered, Terminated};
        let kinds = ["1", "2", "3", "4"].map(kind);
        assert_eq!(kinds, [Ok(Awarded), Ok(Failed), Ok(Terminated), Ok(Retendered)]);
        assert_eq!(kind("5"), Err("项目状态(state)取值应为1、2、3、4".into()));
    }

    #[test]
    fn a_section_may_end_twice_but_a_repeat_is_a_repeat() {
        let key = |opening: serde_json::Value| {
            let fields = changed("/guarantee/xmstate", |data| data["kbttime"] = opening);
            read(&fields, &sample::manner()).unwrap().business_key
        };
        assert_eq!(key(json!("2026-12-24 09:30")), key(json!(1_798_075_800_000_u64)));
        assert_ne!(key(json!("2026-12-24 09:30")), key(json!("2026-12-31 09:30")));
    }
}
