//! The till, with the payment channels that the settings give a contract for.

use crate::ground::Ground;
use crate::outside::{SetupError, Surroundings};
use crate::settings::Settings;
use crate::till::Till;
use crate::till::provider::PayChannel;
use crate::till::provider::alipay::Alipay;
use crate::till::provider::wechat_pay::WechatPay;
use std::sync::Arc;

pub fn till(ground: &Ground, settings: &Settings, around: &Surroundings) -> Result<Till, SetupError> {
    let channels = channels(settings, around)?;
    Ok(Till::new(ground.clone(), channels, settings.office.public_origin.clone()))
}

fn channels(settings: &Settings, around: &Surroundings) -> Result<Vec<Arc<dyn PayChannel>>, SetupError> {
    let mut channels: Vec<Arc<dyn PayChannel>> = Vec::new();
    if let Some(alipay) = &settings.alipay {
        channels.push(Arc::new(Alipay::new(alipay, around.clone())?));
    }
    if let Some(wechat_pay) = &settings.wechat_pay {
        channels.push(Arc::new(WechatPay::new(wechat_pay, around.clone())?));
    }
    if channels.is_empty() {
        return Err(SetupError::new("alipay, wechat_pay", "no payment channel is set: set at least one"));
    }
    Ok(channels)
}
