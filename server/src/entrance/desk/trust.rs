//! 信任中心: for everybody.

use crate::entrance::answer::Answer;
use crate::trust::Trust;
use app::desk::trust::{Checked, StatementView, TrustDesk, TrustView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub trust: Trust,
    pub answer: Answer,
}

#[async_trait]
impl TrustDesk for Port {
    async fn view(&self) -> Result<TrustView, DeskError> {
        Ok(self.trust.view())
    }

    async fn statement(&self) -> Result<StatementView, DeskError> {
        Ok(self.trust.statement())
    }

    async fn check(&self, caller: Caller, text: String) -> Result<Checked, DeskError> {
        self.answer.give(self.trust.check_text(caller.ip, &text).await)
    }
}
