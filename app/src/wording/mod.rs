//! Owns: every sentence that answers a code (refusals, field errors, desk errors, events) or stands on several pages,
//! and the manual's own texts. Headings and button words stand in their page.
//! Never: a decision; a sentence says what is and what to do.
//! Start at: `desk.rs` (what went wrong), `refusal.rs` (the rules say no), `entry.rs` (a field does not hold).

mod desk;
mod entry;
pub mod identity;
pub mod key;
mod progress;
pub mod recovery;
mod refusal;
pub mod registrar;
pub mod staff;
pub mod trust;

pub use desk::{code_refusal, desk_error, file_refusal};
pub use entry::{entry, field_title};
pub use progress::{history, step_lead, step_lead_of, waiting_next};
pub use refusal::{refusal, way_on};

pub const DEMO: &str =
    "演示环境：支付、短信与邮件均为模拟，签发的证书仅供演示，不具有法律效力。请勿填写真实的个人信息。";
pub const OFFLINE_BANNER: &str = "网络已断开。已填写的内容会保存在本机，网络恢复后自动继续。";

/// R018.
pub const ADDRESS_HINT: &str = "通讯地址建议填写可接收快件的收件信息，以便我们邮寄证书Key等实体材料。";
/// R040 where no organisation stands behind the person (A09).
pub const SEAL_WITHOUT_STAMP: &str = "请下载《个人签章采样表》，签名或盖个人印章后扫描上传，无需加盖公章。";
/// R015, R016.
pub const LOCKED_TO_HOLDER: &str = "默认为证书使用单位名称，不支持修改。";
/// B06.
pub const PIN_HINT: &str = "即首次使用时设置的证书密码，6 至 16 位。输错的次数由证书Key计算。";
/// R028, in the manual's words.
pub const INVOICE_FORCE: &str = "电子发票是国税局认可的有效凭证，其法律效力、基本用途及使用规定同纸质发票，如需纸质票可通过经办人电子邮箱下载完成打印。";
pub const INVOICE_PROMISE: &str = "收到您支付的证书费用后，开具的电子发票会发送至您填写的预留邮箱。";

/// R029: what to do when the invoice has not come.
pub fn invoice_late(hotline: &str) -> String {
    format!("如超过24小时未收到发票，请通过“电子发票重新获取”查询，或致电 {hotline}。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_invoice_names_the_hotline_r029() {
        assert!(invoice_late("010-12345678").contains("010-12345678"));
    }
}
