//! Owns: sending one text message through a carrier.
//! Never: who may be sent what, how often, or the texts (these are registered with the carrier).
//! Start at: `SmsSender`.

pub mod aliyun;
mod report;
pub mod tencent;

pub use report::{Report, read as read_reports};

use super::message::{Message, MessageKind, SendError};
use crate::outside::{SetupError, Surroundings};
use async_trait::async_trait;
use serde::Deserialize;
use std::sync::Arc;

#[async_trait]
pub trait SmsSender: Send + Sync {
    /// `phone`: 11 digits of the mainland, without a prefix.
    async fn send(&self, phone: &str, message: &Message) -> Result<Receipt, SendError>;
}

/// The carrier took the message; not a word about delivery. The id comes back in the delivery report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub id: String,
}

/// `[sms]`. Both carriers' sections may stand; `provider` says which one sends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    pub provider: Provider,
    /// 短信签名, without its brackets.
    pub sign_name: String,
    pub tencent: Option<tencent::TencentSettings>,
    pub aliyun: Option<aliyun::AliyunSettings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Tencent,
    Aliyun,
}

/// The carrier's template id for each kind of message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    pub code: String,
    pub passed: String,
    pub returned: String,
    pub rejected: String,
    pub passcode: String,
    pub shipped: String,
    pub unblocked: String,
    pub notice: String,
    /// May be missing: holders are then reminded by mail alone.
    #[serde(default)]
    pub expiring: String,
}

impl Templates {
    /// # Errors
    /// None is registered for this kind.
    pub fn of(&self, kind: MessageKind) -> Result<&str, SendError> {
        let template = match kind {
            MessageKind::Code => &self.code,
            MessageKind::Passed => &self.passed,
            MessageKind::Returned => &self.returned,
            MessageKind::Rejected => &self.rejected,
            MessageKind::Passcode => &self.passcode,
            MessageKind::Shipped => &self.shipped,
            MessageKind::Unblocked => &self.unblocked,
            MessageKind::Progress => &self.notice,
            MessageKind::Expiring => &self.expiring,
        };
        if template.is_empty() {
            return Err(SendError::GiveUp(format!("no template is set for {}", kind.code())));
        }
        Ok(template)
    }
}

/// The sender that the settings name.
///
/// # Errors
/// Its section is missing, or a key file cannot be read.
pub fn sender(settings: &SmsSettings, around: &Surroundings) -> Result<Arc<dyn SmsSender>, SetupError> {
    match (settings.provider, &settings.tencent, &settings.aliyun) {
        (Provider::Tencent, Some(tencent), _) => {
            Ok(Arc::new(tencent::Tencent::new(tencent, &settings.sign_name, around.clone())?))
        }
        (Provider::Aliyun, _, Some(aliyun)) => {
            Ok(Arc::new(aliyun::Aliyun::new(aliyun, &settings.sign_name, around.clone())?))
        }
        (Provider::Tencent, None, _) => Err(SetupError::new("sms.tencent", "section is missing")),
        (Provider::Aliyun, _, None) => Err(SetupError::new("sms.aliyun", "section is missing")),
    }
}
