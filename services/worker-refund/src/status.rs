//! Where a refund or a release stands.

use domain::{CaseQuery, Refund, Release, Reply};
use worker::{Handled, Window, find_case, status_of};

/// Answers about the latest refund of the guarantee (FS-27), or the one named.
pub(crate) async fn refund(window: &Window, query: &CaseQuery) -> Handled {
    let refund: Refund = find_case(window, query, "退保申请").await?;
    Ok(Reply::Case(status_of(&refund)))
}

/// Answers about the release named, or the latest of the guarantee.
pub(crate) async fn release(window: &Window, query: &CaseQuery) -> Handled {
    let release: Release = find_case(window, query, "撤销申请").await?;
    Ok(Reply::Case(status_of(&release)))
}
