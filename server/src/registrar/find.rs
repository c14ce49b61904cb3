//! By serial, order number, or the key's serial.

use super::Registrar;
use crate::fault::Fault;
use crate::standing::State;
use crate::store::issued::{By, IssuedRow};
use crate::store::{self, StoreError, Tx};
use app::desk::registrar::{IssuedFor, LifeView, PairView, RecordState, RecordView};
use certificate::revocation::Reason;
use certificate::{Certificate, sm3};
use journey::moment::Moment;

/// Certificates on one screen; a key that is renewed every year has two a year.
const MOST: i64 = 40;

impl Registrar {
    /// Nothing found is an empty list.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find(&self, query: &str) -> Result<Vec<PairView>, Fault> {
        let typed = query.trim();
        let bare: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let mut reader = self.ground.store.read().await?;
        if is_order_number(&bare) {
            let rows = store::issued::list_found(&mut reader, By::OrderNumber(&bare), MOST).await?;
            return pairs(&mut reader, rows).await;
        }
        if let Some(serial) = serial(&bare) {
            let pair = pair_in(&mut reader, &serial).await?;
            if !pair.is_empty() {
                return Ok(pair);
            }
        }
        let rows = store::issued::list_found(&mut reader, By::KeySerial(typed), MOST).await?;
        pairs(&mut reader, if typed.is_empty() { Vec::new() } else { rows }).await
    }

    /// What was issued together with this serial, or it alone.
    pub(super) async fn pair_of(&self, serial: &str) -> Result<Vec<PairView>, Fault> {
        pair_in(&mut *self.ground.store.read().await?, serial).await
    }
}

/// With the caller's one reader: whoever holds one and waits for a second starves the others.
async fn pair_in(reader: &mut Tx, serial: &str) -> Result<Vec<PairView>, Fault> {
    let mut rows = store::issued::list_found(reader, By::PairOf(serial), MOST).await?;
    if rows.is_empty() {
        rows = store::issued::list_found(reader, By::Serial(serial), MOST).await?;
    }
    pairs(reader, rows).await
}

/// Eighteen digits that begin with their day.
fn is_order_number(text: &str) -> bool {
    text.len() == 18 && text.starts_with("20") && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// As certificates and the store have it: lower case, without leading zero octets (`Certificate::serial_hex`).
fn serial(text: &str) -> Option<String> {
    let hex =
        text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text).to_ascii_lowercase();
    let hex = if hex.len().is_multiple_of(2) { hex } else { format!("0{hex}") };
    let fits = (4..=40).contains(&hex.len()) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut shown = hex.as_str();
    while fits && shown.len() > 2 && shown.starts_with("00") {
        shown = &shown[2..];
    }
    fits.then(|| shown.to_owned())
}

async fn pairs(reader: &mut Tx, rows: Vec<IssuedRow>) -> Result<Vec<PairView>, Fault> {
    let mut pairs: Vec<PairView> = Vec::new();
    for row in rows {
        let case = case_of(&row)?;
        let view = view(reader, &row).await?;
        // What was put aside for a broken key is a pair of its own.
        let together = |pair: &PairView| {
            pair.case == case
                && pair
                    .certificates
                    .iter()
                    .all(|other| other.slot != view.slot && other.key_serial == view.key_serial)
        };
        match pairs.iter_mut().find(|pair| together(pair)) {
            Some(pair) => pair.certificates.push(view),
            None => pairs.push(PairView { case, certificates: vec![view] }),
        }
    }
    for pair in &mut pairs {
        pair.certificates.sort_by(|one, other| other.slot.cmp(&one.slot));
    }
    Ok(pairs)
}

fn case_of(row: &IssuedRow) -> Result<IssuedFor, StoreError> {
    match (&row.order_number, &row.partner) {
        (Some(number), _) => Ok(IssuedFor::Order { number: number.clone() }),
        (None, Some((name, number))) => Ok(IssuedFor::Partner { name: name.clone(), number: number.clone() }),
        (None, None) => {
            Err(StoreError::impossible("certificates", "order_id", &row.serial, "issued for nobody"))
        }
    }
}

async fn view(reader: &mut Tx, row: &IssuedRow) -> Result<RecordView, Fault> {
    let certificate = row.certificate.as_deref().and_then(|der| Certificate::from_der(der).ok());
    let lines = store::status::list_life(reader, &row.serial).await?;
    let life = lines.into_iter().map(|line| LifeView {
        status: line.status,
        reason: line.reason.map(|reason| reason_code(Some(reason.into()))),
        at: line.at,
        by: line.by,
        why: line.why,
    });
    Ok(RecordView {
        serial: row.serial.clone(),
        issuer: row.issuer.clone(),
        profile: row.profile.clone(),
        slot: row.slot.clone(),
        state: state(row)?,
        key_serial: row.key_serial.clone(),
        holder: certificate.as_ref().map(|certificate| holder(row, certificate)).unwrap_or_default(),
        recorded_at: row.recorded_at,
        not_before: certificate.as_ref().map(|it| Moment::from_millis(it.not_before().saturating_mul(1000))),
        not_after: row.not_after,
        status_at: row.status_at,
        reason: row.reason.map(|reason| reason_code(Some(reason))),
        sm3: certificate.as_ref().map(|certificate| hex::encode(sm3(certificate.der()))),
        life: life.collect(),
    })
}

fn state(row: &IssuedRow) -> Result<RecordState, StoreError> {
    let unknown = || StoreError::impossible("certificates", "state", &row.serial, &row.state);
    Ok(match State::from_code(&row.state).ok_or_else(unknown)? {
        State::Reserved => RecordState::Reserved,
        State::Signed => RecordState::Signed,
        State::Active => RecordState::Active,
        State::OnHold => RecordState::OnHold,
        State::Revoked => RecordState::Revoked,
        State::Discarded => RecordState::Discarded,
    })
}

/// The certificate's own words, a person's masked (R161).
pub(super) fn holder(row: &IssuedRow, certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let name = subject.common_name().or(subject.organisation()).unwrap_or_default();
    if row.profile.starts_with("person") { journey::mask::name(name) } else { name.to_owned() }
}

pub(super) fn reason_code(number: Option<i64>) -> String {
    let reason = number.and_then(|number| u8::try_from(number).ok()).and_then(Reason::from_number);
    reason.unwrap_or(Reason::Unspecified).code().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_order_number, serial};

    #[test]
    fn a_serial_in_every_spelling() {
        for spelling in ["4A0B1C2D", "4a0b1c2d", "0x4a0b1c2d", "004a0b1c2d"] {
            assert_eq!(serial(spelling).as_deref(), Some("4a0b1c2d"), "{spelling}");
        }
        assert_eq!(serial("a0b1c").as_deref(), Some("0a0b1c"));
        for no in ["", "4a", "SK2026", &"ab".repeat(21)] {
            assert_eq!(serial(no), None, "{no}");
        }
    }

    #[test]
    fn an_order_number_is_told_from_a_serial() {
        assert!(is_order_number("202611221234567890"));
        assert!(!is_order_number("40261122123456789a") && !is_order_number("2026"));
    }
}
