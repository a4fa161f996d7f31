//! 4.2 获取保险公司列表接口 `insurer_get_branch_insurers`: the institutions of one name, with their numbers.

use super::reply::{Told, said};
use super::{Said, outbound};
use crate::envelope::Field;
use crate::settings::Manner;
use domain::Fact;
use protocol::Interface;

pub(super) const INTERFACE: Interface =
    outbound("4.2", "insurer_get_branch_insurers", "获取保险公司列表接口");

/// Without a name we look for ourselves.
pub(super) fn write<'a>(name: &'a str, manner: &'a Manner) -> Said<'a> {
    let name = if name.trim().is_empty() { manner.insurer_name.as_str() } else { name };
    Said::plain(vec![Field::text("insurer_name", name)])
}

pub(super) fn learn(told: &Told) -> Result<Fact, &'static str> {
    let all = told.list().ok_or("there is no list in it")?;
    Ok(Fact::Insurers(all.iter().map(|one| (said(one, "id"), said(one, "name"))).collect()))
}
