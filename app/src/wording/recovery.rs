//! The words of the custodians' desk.

use crate::desk::recovery::{CaseStanding, RecordKind, RecoveryRefusal};

pub const fn standing(standing: CaseStanding) -> &'static str {
    match standing {
        CaseStanding::Waiting => "待批准",
        CaseStanding::Approved => "已批准，待取得",
        CaseStanding::Released => "已取得",
        CaseStanding::Refused => "未批准",
        CaseStanding::Expired => "已过期",
        CaseStanding::Broken => "记录异常",
    }
}

pub const fn record(what: RecordKind) -> &'static str {
    match what {
        RecordKind::Filed => "发起案件",
        RecordKind::Approved => "批准",
        RecordKind::Refused => "不批准或撤回",
        RecordKind::Released => "生成密钥信封并取得",
        RecordKind::Fetched => "再次取得",
    }
}

pub const fn refusal(no: RecoveryRefusal) -> &'static str {
    match no {
        RecoveryRefusal::CodeWrong => "动态验证码不正确或已使用过，请等验证器显示下一个数字后重试。",
        RecoveryRefusal::OwnCase => "本案由您发起，不能由您批准，请由其他密钥管理员批准。",
        RecoveryRefusal::ApprovedAlready => "您已批准过本案，请由其他密钥管理员批准。",
        RecoveryRefusal::Closed => "本案已经结束（已取得、未批准或已过期）。确需恢复的，请重新发起案件。",
        RecoveryRefusal::NotApproved => "批准人数尚未达到要求，请等候其他密钥管理员批准。",
        RecoveryRefusal::NotTheFiler => "只有发起人可以取得密钥信封，请联系发起人。",
        RecoveryRefusal::RecordBroken => {
            "本案的记录与密钥管理中心的校验码不符，可能被改动。请停止操作，立即报告安全主管。"
        }
    }
}

/// What is under the title of a broken case.
pub const BROKEN: &str = "本案的记录与密钥管理中心的校验码不符，可能在数据库中被改动，已停止办理。请立即报告安全主管，并保留现场。";

/// Beside the receiver's fingerprint, whatever name stands there: the pairs go to the key, not to the name.
pub const CHECK_RECEIVER: &str = "密钥将加密给此公钥。批准前请通过来文机关的公开联系方式，与其核对上述指纹。";

/// The receiver's name, and what it is worth.
pub fn receiver(name: Option<&str>, verified: bool) -> String {
    match (name, verified) {
        (Some(name), true) => format!("{name}（本机构签发的证书，已核验）"),
        (Some(name), false) => format!("{name}（发起人提供，未核验）"),
        (None, _) => "仅提供了公钥".to_owned(),
    }
}

/// Why a custodian usually says no.
pub const REFUSE_REASONS: [&str; 4] =
    ["法律文书不齐全", "文书与申请恢复的对象不符", "接收方公钥无法核实", "发起人填写有误，重新发起"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nobody_checked_is_said_to_be_so() {
        assert!(receiver(Some("某市人民法院"), false).ends_with("（发起人提供，未核验）"));
        assert!(!receiver(Some("某市人民法院"), true).contains("未核验"));
        assert!(CHECK_RECEIVER.contains("核对上述指纹"));
    }

    #[test]
    fn every_refusal_says_what_to_do_r163() {
        for no in RecoveryRefusal::ALL {
            assert!(refusal(no).contains('请'), "{}", no.code());
        }
    }
}
