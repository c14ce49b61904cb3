//! What was agreed to with an order (R151).

use journey::moment::Moment;
use serde::{Deserialize, Serialize};

/// One agreement of this order; its text is at `agreement_path`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreementView {
    pub version: String,
    /// SHA-256 of the text, hex.
    pub digest: String,
    pub at: Moment,
}

/// The text that this order's applicant agreed to, as it was.
pub fn agreement_path(number: &str, version: &str) -> String {
    format!("/files/agreement/{number}/{version}")
}
