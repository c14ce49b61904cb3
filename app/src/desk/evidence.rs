//! Uploads are plain requests, not server functions: the browser shows their progress and the office streams them.
//!
//! `POST /files/evidence/{order number}/{kind}` with the file as body (its own content type, `x-order-version: n`)
//! answers 200 and the new `OrderView`, or a status and a `DeskError`, both JSON. `DELETE` on the same path removes.
//! `GET /files/evidence/{file id}` gives the cleaned picture to who may see it (attachment, nosniff, sandboxed).

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

pub fn picture_path(file: &str) -> String {
    format!("/files/evidence/{file}")
}
