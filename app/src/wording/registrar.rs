//! The words of 证书管理.

use crate::desk::registrar::RecordState;

pub const fn state_title(state: RecordState) -> &'static str {
    match state {
        RecordState::Reserved => "已登记，未签名",
        RecordState::Signed => "已签发，未启用",
        RecordState::Active => "有效",
        RecordState::OnHold => "已挂失（冻结）",
        RecordState::Revoked => "已吊销",
        RecordState::Discarded => "已作废（未启用）",
    }
}

pub fn slot_title(slot: &str) -> &'static str {
    match slot {
        "sign" => "签名证书",
        "encrypt" => "加密证书",
        _ => "签名与加密证书",
    }
}

/// `organisation_signing` and the like; a profile without a word of its own keeps its name.
pub fn profile_title(profile: &str) -> String {
    let title = match profile {
        "organisation_signing" => "单位签名",
        "organisation_encryption" => "单位加密",
        "person_signing" => "个人签名",
        "person_encryption" => "个人加密",
        "organisation_p256" => "单位，P-256",
        "organisation_rsa" => "单位，RSA",
        "person_p256" => "个人，P-256",
        "person_rsa" => "个人，RSA",
        other => return other.to_owned(),
    };
    format!("{title}（{profile}）")
}

/// What a line of a certificate's life says.
pub fn life_title(status: &str) -> &'static str {
    match status {
        "on_hold" => "挂失",
        "good" => "解除挂失",
        "revoked" => "吊销",
        _ => "状态变化",
    }
}

pub const SUSPEND_REASONS: [&str; 3] = ["持有者报失证书Key", "疑似密码泄露，先行冻结", "有权机关要求冻结"];
pub const RESUME_REASONS: [&str; 2] = ["证书Key已找到，由本人持有", "冻结事由已消除"];
pub const REVOKE_REASONS: [&str; 4] =
    ["持有者申请停止使用", "证书Key确认遗失", "私钥或密码泄露", "申请信息不实"];
