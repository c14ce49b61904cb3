//! The rows that an order's page is made of, and its details as they may stand on a screen. Read by several desks.

use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::agreements::Agreed;
use crate::store::evidence::EvidenceFile;
use crate::store::invoices::InvoiceRow;
use crate::store::orders::OrderRow;
use crate::store::passcodes::PasscodeRow;
use crate::store::seal_images::SealImage;
use crate::store::{self, Tx};
use app::desk::orders::{EvidenceView, FileView, HistoryLine};
use journey::details::DetailsForm;
use journey::evidence::{EvidenceKind, required};
use journey::party::Party;
use journey::replay::Entry;

/// All rows that an order's page is made of, read in one go.
pub struct OrderParts {
    pub row: OrderRow,
    pub form: DetailsForm,
    pub files: Vec<EvidenceFile>,
    pub journal: Vec<Entry>,
    pub invoice: Option<InvoiceRow>,
    pub passcode: Option<PasscodeRow>,
    pub seals: Vec<SealImage>,
    pub agreements: Vec<Agreed>,
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
            seals: store::seal_images::list_for_order(tx, &row.id).await?,
            agreements: store::agreements::list_for_order(tx, &row.id).await?,
            row,
        })
    }

    pub fn evidence(&self) -> Vec<EvidenceView> {
        let order = &self.row.order;
        let view = |kind: &EvidenceKind| {
            let file = self.files.iter().rev().find(|file| file.kind == *kind);
            let seal = file.and_then(|file| self.seals.iter().find(|seal| seal.file_id == file.id));
            EvidenceView { kind: *kind, file: file.map(show_file), seal: seal.map(|seal| seal.state) }
        };
        required(order.service, order.party, order.route).iter().map(view).collect()
    }

    pub fn history(&self) -> Vec<HistoryLine> {
        let line = |entry: &Entry| HistoryLine { at: entry.at, event: entry.event.kind().code().to_owned() };
        self.journal.iter().map(line).collect()
    }
}

fn show_file(file: &EvidenceFile) -> FileView {
    FileView {
        id: file.id.clone(),
        media_type: file.media_type.clone(),
        bytes: u64::try_from(file.bytes).unwrap_or(0),
        added_at: file.added_at,
    }
}

/// What may stand on a screen: numbers, cards and accounts by their ends.
pub fn masked(form: &DetailsForm, party: Party) -> DetailsForm {
    use journey::mask;
    let account = |number: &str| if number.is_empty() { String::new() } else { mask::bank_card(number) };
    let phone = |number: &str| if number.is_empty() { String::new() } else { mask::phone(number) };
    let id = |number: &str| if number.is_empty() { String::new() } else { mask::id_number(number) };
    // An organisation's name and credit code are public; a person's name and number are not, wherever they stand.
    let person = party == Party::Person;
    let own =
        |name: &String| if person && *name == form.holder_name { mask::name(name) } else { name.clone() };
    DetailsForm {
        holder_name: own(&form.holder_name),
        account_name: own(&form.account_name),
        invoice_title: own(&form.invoice_title),
        holder_id: if person { id(&form.holder_id) } else { form.holder_id.clone() },
        legal_person_id: id(&form.legal_person_id),
        legal_person_name: mask::name(&form.legal_person_name),
        legal_person_phone: phone(&form.legal_person_phone),
        bank_card: account(&form.bank_card),
        account_number: account(&form.account_number),
        agent_name: mask::name(&form.agent_name),
        agent_phone: phone(&form.agent_phone),
        email: if form.email.is_empty() { String::new() } else { mask::email(&form.email) },
        recipient_name: mask::name(&form.recipient_name),
        recipient_phone: phone(&form.recipient_phone),
        ..form.clone()
    }
}
