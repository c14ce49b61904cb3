//! What the checker says: where a certificate stands, why, and what to do.

use crate::desk::error::ReadRefusal;
use crate::desk::trust::{CertificateKind, CertificateState, CheckedCertificate, Freshness, Origin};
use journey::moment::Moment;

/// What was pasted is no certificate that can be checked: what it is, and what to bring instead.
pub fn unreadable(no: &ReadRefusal) -> String {
    match no {
        ReadRefusal::Empty => "没有内容。请粘贴证书内容，或选择证书文件。".into(),
        ReadRefusal::TooLarge { limit_bytes } => {
            format!("内容过大：证书不超过 {} KB，请确认选择的是证书文件。", limit_bytes / 1024)
        }
        ReadRefusal::PrivateKey => {
            "这里面有私钥！私钥不能交给任何人，请立即停止使用并吊销对应的证书。查验只需要证书文件（.cer、.crt、.pem），我们没有保存您提交的内容。"
                .into()
        }
        ReadRefusal::KeyStore => {
            "这是含有私钥的 PKCS#12 文件（.pfx、.p12），请不要提交。请从中只导出证书（.cer）后再查验。".into()
        }
        ReadRefusal::Request => "这是证书请求（CSR），还不是证书。请使用签发后的证书文件。".into(),
        ReadRefusal::RevocationList => "这是证书吊销列表（CRL），不是证书。".into(),
        ReadRefusal::PublicKey => "这只是公钥，不是证书。请选择证书文件。".into(),
        ReadRefusal::OtherBlock => "这是其他类型的 PEM 内容，不是证书。应以“-----BEGIN CERTIFICATE-----”开头。".into(),
        ReadRefusal::NoEnd => "证书内容不完整：缺少结尾的“-----END CERTIFICATE-----”行，请完整复制。".into(),
        ReadRefusal::NotText => "无法识别：既不是 PEM，也不是 Base64 或十六进制编码。请完整复制证书内容，或直接选择证书文件。".into(),
        ReadRefusal::CutOff { expected, found } => {
            format!("证书被截断：应有 {expected} 字节，只有 {found} 字节。请重新下载或完整复制。")
        }
        ReadRefusal::TooMuch { expected, found } => {
            format!("证书后面有多余内容：证书为 {expected} 字节，共收到 {found} 字节。请只粘贴证书本身。")
        }
        ReadRefusal::NotCertificate => "这不是 X.509 证书，或文件已损坏。请选择 .cer、.crt、.pem、.der 或 .p7b 文件。".into(),
        ReadRefusal::NoCertificates => "这个 P7B 文件里没有证书。".into(),
    }
}

/// The verdict in a few words: the heading of the result.
pub fn verdict(checked: &CheckedCertificate) -> &'static str {
    match (&checked.origin, &checked.state) {
        (Origin::Pretended, _) => "冒用本机构名称，不是本机构签发",
        (Origin::SelfSigned | Origin::Foreign, _) => "不是本机构签发的证书",
        (Origin::OurAuthority, Some(CertificateState::Good)) => "本机构自己的证书，在有效期内",
        (Origin::OurAuthority, _) => "本机构自己的证书，不在有效期内",
        (Origin::Ours { .. }, Some(state)) => match state {
            CertificateState::Good => "有效",
            CertificateState::NotYetValid => "尚未生效",
            CertificateState::Expired => "已过期",
            CertificateState::OnHold { .. } => "已挂失（冻结）",
            CertificateState::Revoked { .. } => "已吊销",
            CertificateState::NotActive => "尚未启用",
            CertificateState::Unknown => "本机构没有登记",
        },
        (Origin::Ours { .. }, None) => "状态未知",
    }
}

