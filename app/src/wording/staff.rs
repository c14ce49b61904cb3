//! The words of the staff's desks that are not the journey's own.

use crate::desk::staff::Role;

/// The desk of a role, as its navigation says it.
pub fn desk_title(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "审核",
        Role::Producer => "制证",
        Role::Dispatcher => "发货",
        Role::Finance => "财务",
        Role::Registrar => "证书管理",
        Role::Custodian => "密钥管理",
    }
}

/// What the desk is for, under its title on the first page.
pub fn desk_text(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "核对申请信息与鉴证资料，作出通过、退回补正或拒绝的决定。",
        Role::Producer => "为已通过的订单在证书Key上生成密钥、写入双证书并回读校验。",
        Role::Dispatcher => "把校验完成的证书Key寄给收件人，登记快递与运单号。",
        Role::Finance => "对公汇款核对与发票处理。",
        Role::Registrar => "查找已签发的证书，办理挂失、恢复与吊销，下载签发清单。",
        Role::Custodian => "依法律文书恢复加密密钥：一人发起，多人逐一批准，全程留痕。",
    }
}

pub const WHO_FAILED: &str = "暂时无法确认登录状态，请检查网络后登录。";
pub const SIGNED_OUT: &str = "登录已过期，请重新登录。已保存的内容不受影响。";
pub const IDLE_OUT: &str = "长时间没有操作，已为您退出登录。";

/// Why the full data may be looked at (R161); the reason is recorded with the name.
pub const REVEAL_REASONS: [&str; 4] =
    ["核对身份证件上的号码", "核对银行账户信息", "电话联系经办人", "核对营业执照信息"];

/// The usual grounds of a rejection; the applicant reads what is chosen or written (R148).
pub const REJECT_REASONS: [&str; 4] = [
    "所提交的主体信息与登记机关记录不符",
    "鉴证资料涉嫌伪造或变造",
    "申请人不具备办理资格",
    "多次补正后仍不符合要求",
];

pub const COURIERS: [&str; 6] = ["顺丰速运", "EMS", "京东快递", "中通快递", "圆通速递", "韵达快递"];
