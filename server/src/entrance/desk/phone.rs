//! The phone as a second screen.

use super::{Reception, visit};
use crate::entrance::session::{self, Cookie};
use crate::second_screen::SecondScreen;
use app::desk::phone::{PhoneDesk, PhoneLink, PhoneState};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub second_screen: SecondScreen,
    pub reception: Reception,
}

#[async_trait]
impl PhoneDesk for Port {
    async fn link(&self, caller: Caller, number: String) -> Result<PhoneLink, DeskError> {
        self.reception.answer.give(self.second_screen.link(&visit(&caller)?.0, number).await)
    }

    async fn state(&self, caller: Caller, number: String) -> Result<Option<PhoneState>, DeskError> {
        self.reception.answer.give(self.second_screen.state(&visit(&caller)?.0, &number).await)
    }

    async fn revoke(&self, caller: Caller, number: String) -> Result<(), DeskError> {
        self.reception.answer.give(self.second_screen.revoke(&visit(&caller)?.0, number).await)
    }

    async fn open(&self, _: Caller, secret: String) -> Result<String, DeskError> {
        let opened = self.reception.answer.give(self.second_screen.open(&secret).await)?;
        session::set(self.reception.cookies.give(Cookie::Phone, &opened.token));
        Ok(opened.number)
    }

    /// Without a link there is nothing to end, and that is what was asked.
    async fn close(&self, caller: Caller) -> Result<(), DeskError> {
        if let Some(phone) = &caller.phone {
            self.reception.answer.give(self.second_screen.close(&phone.token).await)?;
        }
        session::set(self.reception.cookies.take_back(Cookie::Phone));
        Ok(())
    }
}
