//! Who asks: the holder's number, and a code to the phone that is reserved for the certificates (R085, R086, R102, R103).

use super::Lost;
use crate::codes;
use crate::errand::{CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::questions::{self, Asked};
use crate::store::visit_holders::Opened;
use crate::{held, holders, store};
use app::desk::orders::CodeSent;
use journey::moment::Moment;
use journey::party::Party;
use journey::secret::SmsCode;
use std::net::IpAddr;

const PURPOSE: CodePurpose = CodePurpose::Lost;

impl Lost {
    /// Asks for a code to every phone that is reserved for a certificate of this holder.
    ///
    /// # Errors
    /// The number is not a number of its kind; too soon or too often. Never whether it is known (R126).
    pub async fn send_code(
        &self,
        visit: Vec<u8>,
        ip: IpAddr,
        party: Party,
        id_number: String,
    ) -> Result<CodeSent, Fault> {
        let key = holders::key(&self.ground, party, &id_number)?;
        let desk = self.clone();
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let asked = Asked { purpose: PURPOSE, visit: &visit, party, holder_key: &key };
                let holder_key = hex::encode(&key);
                let errand =
                    |question, ends_at| Errand::SendLostCodes { question, party, holder_key, ends_at };
                questions::ask(tx, &desk.ground, &asked, ip, desk.codes, errand).await
            })
        });
        asked.await?.map_err(Fault::Code)?;
        Ok(CodeSent {
            masked_phone: String::new(),
            valid_minutes: u32::try_from(codes::VALID_MINUTES).unwrap_or(5),
            again_after_s: u32::try_from(codes::AGAIN_AFTER_S).unwrap_or(60),
        })
    }

    /// The errand behind a question: codes to the reserved phones, if there are any.
    ///
    /// # Errors
    /// The store's own.
    pub async fn send_codes(
        &self,
        question: String,
        party: Party,
        holder_key: String,
        ends_at: Moment,
    ) -> Result<Outcome, Fault> {
        if self.ground.now() >= ends_at {
            return Ok(Outcome::done());
        }
        let key = hex::decode(&holder_key).map_err(|error| Fault::Document(error.to_string()))?;
        let mut reader = self.ground.store.read().await?;
        let mut phones: Vec<String> = Vec::new();
        for held in held::list_by_holder(&mut reader, &self.ground, &key).await? {
            let phone = holders::phone(&held).filter(|_| held.party == party);
            phones.extend(phone.filter(|phone| !phones.contains(phone)));
        }
        drop(reader);
        Ok(questions::send(&self.ground, PURPOSE, question, phones))
    }

    /// Opens the certificates of the phone that this code went to, and the orders that its agent handles: what was begun
    /// for one of them goes on. `asking` is the visit that asked for the code, `fresh` the one that sees them from now on.
    ///
    /// # Errors
    /// The code is wrong, old or used up; an unknown number hears the same.
    pub async fn check_code(
        &self,
        asking: Vec<u8>,
        fresh: Vec<u8>,
        party: Party,
        id_number: String,
        code: SmsCode,
    ) -> Result<(), Fault> {
        let key = holders::key(&self.ground, party, &id_number)?;
        let desk = self.clone();
        let opened = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let asked = Asked { purpose: PURPOSE, visit: &asking, party, holder_key: &key };
                let phone_key = match questions::check(tx, &desk.ground, &asked, &code).await? {
                    Ok(phone_key) => phone_key,
                    // The counted try must be committed: a refusal is an answer.
                    Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                };
                for (row, agent_key) in store::orders::list_for_holder(tx, party.code(), &key).await? {
                    if agent_key.as_deref() == Some(phone_key.as_slice()) {
                        store::visits::let_see(tx, &fresh, &row.id).await?;
                    }
                }
                let opened = Opened { party: party.code().to_owned(), holder_key: key, phone_key };
                store::visit_holders::record(tx, &fresh, &opened, desk.ground.now()).await?;
                Ok(Ok(()))
            })
        });
        opened.await?.map_err(Fault::Code)
    }
}
