//! From facts to findings: one line for each thing that must work, with what to do where it does not.

use super::examine::{Certificate, Facts};
use crate::key_access::{AccessError, Way};
use crate::pages::key_in::FEW;
use crate::wording;
use key::KeyError;
use key::message::KeyState;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Good,
    /// Not needed here, or soon to be minded.
    Note,
    Bad,
}

impl Health {
    pub fn word(self) -> &'static str {
        match self {
            Health::Good => "正常",
            Health::Note => "提示",
            Health::Bad => "异常",
        }
    }
}

/// What the one button of a finding does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The browser's own dialogue, to give this page a key.
    Choose(Way),
    /// 证书解锁
    Unblock,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub item: &'static str,
    pub health: Health,
    pub says: String,
    /// At most three sentences.
    pub todo: String,
    pub act: Option<Act>,
    /// Stable, for the report.
    pub code: &'static str,
}

fn finding(
    item: &'static str,
    health: Health,
    code: &'static str,
    says: impl Into<String>,
    todo: &str,
) -> Finding {
    Finding { item, health, says: says.into(), todo: todo.to_owned(), act: None, code }
}

/// Seconds of difference from which dates are judged wrongly by other programs.
const CLOCK_OFF: i64 = 5 * 60;
const DAY: i64 = 24 * 60 * 60;

pub fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![browser(facts), clock(facts), direct(facts), extension(facts), key(facts)];
    if let Ok(found) = &facts.key {
        findings.push(certificate(facts.certificate, found.key.state));
        findings.push(pin(found.key.pin_left));
    }
    findings
}

fn browser(facts: &Facts) -> Finding {
    match (facts.secure, facts.hid || facts.usb) {
        (false, _) => finding(
            "浏览器",
            Health::Bad,
            "browser.insecure",
            "本页不是通过安全连接打开的",
            "请从正式网址（https 开头）重新打开本页。浏览器不允许不安全的网页使用证书Key。",
        ),
        (true, true) => finding("浏览器", Health::Good, "browser.direct", "支持直接连接证书Key", ""),
        (true, false) => finding(
            "浏览器",
            Health::Note,
            "browser.helper_only",
            "此浏览器不能直接连接证书Key，将通过本机助手使用",
            "也可以换用新版 Chrome、Edge 或其他 Chromium 内核的浏览器。",
        ),
    }
}

fn clock(facts: &Facts) -> Finding {
    match facts.ahead {
        None => finding(
            "电脑时间",
            Health::Note,
            "clock.unknown",
            "没有取得服务器时间",
            "请检查网络后重新检测。证书是否有效以服务器时间为准。",
        ),
        Some(ahead) if ahead.abs() >= CLOCK_OFF => {
            let direction = if ahead > 0 { "快" } else { "慢" };
            finding(
                "电脑时间",
                Health::Bad,
                "clock.off",
                format!("这台电脑的时间{direction}了约{}分钟", ahead.abs() / 60),
                "请在系统设置中打开“自动设置时间”。时间不准时，其他软件可能误判证书已过期或未生效。",
            )
        }
        Some(_) => finding("电脑时间", Health::Good, "clock.good", "与服务器时间一致", ""),
    }
}

/// Whether the page may use a key by itself. Where the helper sees the key, nothing is missing.
fn direct(facts: &Facts) -> Finding {
    let item = "直接连接";
    let way = if facts.hid { Way::Hid } else { Way::Usb };
    let sees = |way: Way| facts.looks.iter().find(|look| look.way == way).map(|look| &look.seen);
    let seen = [Way::Hid, Way::Usb].map(sees);
    if !(facts.hid || facts.usb) {
        return finding(item, Health::Note, "direct.none", "此浏览器没有这项功能", "");
    }
    if seen.iter().flatten().any(|seen| seen.as_ref().is_ok_and(|keys| !keys.is_empty())) {
        return finding(item, Health::Good, "direct.granted", "本网站已获准使用证书Key", "");
    }
    if let Some(error) = seen.iter().flatten().find_map(|seen| seen.as_ref().err()) {
        let advice = wording::key::of(error);
        return finding(item, Health::Bad, error.code(), advice.what, advice.todo);
    }
    let act = Some(Act::Choose(way));
    let todo = "插入Key后点“连接证书Key”，并在浏览器弹出的窗口中选择它。有些型号的Key只能通过本机助手使用，列表中没有时可跳过此项。";
    Finding {
        act, ..finding(item, Health::Note, "direct.not_granted", "本网站还没有获准使用证书Key", todo)
    }
}

