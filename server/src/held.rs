//! A certificate in its holder's hands: both serials, how it stands, the key it lies on, the order it was issued by, and
//! the form behind it. What a key in the port, a person's number or a lost key is looked up by.
//!
//! Only pairs of the counter that were proven on their key: what is reserved, put aside or a partner's does not exist here.

use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::standing::State;
use crate::store::held::{self, By, HeldRow};
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use certificate::Certificate;
use journey::details::DetailsForm;
use journey::eligibility::{CertificateFacts, CertificateStatus};
use journey::moment::Moment;
use journey::party::Party;

#[derive(Clone, Debug)]
pub struct Held {
    /// Serials, hex.
    pub sign: String,
    pub encrypt: String,
    /// `authorities.name`.
    pub issuer: String,
    /// Expiry is not a status: `not_after` tells it.
    pub status: CertificateStatus,
    pub not_before: Moment,
    pub not_after: Moment,
    /// The medium's; empty where it was not written down.
    pub key_serial: String,
    pub party: Party,
    /// The signing certificate.
    pub certificate: Certificate,
    /// The order it was issued by.
    pub origin: OrderRow,
    /// As certified, with the contacts as they are now.
    pub form: DetailsForm,
}

impl Held {
    /// What the rule book wants to know (R053 to R055, R134).
    pub fn facts(&self) -> CertificateFacts {
        CertificateFacts { status: self.status, not_after: self.not_after }
    }

    /// What an order of this holder begins with: nothing that was agreed to, chosen or proven for another order.
    pub fn prefilled(&self) -> DetailsForm {
        DetailsForm {
            agreement: String::new(),
            without_reserved_phone: false,
            register_is_wrong: false,
            ..self.form.clone()
        }
    }
}

/// # Errors
/// The store's own; a seal that does not open.
pub async fn find_by_serial(tx: &mut Tx, ground: &Ground, serial: &str) -> Result<Option<Held>, Fault> {
    Ok(read(tx, ground, By::Serial(serial)).await?.pop())
}

/// All of a holder's that are not revoked, the newest first. `holder_key` is `details::holder_key`.
///
/// # Errors
/// The store's own; a seal that does not open.
pub async fn list_by_holder(tx: &mut Tx, ground: &Ground, holder_key: &[u8]) -> Result<Vec<Held>, Fault> {
    let all = read(tx, ground, By::Holder(holder_key)).await?;
    Ok(all.into_iter().filter(|held| held.status != CertificateStatus::Revoked).collect())
}

/// All on this medium that are not revoked, the newest first.
///
/// # Errors
/// The store's own; a seal that does not open.
pub async fn list_by_key(tx: &mut Tx, ground: &Ground, key_serial: &str) -> Result<Vec<Held>, Fault> {
    let all = read(tx, ground, By::Key(key_serial)).await?;
    Ok(all.into_iter().filter(|held| held.status != CertificateStatus::Revoked).collect())
}

async fn read(tx: &mut Tx, ground: &Ground, by: By<'_>) -> Result<Vec<Held>, Fault> {
    let mut all = Vec::new();
    for row in held::list(tx, by).await? {
        all.push(put_together(tx, ground, row).await?);
    }
    Ok(all)
}

async fn put_together(tx: &mut Tx, ground: &Ground, row: HeldRow) -> Result<Held, Fault> {
    let origin = store::orders::load(tx, &row.order_id).await?;
    let mut form = details::open(ground, &origin)?;
    if let Some(changed) = held::find_contacts(tx, &row.sign).await? {
        let changed = details::open(ground, &store::orders::load(tx, &changed).await?)?;
        form = with_contacts(form, changed);
    }
    let impossible = |why: String| StoreError::impossible("certificates", "certificate", &row.sign, why);
    let certificate = Certificate::from_der(&row.certificate).map_err(|e| impossible(e.to_string()))?;
    Ok(Held {
        status: status(&row)?,
        not_before: Moment::from_millis(certificate.not_before() * 1000),
        not_after: row.not_after,
        key_serial: row.key_serial,
        party: origin.order.party,
        sign: row.sign,
        encrypt: row.encrypt,
        issuer: row.issuer,
        certificate,
        origin,
        form,
    })
}

fn status(row: &HeldRow) -> Result<CertificateStatus, StoreError> {
    match State::from_code(&row.state) {
        Some(State::Active) => Ok(CertificateStatus::Active),
        Some(State::OnHold) => Ok(CertificateStatus::Suspended),
        Some(State::Revoked) => Ok(CertificateStatus::Revoked),
        _ => Err(StoreError::impossible("certificates", "state", &row.sign, &row.state)),
    }
}

/// How the holder is reached: what may change without a new certificate (A45).
fn with_contacts(form: DetailsForm, contacts: DetailsForm) -> DetailsForm {
    DetailsForm {
        agent_name: contacts.agent_name,
        agent_phone: contacts.agent_phone,
        email: contacts.email,
        recipient_name: contacts.recipient_name,
        recipient_phone: contacts.recipient_phone,
        province: contacts.province,
        city: contacts.city,
        county: contacts.county,
        street: contacts.street,
        ..form
    }
}

/// What the content of a keepsake is sealed to.
pub fn keepsake_place(order_id: &str) -> String {
    format!("keepsakes.content/{order_id}")
}
