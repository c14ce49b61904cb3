//! Who asks: found out once for each request from its cookies and its connection, never from its body.

use super::answer::No;
use super::hall::Hall;
use super::session::Cookie;
use app::desk::{Caller, DeskError, PhoneCaller};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Puts the caller into the request.
pub async fn know(State(hall): State<Arc<Hall>>, mut request: Request, next: Next) -> Response {
    match find(&hall, request.headers(), request.extensions()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => No(error).into_response(),
    }
}

/// # Errors
/// A fault of ours: a visitor without cookies is a caller too.
pub async fn find(hall: &Hall, headers: &HeaderMap, extensions: &Extensions) -> Result<Caller, DeskError> {
    let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else {
        return Err(hall.answer.broken(&"the connection has no address: serve with connect info"));
    };
    let visit = match hall.cookies.token(Cookie::Visit, headers) {
        Some(token) => hall.answer.give(hall.visits.find(&token).await)?,
        None => None,
    };
    let staff = match hall.cookies.token(Cookie::Staff, headers) {
        Some(token) => hall.answer.give(hall.office.staff.find_by_session(&token).await)?,
        None => None,
    };
    let phone = match hall.cookies.token(Cookie::Phone, headers) {
        Some(token) => {
            hall.answer.give(hall.office.second_screen.find(&token).await)?.map(|holding| PhoneCaller {
                token,
                visit: hex::encode(holding.visit),
                order_id: holding.order_id,
                number: holding.number,
            })
        }
        None => None,
    };
    let ip = address(peer.ip(), hall.office.settings.office.trusted_proxy, headers);
    Ok(Caller { visit: visit.map(hex::encode), staff, phone, ip })
}

/// The peer, or whom our own proxy names last: what stands before that, anybody may have written (ASVS 4.1.3).
fn address(peer: IpAddr, trusted_proxy: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if trusted_proxy.map(|proxy| proxy.to_canonical()) != Some(peer) {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
    last.and_then(|line| line.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok())
        .map_or(peer, |address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_trusted_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "6.6.6.6, 203.0.113.9".parse().unwrap());
        let proxy = Some(ip("10.0.0.1"));
        assert_eq!(address(ip("10.0.0.1"), proxy, &headers), ip("203.0.113.9"));
        assert_eq!(address(ip("198.51.100.7"), proxy, &headers), ip("198.51.100.7"));
        assert_eq!(address(ip("10.0.0.1"), None, &headers), ip("10.0.0.1"));
        assert_eq!(address(ip("::ffff:10.0.0.1"), proxy, &headers), ip("203.0.113.9"));
        headers.append("x-forwarded-for", "not an address".parse().unwrap());
        assert_eq!(address(ip("10.0.0.1"), proxy, &headers), ip("10.0.0.1"));
    }
}
