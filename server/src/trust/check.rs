//! 证书查验: whose a certificate is, by its signature; what it says; and, where it is ours, what it is worth now.

use super::centre::{seconds, sha256};
use super::{OwnAuthority, Trust, input, key_words};
use crate::codes::network;
use crate::fault::Fault;
use crate::standing::State;
use crate::store::authorities::Purpose;
use crate::store::status::StandingRow;
use crate::store::{self, Tx};
use app::desk::trust::{CertificateKind, CertificateState, Checked, CheckedCertificate, Origin};
use certificate::extension::KeyUsages;
use certificate::revocation::Reason;
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
        let paced = self.pace.count(network(ip), self.ground.now());
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
                    let record = record(&mut reader, certificate).await?;
                    let state = state_of(record.as_ref().map(|(_, standing)| standing), certificate, as_of);
                    let person = record.map(|(profile, _)| profile.starts_with("person"));
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

/// Profile and standing. The serial alone is not enough: the record must be of this very certificate.
async fn record(reader: &mut Tx, certificate: &Certificate) -> Result<Option<(String, StandingRow)>, Fault> {
    let serial = certificate.serial_hex();
    let kept = store::issued::find_content(reader, &serial).await?;
    let Some((profile, _)) = kept.filter(|(_, kept)| kept.as_deref() == Some(certificate.der())) else {
        return Ok(None);
    };
    Ok(store::status::find(reader, &serial).await?.map(|standing| (profile, standing)))
}

/// As OCSP would answer, with the dates beside it.
fn state_of(standing: Option<&StandingRow>, certificate: &Certificate, as_of: Moment) -> CertificateState {
    let Some(standing) = standing else { return CertificateState::Unknown };
    match State::from_code(&standing.state) {
        Some(State::Revoked | State::Discarded) => {
            let reason = standing.reason.and_then(Reason::from_number).unwrap_or(Reason::Unspecified);
            CertificateState::Revoked { at: standing.status_at, reason: reason.code().to_owned() }
        }
        Some(State::OnHold) => CertificateState::OnHold { since: standing.status_at },
        Some(State::Active) => dates(certificate, as_of),
        Some(State::Reserved | State::Signed) | None => CertificateState::NotActive,
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

#[cfg(test)]
mod tests {
    use super::*;

    const LEAF: &str =
        include_str!("../../../certificate/tests/certificates/golden/sm2_sm3/person_signing.pem");

    #[test]
    fn the_record_comes_before_the_dates() {
        let certificate = Certificate::from_pem(LEAF).unwrap();
        let standing = |state: &str, reason| StandingRow {
            serial: certificate.serial_hex(),
            issuer: "issuing".into(),
            order_id: None,
            state: state.into(),
            signed: true,
            status_at: Some(Moment::from_millis(7)),
            reason,
            not_after: None,
        };
        let early = seconds(certificate.not_before() - 1);
        let good = seconds(certificate.not_after());
        let late = seconds(certificate.not_after() + 1);
        let at = Some(Moment::from_millis(7));
        for (state, reason, as_of, expected) in [
            ("active", None, early, CertificateState::NotYetValid),
            ("active", None, good, CertificateState::Good),
            ("active", None, late, CertificateState::Expired),
            ("on_hold", Some(6), late, CertificateState::OnHold { since: at }),
            ("revoked", Some(1), late, CertificateState::Revoked { at, reason: "key_compromise".into() }),
            ("discarded", Some(4), good, CertificateState::Revoked { at, reason: "superseded".into() }),
            ("signed", None, good, CertificateState::NotActive),
            ("reserved", None, good, CertificateState::NotActive),
        ] {
            assert_eq!(state_of(Some(&standing(state, reason)), &certificate, as_of), expected, "{state}");
        }
        assert_eq!(state_of(None, &certificate, good), CertificateState::Unknown);
    }

    #[test]
    fn a_persons_name_is_masked_and_an_organisations_is_not() {
        let certificate = Certificate::from_pem(LEAF).unwrap();
        let name = certificate.subject().common_name().unwrap().to_owned();
        assert_eq!(holder(&certificate, Some(true)), journey::mask::name(&name));
        assert_eq!(holder(&certificate, Some(false)), name);
    }
}
