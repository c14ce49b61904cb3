//! Desks behind which nobody sits: the pages here ask nothing of them.

use app::desk::follow_up::{FollowUpDesk, WithdrawReason};
use app::desk::hand_over::{CodeTo, HandOverDesk, HandOverForm, HandOverView};
use app::desk::held::{HeldDesk, HeldView, LoginProof, TestPaper, TestResult};
use app::desk::identity::{IdentityDesk, IdentityView};
use app::desk::loading::{LoadingDesk, LoadingView, NextPaper, NextRequest, Switched, SwitchedProof};
use app::desk::lost::{FoundView, LostDesk, LostLine};
use app::desk::mandates::{MandatesDesk, Purpose};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::parcels::{CourierView, ParcelLine, ParcelsDesk, ScanState};
use app::desk::phone::{PhoneDesk, PhoneLink, PhoneState};
use app::desk::privacy::{PrivacyDesk, PrivacyView};
use app::desk::production::{IssuedPair, ReadBackProof};
use app::desk::unblock::{Release, UnblockDesk, UnblockProof, UnblockView};
use app::desk::{Caller, DeskError};
use journey::party::Party;
use journey::proof::ProofForm;
use journey::route::Route;
use journey::service::Service;
use key::mandate::Given;
use key::message::Request;

pub struct Desk;

const NO: DeskError = DeskError::NotFound;

#[async_trait::async_trait]
impl HeldDesk for Desk {
    async fn look(&self, _: Caller, _: String) -> Result<HeldView, DeskError> {
        Err(NO)
    }
    async fn start(
        &self,
        _: Caller,
        _: Service,
        _: Route,
        _: String,
        _: String,
    ) -> Result<String, DeskError> {
        Err(NO)
    }
    async fn challenge(&self, _: Caller, _: String) -> Result<String, DeskError> {
        Err(NO)
    }
    async fn log_in(&self, _: Caller, _: String, _: LoginProof) -> Result<String, DeskError> {
        Err(NO)
    }
    async fn begin_test(&self, _: String) -> Result<TestPaper, DeskError> {
        Err(NO)
    }
    async fn end_test(&self, _: String, _: SwitchedProof) -> Result<TestResult, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl LoadingDesk for Desk {
    async fn look(&self, _: Caller, _: String) -> Result<LoadingView, DeskError> {
        Err(NO)
    }
    async fn make(&self, _: Caller, _: String, _: String) -> Result<NextPaper, DeskError> {
        Err(NO)
    }
    async fn issue(
        &self,
        _: Caller,
        _: String,
        _: String,
        _: Option<NextRequest>,
    ) -> Result<IssuedPair, DeskError> {
        Err(NO)
    }
    async fn written(&self, _: Caller, _: String, _: ReadBackProof) -> Result<(), DeskError> {
        Err(NO)
    }
    async fn switched(&self, _: Caller, _: String, _: SwitchedProof) -> Result<Switched, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl LostDesk for Desk {
    async fn send_code(&self, _: Caller, _: Party, _: String) -> Result<CodeSent, DeskError> {
        Err(NO)
    }
    async fn check_code(&self, _: Caller, _: Party, _: String, _: String) -> Result<(), DeskError> {
        Err(NO)
    }
    async fn list(&self, _: Caller) -> Result<Vec<LostLine>, DeskError> {
        Err(NO)
    }
    async fn start_resumption(&self, _: Caller, _: String) -> Result<String, DeskError> {
        Err(NO)
    }
    async fn view_found(&self, _: Caller, _: String) -> Result<FoundView, DeskError> {
        Err(NO)
    }
    async fn prove(&self, _: Caller, _: String, _: i64, _: ProofForm) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn hold(&self, _: Caller, _: Vec<String>) -> Result<Vec<LostLine>, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl HandOverDesk for Desk {
    async fn view(&self, _: Caller, _: String) -> Result<HandOverView, DeskError> {
        Err(NO)
    }
    async fn send_code(&self, _: Caller, _: String, _: CodeTo) -> Result<CodeSent, DeskError> {
        Err(NO)
    }
    async fn ask(&self, _: Caller, _: String, _: HandOverForm) -> Result<HandOverView, DeskError> {
        Err(NO)
    }
    async fn object(&self, _: Caller, _: String) -> Result<HandOverView, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl FollowUpDesk for Desk {
    async fn passcode_again(&self, _: Caller, _: String) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn invoice_again(&self, _: Caller, _: String) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn send_mailbox_code(&self, _: Caller, _: String) -> Result<CodeSent, DeskError> {
        Err(NO)
    }
    async fn invoice_elsewhere(
        &self,
        _: Caller,
        _: String,
        _: String,
        _: String,
    ) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn withdraw(
        &self,
        _: Caller,
        _: String,
        _: i64,
        _: Option<WithdrawReason>,
    ) -> Result<OrderView, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl ParcelsDesk for Desk {
    async fn under_way(&self, _: Caller) -> Result<Vec<ParcelLine>, DeskError> {
        Err(NO)
    }
    async fn track(&self, _: Caller, _: String, _: ScanState, _: String) -> Result<(), DeskError> {
        Err(NO)
    }
    async fn couriers(&self, _: Caller) -> Result<Vec<CourierView>, DeskError> {
        Err(NO)
    }
    async fn ask_courier(&self, _: Caller, _: String) -> Result<OrderView, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl PhoneDesk for Desk {
    async fn link(&self, _: Caller, _: String) -> Result<PhoneLink, DeskError> {
        Err(NO)
    }
    async fn state(&self, _: Caller, _: String) -> Result<Option<PhoneState>, DeskError> {
        Err(NO)
    }
    async fn revoke(&self, _: Caller, _: String) -> Result<(), DeskError> {
        Err(NO)
    }
    async fn open(&self, _: Caller, _: String) -> Result<String, DeskError> {
        Err(NO)
    }
    async fn close(&self, _: Caller) -> Result<(), DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl PrivacyDesk for Desk {
    async fn ledger(&self, _: Caller, _: String) -> Result<PrivacyView, DeskError> {
        Err(NO)
    }
    async fn withdraw_consent(&self, _: Caller, _: String, _: i64) -> Result<OrderView, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl MandatesDesk for Desk {
    async fn give(&self, _: Caller, _: Purpose, _: Request, _: String) -> Result<Given, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl IdentityDesk for Desk {
    async fn view(&self, _: Caller, _: String) -> Result<Option<IdentityView>, DeskError> {
        Err(NO)
    }
    async fn send_again(&self, _: Caller, _: String) -> Result<CodeSent, DeskError> {
        Err(NO)
    }
    async fn enter(&self, _: Caller, _: String, _: String) -> Result<OrderView, DeskError> {
        Err(NO)
    }
}

#[async_trait::async_trait]
impl UnblockDesk for Desk {
    async fn view(&self, _: Caller, _: String) -> Result<UnblockView, DeskError> {
        Err(NO)
    }
    async fn present(&self, _: Caller, _: String, _: String) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn enter(
        &self,
        _: Caller,
        _: String,
        _: i64,
        _: Option<ProofForm>,
    ) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn take_other_way(&self, _: Caller, _: String, _: i64) -> Result<OrderView, DeskError> {
        Err(NO)
    }
    async fn release(&self, _: Caller, _: String, _: String, _: String) -> Result<Release, DeskError> {
        Err(NO)
    }
    async fn confirm(&self, _: Caller, _: String, _: UnblockProof) -> Result<OrderView, DeskError> {
        Err(NO)
    }
}
