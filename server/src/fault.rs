//! What can go wrong at a desk. Never crosses the wire: `entrance/answer.rs` says what of it a person may hear.

use crate::advance::MoveError;
use crate::outside::CallError;
use crate::sealing::SealError;
use crate::store::StoreError;
use app::desk::error::{CodeRefusal, FieldError, FileRefusal, ProofRefusal, ReadRefusal, StandingRefusal};
use app::desk::recovery::RecoveryRefusal;
use journey::refusal::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    #[error("changed meanwhile")]
    Changed,
    #[error("not found")]
    NotFound,
    #[error("sign in again")]
    SignInAgain,
    #[error("sign-in refused")]
    SignInRefused,
    #[error("not this role's desk")]
    NotYourDesk,
    #[error("fields: {0:?}")]
    Fields(Vec<FieldError>),
    #[error("code: {}", .0.code())]
    Code(CodeRefusal),
    #[error("file: {}", .0.code())]
    File(FileRefusal),
    /// What a key sent does not prove what it must.
    #[error("proof: {}", .0.code())]
    Proof(ProofRefusal),
    /// A certificate does not change so.
    #[error("standing: {}", .0.code())]
    Standing(StandingRefusal),
    #[error("recovery: {}", .0.code())]
    Recovery(RecoveryRefusal),
    #[error("unreadable: {}", .0.code())]
    Unreadable(ReadRefusal),
    #[error("slow down")]
    SlowDown { retry_after_s: u32 },
    #[error("{partner}: {error}")]
    Partner { partner: &'static str, error: CallError },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("certificate: {0}")]
    Certificate(String),
    #[error("disk: {0}")]
    Disk(#[from] std::io::Error),
    #[error("document: {0}")]
    Document(String),
}

impl Fault {
    /// The fields of a form that do not hold.
    pub fn of_fields(errors: Vec<(&'static str, journey::entry::EntryError)>) -> Fault {
        let one = |(field, error): (&'static str, journey::entry::EntryError)| FieldError {
            field: field.to_owned(),
            code: error.code.to_owned(),
        };
        Fault::Fields(errors.into_iter().map(one).collect())
    }
}

impl From<MoveError> for Fault {
    fn from(error: MoveError) -> Fault {
        match error {
            MoveError::Refused(refusal) => Fault::Refused(refusal),
            MoveError::Changed => Fault::Changed,
            MoveError::Store(error) => Fault::Store(error),
        }
    }
}
