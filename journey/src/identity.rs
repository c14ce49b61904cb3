//! How the holder's identity is proven, and where the certificate password goes because of it.

use crate::{coded::coded, entry::identity_document::IdentityDocument, party::Party};

coded! {
    /// The three 企业身份认证方式 (R009). A person is offered the same three under personal names (A08).
    IdentityMethod {
        /// R010.
        LegalPersonPhone = "legal_person_phone" "法人手机实名认证",
        /// R011.
        LegalPersonBankCard = "legal_person_bank_card" "法人银行卡信息认证",
        /// R012.
        CompanyTransfer = "company_transfer" "企业对公账户打款认证",
    }
}

coded! {
    /// The way a certificate password takes (R013, R014, R049). Never the way the key takes (R154).
    PasscodeChannel {
        LegalPersonSms = "legal_person_sms" "法人手机短信",
        TransferRemark = "transfer_remark" "对公账户收款附言",
        /// A person who proves themselves by their own account (A08); the only way for who has no identity card (J41).
        OwnAccountRemark = "own_account_remark" "本人银行账户收款附言",
        /// To the reserved phone; a person who applies alone is the own agent (A02).
        AgentSms = "agent_sms" "预留手机短信",
    }
}

impl IdentityMethod {
    /// The name this party reads.
    pub const fn title_for(self, party: Party) -> &'static str {
        match (party, self) {
            (Party::Organisation, method) => method.title(),
            (Party::Person, IdentityMethod::LegalPersonPhone) => "手机实名认证",
            (Party::Person, IdentityMethod::LegalPersonBankCard) => "银行卡信息认证",
            (Party::Person, IdentityMethod::CompanyTransfer) => "银行账户打款认证",
        }
    }

    /// What the method asks for and where the password goes, in the manual's words (R089).
    pub const fn text_for(self, party: Party) -> &'static str {
        match (party, self) {
            (Party::Organisation, IdentityMethod::LegalPersonPhone) => {
                "提供法人实名手机号,证书密码发到法人手机"
            }
            (Party::Organisation, IdentityMethod::LegalPersonBankCard) => {
                "提供法人银行账户信息,证书密码发到法人手机"
            }
            (Party::Organisation, IdentityMethod::CompanyTransfer) => {
                "提供企业对公账户信息,证书密码在对公账户收款1分钱记录附言中查询"
            }
            (Party::Person, IdentityMethod::LegalPersonPhone) => "提供本人实名手机号,证书密码发到预留手机",
            (Party::Person, IdentityMethod::LegalPersonBankCard) => "提供本人银行卡信息,证书密码发到预留手机",
            (Party::Person, IdentityMethod::CompanyTransfer) => {
                "提供本人银行账户信息,证书密码在本人银行账户收款1分钱记录附言中查询"
            }
        }
    }
}

/// The ways that this document leaves open: operators and banks confirm the identity card alone (A50, J41).
pub fn methods(document: IdentityDocument) -> &'static [IdentityMethod] {
    if document.is_confirmed_online() { IdentityMethod::ALL } else { &[IdentityMethod::CompanyTransfer] }
}

/// Where the password goes (R013, R014, R049; A04: the remark is only for who is proven by a transfer).
pub const fn channel(party: Party, method: IdentityMethod) -> PasscodeChannel {
    match (party, method) {
        (Party::Organisation, IdentityMethod::LegalPersonPhone | IdentityMethod::LegalPersonBankCard) => {
            PasscodeChannel::LegalPersonSms
        }
        (Party::Organisation, IdentityMethod::CompanyTransfer) => PasscodeChannel::TransferRemark,
        (Party::Person, IdentityMethod::LegalPersonPhone | IdentityMethod::LegalPersonBankCard) => {
            PasscodeChannel::AgentSms
        }
        (Party::Person, IdentityMethod::CompanyTransfer) => PasscodeChannel::OwnAccountRemark,
    }
}

/// 密码获取方式 on 订单查询 (R122, R149).
pub const fn channel_text(channel: PasscodeChannel) -> &'static str {
    match channel {
        PasscodeChannel::LegalPersonSms => "审核通过后，证书密码以短信发送到法人手机。",
        PasscodeChannel::TransferRemark => {
            "审核通过后，我们向对公账户转入1分钱，证书密码在该笔收款记录的附言中查询。"
        }
        PasscodeChannel::OwnAccountRemark => {
            "审核通过后，我们向本人银行账户转入1分钱，证书密码在该笔收款记录的附言中查询。"
        }
        PasscodeChannel::AgentSms => "审核通过后，证书密码以短信发送到预留手机。",
    }
}

coded! {
    /// The way a code takes that is given after an identity check (A28): it reaches who was checked, and nobody else.
    AuthorisationChannel {
        /// To the phone that was found to be the checked person's.
        CheckedPhone = "checked_phone" "核验手机短信",
        /// To the holder's own account.
        TransferRemark = "transfer_remark" "账户收款附言",
    }
}

/// Where the code goes that proves the check (R072, A28). Unlike the passcode's, a person's takes the checked phone too:
/// the reserved one may be the very thing that is lost (R071).
pub const fn authorisation_channel(method: IdentityMethod) -> AuthorisationChannel {
    match method {
        IdentityMethod::LegalPersonPhone | IdentityMethod::LegalPersonBankCard => {
            AuthorisationChannel::CheckedPhone
        }
        IdentityMethod::CompanyTransfer => AuthorisationChannel::TransferRemark,
    }
}
