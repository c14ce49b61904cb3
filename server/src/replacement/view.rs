//! What the pages of a replacement show beside the order, and the sealed document for who may see it.

use super::{Replacements, sign};
use crate::details;
use crate::fault::Fault;
use crate::held;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::visits::order_for;
use app::desk::replacement::{ReplacementView, SignedView};
use journey::actor::StaffId;
use journey::details::DetailsForm;
use journey::eligibility::{CertificateStatus, RENEWAL_OPENS_DAYS};
use journey::mask;
use journey::party::Party;
use journey::service::Service;

/// Who wants to see the document.
#[derive(Clone, Debug)]
pub enum Looker {
    /// A visit, by its token's digest.
    Visit(Vec<u8>),
    /// A reviewer.
    Staff(StaffId),
}

impl Replacements {
    /// # Errors
    /// No such replacement for this visit.
    pub async fn view(&self, visit: &[u8], number: &str) -> Result<ReplacementView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        if row.order.service != Service::Replacement {
            return Err(Fault::NotFound);
        }
        let known = store::replacements::find(&mut reader, &row.id).await?.ok_or(Fault::NotFound)?;
        let held = held::find_by_serial(&mut reader, &self.ground, &known.sign_serial).await?;
        let held = held.ok_or(Fault::NotFound)?;
        let form = details::open(&self.ground, &row)?;
        let signature = store::signatures::find(&mut reader, &row.id).await?;
        let signature = signature.filter(|_| row.order.signed_digest.is_some());
        let listed = self.offer(row.order.party).map(|offer| offer.price);
        let now = self.ground.now();
        Ok(ReplacementView {
            renewal_soon: now > held.not_after.plus_days(-RENEWAL_OPENS_DAYS),
            not_after: held.not_after,
            on_hold: held.status == CertificateStatus::Suspended,
            sign_serial: held.sign,
            price: row.order.price.or(listed).unwrap_or(journey::money::Fen::ZERO),
            account: self.account.clone().filter(|_| row.order.party == Party::Organisation),
            reference: known.reference,
            transferred: row.order.paid.is_some(),
            statement: statement(&row, &form),
            signer: mask::name(&form.agent_name),
            signed: signature.map(|signature| SignedView {
                signed_at: signature.signed_at,
                pdf_path: signature.document.is_some().then(|| format!("/files/signature/{number}.pdf")),
            }),
        })
    }

    /// The sealed document, for who may see the order; that a reviewer looked is written down (R161).
    ///
    /// # Errors
    /// No such order for this looker, or it is not sealed yet.
    pub async fn document_for(&self, looker: &Looker, number: &str) -> Result<Vec<u8>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = self.row_for(&mut reader, looker, number).await?;
        let signature = store::signatures::find(&mut reader, &row.id).await?.ok_or(Fault::NotFound)?;
        drop(reader);
        if let Looker::Staff(staff) = looker {
            let (id, staff, order, now) =
                (self.ground.dice.id(), staff.0.clone(), row.id.clone(), self.ground.now());
            let noted = self.ground.store.write(move |tx| {
                Box::pin(async move {
                    store::staff::record_look(tx, &id, &staff, &order, "signature", "审核", now).await
                })
            });
            noted.await?;
        }
        let sealed = signature.document.ok_or(Fault::NotFound)?;
        let place = document_place(&signature.order_id, signature.version);
        Ok(self.ground.sealing.open(&place, &sealed)?.to_vec())
    }

    async fn row_for(&self, tx: &mut Tx, looker: &Looker, number: &str) -> Result<OrderRow, Fault> {
        match looker {
            Looker::Visit(visit) => order_for(tx, visit, number).await,
            Looker::Staff(_) => store::orders::find_by_number(tx, number).await?.ok_or(Fault::NotFound),
        }
    }
}

pub(super) fn document_place(order_id: &str, version: i64) -> String {
    format!("{}/document", sign::place(order_id, version))
}

/// What is signed, sentence by sentence.
pub(super) fn statement(row: &OrderRow, form: &DetailsForm) -> Vec<String> {
    let serial = row.order.certificate_serial.as_deref().unwrap_or_default();
    vec![
        format!("{}申请补办数字证书，订单号 {}，原证书序列号 {serial}。", form.holder_name, row.number),
        "所填写的信息与所上传的资料真实、完整、有效。".to_owned(),
        "同意原签名证书与加密证书在审核通过时吊销，补办的证书沿用原证书的到期日。".to_owned(),
        format!("已阅读并同意《数字证书服务协议》（版本 {}）。", form.agreement),
        "同意以手写或键盘签名并经短信验证码确认的方式签署本申请，其效力与亲笔签名相同。".to_owned(),
    ]
}
