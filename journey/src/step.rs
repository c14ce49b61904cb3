//! The steps orders are made of. Which order walks which steps: `itinerary.rs`.

use crate::coded::coded;
use crate::service::Service;

coded! {
    /// One stop of an order. The title names what happens there.
    Step {
        /// Log in with the key's PIN (R061, R112).
        KeyLogin = "key_login" "插入证书并登录",
        /// Show the key without a PIN (R075, A27).
        KeyPresence = "key_presence" "识别证书",
        /// Choose the certificate that was lost (R087).
        Record = "record" "选择证书记录",
        /// Fill or check the form (R008).
        Details = "details" "填写信息",
        /// Read once more and confirm (R019, R043).
        Confirm = "confirm" "确认订单",
        /// Upload what proves the details (R020, R039).
        Evidence = "evidence" "上传鉴证资料",
        /// Enter the SMS code (R023).
        PhoneCheck = "phone_check" "短信验证",
        /// One of the three identity methods (R072).
        IdentityCheck = "identity_check" "身份核验",
        /// Sign the application without the key (R095, R105, A41).
        Signature = "signature" "签名确认",
        /// Pay by QR code (R026).
        Payment = "payment" "支付费用",
        /// A person of the office decides (R030).
        Review = "review" "等待审核",
        /// The transfer has arrived (A36).
        Settlement = "settlement" "汇款到账",
        /// The certificate password is sealed and sent (R032).
        Passcode = "passcode" "发送证书密码",
        /// The key is made (R034).
        Production = "production" "证书制作",
        /// The parcel is handed over (R034).
        Dispatch = "dispatch" "寄送证书",
        /// The parcel has arrived.
        Receipt = "receipt" "接收证书",
        /// The new pair is made on the key and certified (R065).
        Issuing = "issuing" "签发证书",
        /// The certificates are written to the key and read back (R114, R140).
        Loading = "loading" "下载证书",
        /// The PIN is set anew (R078).
        PinReset = "pin_reset" "重置证书密码",
    }
}

impl Step {
    /// As the step bar of this service says it: to unblock a key nothing is filled in, what is known is checked (R077); to
    /// lift a hold one of the identity methods is chosen.
    pub const fn title_in(self, service: Service) -> &'static str {
        match (service, self) {
            (Service::Unblock, Step::Details) => "核对信息",
            (Service::Resumption, Step::Details) => "选择验证方式",
            _ => self.title(),
        }
    }
}
