//! Which desk does which errand: the whole roll.

use crate::dispatch::Dispatch;
use crate::errand::{Errand, Outcome};
use crate::fault::Fault;
use crate::finance::Finance;
use crate::identity::Identity;
use crate::invoices::Invoices;
use crate::issuing::Issuing;
use crate::lost::Lost;
use crate::orders::Orders;
use crate::post::Post;
use crate::replacement::Replacements;
use crate::status::Status;
use crate::till::Till;
use journey::effect::Effect;
use journey::payment::Channel;

/// The desks that errands go to.
#[derive(Clone)]
pub struct Desks {
    pub orders: Orders,
    pub lost: Lost,
    pub replacements: Replacements,
    pub finance: Finance,
    pub till: Till,
    pub dispatch: Dispatch,
    pub post: Post,
    pub invoices: Invoices,
    pub issuing: Issuing,
    pub status: Status,
    pub identity: Identity,
}

impl Desks {
    /// `key` names the errand among its kind; what one errand fans out into is named after it.
    ///
    /// # Errors
    /// What the desk says; the runner takes it as "again".
    pub async fn hand_out(&self, errand: Errand, key: &str) -> Result<Outcome, Fault> {
        match errand {
            Errand::Effect { order_id, effect } => self.effect(&order_id, effect, key).await,
            Errand::SendCode { phone, code, purpose, ends_at } => {
                self.post.send_code(&phone, &code, purpose, ends_at).await
            }
            Errand::SendQueryCodes { query, party, holder_key, phone, ends_at } => {
                self.orders.send_query_codes(query, party, holder_key, phone, ends_at).await
            }
            Errand::SendLostCodes { question, party, holder_key, ends_at } => {
                self.lost.send_codes(question, party, holder_key, ends_at).await
            }
            Errand::TextNotice { order_id, notice, to_legal_person } => {
                self.post.text_notice(&order_id, notice, to_legal_person).await
            }
            Errand::MailNotice { order_id, notice } => self.post.mail_notice(&order_id, notice).await,
            Errand::MailInvoice { order_id, red } => self.invoices.mail(&order_id, red).await,
            Errand::MailInvoiceAgain { order_id, mail, to } => {
                self.invoices.mail_again(&order_id, &mail, to).await
            }
            Errand::TextReminder { serial } => self.post.text_reminder(&serial).await,
            Errand::MailReminder { serial } => self.post.mail_reminder(&serial, key).await,
            Errand::PasscodeAgain { order_id } => self.post.passcode_again(&order_id, key).await,
            Errand::AskProvider { attempt_id } => self.till.ask_provider(&attempt_id).await,
            Errand::CloseAttempt { attempt_id } => self.till.close_attempt(&attempt_id).await,
            Errand::AskCourier { order_id, waybill } => self.dispatch.ask_silent(&order_id, &waybill).await,
            Errand::TakeAsReceived { order_id, waybill } => {
                self.dispatch.take_as_received(order_id, waybill).await
            }
            Errand::TellUpstream { serial } => self.issuing.tell_upstream(&serial).await,
            Errand::HandOver { id } => self.orders.hand_over(&id).await,
            Errand::SealSignature { order_id, version } => {
                self.replacements.seal_document(&order_id, version).await
            }
        }
    }

    async fn effect(&self, order_id: &str, effect: Effect, key: &str) -> Result<Outcome, Fault> {
        match effect {
            Effect::SendNotice(notice) => self.post.notice(order_id, notice, key).await,
            Effect::SealPasscode => self.post.seal_passcode(order_id).await,
            Effect::SendPasscode => self.post.send_passcode(order_id).await,
            Effect::DestroyPasscode => self.post.destroy_passcode(order_id).await,
            Effect::IssueInvoice => self.invoices.issue(order_id).await,
            Effect::ReverseInvoice => self.invoices.reverse(order_id).await,
            Effect::Refund { attempt, amount, channel: Channel::Transfer } => {
                self.finance.refund(&attempt, amount).await
            }
            Effect::Refund { attempt, amount, .. } => self.till.refund(&attempt, amount).await,
            Effect::CloseAttempts => self.till.close_attempts(order_id).await,
            Effect::IssuePair => self.issuing.issue_as_errand(order_id).await,
            Effect::ActivatePair => self.issuing.activate(order_id).await,
            Effect::DiscardPair => self.issuing.discard(order_id).await,
            Effect::SuspendCertificate => self.status.suspend_chosen(order_id).await,
            Effect::ResumeCertificate => self.status.resume_chosen(order_id).await,
            Effect::RevokeCertificate => self.status.revoke_chosen(order_id).await,
            Effect::TrackParcel => self.dispatch.follow(order_id).await,
            Effect::UpdateContacts => self.orders.update_contacts(order_id).await,
            Effect::RetireOldPair => self.status.retire_old_pair(order_id).await,
            Effect::CheckIdentity => self.identity.check(order_id).await,
        }
    }
}
