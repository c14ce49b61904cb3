//! 签名验证 without the key (A41): drawn or typed, and confirmed by a code to the agent's phone. What was signed is written
//! down with the move; the sealed document is made of it afterwards.

use super::{Replacements, view};
use crate::advance::advance;
use crate::codes::{self, Wanted};
use crate::errand::{self, CodePurpose, Errand};
use crate::fault::Fault;
use crate::replaced;
use crate::store::orders::OrderRow;
use crate::store::signatures::SignatureRow;
use crate::store::{self, StoreError, Tx};
use crate::visits::order_for;
use crate::{details, ground::Ground};
use app::desk::error::{CodeRefusal, FieldError};
use app::desk::orders::CodeSent;
use app::desk::replacement::{FIELD, Mark};
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::event::{Event, EventKind};
use journey::mask;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::secret::SmsCode;
use journey::step::Step;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

const STROKES: usize = 80;
const POINTS: usize = 6_000;
/// Less ink than this is a slip of the finger: the sum of a stroke's ways, in points of the field.
const LEAST_INK: u32 = 120;

/// What was signed, as it is kept: sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub statement: Vec<String>,
    pub mark: Mark,
    /// The agent, or the person who applies.
    pub signer: String,
    /// The organisation that the agent signs for.
    pub holder: Option<String>,
    pub masked_phone: String,
    /// Title and SHA-256 of each upload.
    pub uploads: Vec<(String, String)>,
}

impl Replacements {
    /// # Errors
    /// Not at this step; too soon or too often.
    pub async fn send_code(&self, visit: Vec<u8>, ip: IpAddr, number: String) -> Result<CodeSent, Fault> {
        let desk = self.clone();
        let sent = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                at_signature(&row)?;
                let phone = details::open(&desk.ground, &row)?.agent_phone.clone();
                let wanted = Wanted { purpose: CodePurpose::Signature, subject: &row.id, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let sent = codes::send(tx, &desk.ground, &wanted, &phone).await?;
                Ok::<_, Fault>(sent.map(|()| mask::phone(&phone)))
            })
        });
        let masked_phone = sent.await?.map_err(Fault::Code)?;
        Ok(CodeSent {
            masked_phone,
            valid_minutes: u32::try_from(codes::VALID_MINUTES).unwrap_or(5),
            again_after_s: u32::try_from(codes::AGAIN_AFTER_S).unwrap_or(60),
        })
    }

    /// Signs the details that lie here now, and moves the order.
    ///
    /// # Errors
    /// What is replaced has ended meanwhile (A39); a signature that is none; a code that is wrong, old or used: the order has not moved.
    pub async fn sign(
        &self,
        visit: Vec<u8>,
        number: String,
        seen: i64,
        mark: Mark,
        code: SmsCode,
    ) -> Result<OrderRow, Fault> {
        let desk = self.clone();
        let signed = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                at_signature(&row)?;
                if let Some(expired_at) = replaced::ended(tx, &desk.ground, &row).await? {
                    return Err(Refusal::CertificateExpired { expired_at }.into());
                }
                let form = details::open(&desk.ground, &row)?;
                check(&mark, &form)?;
                // A refused code must commit its counted try: it is an answer, not an error.
                let phone_key =
                    match codes::check(tx, &desk.ground, CodePurpose::Signature, &row.id, &code).await? {
                        Ok(phone_key) => phone_key,
                        Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                    };
                // The code proves the phone that it went to; the form may name another one by now.
                if !desk.ground.sealing.digest_matches("phone", &form.agent_phone, &phone_key) {
                    return Ok(Err(CodeRefusal::Gone));
                }
                let digest = details::digest(&form);
                let record = record(tx, &row, &form, mark).await?;
                let event = Event::Signed { digest: digest.clone() };
                let row = advance(tx, &desk.ground, row, Some(seen), event, &Actor::Applicant).await?;
                desk.write_down(tx, &row, digest, &record).await?;
                Ok(Ok(row))
            })
        });
        signed.await?.map_err(Fault::Code)
    }

    async fn write_down(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        digest: String,
        record: &Record,
    ) -> Result<(), Fault> {
        let clear = serde_json::to_vec(record)
            .map_err(|e| StoreError::impossible("signatures", "record", &row.id, e))?;
        let place = place(&row.id, row.version);
        let signature = SignatureRow {
            order_id: row.id.clone(),
            version: row.version,
            digest,
            record: self.ground.sealing.seal(&place, &clear),
            signed_at: row.changed_at,
            document: None,
        };
        store::signatures::record(tx, &signature).await?;
        let errand = Errand::SealSignature { order_id: row.id.clone(), version: row.version };
        errand::record(tx, &self.ground, &errand, &place, row.changed_at).await?;
        Ok(())
    }
}

fn at_signature(row: &OrderRow) -> Result<(), Fault> {
    if row.order.step() == Some(Step::Signature) {
        return Ok(());
    }
    Err(Refusal::NotHere { standing: row.order.standing, event: EventKind::Signed }.into())
}

async fn record(tx: &mut Tx, row: &OrderRow, form: &DetailsForm, mark: Mark) -> Result<Record, Fault> {
    let uploads = store::evidence::list_for_order(tx, &row.id).await?;
    Ok(Record {
        statement: view::statement(row, form),
        mark,
        signer: form.agent_name.clone(),
        holder: (row.order.party == Party::Organisation).then(|| form.holder_name.clone()),
        masked_phone: mask::phone(&form.agent_phone),
        uploads: uploads.into_iter().map(|file| (file.kind.title().to_owned(), file.digest)).collect(),
    })
}

/// Enough ink within the field, or the signer's own name.
fn check(mark: &Mark, form: &DetailsForm) -> Result<(), Fault> {
    let wrong =
        |code: &str| Err(Fault::Fields(vec![FieldError { field: "signature".into(), code: code.into() }]));
    match mark {
        Mark::Typed { name } if name.trim() == form.agent_name => Ok(()),
        Mark::Typed { .. } => wrong("signature_other_name"),
        Mark::Drawn { strokes } => {
            let points: usize = strokes.iter().map(Vec::len).sum();
            let inside = |(x, y): &(u16, u16)| *x <= FIELD.0 && *y <= FIELD.1;
            if strokes.len() > STROKES || points > POINTS || !strokes.iter().flatten().all(inside) {
                return wrong("signature_too_long");
            }
            let ink: u32 = strokes.iter().map(|stroke| ink(stroke)).sum();
            if ink < LEAST_INK { wrong("signature_empty") } else { Ok(()) }
        }
    }
}

fn ink(stroke: &[(u16, u16)]) -> u32 {
    stroke
        .windows(2)
        .map(|two| u32::from(two[0].0.abs_diff(two[1].0)) + u32::from(two[0].1.abs_diff(two[1].1)))
        .sum()
}

pub(super) fn place(order_id: &str, version: i64) -> String {
    format!("signatures.record/{order_id}/{version}")
}

pub(super) fn open_record(ground: &Ground, row: &SignatureRow) -> Result<Record, Fault> {
    let clear = ground.sealing.open(&place(&row.order_id, row.version), &row.record)?;
    let impossible = |e| StoreError::impossible("signatures", "record", &row.order_id, e);
    Ok(serde_json::from_slice(&clear).map_err(impossible)?)
}
