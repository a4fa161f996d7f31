//! 4.1 获取文件URL接口 `insurer_get_file_url`: where a file is now, for addresses live two hours.

use super::reply::{Told, said};
use super::{Said, address, outbound};
use crate::envelope::Field;
use domain::Fact;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("4.1", "insurer_get_file_url", "获取文件URL接口");

pub(super) fn write(file_id: &str) -> Said<'_> {
    Said::plain(vec![Field::text("file_id", file_id)])
}

pub(super) fn learn(told: &Told, file_id: &str) -> Result<Fact, &'static str> {
    let url = told.object().map(|data| said(&data, "file_url")).unwrap_or_default();
    if address(&url).is_none() {
        return Err("there is no address in it");
    }
    Ok(Fact::FileAddress { file_id: file_id.to_owned(), url: url.into() })
}
