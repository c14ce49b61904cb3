//! Desks that know one catalogue and a few orders, by their number the step they stand at.

use app::desk::orders::{Act, Catalogue, CodeSent, DraftKept, OrderView, OrdersDesk};
use app::desk::payments::{PaymentView, PaymentsDesk};
use app::desk::production::{
    IssuedPair, JobView, KeyRequest, Personalisation, PreparedPast, ProductionDesk, ReadBackProof,
};
use app::desk::query::{OrderLine, QueryDesk};
use app::desk::review::{CaseView, QueueLine, ReviewDesk, Verdict};
use app::desk::staff::{StaffDesk, StaffView};
use app::desk::{Caller, DeskError, Desks};
use journey::details::DetailsForm;
use journey::party::Party;
use journey::payment::Channel;
use journey::service::Service;
use journey::step::Step;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

struct Desk;

pub fn caller() -> Caller {
    Caller { visit: Some("visit".into()), staff: None, phone: None, ip: IpAddr::V4(Ipv4Addr::LOCALHOST) }
}

pub fn all() -> Desks {
    let desk = Arc::new(Desk);
    Desks {
        orders: desk.clone(),
        payments: desk.clone(),
        query: desk.clone(),
        staff: desk.clone(),
        review: desk.clone(),
        production: desk,
        held: Arc::new(crate::away::Desk),
        lost: Arc::new(crate::away::Desk),
        hand_over: Arc::new(crate::away::Desk),
        follow_up: Arc::new(crate::away::Desk),
        privacy: Arc::new(crate::away::Desk),
        phone: Arc::new(crate::away::Desk),
        parcels: Arc::new(crate::away::Desk),
        trust: Arc::new(crate::trust::Desk),
        registrar: Arc::new(crate::trust::Desk),
        recovery: Arc::new(crate::custodians::Desk),
        loading: Arc::new(crate::away::Desk),
        mandates: Arc::new(crate::away::Desk),
        identity: Arc::new(crate::away::Desk),
        unblock: Arc::new(crate::away::Desk),
        replacement: Arc::new(crate::without_key::Desk),
        finance: Arc::new(crate::without_key::Desk),
        answer: |_| (),
    }
}

/// An organisation's order at this step, as the office would show it.
pub fn order_at(step: Step) -> OrderView {
    let mut order = order();
    let route = journey::itinerary::itinerary(
        Service::Application,
        Party::Organisation,
        journey::route::Route::Usual,
    );
    let place = route.iter().position(|other| *other == step).expect("on the way");
    let state = |other: usize| match other.cmp(&place) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "next",
    };
    order["number"] = json!(step.code());
    order["standing"] = json!({ "open": step });
    order["steps"] = route
        .iter()
        .enumerate()
        .map(|(place, step)| json!({ "step": step, "state": state(place) }))
        .collect();
    serde_json::from_value(order).expect("an order")
}

fn order() -> Value {
    let details = DetailsForm {
        holder_name: "北京示例科技有限公司".into(),
        holder_id: "91110108MA01ABCD1X".into(),
        legal_person_name: "赵明远".into(),
        legal_person_id: "11010519491231002X".into(),
        agent_name: "李小雨".into(),
        agent_phone: "13800001234".into(),
        invoice_title: "北京示例科技有限公司".into(),
        ..DetailsForm::default()
    };
    json!({
        "number": "", "version": 3, "service": "application", "party": "organisation", "route": "usual",
        "standing": "completed", "steps": [], "moves": [], "details": details, "method": "company_transfer",
        "price": 28000, "paid": { "channel": "alipay", "amount": 28000, "at": 0 }, "refund": "kept",
        "evidence": [
            { "kind": "business_licence", "file": null }, { "kind": "legal_person_id", "file": null },
            { "kind": "authorisation", "file": null }
        ], "returned": [], "rejected_reason": null,
        "promise_due": "2026-11-25", "parcel": null, "passcode_sent_at": null, "passcode_failed": null,
        "invoice": {
            "number": "2511", "issued_at": 0, "mailed_at": 0, "mail_failed": null,
            "pdf_path": "/files/invoices/2511.pdf", "xml_path": "/files/invoices/2511.xml"
        },
        "opened_at": 0, "changed_at": 0, "draft_until": null, "history": [{ "at": 0, "event": "opened" }]
    })
}

