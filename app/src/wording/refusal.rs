//! The rules of the journey say no: why, and what to do (R163). The match is exhaustive: a new refusal needs its words.

use crate::desk::DeskError;
use journey::refusal::Refusal;
use journey::registered::RegisteredFact;

pub fn refusal(no: &Refusal) -> String {
    match no {
        Refusal::NotHere { standing, .. } => {
            format!("订单当前状态为“{}”，不能进行此操作。请刷新页面，按当前步骤继续。", standing.title())
        }
        Refusal::NotYours { .. } => "此操作不由您办理，请联系相应岗位。".into(),
        Refusal::RouteNotOffered { service, .. } => {
            format!("{}暂不支持这种办理方式，请返回首页选择其他方式。", service.title())
        }
        Refusal::DetailsChanged => "订单信息已在别处修改，请重新核对后再确认。".into(),
        Refusal::MethodMissing => "请先选择一种企业身份认证方式。".into(),
        Refusal::PriceWrong { .. } => "费用信息有误，订单未变动。请刷新页面，如仍出现请致电服务热线。".into(),
        Refusal::PriceFixed { paid, .. } => {
            format!(
                "订单已支付 {} 元，本次修改不能改变费用。如需更换服务，请撤回申请后重新办理。",
                paid.yuan()
            )
        }
        Refusal::EvidenceMissing { .. } | Refusal::EvidenceNotAsked { .. } | Refusal::SealNotAccepted => {
            evidence(no)
        }
        Refusal::NothingDue
        | Refusal::AmountDiffers { .. }
        | Refusal::ChannelNotOffered { .. }
        | Refusal::RefundNotDue => money(no),
        Refusal::ProductionStarted => {
            "证书已进入制作环节，无法自行撤回。请致电服务热线由工作人员处理。".into()
        }
        Refusal::KeyDiffers => "当前插入的证书Key与本次办理的不一致，请换回原来的Key再继续。".into(),
        Refusal::RenewalTooEarly { .. }
        | Refusal::RenewalTooLate { .. }
        | Refusal::NotYetWithEvidence { .. }
        | Refusal::RegistryDiffers { .. }
        | Refusal::CertificateSuspended
        | Refusal::CertificateRevoked
        | Refusal::CertificateExpired { .. }
        | Refusal::CertificateUnknown
        | Refusal::NotOnHold
        | Refusal::HeldByOffice
        | Refusal::ReplacementUnderWay => certificate(no),
        Refusal::ReplacedEnded { ended_at } => format!(
            "原证书已于 {ended_at} 到期，补办沿用原有效期，不能再办理。审核中的请拒绝，其余请由财务岗位终止订单并退款。"
        ),
        Refusal::LegalPersonUnknown | Refusal::HandOverWaits | Refusal::NoHandOver => hand_over(no),
        Refusal::IdentityFirst
        | Refusal::UnblockedTooOften { .. }
        | Refusal::AdminPinUnknown
        | Refusal::AuthorisationEnded => unblocking(no),
        Refusal::OrderAlreadyOpen { service } => {
            format!("您有一笔{}订单尚未完成，请先在“订单查询”中继续或撤回该订单。", service.title())
        }
        Refusal::ClaimedByAnother
        | Refusal::NotClaimed
        | Refusal::ReasonMissing
        | Refusal::RoundsUsed { .. }
        | Refusal::PasscodeNotSealed
        | Refusal::PasscodeNotSent
        | Refusal::ReviewerMayNotProduce
        | Refusal::JobTakenByAnother
        | Refusal::JobNotTaken
        | Refusal::PairNotGenerated
        | Refusal::PairNotIssued
        | Refusal::PairAlreadyIssued
        | Refusal::KeyNotVerified => staff(no),
    }
}

/// What stands against a payment or a refund.
fn money(no: &Refusal) -> String {
    match no {
        Refusal::NothingDue => "该订单没有待支付的费用。".into(),
        Refusal::AmountDiffers { due, received } => format!(
            "收到的金额（{} 元）与应付金额（{} 元）不一致，我们会人工核对并与您联系，请勿重复支付。",
            received.yuan(),
            due.yuan()
        ),
        Refusal::ChannelNotOffered { channel } => {
            format!("本次办理不支持{}，请换一种支付方式。", channel.title())
        }
        Refusal::RefundNotDue => "没有与此对应的待退款项。".into(),
        no => other(no),
    }
}

/// Where it goes on elsewhere: the page, and the words of its button.
pub fn way_on(error: &DeskError) -> Option<(&'static str, &'static str)> {
    match error {
        DeskError::Refused(Refusal::RegistryDiffers { .. }) => Some(("/modify", "办理信息变更")),
        _ => None,
    }
}

/// What was uploaded, or was not.
fn evidence(no: &Refusal) -> String {
    match no {
        Refusal::EvidenceMissing { missing } => {
            let names: Vec<&str> = missing.iter().map(|kind| kind.title()).collect();
            format!("还需上传：{}。上传齐全后再点击“确认申请”。", names.join("、"))
        }
        Refusal::EvidenceNotAsked { evidence } => format!("本次办理不需要上传{}。", evidence.title()),
        Refusal::SealNotAccepted => {
            "请先查看识别出的签章图片：清晰完整请点击“使用此签章”，否则请重新上传采样表。".into()
        }
        no => other(no),
    }
}

