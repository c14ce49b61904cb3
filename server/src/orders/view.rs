//! An order as its applicant sees it: everything that is theirs, nothing that is the office's.

use super::{Orders, Visit, order_for};
use crate::fault::Fault;
use crate::follow_up;
use crate::order_parts::{OrderParts, masked};
use crate::store;
use crate::store::agreements::Agreed;
use crate::store::invoices::InvoiceRow;
use crate::store::orders::OrderRow;
use app::desk::evidence::SealState;
use app::desk::follow_up::{RedLetterView, ReversedView};
use app::desk::orders::{AgreementView, InvoiceView, OrderView, PaidView, ParcelView, StepState, StepView};
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::event::EventKind;
use journey::moves::{Move, open_moves};
use journey::refusal::Refusal;
use journey::step::Step;

impl Orders {
    /// # Errors
    /// No such order for this visit.
    pub async fn view(&self, visit: &Visit, number: &str) -> Result<OrderView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let parts = OrderParts::load(&mut reader, &self.ground, row).await?;
        let row = &parts.row;
        let passcode = follow_up::passcode_view(&mut reader, row).await?;
        let way = follow_up::way(&mut reader, row).await?;
        let copies = follow_up::copies(&mut reader, &row.id).await?;
        let differs = self.register_differs(&mut reader, row).await?;
        let mut view = self.show(parts);
        view.register_differs = differs;
        view.passcode = passcode;
        if let Some(parcel) = &mut view.parcel {
            (parcel.scans, parcel.following) = way;
        }
        if let Some(invoice) = &mut view.invoice {
            invoice.copies = copies;
        }
        Ok(view)
    }

    /// The text that this order's applicant agreed to under this version, as it was (R151).
    ///
    /// # Errors
    /// No such order for this visit, no such agreement.
    pub async fn agreement_text(&self, visit: &Visit, number: &str, version: &str) -> Result<String, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        store::agreements::find_text(&mut reader, &row.id, version).await?.ok_or(Fault::NotFound)
    }

    fn show(&self, parts: OrderParts) -> OrderView {
        let order = &parts.row.order;
        let draft = order.paid.is_none() && order.standing.is_open();
        OrderView {
            number: parts.row.number.clone(),
            version: parts.row.version,
            service: order.service,
            party: order.party,
            route: order.route,
            standing: order.standing,
            steps: steps(&parts.row),
            moves: moves(&parts),
            details: shown_details(&parts),
            draft_mark: crate::details::digest(&parts.form),
            method: order.method,
            price: order.price.unwrap_or_else(|| self.listed_price(&parts.row)),
            paid: order.paid.as_ref().map(|paid| PaidView {
                channel: paid.channel,
                amount: paid.amount,
                at: paid.at,
            }),
            refund: order.payments().next().map(|_| order.refund_state()),
            evidence: parts.evidence(),
            returned: order.returned.clone(),
            rejected_reason: order.rejected_for.clone(),
            promise_due: order.promise_due.map(|day| day.to_string()),
            invoice: parts.invoice.as_ref().map(|invoice| show_invoice(&parts.row, invoice)),
            parcel: order.parcel.as_ref().map(|parcel| ParcelView {
                courier: parcel.courier.clone(),
                waybill: parcel.waybill.clone(),
                shipped_at: parcel.shipped_at,
                scans: Vec::new(),
                following: None,
            }),
            passcode: None,
            passcode_sent_at: parts.passcode.as_ref().and_then(|passcode| passcode.sent_at),
            passcode_failed: order.passcode_failed_for.clone(),
            opened_at: parts.row.opened_at,
            changed_at: parts.row.changed_at,
            draft_until: draft.then(|| parts.row.changed_at.plus_days(self.draft_days)),
            history: parts.history(),
            agreements: parts.agreements.iter().map(agreement).collect(),
            register_differs: None,
        }
    }

    fn listed_price(&self, row: &OrderRow) -> journey::money::Fen {
        self.offers
            .find(row.order.service, row.order.party)
            .map_or(journey::money::Fen::ZERO, |offer| offer.price)
    }
}

/// The rule book's; an image that its applicant has not looked at yet holds up 确认申请.
fn moves(parts: &OrderParts) -> Vec<Move> {
    let mut moves = open_moves(&parts.row.order, &Actor::Applicant);
    let waits = parts.seals.iter().any(|seal| seal.state == SealState::Cut);
    for submit in moves.iter_mut().filter(|offered| waits && offered.event == EventKind::EvidenceSubmitted) {
        submit.blocked.get_or_insert(Refusal::SealNotAccepted);
    }
    moves
}

fn agreement(agreed: &Agreed) -> AgreementView {
    AgreementView { version: agreed.version.clone(), digest: agreed.digest.clone(), at: agreed.at }
}

fn steps(row: &OrderRow) -> Vec<StepView> {
    let now = row.order.step();
    let mut passed_now = false;
    row.order
        .itinerary()
        .iter()
        .map(|step| {
            let state = if Some(*step) == now {
                passed_now = true;
                StepState::Now
            } else if row.order.settled.contains(step) || (now.is_some() && !passed_now) {
                StepState::Done
            } else {
                StepState::Next
            };
            StepView { step: *step, state }
        })
        .collect()
}

/// In full while the applicant may still change them; masked once they are the office's (R141), or where nobody has
/// proven anything yet but that a key is in the port (A27).
fn shown_details(parts: &OrderParts) -> DetailsForm {
    let editable = matches!(
        parts.row.order.step(),
        Some(
            Step::Details
                | Step::Confirm
                | Step::Evidence
                | Step::PhoneCheck
                | Step::Signature
                | Step::Payment
        )
    );
    if editable && !parts.row.order.service.keeps_to_certificate() {
        parts.form.clone()
    } else {
        masked(&parts.form, parts.row.order.party)
    }
}

fn show_invoice(row: &OrderRow, invoice: &InvoiceRow) -> InvoiceView {
    InvoiceView {
        number: invoice.number.clone(),
        issued_at: invoice.issued_at,
        mailed_at: invoice.mailed_at,
        mail_failed: invoice.mail_error.clone(),
        copies: Vec::new(),
        reversed: invoice.reversed_at.map(|at| ReversedView {
            at,
            red: invoice.red_number.clone().map(|red| RedLetterView {
                number: red,
                pdf_path: format!("/files/invoice/{}.red.pdf", row.number),
                xml_path: format!("/files/invoice/{}.red.xml", row.number),
            }),
        }),
        pdf_path: format!("/files/invoice/{}.pdf", row.number),
        xml_path: format!("/files/invoice/{}.xml", row.number),
    }
}
