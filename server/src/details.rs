//! An order's details in the database: sealed (R129, PIPL), with keyed digests to find them by.

use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use journey::details::DetailsForm;
use journey::party::Party;
use zeroize::Zeroizing;

/// Seals and keeps the form as it is, valid or not; look-up keys are made of what parses.
pub async fn keep(
    tx: &mut Tx,
    ground: &Ground,
    row: &OrderRow,
    form: &DetailsForm,
) -> Result<(), StoreError> {
    let clear = Zeroizing::new(
        serde_json::to_vec(form).map_err(|e| StoreError::impossible("orders", "details", &row.id, e))?,
    );
    let sealed = ground.sealing.seal(&place(&row.id), &clear);
    let holder = holder_key(ground, row.order.party, &form.holder_id);
    let agent = journey::entry::mobile::parse(&form.agent_phone)
        .ok()
        .map(|phone| ground.sealing.digest("phone", &phone.to_string()));
    store::orders::keep_details(tx, &row.id, &sealed, holder.as_deref(), agent.as_deref(), ground.now()).await
}

/// The form as kept; an empty one while nothing was typed.
///
/// # Errors
/// The seal does not open: another office's database, or changed bytes.
pub fn open(ground: &Ground, row: &OrderRow) -> Result<DetailsForm, StoreError> {
    let Some(sealed) = &row.details else { return Ok(DetailsForm::default()) };
    let impossible = |why: String| StoreError::impossible("orders", "details", &row.id, why);
    let clear = ground.sealing.open(&place(&row.id), sealed).map_err(|e| impossible(e.to_string()))?;
    serde_json::from_slice(&clear).map_err(|e| impossible(e.to_string()))
}

/// The look-up key of a holder's number; `None` when the number is not one.
pub fn holder_key(ground: &Ground, party: Party, number: &str) -> Option<Vec<u8>> {
    let normal = match party {
        Party::Organisation => journey::entry::credit_code::parse(number).ok()?.to_string(),
        Party::Person => journey::entry::identity_document::look_up_form(number).ok()?,
    };
    Some(ground.sealing.digest("holder", &normal))
}

/// What a confirmation binds to: SHA-256 over the form's JSON, hex.
pub fn digest(form: &DetailsForm) -> String {
    let clear = Zeroizing::new(serde_json::to_vec(form).expect("a form of strings serialises"));
    hex::encode(ring::digest::digest(&ring::digest::SHA256, &clear))
}

fn place(id: &str) -> String {
    format!("orders.details/{id}")
}
