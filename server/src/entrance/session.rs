//! The two cookies: a visit's and a staff session's. A cookie holds a random token and nothing else.

use axum::http::{HeaderMap, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Hex digits of a token (`Dice::token`).
const TOKEN_DIGITS: usize = 64;

#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// The browser sees us by https: names bound to this host, never sent in clear (ASVS 3.3.1–3.3.4).
    secure: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Lax: a person comes back from a wallet or from a link in a letter.
    Visit,
    /// Strict: nobody comes to a staff desk from elsewhere.
    Staff,
    /// Strict: the QR's address carries its own secret, and only our own page asks with the cookie.
    Phone,
}

impl Cookies {
    pub fn new(public_origin: &str) -> Cookies {
        Cookies { secure: public_origin.starts_with("https://") }
    }

    fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Visit, true) => "__Host-certhall",
            (Cookie::Visit, false) => "certhall",
            (Cookie::Staff, true) => "__Host-certhall-staff",
            (Cookie::Staff, false) => "certhall-staff",
            (Cookie::Phone, true) => "__Host-certhall-phone",
            (Cookie::Phone, false) => "certhall-phone",
        }
    }

    /// The token that the browser shows, if it is shaped like one.
    pub fn token(self, cookie: Cookie, headers: &HeaderMap) -> Option<String> {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, token) = pairs.find(|(name, _)| *name == self.name(cookie))?;
        let shaped = token.len() == TOKEN_DIGITS && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        shaped.then(|| token.to_owned())
    }

    /// Gives the browser a token until it closes; the office ends the session earlier.
    pub fn give(self, cookie: Cookie, token: &str) -> HeaderValue {
        self.line(cookie, token, "")
    }

    pub fn take_back(self, cookie: Cookie) -> HeaderValue {
        self.line(cookie, "", "; Max-Age=0")
    }

    fn line(self, cookie: Cookie, value: &str, more: &str) -> HeaderValue {
        let same_site = match cookie {
            Cookie::Visit => "Lax",
            Cookie::Staff | Cookie::Phone => "Strict",
        };
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name(cookie);
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}{secure}{more}");
        let mut line = HeaderValue::from_str(&line).expect("names and hex digits are plain ASCII");
        line.set_sensitive(true);
        line
    }
}

/// Sets a cookie on the answer of the server function that is running.
pub fn set(cookie: HeaderValue) {
    match use_context::<ResponseOptions>() {
        Some(options) => options.append_header(header::SET_COOKIE, cookie),
        None => tracing::error!("a cookie outside of an answer"),
    }
}

/// What this site keeps in the browser goes too: the next person at a shared computer finds nothing (threat 18).
pub fn clear_site() {
    if let Some(options) = use_context::<ResponseOptions>() {
        let name = header::HeaderName::from_static("clear-site-data");
        options.insert_header(name, HeaderValue::from_static("\"storage\""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookies).unwrap());
        headers
    }

    #[test]
    fn by_https_a_cookie_is_bound_to_the_host() {
        let cookies = Cookies::new("https://ca.example");
        assert_eq!(
            cookies.give(Cookie::Visit, "ab").to_str().unwrap(),
            "__Host-certhall=ab; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            cookies.take_back(Cookie::Staff).to_str().unwrap(),
            "__Host-certhall-staff=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0"
        );
    }

    #[test]
    fn only_a_token_of_that_name_counts() {
        let cookies = Cookies::new("http://127.0.0.1:8420");
        let token = "0123456789abcdef".repeat(4);
        let headers = shown(&format!("a=b; certhall-staff={token}"));
        assert_eq!(cookies.token(Cookie::Staff, &headers), Some(token.clone()));
        assert_eq!(cookies.token(Cookie::Visit, &headers), None);
        for bad in [
            "certhall=",
            "certhall=xyz",
            &format!("certhall={}g", &token[1..]),
            &format!("certhall={token}0"),
        ] {
            assert_eq!(cookies.token(Cookie::Visit, &shown(bad)), None, "{bad}");
        }
        // A cookie that was set for another office, by https, is not this one's.
        assert_eq!(cookies.token(Cookie::Visit, &shown(&format!("__Host-certhall={token}"))), None);
    }

    #[test]
    fn a_token_is_not_printed() {
        assert_eq!(format!("{:?}", Cookies::new("http://a").give(Cookie::Visit, "secret")), "Sensitive");
    }
}
