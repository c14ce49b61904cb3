//! What the office answered when the answer is no.

use super::trust::unreadable;
use super::{entry, recovery, refusal};
use crate::desk::DeskError;
use crate::desk::error::{CodeRefusal, FileRefusal, ProofRefusal, StandingRefusal};

pub fn desk_error(error: &DeskError) -> String {
    match error {
        DeskError::Refused(no) => refusal(no),
        DeskError::Fields(fields) => match fields.as_slice() {
            [one] => entry(&one.field, &one.code).to_owned(),
            fields => format!("有 {} 项内容需要修改，请按提示逐项更正。", fields.len()),
        },
        DeskError::Code(no) => code_refusal(no),
        DeskError::File(no) => file_refusal(no),
        DeskError::SignInAgain => {
            "为保护您的信息，本次访问已结束。请通过“订单查询”重新进入，已保存的内容不会丢失。".into()
        }
        DeskError::Proof(refusal) => format!("{}（{}）", proof(*refusal), refusal.code()),
        DeskError::Standing(refusal) => standing_refusal(*refusal).into(),
        DeskError::Recovery(no) => recovery::refusal(*no).into(),
        DeskError::Unreadable(no) => format!("{}（{}）", unreadable(no), no.code()),
        DeskError::SignInRefused => "账号、密码或动态验证码不正确，请核对后重试。".into(),
        DeskError::NotYourDesk => "您的岗位没有此项权限，请联系主管。".into(),
        DeskError::NotFound => "没有找到该内容。请确认链接是否完整，或通过“订单查询”进入您的订单。".into(),
        DeskError::SlowDown { retry_after_s } => {
            format!("操作过于频繁，请在 {} 后重试。", span(*retry_after_s))
        }
        DeskError::Changed => "该订单刚刚在别处被修改。您填写的内容仍然保留，请核对后再次提交。".into(),
        DeskError::PartnerAway { partner } => {
            format!("{}暂时没有响应，您的信息未受影响，请稍后重试。", partner_name(partner))
        }
        DeskError::PageOutOfDate => "页面版本已更新，请刷新页面后继续，已保存的内容不会丢失。".into(),
        DeskError::Offline => "网络连接不畅，请检查网络后重试。".into(),
        DeskError::Broken { incident } => {
            format!("系统出现故障，我们已记录（编号 {incident}）。请稍后重试，或致电服务热线并告知该编号。")
        }
    }
}

pub fn code_refusal(no: &CodeRefusal) -> String {
    match no {
        CodeRefusal::Wrong { left: 0 } => "验证码不正确，且已达到尝试次数上限。请重新获取验证码。".into(),
        CodeRefusal::Wrong { left } => format!("验证码不正确，请核对短信后重新输入，还可尝试 {left} 次。"),
        CodeRefusal::Expired => "验证码已过期，请重新获取。".into(),
        CodeRefusal::Gone => "该验证码已失效，请重新获取。".into(),
        CodeRefusal::TooSoon { wait_s } => format!("验证码刚刚发送过，请在 {} 后再获取。", span(*wait_s)),
        CodeRefusal::DailyLimit => "今日获取验证码的次数已达上限，请明天再试或致电服务热线。".into(),
    }
}

pub fn file_refusal(no: &FileRefusal) -> String {
    match no {
        FileRefusal::TooLarge { limit_bytes } => {
            format!("文件过大，请上传不超过 {} MB 的文件。", limit_bytes / (1024 * 1024))
        }
        FileRefusal::WrongType => "文件格式不支持，请上传 JPG 或 PNG 图片（可将 PDF 另存为图片）。".into(),
        FileRefusal::Unreadable => "文件无法打开，可能已损坏，请重新扫描或拍照后上传。".into(),
        FileRefusal::TooManyPixels { limit } => {
            format!("图片尺寸过大（超过 {} 万像素），请缩小后上传。", limit / 10_000)
        }
        FileRefusal::TooSmall { min_edge_px } => {
            format!("图片过小，短边至少需要 {min_edge_px} 像素，请重新扫描或拍照。")
        }
    }
}

/// Seconds as people say them.
fn span(seconds: u32) -> String {
    match seconds {
        0..=119 => format!("{seconds} 秒"),
        _ => format!("{} 分钟", seconds.div_ceil(60)),
    }
}

fn partner_name(partner: &str) -> &'static str {
    match partner {
        "alipay" => "支付宝",
        "wechat_pay" => "微信支付",
        "sms" => "短信服务",
        "mail" => "邮件服务",
        "bank" => "银行",
        "identity" => "身份核验服务",
        _ => "外部服务",
    }
}

/// Why a key's request or proof was not taken, for the producer.
fn proof(refusal: ProofRefusal) -> &'static str {
    match refusal {
        ProofRefusal::Malformed => "证书Key返回的数据格式不正确，请拔下Key重新插入后再试。",
        ProofRefusal::Request => "证书Key提交的证书请求未通过校验，请重新开始制证；仍不成功请更换Key。",
        ProofRefusal::OtherSubject => "证书请求的主体与订单不一致，请重新开始制证。",
        ProofRefusal::NotThisKey => {
            "回执不是由当前的证书Key为本订单签署的，请确认只插入了本订单的Key后重新开始。"
        }
        ProofRefusal::PairTaken => "这把Key中的密钥已用于其他订单，请更换一把空白Key。",
        ProofRefusal::OtherCertificate => "Key中的证书与签发的证书不一致，请重新写入；仍不一致请更换Key。",
        ProofRefusal::Unopened => "加密密钥未能通过校验，请重新写入；仍不成功请更换Key。",
    }
}

/// Why a certificate is not suspended, resumed or revoked (C11).
pub fn standing_refusal(refusal: StandingRefusal) -> &'static str {
    match refusal {
        StandingRefusal::NotActive => "该证书尚未启用，不能挂失或吊销；如需作废，请在制证环节重新制作。",
        StandingRefusal::AlreadyOnHold => "该证书已处于挂失状态；找回后可办理解挂，确认遗失可办理吊销。",
        StandingRefusal::NotOnHold => "该证书未挂失，无需解挂；请核对证书序列号。",
        StandingRefusal::AlreadyRevoked => "该证书已被吊销，吊销后不能恢复；如需继续使用，请重新申请证书。",
        StandingRefusal::Reason => "该原因不适用于用户证书，请重新选择吊销原因。",
        StandingRefusal::HeldByAnother => {
            "该证书由业务大厅或登记人员挂失，贵机构不能解挂；请联系我们核实后办理。"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_change_says_what_to_do_r163() {
        let sentences = StandingRefusal::ALL.map(standing_refusal);
        let different: std::collections::BTreeSet<_> = sentences.iter().collect();
        assert_eq!(different.len(), StandingRefusal::ALL.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('。') && sentence.chars().count() > 15));
    }

    #[test]
    fn seconds_and_minutes_read_as_people_say_them() {
        assert_eq!(span(42), "42 秒");
        assert_eq!(span(121), "3 分钟");
    }

    #[test]
    fn a_wrong_code_says_how_many_tries_are_left_r125() {
        assert!(code_refusal(&CodeRefusal::Wrong { left: 3 }).contains("3 次"));
        assert!(code_refusal(&CodeRefusal::Wrong { left: 0 }).contains("重新获取"));
    }

    #[test]
    fn a_fault_of_ours_names_its_incident() {
        assert!(desk_error(&DeskError::Broken { incident: "k3v9".into() }).contains("k3v9"));
    }
}
