//! Where a refund or a release stands.

use domain::{Case, CaseQuery, CaseStatus, Refund, Release, Reply};
use worker::{Handled, Press, Window, find_case, status_of};

/// Answers about the latest refund of the guarantee (FS-27), or the one named.
pub(crate) async fn refund(window: &Window, press: &Press, query: &CaseQuery) -> Handled {
    let refund: Refund = find_case(window, query, "退保申请").await?;
    Ok(Reply::Case(with_confirmation(window, press, &refund)))
}

/// Answers about the release named, or the latest of the guarantee.
pub(crate) async fn release(window: &Window, press: &Press, query: &CaseQuery) -> Handled {
    let release: Release = find_case(window, query, "撤销申请").await?;
    Ok(Reply::Case(with_confirmation(window, press, &release)))
}

/// With a fresh link to the confirmation, once there is one.
fn with_confirmation<R>(window: &Window, press: &Press, case: &Case<R>) -> CaseStatus {
    let document_url = case.confirmation.as_ref().map(|document| press.link(document, window.now));
    CaseStatus { document_url, ..status_of(case) }
}
