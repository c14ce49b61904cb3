//! Where an authority publishes. RFC 5280, 4.2.1.13 and 4.2.2.1; RFC 5280, 8: a list that is fetched over https would
//! need another list first, so the addresses are plain http, and the lints refuse others.

use crate::settings::AuthoritySettings;
use certificate::extension::Places;

/// `origin` is the office's own, used where the settings name no other: an office behind TLS answers there over http too.
pub fn places(settings: &AuthoritySettings, origin: &str, issuer: &str) -> Places {
    let origin = match &settings.status_origin {
        Some(elsewhere) => elsewhere.clone(),
        None => origin.replacen("https://", "http://", 1),
    };
    let origin = origin.trim_end_matches('/');
    // Its few certificates are told by its lists: nobody answers questions in a root's name.
    let of_a_root = issuer == "root" || issuer.starts_with("root_");
    Places {
        crl_urls: vec![format!("{origin}/crl/{issuer}.crl")],
        ocsp_urls: if of_a_root { Vec::new() } else { vec![format!("{origin}/ocsp/{issuer}")] },
        issuer_urls: vec![format!("{origin}/authority/{issuer}.crt")],
        policies: settings.policies.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_publishes_where_the_settings_say_and_else_at_the_office() {
        let mut settings = AuthoritySettings::default();
        let at_home = places(&settings, "http://127.0.0.1:8420", "issuing");
        assert_eq!(at_home.crl_urls, ["http://127.0.0.1:8420/crl/issuing.crl"]);
        assert_eq!(at_home.ocsp_urls, ["http://127.0.0.1:8420/ocsp/issuing"]);
        assert_eq!(at_home.issuer_urls, ["http://127.0.0.1:8420/authority/issuing.crt"]);
        assert!(places(&settings, "http://127.0.0.1:8420", "root_p256").ocsp_urls.is_empty());
        settings.status_origin = Some("http://status.ca.example/".to_owned());
        let elsewhere = places(&settings, "https://ca.example", "issuing_p256");
        assert_eq!(elsewhere.crl_urls, ["http://status.ca.example/crl/issuing_p256.crl"]);
        let behind_tls = places(&AuthoritySettings::default(), "https://ca.example", "issuing");
        assert_eq!(behind_tls.crl_urls, ["http://ca.example/crl/issuing.crl"]);
    }
}
