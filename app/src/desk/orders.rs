//! The applicant's order: started as a draft, filled in, confirmed, phone-checked, followed, withdrawn.

use super::DeskError;
pub use super::agreements::{AgreementView, agreement_path};
pub use super::evidence::{EvidenceView, FileView};
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::moment::Moment;
use journey::money::Fen;
use journey::order::Standing;
use journey::party::Party;
use journey::registered::RegisteredFact;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What the house offers and on which terms: read by the home page and before a journey starts (R001, R003, R006).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    pub authority_name: String,
    pub hotline: String,
    pub help_url: String,
    pub offers: Vec<Offer>,
    pub agreement_version: String,
    /// The sandbox plays the outside parties, or the root is a demo: said on every page.
    pub demo: bool,
    /// A person's seal sample carries the seal of their organisation (机构个人); false: they apply for themselves (A09).
    #[serde(default)]
    pub person_in_organisation: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub service: Service,
    pub party: Party,
    /// What the applicant pays in all, shown before confirming and charged unchanged (R145).
    pub price: Fen,
    pub promise_working_days: u8,
    /// Can be started now; the home page says so where it cannot.
    pub open: bool,
}

/// An order as its applicant sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    pub number: String,
    /// Goes back with every change; an older one is answered with `Changed` (R158).
    pub version: i64,
    pub service: Service,
    pub party: Party,
    pub route: Route,
    pub standing: Standing,
    /// The itinerary in order, each with its state.
    pub steps: Vec<StepView>,
    /// The applicant's moves that the rule book allows now: the only buttons there are.
    pub moves: Vec<journey::moves::Move>,
    pub details: DetailsForm,
    /// Names the form as it lies at the office: goes back with what is typed, so that two tabs do not overwrite each other
    /// (R158).
    #[serde(default)]
    pub draft_mark: String,
    pub method: Option<IdentityMethod>,
    pub price: Fen,
    pub paid: Option<PaidView>,
    /// Of the payment: kept, on its way back, or back.
    pub refund: Option<journey::order::RefundState>,
    pub evidence: Vec<EvidenceView>,
    /// What the review sent back for correction, with reasons and notes; empty once resubmitted.
    pub returned: Vec<journey::event::ReturnItem>,
    pub rejected_reason: Option<String>,
    /// The day by which the review's result is promised (Beijing date, `2026-11-25`), R031.
    pub promise_due: Option<String>,
    pub invoice: Option<InvoiceView>,
    pub parcel: Option<ParcelView>,
    /// Where the password is; `None` while there is none.
    #[serde(default)]
    pub passcode: Option<super::follow_up::PasscodeView>,
    /// When the passcode left by its channel (R122); never the passcode.
    pub passcode_sent_at: Option<Moment>,
    pub passcode_failed: Option<String>,
    pub opened_at: Moment,
    pub changed_at: Moment,
    /// A draft is deleted after this moment (R160).
    pub draft_until: Option<Moment>,
    pub history: Vec<HistoryLine>,
    /// What was agreed to, the oldest first (R151).
    #[serde(default)]
    pub agreements: Vec<AgreementView>,
    /// Of a modification at its form: what a register says otherwise than the certificate, so that no renewal goes on (A19).
    #[serde(default)]
    pub register_differs: Option<RegisteredFact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Done,
    Now,
    Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    pub step: Step,
    pub state: StepState,
}

