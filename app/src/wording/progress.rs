//! What happened (R117), what a step asks, and what happens next (R005).

use journey::event::EventKind;
use journey::service::Service;
use journey::step::Step;

/// A line of the order's history, by its event's kind. An event newer than this page shows its kind's plain name.
pub fn history(event: &str) -> &'static str {
    let Some(event) = EventKind::from_code(event) else { return "订单有新的进展" };
    match event {
        EventKind::Opened => "开始办理，订单草稿已建立",
        EventKind::DetailsEntered => "申请信息已填写",
        EventKind::DetailsConfirmed => "订单已确认",
        EventKind::ChangeRequested => "返回修改",
        EventKind::EvidenceAdded => "上传了鉴证资料",
        EventKind::EvidenceRemoved => "删除了鉴证资料",
        EventKind::EvidenceSubmitted => "鉴证资料已提交，确认申请",
        EventKind::PhoneChecked => "经办人短信验证通过",
        EventKind::RecordChosen => "选定需要补办的证书",
        EventKind::Signed => "申请已签名",
        EventKind::TransferMatched => "汇款已到账",
        EventKind::PaymentReceived => "证书费用支付成功",
        EventKind::ReviewClaimed => "审核人员开始审核",
        EventKind::ReviewReleased => "等待审核人员继续处理",
        EventKind::ReviewPassed => "审核通过",
        EventKind::ReviewReturned => "审核退回，请按说明补正",
        EventKind::ReviewRejected => "审核未通过",
        EventKind::PasscodeSealed => "证书密码已生成并加密保管",
        EventKind::PasscodeSent => "证书密码已发送",
        EventKind::PasscodeFailed => "证书密码未能送达，请更换认证方式",
        EventKind::JobTaken => "证书开始制作",
        EventKind::PairIssued => "证书已签发",
        EventKind::KeyVerified => "证书制作完成并通过校验",
        EventKind::Shipped => "证书Key已寄出",
        EventKind::Received => "已确认收货",
        EventKind::Withdrawn => "申请已撤回",
        EventKind::AgentChanged => "经办人已变更，验证码发送至新经办人手机",
        EventKind::Discontinued => "办理已终止，费用退回",
        EventKind::Expired => "订单超时关闭",
        EventKind::Refunded => "费用已原路退回",
        other => other.title(),
    }
}

/// One sentence under the heading of a step where the applicant acts.
pub const fn step_lead(step: Step) -> &'static str {
    match step {
        Step::Details => "请按证件如实填写。填写内容会自动保存，可随时通过“订单查询”继续。",
        Step::Confirm => "请再次确认提交信息是否正确。确认无误请点击“确认订单”，如发现有误请点击“返回修改”。",
        Step::Evidence => {
            "请上传下列鉴证资料，上传齐全后点击“确认申请”；如发现提交信息有问题请点击“返回修改”。"
        }
        Step::PhoneCheck => "经办人会收到一条短信验证码，输入后点击“确定”，随后自动进入支付页面。",
        Step::Payment => "请使用支付宝或微信扫描二维码完成支付，支付成功后页面会自动更新。",
        Step::Review => "申请已提交，审核人员正在核对您的资料。",
        Step::Passcode => "审核已通过，正在发送证书密码。",
        Step::Production => "证书正在制作，写入后会逐项校验。",
        Step::Dispatch => "证书已制作完成，正在安排寄送。",
        Step::Receipt => "证书Key已寄出，请注意查收。",
        Step::KeyLogin | Step::KeyPresence => "请插入需要办理的证书Key（只插一个），办理结束前请不要拔出。",
        Step::Record => "请选择需要补办的证书。",
        Step::IdentityCheck => "请选择一种方式验证身份。",
        Step::Signature => "请核对申请书并签名，再用短信验证码确认。签名后即提交审核。",
        Step::Settlement => "审核已通过，我们正在核对您的汇款，到账后开始制证。",
        Step::Issuing => "新证书即将签发并写入这把Key，完成前请勿拔出。",
        Step::Loading => "新证书正在写入这把Key，完成前请勿拔出。",
        Step::PinReset => "请设置新的证书密码。",
    }
}

/// The same in a business that begins with a key in the port, where that says something else.
pub const fn step_lead_of(service: Service, step: Step) -> &'static str {
    match (service, step) {
        (Service::Renewal, Step::Details) => "请核对证书信息，确认电子发票的接收邮箱，然后点击“下一步”。",
        (Service::Renewal, Step::PhoneCheck) => "预留手机会收到一条短信验证码，输入后点击“确定”。",
        (Service::Modification, Step::Details) => "请直接修改发生变化的内容，其余保持不变，然后点击“修改”。",
        (Service::Modification, Step::PhoneCheck) => {
            "变更前登记的预留手机会收到一条短信验证码，输入后点击“确定”。"
        }
        (Service::Renewal | Service::Modification, Step::Review) => "资料已提交，审核人员正在核对。",
        // R106, R107.
        (Service::Replacement, Step::Payment) => {
            "请使用支付宝扫描二维码支付介质费用，支付成功后页面会自动更新。"
        }
        _ => step_lead(step),
    }
}

/// What comes after a step where the applicant waits.
pub const fn waiting_next(service: Service, step: Step) -> &'static str {
    match step {
        Step::Review if matches!(service, Service::Renewal | Service::Modification) => {
            "审核结果会以短信通知预留的手机。审核通过后，插入本订单的证书Key，输入证书密码即可写入新证书。"
        }
        // R098, R108, R109.
        Step::Review if matches!(service, Service::Replacement) => {
            "审核结果会以短信和邮件通知预留的手机和邮箱，无需邮寄申请资料。审核通过后还会收到证书密码。"
        }
        Step::Review => "审核结果会以短信通知预留的手机。审核通过后还会收到证书密码。",
        Step::Passcode => "证书密码发送后即开始制作证书。",
        Step::Production => "制作完成后，我们会按您填写的通讯地址寄送证书Key。",
        Step::Dispatch => "寄出后您会收到带有运单号的短信。",
        Step::Receipt => "收到证书Key后请点击“确认收货”。首次使用时请修改证书密码。",
        Step::Settlement => "到账后自动进入下一步。",
        _ => "完成本步骤后自动进入下一步。",
    }
}
