//! Paying: the applicant picks a channel, sees a QR, and the page waits for the office to hear from the provider.

use super::DeskError;
use journey::moment::Moment;
use journey::money::Fen;
use journey::payment::Channel;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// One QR on the screen (R026, R146).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentView {
    pub channel: Channel,
    /// The text that the QR holds.
    pub code: String,
    pub amount: Fen,
    /// After this the office makes a new one; the page asks for it by itself.
    pub expires_at: Moment,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait PaymentsDesk: Send + Sync {
    async fn channels(&self, caller: super::Caller, number: String) -> Result<Vec<Channel>, DeskError>;
    async fn open(
        &self,
        caller: super::Caller,
        number: String,
        channel: Channel,
    ) -> Result<PaymentView, DeskError>;
    async fn ask(&self, caller: super::Caller, number: String)
    -> Result<super::orders::OrderView, DeskError>;
}

/// The channels that this order may be paid through, the preferred first.
#[server(prefix = "/api", endpoint = "payments/channels", input = Json, output = Json)]
pub async fn payment_channels(number: String) -> Result<Vec<Channel>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.payments.channels(caller, number).await)
}

/// Opens a payment attempt, or gives the open one again: safe to repeat. Changing the channel closes the other first.
#[server(prefix = "/api", endpoint = "payments/open", input = Json, output = Json)]
pub async fn open_payment(number: String, channel: Channel) -> Result<PaymentView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.payments.open(caller, number, channel).await)
}

/// Asks the provider now, for the impatient (「我已支付」) and for lost notices; gives the order as it then stands.
#[server(prefix = "/api", endpoint = "payments/ask", input = Json, output = Json)]
pub async fn ask_payment(number: String) -> Result<super::orders::OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.payments.ask(caller, number).await)
}
