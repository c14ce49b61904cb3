//! The applicant's order.

use super::{Reception, at_hand, visit};
use crate::entrance::session;
use crate::order_parts::masked;
use crate::orders::{Orders, Visit};
use app::desk::orders::{Act, Catalogue, CodeSent, DraftKept, OrderView, OrdersDesk};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::details::DetailsForm;
use journey::party::Party;
use journey::secret::SmsCode;
use journey::service::Service;

pub struct Port {
    pub orders: Orders,
    pub reception: Reception,
}

impl Port {
    /// The order as it stands after a move.
    async fn show(&self, visit: &Visit, number: &str) -> Result<OrderView, DeskError> {
        self.reception.answer.give(self.orders.view(visit, number).await)
    }
}

#[async_trait]
impl OrdersDesk for Port {
    async fn catalogue(&self) -> Result<Catalogue, DeskError> {
        Ok(self.orders.offers().catalogue())
    }

    /// An order begins a visit, or renews the caller's.
    async fn start(&self, caller: Caller, service: Service, party: Party) -> Result<String, DeskError> {
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let started = self.orders.start(&Visit(fresh.digest.clone()), caller.ip, service, party).await;
        let (number, cookie) = self.reception.settle(&caller, fresh, started).await?;
        session::set(cookie);
        Ok(number)
    }

    async fn view(&self, caller: Caller, number: String) -> Result<OrderView, DeskError> {
        let mut view = self.show(&at_hand(&caller, &number)?, &number).await?;
        if caller.phone.is_some_and(|phone| phone.number == number) {
            // A phone takes photos: it sees no more of the form than that, and moves nothing.
            view.details = masked(&view.details, view.party);
            view.moves.clear();
        }
        Ok(view)
    }

    async fn keep_draft(
        &self,
        caller: Caller,
        number: String,
        seen: Option<String>,
        details: DetailsForm,
    ) -> Result<DraftKept, DeskError> {
        self.reception.answer.give(self.orders.keep_draft(&visit(&caller)?, number, seen, details).await)
    }

    async fn enter_details(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        seen: Option<String>,
        details: DetailsForm,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        let entered = self.orders.enter_details(&visit, number.clone(), version, seen, details).await;
        self.reception.answer.give(entered)?;
        self.show(&visit, &number).await
    }

    async fn make_move(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        act: Act,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        self.reception.answer.give(self.orders.make_move(&visit, number.clone(), version, act).await)?;
        self.show(&visit, &number).await
    }

    async fn accept_seal(
        &self,
        caller: Caller,
        number: String,
        file: String,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        self.reception.answer.give(self.orders.accept_seal(&visit, number.clone(), file).await)?;
        self.show(&visit, &number).await
    }

    async fn send_phone_code(&self, caller: Caller, number: String) -> Result<CodeSent, DeskError> {
        self.reception.answer.give(self.orders.send_phone_code(&visit(&caller)?, caller.ip, number).await)
    }

    async fn check_phone_code(
        &self,
        caller: Caller,
        number: String,
        code: String,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        let code = SmsCode::new(code.trim());
        self.reception.answer.give(self.orders.check_phone_code(&visit, number.clone(), code).await)?;
        self.show(&visit, &number).await
    }
}
