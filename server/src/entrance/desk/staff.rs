//! Staff come and go.

use crate::entrance::answer::Answer;
use crate::entrance::session::{self, Cookie, Cookies};
use crate::staff::Staff;
use app::desk::staff::{StaffDesk, StaffView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::secret::Password;

pub struct Port {
    pub staff: Staff,
    pub cookies: Cookies,
    pub answer: Answer,
}

#[async_trait]
impl StaffDesk for Port {
    /// A session that the browser still has ends: one person, one session (ASVS 7.2.4).
    async fn sign_in(
        &self,
        caller: Caller,
        name: String,
        password: String,
        one_time_code: String,
    ) -> Result<StaffView, DeskError> {
        let password = Password::new(password);
        let signed_in = self.answer.give(self.staff.sign_in(&name, password, &one_time_code).await)?;
        if let Some(before) = &caller.staff {
            self.answer.give(self.staff.sign_out(&before.session).await)?;
        }
        session::set(self.cookies.give(Cookie::Staff, &signed_in.token));
        Ok(signed_in.view)
    }

    async fn sign_out(&self, caller: Caller) -> Result<(), DeskError> {
        if let Some(staff) = &caller.staff {
            self.answer.give(self.staff.sign_out(&staff.session).await)?;
        }
        session::set(self.cookies.take_back(Cookie::Staff));
        Ok(())
    }

    async fn who(&self, caller: Caller) -> Result<Option<StaffView>, DeskError> {
        Ok(caller.staff.map(|staff| StaffView { name: staff.name, roles: staff.roles }))
    }
}
