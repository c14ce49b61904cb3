//! 身份核验.

use super::{Reception, visit};
use crate::identity::Identity;
use crate::orders::Orders;
use app::desk::identity::{IdentityDesk, IdentityView};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::secret::SmsCode;

pub struct Port {
    pub identity: Identity,
    pub orders: Orders,
    pub reception: Reception,
}

#[async_trait]
impl IdentityDesk for Port {
    async fn view(&self, caller: Caller, number: String) -> Result<Option<IdentityView>, DeskError> {
        self.reception.answer.give(self.identity.view(&visit(&caller)?.0, &number).await)
    }

    async fn send_again(&self, caller: Caller, number: String) -> Result<CodeSent, DeskError> {
        let sent = self.identity.send_again(visit(&caller)?.0, caller.ip, number).await;
        self.reception.answer.give(sent)
    }

    async fn enter(&self, caller: Caller, number: String, code: String) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        let code = SmsCode::new(code.trim());
        self.reception.answer.give(self.identity.enter(visit.0.clone(), number.clone(), code).await)?;
        self.reception.answer.give(self.orders.view(&visit, &number).await)
    }
}
