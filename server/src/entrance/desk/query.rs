//! 订单查询: a right code opens the agent's orders to a fresh visit.

use super::{Reception, visit};
use crate::entrance::session::{self, Cookie};
use crate::orders::{self, Orders, Visit};
use app::desk::error::CodeRefusal;
use app::desk::orders::CodeSent;
use app::desk::query::{OrderLine, QueryDesk};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use axum::http::HeaderValue;
use journey::party::Party;
use journey::secret::SmsCode;

#[derive(Clone)]
pub struct Query {
    orders: Orders,
    reception: Reception,
}

impl Query {
    pub fn new(orders: Orders, reception: Reception) -> Query {
        Query { orders, reception }
    }

    /// Records the question for the caller's visit, or for one that begins with it: its cookie is given then. It sees
    /// nothing yet.
    ///
    /// # Errors
    /// The number is none; too soon or too often. No visit has begun then.
    pub async fn ask(
        &self,
        caller: &Caller,
        query: orders::Query,
    ) -> Result<(CodeSent, Option<HeaderValue>), DeskError> {
        if let Ok(visit) = visit(caller) {
            let sent = self.orders.ask_for_orders(&visit, caller.ip, query).await;
            return Ok((self.reception.answer.give(sent)?, None));
        }
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let sent = self.orders.ask_for_orders(&Visit(fresh.digest.clone()), caller.ip, query).await;
        let (sent, cookie) = self.reception.settle(caller, fresh, sent).await?;
        Ok((sent, Some(cookie)))
    }

    /// Gives the cookie of the visit that may see the orders now.
    ///
    /// # Errors
    /// The code's refusals; no visit has begun then.
    pub async fn open(
        &self,
        caller: &Caller,
        party: Party,
        id_number: String,
        code: SmsCode,
    ) -> Result<HeaderValue, DeskError> {
        // Who never asked has no code, whatever the number.
        let Ok(asking) = visit(caller) else { return Err(DeskError::Code(CodeRefusal::Gone)) };
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let fresh_visit = Visit(fresh.digest.clone());
        let checked = self.orders.check_query_code(&asking, &fresh_visit, party, id_number, code).await;
        let ((), cookie) = self.reception.settle(caller, fresh, checked).await?;
        Ok(cookie)
    }
}

#[async_trait]
impl QueryDesk for Query {
    async fn send_code(
        &self,
        caller: Caller,
        party: Party,
        id_number: String,
        phone: String,
    ) -> Result<CodeSent, DeskError> {
        let (sent, cookie) = self.ask(&caller, orders::Query { party, id_number, phone }).await?;
        cookie.into_iter().for_each(session::set);
        Ok(sent)
    }

    async fn check_code(
        &self,
        caller: Caller,
        party: Party,
        id_number: String,
        code: String,
    ) -> Result<(), DeskError> {
        session::set(self.open(&caller, party, id_number, SmsCode::new(code.trim())).await?);
        Ok(())
    }

    async fn list(&self, caller: Caller) -> Result<Vec<OrderLine>, DeskError> {
        self.reception.answer.give(self.orders.list(&visit(&caller)?).await)
    }

    /// Ends the visit; without one there is nothing to end, and that is what was asked.
    async fn leave(&self, caller: Caller) -> Result<(), DeskError> {
        if let Ok(visit) = visit(&caller) {
            self.reception.answer.give(self.reception.visits.end(&visit.0).await)?;
        }
        session::set(self.reception.cookies.take_back(Cookie::Visit));
        session::clear_site();
        Ok(())
    }
}