/// The draft lies at the office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftKept {
    pub at: Moment,
    /// Of what lies there now.
    pub mark: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaidView {
    pub channel: journey::payment::Channel,
    pub amount: Fen,
    pub at: Moment,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceView {
    pub number: String,
    pub issued_at: Moment,
    /// When it left for the reserved mailbox; `None` while it has not.
    pub mailed_at: Option<Moment>,
    /// Why the last try to mail it failed (R152).
    pub mail_failed: Option<String>,
    pub pdf_path: String,
    pub xml_path: String,
    /// Asked for once more, newest first.
    #[serde(default)]
    pub copies: Vec<super::follow_up::InvoiceCopy>,
    /// 已红冲 (A53). What is mailed is the red letter from then on.
    #[serde(default)]
    pub reversed: Option<super::follow_up::ReversedView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParcelView {
    pub courier: String,
    pub waybill: String,
    pub shipped_at: Moment,
    /// Its way since then, newest first.
    #[serde(default)]
    pub scans: Vec<super::parcels::ScanView>,
    #[serde(default)]
    pub following: Option<super::parcels::Following>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub at: Moment,
    /// The event's kind (`payment_received`); its sentence is in `wording.rs`.
    pub event: String,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait OrdersDesk: Send + Sync {
    async fn catalogue(&self) -> Result<Catalogue, DeskError>;
    async fn start(&self, caller: super::Caller, service: Service, party: Party)
    -> Result<String, DeskError>;
    async fn view(&self, caller: super::Caller, number: String) -> Result<OrderView, DeskError>;
    async fn keep_draft(
        &self,
        caller: super::Caller,
        number: String,
        seen: Option<String>,
        details: DetailsForm,
    ) -> Result<DraftKept, DeskError>;
    async fn enter_details(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        seen: Option<String>,
        details: DetailsForm,
    ) -> Result<OrderView, DeskError>;
    async fn make_move(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        act: Act,
    ) -> Result<OrderView, DeskError>;
    async fn accept_seal(
        &self,
        caller: super::Caller,
        number: String,
        file: String,
    ) -> Result<OrderView, DeskError>;
    async fn send_phone_code(&self, caller: super::Caller, number: String) -> Result<CodeSent, DeskError>;
    async fn check_phone_code(
        &self,
        caller: super::Caller,
        number: String,
        code: String,
    ) -> Result<OrderView, DeskError>;
}

/// The moves that carry nothing but themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 确认订单
    ConfirmOrder,
    /// 返回修改
    Change,
    /// 确认申请
    SubmitEvidence,
    /// 撤回申请: free before payment, refunded before production (R142)
    Withdraw,
    /// 确认收货
    ConfirmReceipt,
}

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// `138****5678`, or empty where saying it would tell a stranger something (R126).
    pub masked_phone: String,
    pub valid_minutes: u32,
    /// Seconds until another may be asked for.
    pub again_after_s: u32,
}

#[server(name = ReadCatalogue, prefix = "/api", endpoint = "catalogue", input = Json, output = Json)]
pub async fn catalogue() -> Result<Catalogue, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.orders.catalogue().await)
}

/// Opens a draft; gives its order number.
#[server(prefix = "/api", endpoint = "orders/start", input = Json, output = Json)]
pub async fn start_order(service: Service, party: Party) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.start(caller, service, party).await)
}

#[server(prefix = "/api", endpoint = "orders/view", input = Json, output = Json)]
pub async fn view_order(number: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.view(caller, number).await)
}

/// Saves what is typed so far, valid or not (R004). `seen` is the `draft_mark` that the page began with: where the draft was
/// changed in another tab since, the answer is `Changed` and nothing is overwritten (R158).
#[server(prefix = "/api", endpoint = "orders/draft", input = Json, output = Json)]
pub async fn keep_draft(
    number: String,
    seen: Option<String>,
    details: DetailsForm,
) -> Result<DraftKept, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.keep_draft(caller, number, seen, details).await)
}

/// 下一步 of the form: all fields are checked again here (R008, R017). `seen` as for `keep_draft`.
#[server(prefix = "/api", endpoint = "orders/details", input = Json, output = Json)]
pub async fn enter_details(
    number: String,
    version: i64,
    seen: Option<String>,
    details: DetailsForm,
) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.enter_details(caller, number, version, seen, details).await)
}

#[server(prefix = "/api", endpoint = "orders/act", input = Json, output = Json)]
pub async fn act_on_order(number: String, version: i64, act: Act) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.make_move(caller, number, version, act).await)
}

/// 使用此签章: takes the image that was cut out of this scan.
#[server(prefix = "/api", endpoint = "orders/accept_seal", input = Json, output = Json)]
pub async fn accept_seal(number: String, file: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.accept_seal(caller, number, file).await)
}

/// Sends the code to the agent's phone (R023).
#[server(prefix = "/api", endpoint = "orders/phone/send", input = Json, output = Json)]
pub async fn send_phone_code(number: String) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.send_phone_code(caller, number).await)
}

#[server(prefix = "/api", endpoint = "orders/phone/check", input = Json, output = Json)]
pub async fn check_phone_code(number: String, code: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.orders.check_phone_code(caller, number, code).await)
}
