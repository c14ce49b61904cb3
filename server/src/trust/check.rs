//! 证书查验: whose a certificate is, by its signature; what it says; and, where it is ours, what it is worth now.

use super::centre::{seconds, sha256};
use super::{OwnAuthority, Trust, input, key_words};
use crate::fault::Fault;
use crate::store::authorities::Purpose;
use crate::store::issued::Standing;
use crate::store::{self, Tx};
use app::desk::trust::{CertificateKind, CertificateState, Checked, CheckedCertificate, Origin};
use certificate::extension::KeyUsages;
use certificate::{Certificate, sm3};
use journey::moment::Moment;
use std::net::IpAddr;

/// Certificates of one file that are looked at; a chain has three or four.
const AT_ONCE: usize = 8;

impl Trust {
    /// What was pasted: PEM, base64, hexadecimal, or a file as the browser read it.
    ///
    /// # Errors
    /// `Unreadable`: what is wrong with it. `SlowDown`: this address asks too often.
    pub async fn check_text(&self, ip: IpAddr, text: &str) -> Result<Checked, Fault> {
        self.may_ask(ip)?;
        self.check(input::read_text(text).map_err(Fault::Unreadable)?).await
    }

    /// A file as it is.
    ///
    /// # Errors
    /// As [`Trust::check_text`].
    pub async fn check_file(&self, ip: IpAddr, bytes: &[u8]) -> Result<Checked, Fault> {
        self.may_ask(ip)?;
        self.check(input::read_file(bytes).map_err(Fault::Unreadable)?).await
    }

    fn may_ask(&self, ip: IpAddr) -> Result<(), Fault> {
        let paced = self.pace.count(ip, self.ground.now());
        paced.map_err(|retry_after_s| Fault::SlowDown { retry_after_s })
    }

    async fn check(&self, mut certificates: Vec<Certificate>) -> Result<Checked, Fault> {
        certificates.sort_by_key(Certificate::is_authority);
        certificates.dedup();
        let left_off = u32::try_from(certificates.len().saturating_sub(AT_ONCE)).unwrap_or(u32::MAX);
        certificates.truncate(AT_ONCE);
        let as_of = self.ground.now();
        let mut reader = self.ground.store.read().await?;
        let ours = self.house.authorities();
        let mut checked = Vec::new();
        for certificate in &certificates {
            let origin = origin(&ours, certificate);
            checked.push(match origin {
                Origin::Ours { .. } => {
                    let standing = standing(&mut reader, certificate).await?;
                    let state = state_of(standing.as_ref(), certificate, as_of);
                    let person = standing.map(|standing| standing.profile.starts_with("person"));
                    facts(certificate, origin, Some(state), person)
                }
                Origin::OurAuthority => {
                    facts(certificate, origin, Some(dates(certificate, as_of)), Some(false))
                }
                Origin::Pretended | Origin::SelfSigned | Origin::Foreign => {
                    facts(certificate, origin, None, None)
                }
            });
        }
        Ok(Checked { as_of, certificates: checked, left_off })
    }
}

/// The name tells where to look, the signature decides.
fn origin(ours: &[OwnAuthority], certificate: &Certificate) -> Origin {
    if ours.iter().any(|own| own.certificate.der() == certificate.der()) {
        return Origin::OurAuthority;
    }
    let namesakes = || ours.iter().filter(|own| own.certificate.subject() == certificate.issuer());
    let signed = |own: &&OwnAuthority| {
        own.purpose != Purpose::Responder && certificate.verify_signature(own.certificate.spki()).is_ok()
    };
    if let Some(signer) = namesakes().find(signed) {
        let subject = signer.certificate.subject();
        let authority = subject.common_name().map_or_else(|| subject.to_string(), str::to_owned);
        return Origin::Ours { authority };
    }
    let ours_by_name = ours.iter().any(|own| own.certificate.subject() == certificate.subject());
    let named = ours_by_name || namesakes().next().is_some();
    match (named, certificate.issuer() == certificate.subject()) {
        (true, _) => Origin::Pretended,
        (false, true) => Origin::SelfSigned,
        (false, false) => Origin::Foreign,
    }
}

