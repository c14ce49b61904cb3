//! How money may come in.

use crate::{
    coded::coded,
    party::Party::{self, Organisation, Person},
    service::Service::{self, Application, Modification, Renewal, Replacement, Resumption, Unblock},
};

coded! {
    /// Where money came from.
    Channel {
        Alipay = "alipay" "支付宝",
        WechatPay = "wechat_pay" "微信支付",
        /// Transfer to the designated account (R083).
        Transfer = "transfer" "对公汇款",
    }
}

/// The channels of a service, the preferred first; empty where nothing is paid.
pub const fn channels(service: Service, party: Party) -> &'static [Channel] {
    match (service, party) {
        // R026, R046, R064.
        (Application | Renewal, _) => &[Channel::Alipay, Channel::WechatPay],
        // R097: no online payment, the transfer comes first (R083).
        (Replacement, Organisation) => &[Channel::Transfer],
        // R106, A42: Alipay alone.
        (Replacement, Person) => &[Channel::Alipay],
        // R069, R115.
        (Unblock | Modification | Resumption, _) => &[],
    }
}
