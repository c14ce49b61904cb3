//! The words of the staff's desks that are not the journey's own.

use crate::desk::staff::Role;
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::party::Party;

/// The desk of a role, as its navigation says it.
pub fn desk_title(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "审核",
        Role::Producer => "制证",
        Role::Dispatcher => "发货",
        Role::Finance => "财务",
    }
}

/// What the desk is for, under its title on the first page.
pub fn desk_text(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "核对申请信息与鉴证资料，作出通过、退回补正或拒绝的决定。",
        Role::Producer => "为已通过的订单在证书Key上生成密钥、写入双证书并回读校验。",
        Role::Dispatcher => "把校验完成的证书Key寄给收件人，登记快递与运单号。",
        Role::Finance => "对公汇款核对与发票处理。",
    }
}

pub const WHO_FAILED: &str = "暂时无法确认登录状态，请检查网络后登录。";
pub const SIGNED_OUT: &str = "登录已过期，请重新登录。已保存的内容不受影响。";
pub const IDLE_OUT: &str = "长时间没有操作，已为您退出登录。";

/// The filled fields of a form, in the form's order and groups: (group, [(field, label, value)]).
pub fn details_table(
    form: &DetailsForm,
    method: Option<IdentityMethod>,
    party: Party,
) -> Vec<(&'static str, Vec<(&'static str, &'static str, String)>)> {
    let organisation = party == Party::Organisation;
    let holder = [
        ("holder_name", if organisation { "证书使用单位名称" } else { "申请人姓名" }, form.holder_name.clone()),
        ("holder_id", if organisation { "统一社会信用代码" } else { "身份证号码" }, form.holder_id.clone()),
        ("legal_person_name", "法定代表人姓名", form.legal_person_name.clone()),
        ("legal_person_id", "法定代表人身份证号", form.legal_person_id.clone()),
    ];
    let identity = [
        ("method", "认证方式", method.map(|method| method.title_for(party).to_owned()).unwrap_or_default()),
        ("legal_person_phone", if organisation { "法人手机" } else { "实名手机" }, form.legal_person_phone.clone()),
        ("bank_card", "银行卡号", form.bank_card.clone()),
        ("account_name", "企业账户名称", if form.account_number.is_empty() { String::new() } else { form.account_name.clone() }),
        ("account_bank", "开户银行", form.account_bank.clone()),
        ("account_number", "账号", form.account_number.clone()),
        ("account_bank_code", "联行号", form.account_bank_code.clone()),
    ];
    let agent = [
        ("agent_name", "经办人姓名", form.agent_name.clone()),
        ("agent_phone", "经办人手机", form.agent_phone.clone()),
        ("email", "预留邮箱", form.email.clone()),
        ("invoice_title", "发票抬头", form.invoice_title.clone()),
    ];
    let parcel = [
        ("recipient_name", "收件人", form.recipient_name.clone()),
        ("recipient_phone", "收件人手机", form.recipient_phone.clone()),
        ("province", "省、市、区", [&*form.province, &*form.city, &*form.county].join(" ").trim().to_owned()),
        ("street", "详细地址", form.street.clone()),
    ];
    [
        (if organisation { "证书使用单位" } else { "申请人" }, holder.to_vec()),
        ("身份认证", identity.to_vec()),
        ("经办人与发票", agent.to_vec()),
        ("通讯地址", parcel.to_vec()),
    ]
    .into_iter()
    .map(|(group, rows)| (group, rows.into_iter().filter(|(_, _, value)| !value.is_empty()).collect::<Vec<_>>()))
    .filter(|(_, rows)| !rows.is_empty())
    .collect()
}

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

/// A verdict of the identity provider (its code) in words; an unknown code is shown as it is.
pub fn identity_check(what: &str) -> &str {
    match what {
        "legal_person_phone" => "法人手机三要素",
        "legal_person_bank_card" => "法人银行卡四要素",
        "company_transfer" => "对公账户",
        "registry" => "企业登记信息",
        other => other,
    }
}

pub fn identity_verdict(code: &str) -> &str {
    match code {
        "match" | "passed" => "一致",
        "mismatch" | "failed" => "不一致",
        "unknown" | "no_record" => "查无记录",
        "pending" => "核验中",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_what_is_filled_and_hides_what_was_not_asked() {
        let form = DetailsForm {
            holder_name: "北京启明科技有限公司".into(),
            holder_id: "91110108MA0******".into(),
            account_name: "北京启明科技有限公司".into(),
            legal_person_phone: "138****5678".into(),
            ..DetailsForm::default()
        };
        let table = details_table(&form, Some(IdentityMethod::LegalPersonPhone), Party::Organisation);
        let fields: Vec<_> = table.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.0)).collect();
        assert_eq!(fields, ["holder_name", "holder_id", "method", "legal_person_phone"]);
        assert_eq!(table[0].1[0].1, "证书使用单位名称");
    }
}
