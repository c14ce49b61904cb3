//! What a register can be asked. A new one is another `impl`.

use super::Answer;
use crate::outside::CallError;
use async_trait::async_trait;

#[async_trait]
pub trait Register: Send + Sync {
    /// Whether an organisation of this name and code is in business under this legal person.
    async fn organisation(&self, asked: &Organisation<'_>) -> Result<Answer, CallError>;

    /// Whether the identity card of this number is in this name.
    async fn person(&self, name: &str, id_number: &str) -> Result<Answer, CallError>;
}

/// Never prints itself.
pub struct Organisation<'a> {
    pub name: &'a str,
    pub credit_code: &'a str,
    pub legal_person: &'a str,
    pub legal_person_id: &'a str,
}