#[async_trait::async_trait]
impl OrdersDesk for Desk {
    async fn catalogue(&self) -> Result<Catalogue, DeskError> {
        let offer = |party: Party, open: bool| json!({ "service": "application", "party": party, "price": 28000, "promise_working_days": 3, "open": open });
        let catalogue = json!({
            "authority_name": "示例认证", "hotline": "010-12345678", "help_url": "https://help.example/",
            "agreement_version": "7", "demo": true,
            "offers": [offer(Party::Organisation, true), offer(Party::Person, false)]
        });
        Ok(serde_json::from_value(catalogue).expect("a catalogue"))
    }
    async fn start(&self, _: Caller, _: Service, _: Party) -> Result<String, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn view(&self, _: Caller, number: String) -> Result<OrderView, DeskError> {
        Step::from_code(&number).map(order_at).ok_or(DeskError::NotFound)
    }
    async fn keep_draft(
        &self,
        _: Caller,
        _: String,
        _: Option<String>,
        _: DetailsForm,
    ) -> Result<DraftKept, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn enter_details(
        &self,
        _: Caller,
        _: String,
        _: i64,
        _: Option<String>,
        _: DetailsForm,
    ) -> Result<OrderView, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn make_move(&self, _: Caller, _: String, _: i64, _: Act) -> Result<OrderView, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn accept_seal(&self, _: Caller, _: String, _: String) -> Result<OrderView, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn send_phone_code(&self, _: Caller, _: String) -> Result<CodeSent, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn check_phone_code(&self, _: Caller, _: String, _: String) -> Result<OrderView, DeskError> {
        Err(DeskError::NotFound)
    }
}

#[async_trait::async_trait]
impl QueryDesk for Desk {
    async fn send_code(&self, _: Caller, _: Party, _: String, _: String) -> Result<CodeSent, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn check_code(&self, _: Caller, _: Party, _: String, _: String) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }
    async fn list(&self, _: Caller) -> Result<Vec<OrderLine>, DeskError> {
        let line = json!([{
            "number": "evidence", "service": "application", "party": "organisation",
            "standing": { "open": "evidence" }, "holder_name": "北京示例科技有限公司", "opened_at": 0, "changed_at": 0,
            "unfinished": true
        }]);
        Ok(serde_json::from_value(line).expect("lines"))
    }
    async fn leave(&self, _: Caller) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }
}

#[async_trait::async_trait]
impl PaymentsDesk for Desk {
    async fn channels(&self, _: Caller, _: String) -> Result<Vec<Channel>, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn open(&self, _: Caller, _: String, _: Channel) -> Result<PaymentView, DeskError> {
        Err(DeskError::NotFound)
    }
    async fn ask(&self, _: Caller, _: String) -> Result<OrderView, DeskError> {
        Err(DeskError::NotFound)
    }
}

#[async_trait::async_trait]
impl StaffDesk for Desk {
    async fn sign_in(&self, _: Caller, _: String, _: String, _: String) -> Result<StaffView, DeskError> {
        Err(DeskError::SignInRefused)
    }
    async fn sign_out(&self, _: Caller) -> Result<(), DeskError> {
        Ok(())
    }
    async fn who(&self, _: Caller) -> Result<Option<StaffView>, DeskError> {
        Ok(None)
    }
}

#[async_trait::async_trait]
impl ReviewDesk for Desk {
    async fn queue(&self, _: Caller) -> Result<Vec<QueueLine>, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn case(&self, _: Caller, _: String) -> Result<CaseView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn claim(&self, _: Caller, _: String) -> Result<CaseView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn release(&self, _: Caller, _: String) -> Result<(), DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn reveal(&self, _: Caller, _: String, _: String) -> Result<CaseView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn decide(&self, _: Caller, _: String, _: i64, _: Verdict) -> Result<(), DeskError> {
        Err(DeskError::SignInAgain)
    }
}

#[async_trait::async_trait]
impl ProductionDesk for Desk {
    async fn queue(&self, _: Caller) -> Result<Vec<QueueLine>, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn job(&self, _: Caller, _: String) -> Result<JobView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn take(&self, _: Caller, _: String) -> Result<JobView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn release(&self, _: Caller, _: String) -> Result<(), DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn personalise(
        &self,
        _: Caller,
        _: String,
        _: String,
        _: String,
    ) -> Result<Personalisation, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn issue(
        &self,
        _: Caller,
        _: String,
        _: String,
        _: Option<KeyRequest>,
        _: Option<PreparedPast>,
    ) -> Result<IssuedPair, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn verify(&self, _: Caller, _: String, _: ReadBackProof) -> Result<JobView, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn ship(&self, _: Caller, _: String, _: String, _: String) -> Result<(), DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn dispatch_queue(&self, _: Caller) -> Result<Vec<QueueLine>, DeskError> {
        Err(DeskError::SignInAgain)
    }
}
