//! Who asks: the holder's number, and a code to the phone that is reserved for the certificates (R085, R086, R102, R103).

use super::Lost;
use crate::codes::{self, Wanted};
use crate::errand::CodePurpose;
use crate::fault::Fault;
use crate::store::visit_holders::Opened;
use crate::{held, holders, store};
use app::desk::error::CodeRefusal;
use app::desk::orders::CodeSent;
use journey::party::Party;
use journey::secret::SmsCode;
use std::net::IpAddr;

/// Reserved phones of one holder that are written to at most.
const PHONES: usize = 5;

impl Lost {
    /// Sends a code to every phone that is reserved for a certificate of this holder.
    ///
    /// # Errors
    /// The number is not a number of its kind; too soon or too often. Never whether it is known (R126).
    pub async fn send_code(&self, ip: IpAddr, party: Party, id_number: String) -> Result<CodeSent, Fault> {
        let key = holders::key(&self.ground, party, &id_number)?;
        let desk = self.clone();
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let subject = subject(party, &key);
                let wanted = Wanted { purpose: CodePurpose::Lost, subject: &subject, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let mut phones: Vec<String> = Vec::new();
                for held in held::list_by_holder(tx, &desk.ground, &key).await? {
                    let phone = holders::phone(&held).filter(|_| held.party == party);
                    phones.extend(phone.filter(|phone| !phones.contains(phone)));
                }
                for phone in phones.iter().take(PHONES) {
                    // A phone over its limit gets nothing, and the page says the same as ever.
                    let _ = codes::send(tx, &desk.ground, &wanted, phone).await?;
                }
                Ok::<_, Fault>(Ok(()))
            })
        });
        asked.await?.map_err(Fault::Code)?;
        Ok(CodeSent {
            masked_phone: String::new(),
            valid_minutes: u32::try_from(codes::VALID_MINUTES).unwrap_or(5),
            again_after_s: u32::try_from(codes::AGAIN_AFTER_S).unwrap_or(60),
        })
    }

    /// Opens the certificates of the phone that this code went to, and the orders that its agent handles: what was begun
    /// for one of them goes on.
    ///
    /// # Errors
    /// The code is wrong, old or used up; also what an unknown number hears.
    pub async fn check_code(
        &self,
        visit: Vec<u8>,
        party: Party,
        id_number: String,
        code: SmsCode,
    ) -> Result<(), Fault> {
        let key = holders::key(&self.ground, party, &id_number)?;
        let desk = self.clone();
        let opened = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let subject = subject(party, &key);
                let phone_key =
                    match codes::check(tx, &desk.ground, CodePurpose::Lost, &subject, &code).await? {
                        Ok(phone_key) => phone_key,
                        // The counted try must be committed: a refusal is an answer.
                        Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                    };
                for (row, agent_key) in store::orders::list_for_holder(tx, party.code(), &key).await? {
                    if agent_key.as_deref() == Some(phone_key.as_slice()) {
                        store::visits::let_see(tx, &visit, &row.id).await?;
                    }
                }
                let opened = Opened { party: party.code().to_owned(), holder_key: key, phone_key };
                store::visit_holders::record(tx, &visit, &opened, desk.ground.now()).await?;
                Ok(Ok(()))
            })
        });
        opened.await?.map_err(|refusal| Fault::Code(same_for_all(refusal)))
    }
}

/// An unknown number has no code whose tries could be counted down: both hear the same (R126).
fn same_for_all(refusal: CodeRefusal) -> CodeRefusal {
    match refusal {
        CodeRefusal::Wrong { .. } | CodeRefusal::Expired | CodeRefusal::Gone => CodeRefusal::Gone,
        other => other,
    }
}

fn subject(party: Party, key: &[u8]) -> String {
    format!("{}/{}", party.code(), hex::encode(key))
}
