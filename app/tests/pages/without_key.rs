//! Desks that the pages of these tests do not ask: they know nothing.

use app::desk::finance::{Credit, FinanceDesk, FinanceView, Imported};
use app::desk::mandates::{MandatesDesk, Purpose};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::replacement::{Account, Mark, ReplacementDesk, ReplacementView, Terms};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::money::Fen;
use journey::party::Party;
use key::mandate::Given;
use key::message::Request;

pub struct Desk;

const NOTHING: DeskError = DeskError::NotFound;

#[async_trait]
impl ReplacementDesk for Desk {
    async fn terms(&self, party: Party) -> Result<Terms, DeskError> {
        let account =
            Account { name: "示范机构".into(), bank: "示范银行".into(), number: "1100100".into() };
        let account = (party == Party::Organisation).then_some(account);
        Ok(Terms { open: true, price: Fen(8_000), promise_working_days: 5, account })
    }
    async fn reference(&self, _: Caller) -> Result<String, DeskError> {
        Err(NOTHING)
    }
    async fn start(&self, _: Caller, _: String, _: bool, _: String) -> Result<String, DeskError> {
        Err(NOTHING)
    }
    async fn view(&self, _: Caller, _: String) -> Result<ReplacementView, DeskError> {
        Err(NOTHING)
    }
    async fn send_code(&self, _: Caller, _: String) -> Result<CodeSent, DeskError> {
        Err(NOTHING)
    }
    async fn sign(&self, _: Caller, _: String, _: i64, _: Mark, _: String) -> Result<OrderView, DeskError> {
        Err(NOTHING)
    }
}

#[async_trait]
impl FinanceDesk for Desk {
    async fn view(&self, _: Caller) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
    async fn enter(&self, _: Caller, _: Credit) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
    async fn import(&self, _: Caller, _: String) -> Result<Imported, DeskError> {
        Err(NOTHING)
    }
    async fn settle(&self, _: Caller, _: String, _: String, _: String) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
    async fn put_aside(&self, _: Caller, _: String, _: String) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
    async fn discontinue(&self, _: Caller, _: String) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
    async fn refunded(&self, _: Caller, _: String) -> Result<FinanceView, DeskError> {
        Err(NOTHING)
    }
}

#[async_trait]
impl MandatesDesk for Desk {
    async fn give(&self, _: Caller, _: Purpose, _: Request, _: String) -> Result<Given, DeskError> {
        Err(NOTHING)
    }
}
