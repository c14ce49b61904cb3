//! A holder without the key: the holder's number and a code to a reserved phone open the certificates that this phone is
//! reserved for. Known and unknown numbers get the same answer (R126); of several agents each sees the own (A49).

use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::held::{self, Held};
use crate::store::Tx;
use crate::store::visit_holders::{self, Opened};
use app::desk::error::FieldError;
use journey::party::Party;

/// The certificates that this visit may see, the newest first.
///
/// # Errors
/// The store's own; a seal that does not open.
pub async fn list_for_visit(tx: &mut Tx, ground: &Ground, visit: &[u8]) -> Result<Vec<Held>, Fault> {
    let mut all: Vec<Held> = Vec::new();
    for opened in visit_holders::list(tx, visit).await? {
        for held in list_opened(tx, ground, &opened).await? {
            if all.iter().all(|there| there.sign != held.sign) {
                all.push(held);
            }
        }
    }
    Ok(all)
}

/// # Errors
/// `NotFound`: this visit may not see it, or there is no such certificate.
pub async fn find_for_visit(tx: &mut Tx, ground: &Ground, visit: &[u8], serial: &str) -> Result<Held, Fault> {
    let all = list_for_visit(tx, ground, visit).await?;
    all.into_iter().find(|held| held.sign == serial).ok_or(Fault::NotFound)
}

async fn list_opened(tx: &mut Tx, ground: &Ground, opened: &Opened) -> Result<Vec<Held>, Fault> {
    let mut all = held::list_by_holder(tx, ground, &opened.holder_key).await?;
    all.retain(|held| {
        held.party.code() == opened.party
            && phone(held)
                .is_some_and(|phone| ground.sealing.digest_matches("phone", &phone, &opened.phone_key))
    });
    Ok(all)
}

/// The phone that is reserved for a certificate now, in the form that its key is made of.
pub fn phone(held: &Held) -> Option<String> {
    journey::entry::mobile::parse(&held.form.agent_phone).ok().map(|phone| phone.to_string())
}

/// The look-up key of the number that somebody typed.
///
/// # Errors
/// A field error like those of the form: it is no number of its kind.
pub fn key(ground: &Ground, party: Party, number: &str) -> Result<Vec<u8>, Fault> {
    details::holder_key(ground, party, number).ok_or_else(|| {
        let error = match party {
            Party::Organisation => journey::entry::credit_code::parse(number).err(),
            Party::Person => journey::entry::identity_document::look_up_form(number).err(),
        };
        let code = error.map_or("empty", |error| error.code);
        Fault::Fields(vec![FieldError { field: "id_number".into(), code: code.into() }])
    })
}
