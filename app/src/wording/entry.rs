//! A field does not hold what it must: what to do about it, by field and reason code of `journey::entry`.

use journey::party::Party;

/// The sentence for one field of a form. The same code reads differently where the field knows more.
pub fn entry(field: &str, code: &str) -> &'static str {
    at_counter(field, code).or_else(|| at_desks(field, code)).unwrap_or_else(|| general(code))
}

/// What applicants type.
fn at_counter(field: &str, code: &str) -> Option<&'static str> {
    Some(match (field, code) {
        ("holder_name", "empty") => "请填写名称。",
        ("holder_id" | "id_number", "empty") => "请填写证件号码。",
        ("holder_id", "wrong_length") => {
            "长度不正确：统一社会信用代码与身份证号为 18 位；港澳通行证为字母加 8 位数字，台湾通行证为 8 位数字。"
        }
        ("holder_id" | "legal_person_id", "check_digit") => "号码校验未通过，请逐位核对是否有误。",
        ("holder_id" | "legal_person_id", "unknown_region") => "号码中的行政区划不存在，请核对前几位。",
        ("legal_person_name" | "agent_name" | "recipient_name", "empty") => "请填写姓名。",
        ("legal_person_name" | "agent_name" | "recipient_name", "forbidden_character") => {
            "姓名只能包含汉字、字母和间隔号“·”。"
        }
        ("legal_person_id", "empty") => "请填写法定代表人身份证号。",
        ("legal_person_id", "wrong_length") => "身份证号应为 18 位，最后一位可以是 X。",
        ("holder_id", "holder_fixed") => "信息变更不能改变证书持有人的证件号码；持有人不同请办理新证书。",
        ("register_is_wrong", "register_agrees") => {
            "登记信息没有与证书不一致的记录，无需核对资料，可直接办理证书更新。"
        }
        ("without_reserved_phone", "contacts_first") => {
            "预留手机停用时，请先只变更联系方式；完成后再办理一次，变更证书名称等信息。"
        }
        ("agent_phone", "agent_phone_fixed") => {
            "经办人手机号已通过短信验证，本订单不能再更换，请填回原手机号；确需更换，请撤销订单后重新办理。"
        }
        ("name", _) => "请填写新经办人姓名，只能包含汉字、字母和间隔号“·”。",
        ("new_phone", "agent_phone_same") => "新经办人的手机号与现经办人相同，无需变更。",
        ("new_phone", _) => "请填写新经办人的 11 位手机号，如 13800001234。",
        ("legal_person_phone" | "agent_phone" | "recipient_phone", _) => {
            "请填写 11 位手机号，如 13800001234。"
        }
        ("holder_id", "permit_letter") => "通行证号码以字母 H（香港）或 M（澳门）开头，后接 8 位数字。",
        ("invoice_tax_number", _) => "税号应为 18 位统一社会信用代码，请核对；开给个人的发票无需填写。",
        ("bank_card", "empty") => "请填写银行卡号。",
        ("bank_card", _) => "银行卡号有误，请对照卡面逐位核对。",
        ("account_bank", "empty") => "请填写开户银行全称。",
        ("account_number", "empty") => "请填写银行账号。",
        ("account_number", _) => "银行账号应为 6 至 32 位数字。",
        ("account_bank_code", _) => "联行号应为 12 位数字，可向开户银行查询。",
        ("email", "empty") => "请填写接收电子发票的邮箱。",
        ("province", "empty") => "请选择省、自治区或直辖市。",
        ("city", "empty") => "请选择市。",
        ("county", "empty") => "请选择区或县。",
        ("street", "empty") => "请填写详细地址。",
        ("street", "too_short") => "详细地址过短，请写明街道、门牌号与房间号。",
        ("code", "empty") => "请输入短信验证码。",
        ("phone", _) => "请填写 11 位手机号，如 13800001234；不指定时可留空。",
        ("courier", "courier_unknown") => "请从列表中选择快递公司。",
        ("waybill", "waybill_again") => "这是退回的快件的运单号，请填写新面单上的运单号。",
        ("state", "parcel_was_further") => "包裹已登记为后面的状态，不能退回，请刷新后重试。",
        ("holder_name" | "holder_id", "locked_to_certificate") => {
            "补办须与原证书的名称和证件号码一致；有变化的，请办理信息变更或在线新办。"
        }
        ("reference" | "reference-typed", _) => "没有这个附言码，请核对 6 位字母和数字；尚未汇款的可以留空。",
        ("signature", "signature_empty") => "请在签名框内书写姓名，或改用键盘签名。",
        ("signature", "signature_other_name") => "键入的姓名与经办人姓名不一致，请逐字键入经办人姓名。",
        ("signature", _) => "签名笔画过多，请点击“重写”后重新书写。",
        _ => return None,
    })
}

