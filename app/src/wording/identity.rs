//! Why an identity check waits or has failed, and what to do (A07, A28, A29).

use super::desk::code_refusal;
use crate::desk::error::CodeRefusal;
use crate::desk::identity::CheckState;
use journey::identity::AuthorisationChannel;

pub fn waiting(state: CheckState, reason: Option<&str>) -> &'static str {
    match (state, reason) {
        (CheckState::Sending, _) => "正在向账户转入1分钱，银行处理需要一点时间。",
        (_, Some("busy")) => "核验机构繁忙，正在自动重试，无需重新填写。",
        (_, Some(_)) => "暂时联系不上核验机构，正在自动重试，无需重新填写。",
        _ => "正在核验身份，通常只需几秒钟。",
    }
}

pub fn failed(reason: &str) -> &'static str {
    match reason {
        "mismatch" => "姓名、证件号码与手机号或银行卡不一致。请点击“返回修改”核对，或换一种验证方式。",
        "bad_input" => "填写的号码有误。请点击“返回修改”核对后再提交。",
        "no_record" => "核验机构没有这个号码的登记记录。请点击“返回修改”，换一种验证方式。",
        "wrong_too_often" => "这个号码今天已核验失败 3 次。请点击“返回修改”换一种验证方式，或明天再试。",
        "asked_too_often" => "今天的核验次数已用完（10 次）。请明天再试，或致电服务热线。",
        "quota" => "核验机构今天的次数已用完。请点击“返回修改”换一种验证方式，或明天再试。",
        "code_limit" => {
            "这个手机今天收到的验证码过多，授权码暂时无法发送。请点击“返回修改”换一种验证方式，或明天再试。"
        }
        "transfer_failed" => {
            "银行没有接受转账，可能是账号、户名或联行号不符。请点击“返回修改”核对，或换一种验证方式。"
        }
        _ => "核验没有完成。请点击“返回修改”换一种验证方式，或致电服务热线。",
    }
}

/// Of an authorisation code that was refused, by the channel that it came by: a remark is no text message, and there is
/// no other one to ask for (A28).
pub fn code_refused(no: &CodeRefusal, channel: AuthorisationChannel) -> String {
    if channel == AuthorisationChannel::CheckedPhone {
        return code_refusal(no);
    }
    const AGAIN: &str = "请点击“返回修改”重新核验，我们会再转入1分钱。";
    match no {
        CodeRefusal::Wrong { left: 0 } => format!("授权码不正确，且已达到尝试次数上限。{AGAIN}"),
        CodeRefusal::Wrong { left } => {
            format!("授权码不正确，请核对银行收款记录的附言后重新输入，还可尝试 {left} 次。")
        }
        CodeRefusal::Expired => format!("授权码已过期。{AGAIN}"),
        CodeRefusal::Gone => format!("该授权码已失效。{AGAIN}"),
        CodeRefusal::TooSoon { .. } | CodeRefusal::DailyLimit => code_refusal(no),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a28_a_refused_remark_is_not_looked_for_among_text_messages() {
        for no in [
            CodeRefusal::Wrong { left: 2 },
            CodeRefusal::Wrong { left: 0 },
            CodeRefusal::Expired,
            CodeRefusal::Gone,
        ] {
            let by_remark = code_refused(&no, AuthorisationChannel::TransferRemark);
            assert!(!by_remark.contains("短信") && !by_remark.contains("验证码"), "{by_remark}");
            assert!(by_remark.contains('请'), "R163: {by_remark}");
            assert_eq!(code_refused(&no, AuthorisationChannel::CheckedPhone), code_refusal(&no));
        }
    }

    #[test]
    fn r163_every_failed_check_says_what_to_do() {
        let reasons = [
            "mismatch",
            "bad_input",
            "no_record",
            "wrong_too_often",
            "asked_too_often",
            "quota",
            "code_limit",
            "transfer_failed",
            "refused",
        ];
        for reason in reasons {
            assert!(failed(reason).contains('请'), "{reason}");
        }
    }
}