/// The serial alone is not enough: the record must be of this very certificate.
async fn standing(reader: &mut Tx, certificate: &Certificate) -> Result<Option<Standing>, Fault> {
    let standing = store::issued::find_standing(reader, &certificate.serial_hex()).await?;
    Ok(standing.filter(|standing| standing.certificate.as_deref() == Some(certificate.der())))
}

/// As OCSP would answer, with the dates beside it.
fn state_of(standing: Option<&Standing>, certificate: &Certificate, as_of: Moment) -> CertificateState {
    let Some(standing) = standing else { return CertificateState::Unknown };
    let reason = || reason_code(standing.reason).to_owned();
    match standing.state.as_str() {
        "revoked" | "discarded" => CertificateState::Revoked { at: standing.status_at, reason: reason() },
        "on_hold" => CertificateState::OnHold { since: standing.status_at },
        "active" => dates(certificate, as_of),
        _ => CertificateState::NotActive,
    }
}

fn dates(certificate: &Certificate, as_of: Moment) -> CertificateState {
    let now = as_of.millis().div_euclid(1000);
    if now < certificate.not_before() {
        CertificateState::NotYetValid
    } else if now > certificate.not_after() {
        CertificateState::Expired
    } else {
        CertificateState::Good
    }
}

/// RFC 5280, 5.3.1, in snake case.
pub(crate) fn reason_code(reason: Option<i64>) -> &'static str {
    match reason {
        Some(1) => "key_compromise",
        Some(2) => "authority_compromise",
        Some(3) => "affiliation_changed",
        Some(4) => "superseded",
        Some(5) => "cessation_of_operation",
        Some(6) => "certificate_hold",
        Some(8) => "remove_from_crl",
        Some(9) => "privilege_withdrawn",
        _ => "unspecified",
    }
}

/// `person`: whether the holder is one, where our record tells.
fn facts(
    certificate: &Certificate,
    origin: Origin,
    state: Option<CertificateState>,
    person: Option<bool>,
) -> CheckedCertificate {
    CheckedCertificate {
        kind: kind(certificate),
        holder: holder(certificate, person),
        issuer: certificate.issuer().to_string(),
        serial: certificate.serial_hex(),
        not_before: seconds(certificate.not_before()),
        not_after: seconds(certificate.not_after()),
        key: key_words::of(certificate.spki()),
        sm3: hex::encode(sm3(certificate.der())),
        sha256: sha256(certificate.der()),
        origin,
        state,
    }
}

fn kind(certificate: &Certificate) -> CertificateKind {
    /// id-kp-OCSPSigning within extKeyUsage (RFC 6960, 4.2.2.2).
    const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
    let extended = certificate.extension_value("2.5.29.37").unwrap_or_default();
    if certificate.is_authority() {
        return CertificateKind::Authority;
    }
    if extended.windows(OCSP_SIGNING.len()).any(|window| window == OCSP_SIGNING) {
        return CertificateKind::Responder;
    }
    let names = |usages: &[KeyUsages]| usages.iter().any(|usage| certificate.has_usage(*usage));
    let signs = names(&[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation]);
    let seals = names(&[KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment, KeyUsages::KeyAgreement]);
    match (signs, seals) {
        (true, true) => CertificateKind::Both,
        (true, false) => CertificateKind::Signing,
        (false, true) => CertificateKind::Encryption,
        (false, false) => CertificateKind::Other,
    }
}

/// The name as it is to be shown: a person's is masked (`journey::mask`).
fn holder(certificate: &Certificate, person: Option<bool>) -> String {
    let subject = certificate.subject();
    let Some(name) = subject.common_name().or(subject.organisation()) else { return subject.to_string() };
    let person = person.unwrap_or_else(|| !certificate.is_authority() && like_a_person(certificate, name));
    if person { journey::mask::name(name) } else { name.to_owned() }
}

/// Of a certificate that is not ours: no organisation of another name, and as short as a Chinese name, or with the dots
/// and spaces of others.
fn like_a_person(certificate: &Certificate, name: &str) -> bool {
    let alone = certificate.subject().organisation().is_none_or(|organisation| organisation == name);
    alone && (name.contains('·') || !name.contains('.') && name.chars().count() <= 4 || name.contains(' '))
}
