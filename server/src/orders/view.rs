//! An order as its applicant sees it: everything that is theirs, nothing that is the office's.

use super::{Orders, Visit, order_for};
use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::evidence::EvidenceFile;
use crate::store::invoices::InvoiceRow;
use crate::store::orders::OrderRow;
use crate::store::passcodes::PasscodeRow;
use crate::store::{self, Tx};
use app::desk::orders::{
    EvidenceView, FileView, HistoryLine, InvoiceView, OrderView, PaidView, ParcelView, StepState, StepView,
};
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::evidence::required;
use journey::replay::Entry;
use journey::step::Step;

/// All rows that an order's page is made of, read in one go.
pub struct OrderParts {
    pub row: OrderRow,
    pub form: DetailsForm,
    pub files: Vec<EvidenceFile>,
    pub journal: Vec<Entry>,
    pub invoice: Option<InvoiceRow>,
    pub passcode: Option<PasscodeRow>,
}

impl OrderParts {
    /// # Errors
    /// The store's own, or a seal that does not open.
    pub async fn load(tx: &mut Tx, ground: &Ground, row: OrderRow) -> Result<OrderParts, Fault> {
        Ok(OrderParts {
            form: details::open(ground, &row)?,
            files: store::evidence::list_for_order(tx, &row.id).await?,
            journal: store::journal::list(tx, &row.id).await?,
            invoice: store::invoices::find(tx, &row.id).await?,
            passcode: store::passcodes::find(tx, &row.id).await?,
            row,
        })
    }

    pub fn evidence(&self) -> Vec<EvidenceView> {
        let order = &self.row.order;
        required(order.service, order.party, order.route)
            .iter()
            .map(|kind| EvidenceView {
                kind: *kind,
                file: self.files.iter().rev().find(|file| file.kind == *kind).map(|file| FileView {
                    id: file.id.clone(),
                    media_type: file.media_type.clone(),
                    bytes: u64::try_from(file.bytes).unwrap_or(0),
                    added_at: file.added_at,
                }),
            })
            .collect()
    }

    pub fn history(&self) -> Vec<HistoryLine> {
        let line = |entry: &Entry| HistoryLine { at: entry.at, event: entry.event.kind().code().to_owned() };
        self.journal.iter().map(line).collect()
    }
}

impl Orders {
    /// # Errors
    /// No such order for this visit.
    pub async fn view(&self, visit: &Visit, number: &str) -> Result<OrderView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let parts = OrderParts::load(&mut reader, &self.ground, row).await?;
        Ok(self.show(parts))
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
            moves: journey::moves::open_moves(order, &Actor::Applicant),
            details: shown_details(&parts),
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
            }),
            passcode_sent_at: parts.passcode.as_ref().and_then(|passcode| passcode.sent_at),
            passcode_failed: order.passcode_failed_for.clone(),
            opened_at: parts.row.opened_at,
            changed_at: parts.row.changed_at,
            draft_until: draft.then(|| parts.row.changed_at.plus_days(self.draft_days)),
            history: parts.history(),
        }
    }

    fn listed_price(&self, row: &OrderRow) -> journey::money::Fen {
        self.offers
            .find(row.order.service, row.order.party)
            .map_or(journey::money::Fen::ZERO, |offer| offer.price)
    }
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

/// In full while the applicant may still change them; masked once they are the office's (R141).
fn shown_details(parts: &OrderParts) -> DetailsForm {
    let editable = matches!(
        parts.row.order.step(),
        Some(Step::Details | Step::Confirm | Step::Evidence | Step::PhoneCheck | Step::Payment)
    );
    if editable { parts.form.clone() } else { masked(&parts.form) }
}

/// What may stand on a screen: numbers, cards and accounts by their ends.
pub fn masked(form: &DetailsForm) -> DetailsForm {
    use journey::mask;
    let account = |number: &str| if number.is_empty() { String::new() } else { mask::bank_card(number) };
    let phone = |number: &str| if number.is_empty() { String::new() } else { mask::phone(number) };
    let id = |number: &str| if number.is_empty() { String::new() } else { mask::id_number(number) };
    // A credit code is public; a person's number is not.
    let person = journey::entry::credit_code::parse(&form.holder_id).is_err();
    DetailsForm {
        holder_id: if person { id(&form.holder_id) } else { form.holder_id.clone() },
        legal_person_id: id(&form.legal_person_id),
        legal_person_name: mask::name(&form.legal_person_name),
        legal_person_phone: phone(&form.legal_person_phone),
        bank_card: account(&form.bank_card),
        account_number: account(&form.account_number),
        agent_name: mask::name(&form.agent_name),
        agent_phone: phone(&form.agent_phone),
        email: if form.email.is_empty() { String::new() } else { mask::email(&form.email) },
        recipient_phone: phone(&form.recipient_phone),
        ..form.clone()
    }
}

fn show_invoice(row: &OrderRow, invoice: &InvoiceRow) -> InvoiceView {
    InvoiceView {
        number: invoice.number.clone(),
        issued_at: invoice.issued_at,
        mailed_at: invoice.mailed_at,
        mail_failed: invoice.mail_error.clone(),
        pdf_path: format!("/files/invoice/{}.pdf", row.number),
        xml_path: format!("/files/invoice/{}.xml", row.number),
    }
}