fn extension(facts: &Facts) -> Finding {
    let item = "扩展与本机助手";
    let needed = if facts.key.is_ok() { Health::Note } else { Health::Bad };
    match &facts.station {
        Ok(station) => finding(
            item,
            Health::Good,
            "helper.good",
            format!("已连接，助手版本 {}", station.helper_version),
            "",
        ),
        Err(error) => {
            let advice = wording::key::of(error);
            let absent =
                matches!(error, AccessError::Key(KeyError::ExtensionMissing | KeyError::HelperMissing));
            let health = if absent { needed } else { Health::Bad };
            finding(item, health, error.code(), advice.what, advice.todo)
        }
    }
}

fn key(facts: &Facts) -> Finding {
    match &facts.key {
        Ok(found) => {
            let end: String =
                found.key.serial.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
            finding("证书Key", Health::Good, "key.one", format!("检测到一个证书Key，序列号尾号 {end}"), "")
        }
        Err(error) => {
            let advice = wording::key::of(error);
            finding("证书Key", Health::Bad, error.code(), advice.what, advice.todo)
        }
    }
}

fn certificate(certificate: Option<Certificate>, state: KeyState) -> Finding {
    let item = "证书";
    match (certificate, state) {
        (None, KeyState::Blank) => finding(
            item,
            Health::Note,
            "certificate.none",
            "这是空白Key，还没有证书",
            "新办证书时由制证人员写入。",
        ),
        (None, KeyState::Personalised) => finding(
            item,
            Health::Bad,
            "certificate.unreadable",
            "Key中的证书无法读取",
            "请重新插拔后再检测；仍不行请联系服务热线。",
        ),
        (Some(it), _) if it.begins_in > 0 => {
            finding(item, Health::Bad, "certificate.not_yet", "证书尚未生效", "请联系服务热线。")
        }
        (Some(it), _) if it.ends_in < 0 => finding(
            item,
            Health::Bad,
            "certificate.expired",
            format!("证书已过期{}天", -it.ends_in / DAY),
            "请办理证书更新；过期超过一年的请重新申请。",
        ),
        (Some(it), _) if it.ends_in < 90 * DAY => finding(
            item,
            Health::Note,
            "certificate.soon",
            format!("证书还有{}天到期", it.ends_in / DAY),
            "现在就可以办理证书更新，剩余的天数不会损失。",
        ),
        (Some(it), _) => finding(
            item,
            Health::Good,
            "certificate.good",
            format!("在有效期内，还有{}天", it.ends_in / DAY),
            "",
        ),
    }
}

/// B06: the gauge, before anybody types.
fn pin(left: Option<u8>) -> Finding {
    let item = "证书密码";
    match left {
        None => finding(item, Health::Note, "pin.unset", "还没有设置密码", ""),
        Some(0) => Finding {
            act: Some(Act::Unblock),
            ..finding(item, Health::Bad, "pin.locked", "密码已锁定", "请办理证书解锁，不需要更换Key。")
        },
        Some(left @ 1..=FEW) => Finding {
            act: Some(Act::Unblock),
            ..finding(
                item,
                Health::Note,
                "pin.few",
                format!("只剩{left}次输入机会"),
                "不确定密码时请不要再试，直接办理证书解锁。",
            )
        },
        Some(left) => finding(item, Health::Good, "pin.good", format!("还可输错{left}次"), ""),
    }
}
