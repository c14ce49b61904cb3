//! The fields of the form, as data: name, words, keyboard; and the component that draws one.

use super::form::Form;
use crate::components::field::Field;
use journey::details::DetailsForm;
use leptos::prelude::*;

/// One text field of `DetailsForm`.
pub struct Spec {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    read: fn(&DetailsForm) -> &String,
    write: fn(&mut DetailsForm) -> &mut String,
    inputmode: &'static str,
    autocomplete: &'static str,
    maxlength: u16,
    numeric: bool,
}

impl Spec {
    const fn plain(
        name: &'static str,
        label: &'static str,
        read: fn(&DetailsForm) -> &String,
        write: fn(&mut DetailsForm) -> &mut String,
    ) -> Spec {
        let (hint, inputmode, autocomplete) = ("", "text", "off");
        Spec { name, label, hint, read, write, inputmode, autocomplete, maxlength: 100, numeric: false }
    }

    pub fn value(&self, form: &DetailsForm) -> String {
        (self.read)(form).clone()
    }
}

macro_rules! spec {
    ($field:ident, $label:literal $(, $key:ident: $value:expr)* $(,)?) => {
        Spec {
            $($key: $value,)*
            ..Spec::plain(stringify!($field), $label, |form| &form.$field, |form| &mut form.$field)
        }
    };
}

pub const HOLDER_NAME: Spec =
    spec!(holder_name, "证书使用单位名称", hint: "与营业执照上的名称完全一致", autocomplete: "organization");
pub const HOLDER_ID: Spec =
    spec!(holder_id, "统一社会信用代码", hint: "营业执照上的 18 位代码", maxlength: 24, numeric: true);
pub const PERSON_NAME: Spec =
    spec!(holder_name, "申请人姓名", hint: "与身份证件上的姓名完全一致", autocomplete: "name", maxlength: 50);
pub const PERSON_ID: Spec = spec!(
    holder_id, "身份证号",
    hint: "18 位；港澳台居民居住证填写证面的 18 位号码", maxlength: 24, numeric: true,
);
pub const PASSPORT: Spec =
    spec!(holder_id, "护照号码", hint: "护照资料页上的号码，由字母和数字组成", maxlength: 16, numeric: true);
pub const HONG_KONG_MACAO: Spec = spec!(
    holder_id, "港澳居民来往内地通行证号码",
    hint: "字母 H 或 M 开头，后接 8 位数字", maxlength: 16, numeric: true,
);
pub const TAIWAN: Spec = spec!(
    holder_id, "台湾居民来往大陆通行证号码",
    hint: "8 位数字", inputmode: "numeric", maxlength: 12, numeric: true,
);
pub const LEGAL_NAME: Spec = spec!(legal_person_name, "法定代表人姓名", maxlength: 50);
pub const LEGAL_ID: Spec = spec!(legal_person_id, "法定代表人身份证号", maxlength: 24, numeric: true);
pub const LEGAL_PHONE: Spec = spec!(
    legal_person_phone, "法人手机号",
    hint: "须为法人本人实名登记的手机号，证书密码会发送到此手机",
    inputmode: "tel", maxlength: 20, numeric: true,
);
/// The same where the check proves a holder who is certified already (A48).
pub const PROVEN_PHONE: Spec = spec!(
    legal_person_phone, "手机号",
    hint: "须为本人（单位为法人）实名登记的手机号，身份授权码会发送到此手机",
    inputmode: "tel", maxlength: 20, numeric: true,
);
pub const PROVEN_CARD_PHONE: Spec = spec!(
    legal_person_phone, "银行预留手机号",
    hint: "该银行卡预留的手机号，身份授权码会发送到此手机",
    inputmode: "tel", maxlength: 20, numeric: true,
);
pub const CARD_PHONE: Spec = spec!(
    legal_person_phone, "银行预留手机号",
    hint: "法人在该银行卡预留的手机号，证书密码会发送到此手机",
    inputmode: "tel", maxlength: 20, numeric: true,
);
pub const OWN_PHONE: Spec = spec!(
    legal_person_phone, "本人实名手机号",
    hint: "须为申请人本人实名登记；与经办人手机号相同时可不填",
    inputmode: "tel", maxlength: 20, numeric: true,
);
pub const OWN_CARD_PHONE: Spec = spec!(
    legal_person_phone, "银行预留手机号",
    hint: "申请人在该银行卡预留的手机号",
    inputmode: "tel", maxlength: 20, numeric: true,
);
pub const OWN_CARD: Spec = spec!(bank_card, "本人银行卡号", hint: "申请人本人名下的借记卡", inputmode: "numeric", maxlength: 30, numeric: true);
pub const OWN_ACCOUNT: Spec = spec!(
    account_number, "银行账号",
    hint: "申请人本人名下的账户，我们会转入 1 分钱，收款记录的附言即为证书密码",
    inputmode: "numeric", maxlength: 40, numeric: true,
);
pub const BANK_CARD: Spec = spec!(bank_card, "法人银行卡号", hint: "法人本人名下的借记卡", inputmode: "numeric", maxlength: 30, numeric: true);
pub const ACCOUNT_BANK: Spec = spec!(account_bank, "开户银行", hint: "如：招商银行北京朝阳支行");
pub const ACCOUNT_NUMBER: Spec = spec!(
    account_number, "对公账号",
    hint: "我们会向该账户转入 1 分钱，收款记录的附言即为证书密码",
    inputmode: "numeric", maxlength: 40, numeric: true,
);
pub const ACCOUNT_BANK_CODE: Spec = spec!(account_bank_code, "联行号", hint: "开户银行的 12 位行号", inputmode: "numeric", maxlength: 20, numeric: true);
pub const AGENT_NAME: Spec = spec!(agent_name, "经办人姓名", maxlength: 50, autocomplete: "name");
pub const OWN_AGENT: Spec = spec!(agent_name, "经办人姓名", hint: "本人办理时不必填写，默认为申请人", maxlength: 50, autocomplete: "off");
pub const AGENT_PHONE: Spec = spec!(
    agent_phone, "经办人手机号",
    hint: "接收短信验证码与审核通知，订单查询也使用此手机",
    inputmode: "tel", autocomplete: "tel-national", maxlength: 20, numeric: true,
);
pub const EMAIL: Spec =
    spec!(email, "预留邮箱", hint: "电子发票发送到此邮箱", inputmode: "email", autocomplete: "email");
