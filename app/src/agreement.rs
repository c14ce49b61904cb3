//! What an applicant agrees to (R151): one text, shown by the counter and digested by the office. A change of a clause is a
//! new version.

pub const VERSION: &str = "2026-11";

/// Title and text of each clause.
pub const CLAUSES: [(&str, &str); 7] = [
    (
        "一、服务内容",
        "本服务在线受理数字证书的申请、支付、审核、制作与寄送。证书有效期为一年，用于电子签名与身份认证。",
    ),
    (
        "二、如实填写",
        "申请人应提供真实、完整、有效的信息与资料，并保证经办人已获得办理授权。信息不实的，申请不予通过；已签发的证书将被吊销。",
    ),
    (
        "三、个人信息",
        "我们仅为核验身份、制作与寄送证书、开具发票及履行法定义务处理您的个人信息。鉴证资料加密保存，保存至证书失效后五年；未提交的草稿在三十天后删除。",
    ),
    (
        "四、证书密码",
        "证书密码按您选择的认证方式单独发送，不与证书Key同路送达。请在首次使用时修改密码，并妥善保管，不要告诉他人。",
    ),
    (
        "五、费用与发票",
        "费用以确认订单时显示的金额为准。支付后电子发票发送至预留邮箱。证书制作前可撤回申请，费用原路退回。",
    ),
    (
        "六、挂失与吊销",
        "证书Key丢失、密码泄露或信息变更时，请及时办理挂失、补办或变更。您也可以随时要求吊销证书。",
    ),
    ("七、责任", "因未妥善保管证书Key与密码造成的损失由使用人承担；因我们的过错造成的损失由我们依法承担。"),
];

/// The whole as one text, whose digest is kept with the order.
pub fn text() -> String {
    CLAUSES.iter().map(|(title, clause)| format!("{title}\n{clause}\n")).collect()
}