/// What the certificate on the key stands for, and what to do instead.
fn certificate(no: &Refusal) -> String {
    match no {
        Refusal::RenewalTooEarly { opens_at } => {
            format!("证书剩余有效期超过 90 天，请在 {opens_at}（北京时间）之后办理更新。")
        }
        Refusal::RenewalTooLate { closed_at } => {
            format!("证书过期已超过 365 天（更新截止于 {closed_at}），请重新办理新证书。")
        }
        Refusal::NotYetWithEvidence { until } => {
            format!("这张证书在 {until}（北京时间）之前可以直接更新，无需重新提交资料。")
        }
        Refusal::RegistryDiffers { fact: RegisteredFact::Status } => {
            "工商登记信息显示，单位已不是在营状态。请先办理信息变更；登记信息有误的，可在其中提交资料由工作人员核对。尚未支付任何费用。".into()
        }
        Refusal::RegistryDiffers { fact: RegisteredFact::PersonName } => {
            "实名信息显示，证书上的姓名与证件号码已不一致。请先办理信息变更；没有变更的，可在其中提交资料由工作人员核对。尚未支付任何费用。".into()
        }
        Refusal::RegistryDiffers { fact } => {
            format!("工商登记信息显示，{}与证书上的不一致。请先办理信息变更；没有变更的，可在其中提交资料由工作人员核对。尚未支付任何费用。", fact.title())
        }
        Refusal::CertificateSuspended => {
            "证书已挂失暂停使用。找到证书Key的，请先在“证书挂失”中核验身份恢复使用，再办理此业务。".into()
        }
        Refusal::NotOnHold => "这张证书没有挂失，可以正常使用，无需恢复。请返回首页。".into(),
        Refusal::HeldByOffice => {
            "这张证书不是由持有者在线挂失的，不能自助恢复。请致电服务热线了解原因。".into()
        }
        Refusal::ReplacementUnderWay => {
            "这张证书正在办理补办。要恢复使用原证书，请先在“订单查询”中撤回补办申请。".into()
        }
        Refusal::CertificateRevoked => "证书已被吊销，不能办理此业务，请办理新证书。".into(),
        Refusal::CertificateExpired { expired_at } => {
            format!("证书已于 {expired_at} 过期，请改为办理证书更新或重新申请。")
        }
        Refusal::CertificateUnknown => {
            "这把证书Key里的证书不是本机构签发的有效证书。请确认插入的是要办理的证书Key，或致电服务热线。"
                .into()
        }
        no => other(no),
    }
}

/// What stands against another agent (B11).
fn hand_over(no: &Refusal) -> String {
    match no {
        Refusal::LegalPersonUnknown => {
            "本单位还没有登记法人手机的已审核订单，不能在线变更经办人。请持证书Key办理信息变更，或致电服务热线。"
                .into()
        }
        Refusal::HandOverWaits => {
            "已有一项经办人变更正在等待生效，请等待生效，或由原经办人提出异议后重新提交。".into()
        }
        Refusal::NoHandOver => "没有等待生效的经办人变更，请刷新页面查看当前经办人。".into(),
        no => other(no),
    }
}

/// What stands against a new PIN.
fn unblocking(no: &Refusal) -> String {
    match no {
        Refusal::IdentityFirst => "首次解锁需要验证身份，请从三种验证方式中选择一种。".into(),
        Refusal::UnblockedTooOften { limit } => format!("今日解锁次数已达上限（{limit} 次），请明天再试。"),
        Refusal::AdminPinUnknown => {
            "这把证书Key在制作时没有留存解锁凭据，无法在线解锁。请办理证书补办更换新的Key，或致电服务热线。"
                .into()
        }
        Refusal::AuthorisationEnded => "解锁授权已超过有效时间，本次办理已关闭。请重新办理证书解锁。".into(),
        no => other(no),
    }
}

/// What only members of staff meet.
fn staff(no: &Refusal) -> String {
    match no {
        Refusal::ClaimedByAnother => "该订单正由同事处理，请选择其他订单。".into(),
        Refusal::NotClaimed => "请先领取该订单，再作出审核决定。".into(),
        Refusal::ReasonMissing => "请填写原因：退回须逐项说明，拒绝须写明理由。".into(),
        Refusal::RoundsUsed { limit } => format!("该订单已退回 {limit} 次，请作出通过或拒绝的决定。"),
        Refusal::PasscodeNotSealed => "证书密码尚未生成，请稍后再试。".into(),
        Refusal::PasscodeNotSent => "证书密码尚未发送，暂不能寄出证书Key。".into(),
        Refusal::ReviewerMayNotProduce => "审核人不能制作同一订单的证书，请由其他制证员领取。".into(),
        Refusal::JobTakenByAnother => "该任务已由其他制证员领取。".into(),
        Refusal::JobNotTaken => "请先领取任务，再进行制证操作。".into(),
        Refusal::PairNotGenerated => "证书Key尚未生成密钥，请按顺序完成上一步。".into(),
        Refusal::PairNotIssued => "证书尚未签发，请按顺序完成上一步。".into(),
        Refusal::PairAlreadyIssued => "该订单的证书已签发，请继续写入，不要重复签发。".into(),
        Refusal::KeyNotVerified => "证书Key尚未通过回读校验，暂不能寄出。".into(),
        no => other(no),
    }
}

fn other(no: &Refusal) -> String {
    format!("操作未被接受（{}），请刷新页面后重试。", no.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_why_in_its_own_words_r163() {
        let mut sentences: Vec<String> = Refusal::samples().iter().map(refusal).collect();
        for (sentence, no) in sentences.iter().zip(Refusal::samples()) {
            assert!(sentence.ends_with('。') && !sentence.contains(no.code()), "{}: {sentence}", no.code());
        }
        let all = sentences.len();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), all, "two refusals share a sentence");
    }
}