pub const INVOICE_TITLE: Spec =
    spec!(invoice_title, "发票抬头", hint: "不填写则默认为申请人姓名，也可以填写单位名称");
pub const INVOICE_TAX_NUMBER: Spec = spec!(
    invoice_tax_number, "购买方税号",
    hint: "抬头为单位时填写其统一社会信用代码", maxlength: 24, numeric: true,
);
pub const RECIPIENT_NAME: Spec =
    spec!(recipient_name, "收件人", maxlength: 50, autocomplete: "shipping name");
pub const RECIPIENT_PHONE: Spec = spec!(
    recipient_phone, "收件人手机号",
    inputmode: "tel", autocomplete: "shipping tel-national", maxlength: 20, numeric: true,
);
pub const STREET: Spec =
    spec!(street, "详细地址", hint: "街道、门牌号、楼层房间号", autocomplete: "shipping street-address");
pub const PROVINCE: Spec = spec!(province, "省 / 自治区 / 直辖市", maxlength: 30);
pub const CITY: Spec = spec!(city, "市", maxlength: 30);
pub const COUNTY: Spec = spec!(county, "区 / 县", maxlength: 30);

/// One field of the form: typed text goes into the values, leaving it brings its error to light.
#[component]
pub fn Entry(form: Form, spec: &'static Spec, #[prop(optional)] optional: bool) -> impl IntoView {
    let value = Memo::new(move |_| form.values.with(|values| spec.value(values)));
    let on_input = move |text: String| form.change(spec.name, |values| *(spec.write)(values) = text);
    let on_leave = move |()| form.leave(spec.name, value.with_untracked(|value| value.trim().is_empty()));
    view! {
        <Field
            name=spec.name
            label=spec.label
            value
            on_input
            on_leave
            error=form.error(spec.name)
            hint=spec.hint
            inputmode=spec.inputmode
            autocomplete=spec.autocomplete
            maxlength=spec.maxlength
            numeric=spec.numeric
            optional
        />
    }
}

/// Sets a field from elsewhere than its own input (a picker).
pub fn set(form: Form, spec: &'static Spec, text: String) {
    form.change(spec.name, |values| *(spec.write)(values) = text);
    form.leave(spec.name, false);
}
