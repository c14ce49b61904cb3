//! Where a message came from, as the browser told the extension. The extension decides which offices it serves; here it is
//! only made sure that an origin is an origin, because it becomes part of what a key signs.

/// `https://host[:port]`, or `http://` on loopback; at most 255 characters, no path.
pub fn is_origin(text: &str) -> bool {
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return false,
    };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "443"));
    let host_fits =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let loopback = host == "127.0.0.1" || host == "localhost";
    let port_fits =
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    text.len() <= 255 && host_fits && port_fits && (secure || loopback)
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn only_secure_or_loopback_origins_count() {
        for good in
            ["http://127.0.0.1:8420", "http://localhost", "https://hall.certhall.example", "https://a.b:8443"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "null",
            "http://hall.certhall.example",
            "http://127.0.0.1.evil.test",
            "https://",
            "https://a/path",
            "https://a\n",
            "https://a:0",
            "https://a:+1",
            "https://a:70000",
            "https://user@a",
            "file:///etc",
            "chrome-extension://lpmannenecnfpfmfmnjgadejnahcijep",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
        assert!(!is_origin(&format!("https://{}", "a".repeat(255))));
    }
}
