//! Reading an upload: so many bytes, and none that comes too slowly (threat 13).

use app::desk::DeskError;
use app::desk::error::FileRefusal;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures::StreamExt;
use std::time::Duration;

/// A line that gives nothing for this long is dead, or wants to hold a place.
const NEXT_PIECE: Duration = Duration::from_secs(15);

/// # Errors
/// More than `limit` bytes (asked first of the header, then counted); the line broke off.
pub async fn read(headers: &HeaderMap, body: Body, limit: u64) -> Result<Vec<u8>, DeskError> {
    read_within(headers, body, limit, NEXT_PIECE).await
}

async fn read_within(
    headers: &HeaderMap,
    body: Body,
    limit: u64,
    patience: Duration,
) -> Result<Vec<u8>, DeskError> {
    let too_large = || DeskError::File(FileRefusal::TooLarge { limit_bytes: limit });
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut pieces = body.into_data_stream();
    loop {
        match tokio::time::timeout(patience, pieces.next()).await {
            Ok(None) => return Ok(bytes),
            Ok(Some(Ok(piece))) if (bytes.len() + piece.len()) as u64 <= limit => {
                bytes.extend_from_slice(&piece)
            }
            Ok(Some(Ok(_))) => return Err(too_large()),
            Ok(Some(Err(_))) | Err(_) => return Err(DeskError::Offline),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit_r136() {
        let read = |size: usize| async move { read(&HeaderMap::new(), Body::from(vec![7; size]), 100).await };
        assert_eq!(read(100).await.unwrap().len(), 100);
        assert_eq!(read(101).await, Err(DeskError::File(FileRefusal::TooLarge { limit_bytes: 100 })));
    }

    #[tokio::test]
    async fn a_header_that_promises_too_much_is_enough_r136() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, 101.into());
        let refused = read(&headers, Body::empty(), 100).await;
        assert_eq!(refused, Err(DeskError::File(FileRefusal::TooLarge { limit_bytes: 100 })));
    }

    #[tokio::test]
    async fn a_line_that_gives_nothing_is_cut_off() {
        let silent = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        let soon = Duration::from_millis(20);
        assert_eq!(read_within(&HeaderMap::new(), silent, 100, soon).await, Err(DeskError::Offline));
    }
}