/// What staff type.
fn at_desks(field: &str, code: &str) -> Option<&'static str> {
    Some(match (field, code) {
        ("number", "order_unknown") => "没有等待汇款的订单使用该订单号，请核对。",
        ("bank_number", "bank_number_known") => "该流水号已经录入，请勿重复。",
        ("bank_number", _) => "请填写银行的交易流水号（字母或数字）。",
        ("booked_on", _) => "请填写入账日期，如 2026-11-22。",
        ("amount", _) => "请填写金额，如 80.00。",
        ("payer_name", _) => "请填写付款户名。",
        ("statement", _) => "无法读取该对账单，请确认首行为表头且至少有六列。",
        ("why", "why_matched_missing") => "请写明理由（至少四个字），理由会留存。",
        ("why", "too_short") => "请写明理由（至少两个字）。",
        ("one_time_code", "one_time_code_wrong") => {
            "动态验证码不正确或已用过，请等验证器显示新的数字后再输入。"
        }
        ("target", "no_such_pair") => {
            "没有找到可恢复的加密密钥，请核对证书序列号或证件号码；没有启用过的证书没有可恢复的密钥。"
        }
        ("receiver", "no_sm2_key") => "请粘贴接收方的 SM2 证书或公钥（PEM 或 Base64）。",
        ("receiver", "certificate_not_valid_now") => "接收方的证书不在有效期内，请换用有效的证书。",
        ("document_on", "no_such_day") => "请填写文书日期，如 2026-11-22。",
        ("document_on", "not_yet") => "文书日期不能晚于今天。",
        _ => return None,
    })
}

fn general(code: &str) -> &'static str {
    known(code).unwrap_or("此项内容有误，请核对后修改。")
}

/// `None` for a code that the rule book does not have.
fn known(code: &str) -> Option<&'static str> {
    Some(match code {
        "empty" => "请填写此项。",
        "too_short" => "内容过短，请填写完整。",
        "too_long" => "内容过长，请精简后填写。",
        "wrong_length" => "位数不正确，请核对。",
        "forbidden_character" => "含有不支持的字符，请删除后重新填写。",
        "check_digit" => "号码校验未通过，请逐位核对是否有误。",
        "no_such_birthday" => "号码中的出生日期不存在，请核对第 7 至 14 位。",
        "unknown_region" => "号码中的行政区划不存在，请核对前几位。",
        "not_a_mobile" => "请填写 11 位手机号，如 13800001234。",
        "not_an_email" => "请填写完整的邮箱地址，如 name@example.cn。",
        "weak_pin" => "密码过于简单，请避免连续或重复的数字。",
        "method_not_chosen" => "请选择一种身份认证方式。",
        "method_needs_id_card" => "此方式只支持居民身份证，请改用银行账户打款认证。",
        "permit_letter" => "号码以字母 H 或 M 开头，请核对证件。",
        "agreement_not_accepted" => "请阅读并勾选同意《数字证书服务协议》。",
        "locked_to_holder_name" => "此项默认为证书使用单位名称，不支持修改。",
        "waybill_of_another" => "这不是所选快递公司的运单号，请核对面单或换一家快递公司。",
        "id_number_wrong" => "证件号码有误，请核对后重新输入。",
        _ => return None,
    })
}

/// The name of a field of the form, for summaries and for what came back from the review.
pub fn field_title(field: &str, party: Party) -> &'static str {
    match (field, party) {
        ("holder_name", Party::Organisation) => return "证书使用单位名称",
        ("holder_name", Party::Person) => return "申请人姓名",
        ("holder_id", Party::Organisation) => return "统一社会信用代码",
        ("holder_id", Party::Person) => return "证件号码",
        ("method", Party::Person) => return "身份认证方式",
        ("legal_person_phone", Party::Person) => return "本人实名手机号",
        ("bank_card", Party::Person) => return "本人银行卡号",
        ("account_name", Party::Person) => return "账户名称",
        ("account_number", Party::Person) => return "银行账号",
        _ => {}
    }
    match field {
        "legal_person_name" => "法定代表人姓名",
        "legal_person_id" => "法定代表人身份证号",
        "method" => "企业身份认证方式",
        "legal_person_phone" => "法人手机号",
        "bank_card" => "法人银行卡号",
        "account_name" => "企业账户名称",
        "account_bank" => "开户银行",
        "account_number" => "对公账号",
        "account_bank_code" => "联行号",
        "agent_name" => "经办人姓名",
        "agent_phone" => "经办人手机号",
        "email" => "预留邮箱",
        "holder_document" => "证件类型",
        "invoice_title" => "发票抬头",
        "invoice_tax_number" => "购买方税号",
        "recipient_name" => "收件人",
        "recipient_phone" => "收件人手机号",
        "province" => "省 / 自治区 / 直辖市",
        "city" => "市",
        "county" => "区 / 县",
        "street" => "详细地址",
        "agreement" => "服务协议",
        "without_reserved_phone" => "确认方式",
        "register_is_wrong" => "登记信息核对",
        _ => "填写内容",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn codes_in(folder: &Path, codes: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("the rule book lies beside us") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                codes_in(&path, codes);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            let after = text.split("EntryError::new(\"").skip(1);
            codes.extend(after.filter_map(|rest| rest.split_once('"')).map(|(code, _)| code.to_owned()));
        }
    }

    #[test]
    fn every_code_of_the_rule_book_has_its_sentence_r163() {
        let mut codes = Vec::new();
        codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../journey/src"), &mut codes);
        assert!(codes.len() > 10, "found only {codes:?}");
        let silent: Vec<&String> = codes.iter().filter(|code| known(code).is_none()).collect();
        assert!(silent.is_empty(), "no sentence for {silent:?}");
    }

    #[test]
    fn every_field_of_the_form_has_its_name() {
        let form = serde_json::to_value(journey::details::DetailsForm::default()).expect("plain strings");
        let unwritten = ["holder_document", "invoice_tax_number"].map(str::to_owned);
        for field in form.as_object().expect("an object").keys().chain(&unwritten) {
            assert_ne!(field_title(field, Party::Person), "填写内容", "{field}");
        }
    }
}
