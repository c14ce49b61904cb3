//! What a person reads when a key cannot be used, and what to do about it. One table for every way to a key.

use crate::key_access::AccessError;
use key::KeyError;
use key::mandate::MandateRefusal;

/// What happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub what: String,
    pub todo: &'static str,
}

fn advice(what: impl Into<String>, todo: &'static str) -> Advice {
    Advice { what: what.into(), todo }
}

/// The two sentences for each fault of reaching a key.
pub fn of(error: &AccessError) -> Advice {
    match error {
        AccessError::NoKey => {
            advice("没有检测到证书Key", "请插入证书Key；已插入的请拔下后重新插入，或换一个USB接口。")
        }
        AccessError::SeveralKeys(count) => {
            advice(format!("检测到{count}个证书Key"), "请只插入一个证书Key，其余的请拔下。")
        }
        AccessError::OtherVersion => {
            advice("本机助手与网页的版本不一致", "请把本机助手和浏览器扩展升级到最新版，然后刷新本页。")
        }
        AccessError::Unexpected => {
            advice("本机助手的回答无法识别", "请重试；多次出现时请升级本机助手和浏览器扩展。")
        }
        AccessError::ConnectionLost => {
            advice("与本机助手的连接中断", "证书Key不会因此少一次密码机会。请保持Key插好，然后重试。")
        }
        AccessError::Office(error) => {
            advice(super::desk_error(error), "Key没有被改动。请刷新本页，从订单当前的步骤继续。")
        }
        AccessError::Key(KeyError::Mandate(refusal)) => of_mandate(*refusal),
        AccessError::Key(error) => of_key(error),
    }
}

/// The helper obeyed no one: the key is as it was.
fn of_mandate(refusal: MandateRefusal) -> Advice {
    match refusal {
        MandateRefusal::UnknownOffice => advice(
            "本机助手不认识这个网站",
            "请确认网址正确；正确的请重新安装本机助手，或请管理员把本网站加入助手。",
        ),
        MandateRefusal::Expired => {
            advice("操作授权已过期", "请核对电脑的日期和时间后重试；时间相差几分钟，助手就不再接受授权。")
        }
        MandateRefusal::OtherStation => advice("本机助手已重新启动", "请重试；本页会重新申请授权。"),
        MandateRefusal::Missing
        | MandateRefusal::Signature
        | MandateRefusal::OtherOrigin
        | MandateRefusal::OtherRequest
        | MandateRefusal::Replayed => advice(
            "本机助手没有收到有效的操作授权",
            "Key没有被改动。请刷新本页后重试；仍不行请重新安装本机助手。",
        ),
    }
}

fn of_key(error: &KeyError) -> Advice {
    match error {
        KeyError::PinWrong { left } => {
            advice(format!("证书密码错误，还可再试{left}次"), "请核对后重新输入；次数用完后Key会锁定。")
        }
        KeyError::PinLocked => advice("证书Key已锁定", "证书密码多次输错，请办理“证书解锁”。"),
        KeyError::PinRule => advice("密码不符合证书Key的要求", "密码应为6至16位数字、字母或符号。"),
        KeyError::PinMissing => advice("没有输入证书密码", "请重试，并输入证书密码。"),
        KeyError::NotLoggedIn => advice("需要先验证证书密码", "请重试；本页会重新打开这个Key。"),
        KeyError::Removed => {
            advice("证书Key被拔出", "请把同一个Key重新插入，然后继续；已完成的步骤不会重做。")
        }
        KeyError::Busy => advice("证书Key正被其他程序使用", "请关闭其他使用证书Key的程序和网页，然后重试。"),
        KeyError::Timeout => advice("证书Key没有按时回应", "请保持Key插好后重试；仍无回应时请重新插拔。"),
        KeyError::Cancelled => advice("没有选择证书Key", "请再点一次，并在浏览器弹出的窗口中选择您的Key。"),
        KeyError::NotFound => advice("Key中没有所需的内容", "请确认插入的是本订单的Key。"),
        KeyError::NoRoom => advice("证书Key空间不足", "请换一个空白的证书Key。"),
        KeyError::BadEnvelope => advice(
            "加密密钥的信封在此Key上打不开",
            "请确认插入的是本订单的Key后重试；仍不行请释放任务并换Key重做。",
        ),
        KeyError::BadCertificate => {
            advice("证书与Key中的密钥不匹配", "请确认插入的是本订单的Key；仍不行请释放任务并换Key重做。")
        }
        KeyError::BadSeal => advice("本机助手已重新启动", "请重试；本页会向办公系统重新申请。"),
        KeyError::Expired => {
            advice("解锁授权已失效", "请核对电脑的日期和时间，然后重试；本页会向业务系统重新申请授权。")
        }
        KeyError::AdminPin => {
            advice("这个证书Key已无法在线解锁", "请办理“证书补办”更换新的Key，或致电服务热线。")
        }
        KeyError::Denied => advice("本网页不能使用证书Key", "请确认从正式网址打开本页，并在扩展中允许使用。"),
        KeyError::AlreadyPersonalised => {
            advice("这个Key里已有证书", "制证需要空白Key。请换一个空白的证书Key。")
        }
        KeyError::WrongKey => advice("插入的不是本订单的Key", "请插入本订单已绑定的那个Key。"),
        KeyError::Unsupported => advice("证书Key或助手不支持此操作", "请升级本机助手；仍不行请更换Key型号。"),
        KeyError::Malformed(_) => advice("网页与助手的消息不符", "请刷新本页；多次出现时请升级本机助手。"),
        KeyError::HelperMissing => {
            advice("本机助手没有安装或没有启动", "请安装“证书大厅 Key 助手”程序，然后重试。")
        }
        KeyError::ExtensionMissing => {
            advice("浏览器没有安装证书Key扩展", "请安装“证书大厅 Key 助手”扩展，然后刷新本页。")
        }
        KeyError::Status(word) => {
            advice(format!("证书Key返回了未知状态 {word:04X}"), "请重新插拔后重试；仍不行请记下代码并换Key。")
        }
        KeyError::PinRefused => {
            advice("PIN码不正确", "请确认后再输入；连续输错会锁定Key，此Key不显示剩余次数。")
        }
        KeyError::Library(_) => {
            advice("Key厂商的驱动程序出错", "请重新插拔后重试；仍不行请重新安装厂商的驱动程序。")
        }
        KeyError::Transport(_) => advice("与证书Key的通信失败", "请重新插拔Key或换一个USB接口，然后重试。"),
        // `KeyError` may grow before this page is built anew.
        _ => advice("证书Key操作失败", "请重试；多次出现时请记下代码并联系技术支持。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r059_r156_each_says_what_to_do_and_a_lost_line_spares_the_pin() {
        for error in [
            AccessError::NoKey,
            AccessError::SeveralKeys(2),
            AccessError::OtherVersion,
            AccessError::Unexpected,
            AccessError::ConnectionLost,
            KeyError::HelperMissing.into(),
            KeyError::ExtensionMissing.into(),
        ] {
            assert!(of(&error).todo.ends_with('。'), "{}", error.code());
        }
        assert!(of(&AccessError::SeveralKeys(2)).what.contains("2个"));
        assert!(!of(&AccessError::ConnectionLost).what.contains("密码错误"));
    }
}
