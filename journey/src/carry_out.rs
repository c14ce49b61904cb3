//! Turns what a row does into effects, and notes on the order that they were ordered.

use crate::{
    effect::Effect,
    event::Event,
    moment::Moment,
    need::money,
    order::{InvoiceState, Order, Paid, PasscodeState, RefundState},
    row::Do,
    step::Step,
};

/// `None` where there is nothing to do.
pub(crate) fn carry_out(order: &mut Order, todo: Do, event: &Event, at: Moment) -> Option<Effect> {
    match todo {
        Do::Notice(notice) => Some(Effect::SendNotice(notice)),
        Do::NoticeIfPaid(notice) => order.paid.as_ref().map(|_| Effect::SendNotice(notice)),
        Do::CountPayment => {
            order.paid = paid(event, at, RefundState::Kept);
            None
        }
        Do::RefundThis => {
            let surplus = paid(event, at, RefundState::Due)?;
            let refund = refund(&surplus);
            order.surplus.push(surplus);
            Some(refund)
        }
        Do::RefundPaid => {
            let paid = order.paid.as_mut().filter(|paid| paid.refund == RefundState::Kept)?;
            paid.refund = RefundState::Due;
            Some(refund(paid))
        }
        Do::CloseAttempts => {
            let asked = order.itinerary().contains(&Step::Payment) && order.price.is_some();
            asked.then_some(Effect::CloseAttempts)
        }
        Do::IssueInvoice => {
            order.invoice = InvoiceState::Ordered;
            Some(Effect::IssueInvoice)
        }
        Do::ReverseInvoice => {
            let issued = order.invoice == InvoiceState::Ordered;
            issued.then(|| {
                order.invoice = InvoiceState::Reversed;
                Effect::ReverseInvoice
            })
        }
        Do::SealPasscode => Some(Effect::SealPasscode),
        Do::SendPasscode => Some(Effect::SendPasscode),
        Do::DestroyPasscode => {
            // At its own step it may be in the making.
            let exists = matches!(order.passcode, PasscodeState::Sealed | PasscodeState::Sent)
                || order.step() == Some(Step::Passcode);
            exists.then(|| {
                order.passcode = PasscodeState::Destroyed;
                Effect::DestroyPasscode
            })
        }
        Do::CheckIdentity => Some(Effect::CheckIdentity),
        Do::IssuePair => Some(Effect::IssuePair),
        Do::ActivatePair => Some(Effect::ActivatePair),
        Do::DiscardPair => order.sign_serial.as_ref().map(|_| Effect::DiscardPair),
        Do::RetireOldPair => Some(Effect::RetireOldPair),
        Do::SuspendCertificate => {
            matches!(event, Event::RecordChosen { suspend: true, .. }).then_some(Effect::SuspendCertificate)
        }
        Do::ResumeCertificate => Some(Effect::ResumeCertificate),
        Do::RevokeCertificate => Some(Effect::RevokeCertificate),
        Do::TrackParcel => Some(Effect::TrackParcel),
        Do::UpdateContacts => Some(Effect::UpdateContacts),
    }
}

fn paid(event: &Event, at: Moment, refund: RefundState) -> Option<Paid> {
    let (attempt, channel, amount) = money(event)?;
    Some(Paid { attempt: attempt.to_owned(), channel, amount, at, refund })
}

fn refund(paid: &Paid) -> Effect {
    Effect::Refund { attempt: paid.attempt.clone(), channel: paid.channel, amount: paid.amount }
}
