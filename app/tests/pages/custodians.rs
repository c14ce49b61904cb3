//! Nobody is signed in at the custodians' desk.

use app::desk::recovery::{RecoveryCase, RecoveryDesk, RecoveryForm, RecoveryLine};
use app::desk::{Caller, DeskError};

pub struct Desk;

#[async_trait::async_trait]
impl RecoveryDesk for Desk {
    async fn list(&self, _: Caller) -> Result<Vec<RecoveryLine>, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn case(&self, _: Caller, _: String) -> Result<RecoveryCase, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn file(&self, _: Caller, _: RecoveryForm) -> Result<String, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn approve(&self, _: Caller, _: String, _: String) -> Result<RecoveryCase, DeskError> {
        Err(DeskError::SignInAgain)
    }
    async fn refuse(&self, _: Caller, _: String, _: String) -> Result<RecoveryCase, DeskError> {
        Err(DeskError::SignInAgain)
    }
}
