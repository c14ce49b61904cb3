//! Uploads are plain requests, not server functions: the browser shows their progress and the office streams them.
//!
//! `POST /files/evidence/{order number}/{kind}` with the file as body (its own content type, `x-order-version: n`)
//! answers 200 and the new `OrderView`, or a status and a `DeskError`, both JSON. `DELETE` on the same path removes.
//! `GET /files/seal_sheet[/{order number}]` gives the sheet to sign, `GET /files/seal/{file id}` what was cut out of its
//! scan. `GET /files/evidence/{file id}` gives the cleaned picture to who may see it (attachment, nosniff, sandboxed).

use journey::evidence::EvidenceKind;
use journey::moment::Moment;
use serde::{Deserialize, Serialize};

/// What came of cutting the seal out of a scanned sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealState {
    /// Cut out; its applicant has not said yet whether they take it.
    Cut,
    Accepted,
    /// The four marks of the sheet are not all there.
    NoMarks,
    /// Nothing is written or stamped in the box.
    Empty,
    /// The box is too dark to tell ink from paper.
    Smudged,
}

impl SealState {
    pub const ALL: [SealState; 5] =
        [SealState::Cut, SealState::Accepted, SealState::NoMarks, SealState::Empty, SealState::Smudged];

    pub const fn code(self) -> &'static str {
        match self {
            SealState::Cut => "cut",
            SealState::Accepted => "accepted",
            SealState::NoMarks => "no_marks",
            SealState::Empty => "empty",
            SealState::Smudged => "smudged",
        }
    }

    pub fn from_code(code: &str) -> Option<SealState> {
        SealState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether there is an image to look at.
    pub const fn has_image(self) -> bool {
        matches!(self, SealState::Cut | SealState::Accepted)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceView {
    pub kind: EvidenceKind,
    pub file: Option<FileView>,
    /// Of a seal sample: what was cut out of it.
    #[serde(default)]
    pub seal: Option<SealState>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileView {
    /// Opaque; the picture is at `/files/evidence/{id}` for who may see it.
    pub id: String,
    pub media_type: String,
    pub bytes: u64,
    pub added_at: Moment,
}

/// Bytes that one upload may have at most.
pub const LIMIT_BYTES: u64 = 8 * 1024 * 1024;
/// Pixels that a picture may have at most, decided from its header before decoding.
pub const LIMIT_PIXELS: u64 = 40_000_000;
/// The shorter edge under which a scan cannot be read.
pub const MIN_EDGE_PX: u32 = 300;

/// Where the file of an order and a kind goes to.
pub fn upload_path(number: &str, kind: journey::evidence::EvidenceKind) -> String {
    format!("/files/evidence/{number}/{}", kind.code())
}

/// 《个人签章采样表》 for an order of this visit; with the applicant's name where it is known (R041).
pub fn sheet_path(number: &str) -> String {
    format!("/files/seal_sheet/{number}")
}

/// 《个人签章采样表》 for anybody, without a name.
pub const BLANK_SHEET_PATH: &str = "/files/seal_sheet";

/// The seal or signature that was cut out of this scan.
pub fn seal_path(file: &str) -> String {
    format!("/files/seal/{file}")
}

pub fn picture_path(file: &str) -> String {
    format!("/files/evidence/{file}")
}
