//! Where a claim stands.

use domain::{CaseQuery, Claim, Reply};
use worker::{Handled, Window, find_case, status_of};

/// Answers about the claim named, or the latest of the guarantee.
pub(crate) async fn status(window: &Window, query: &CaseQuery) -> Handled {
    let claim: Claim = find_case(window, query, "索赔申请").await?;
    Ok(Reply::Case(status_of(&claim)))
}