/// What it means.
pub fn meaning(checked: &CheckedCertificate) -> String {
    match (&checked.origin, &checked.state) {
        (Origin::Pretended, _) => {
            "证书中写着本机构的名称，但签名不是本机构的密钥作出的，可能是伪造，也可能来自其他环境的同名机构。请不要信任。".into()
        }
        (Origin::SelfSigned, _) => "这是自签名证书：由它自己的密钥签名，没有第三方机构为它作证。".into(),
        (Origin::Foreign, _) => {
            "证书由其他机构签发，签名与本机构的任何签发密钥都不相符，本机构无法查询它的状态。".into()
        }
        (Origin::OurAuthority, _) => "与本机构公布的证书逐字节相同。".into(),
        (Origin::Ours { .. }, Some(CertificateState::OnHold { since })) => match since {
            Some(since) => format!("自 {since} 起挂失，挂失期间的签名不应被信任。"),
            None => "正在挂失，挂失期间的签名不应被信任。".into(),
        },
        (Origin::Ours { .. }, Some(CertificateState::Revoked { at, reason })) => {
            let at = at.map(|at| format!("于 {at} ")).unwrap_or_default();
            format!("证书{at}被吊销，事由：{}。此后的签名不应被信任。", reason_title(reason))
        }
        (Origin::Ours { .. }, Some(state)) => match state {
            CertificateState::Good => "签名已用本机构的证书验证，证书在有效期内，没有挂失或吊销。".into(),
            CertificateState::NotYetValid => format!("证书自 {} 起生效。", checked.not_before),
            CertificateState::Expired => format!("证书已于 {} 过期，此后的签名不应被信任。", checked.not_after),
            CertificateState::NotActive => "证书已签发，但还没有完成写入证书Key后的回读校验，目前不能使用。".into(),
            _ => "签名属于本机构，但登记库中没有这张证书，请不要信任，并致电服务热线告知我们。".into(),
        },
        (Origin::Ours { .. }, None) => String::new(),
    }
}

/// What to do next: a sentence, and where it leads.
pub fn next_step(checked: &CheckedCertificate) -> Option<(&'static str, &'static str, &'static str)> {
    let state = checked.state.as_ref()?;
    if !matches!(checked.origin, Origin::Ours { .. }) {
        return None;
    }
    Some(match state {
        CertificateState::Good => {
            ("证书Key遗失或密码泄露时，请尽快挂失；到期前 90 天内可以更新证书。", "办理更新、补办或变更", "/")
        }
        CertificateState::Expired => {
            ("过期 1 年内可以办理证书更新，超过 1 年请重新申请。", "办理证书更新", "/")
        }
        CertificateState::OnHold { .. } => {
            ("证书Key找到了，请致电服务热线解除挂失；确认遗失，请办理补办。", "查看可办业务", "/")
        }
        CertificateState::Revoked { .. } => {
            ("吊销不能撤回。如需继续使用，请重新申请或补办。", "在线办理", "/")
        }
        CertificateState::NotYetValid => return None,
        CertificateState::NotActive => ("收到证书Key后即可使用，可查看办理进度。", "订单查询", "/query"),
        CertificateState::Unknown => return None,
    })
}

pub const fn kind_title(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Signing => "签名证书",
        CertificateKind::Encryption => "加密证书",
        CertificateKind::Both => "签名与加密证书",
        CertificateKind::Authority => "机构证书（CA）",
        CertificateKind::Responder => "OCSP 响应者证书",
        CertificateKind::Other => "其他用途",
    }
}

/// Reason codes of RFC 5280, 5.3.1.
pub fn reason_title(code: &str) -> &'static str {
    match code {
        "key_compromise" => "密钥泄露",
        "authority_compromise" => "签发机构密钥泄露",
        "affiliation_changed" => "信息变更",
        "superseded" => "已被新证书取代",
        "cessation_of_operation" => "停止使用",
        "certificate_hold" => "挂失（冻结）",
        "remove_from_crl" => "解除挂失",
        "privilege_withdrawn" => "资格被取消",
        _ => "未注明",
    }
}

pub const fn freshness_title(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "有效",
        Freshness::Ending => "即将到期，待更新",
        Freshness::Over => "已过期，请勿依据",
    }
}

/// How long something holds. A line breaks between the two moments, and in neither.
pub fn from_to(from: Moment, to: Moment) -> String {
    let whole = |moment: Moment| moment.to_string().replace(' ', "\u{a0}");
    format!("{} 至 {}", whole(from), whole(to))
}

/// Lower-case hexadecimal in groups of four: easier to compare by eye and by ear.
pub fn grouped(hex: &str) -> String {
    let mut text = String::with_capacity(hex.len() * 5 / 4);
    for (place, digit) in hex.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(digit.to_ascii_uppercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_come_in_fours() {
        assert_eq!(grouped("0a1b2c3d4e"), "0A1B 2C3D 4E");
        assert_eq!(grouped(""), "");
    }

    #[test]
    fn a_private_key_is_warned_of_and_a_cut_file_says_what_is_missing() {
        assert!(unreadable(&ReadRefusal::PrivateKey).contains("私钥"));
        assert!(unreadable(&ReadRefusal::CutOff { expected: 700, found: 690 }).contains("应有 700 字节"));
    }
}
