//! The details of an order as a list to read: masked at first, in full on request of their owner (R124, R141, R150).

use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::mask;
use journey::party::Party;
use leptos::prelude::*;

type Row = (&'static str, String);

/// Groups of label and value, empty values left out.
fn groups(form: &DetailsForm, party: Party, full: bool) -> Vec<(&'static str, Vec<Row>)> {
    let hide = |value: &str, mask: fn(&str) -> String| {
        if full || value.is_empty() { value.to_owned() } else { mask(value) }
    };
    let holder = match party {
        Party::Organisation => vec![
            ("证书使用单位名称", form.holder_name.clone()),
            ("统一社会信用代码", form.holder_id.clone()),
            ("法定代表人姓名", form.legal_person_name.clone()),
            ("法定代表人身份证号", hide(&form.legal_person_id, mask::id_number)),
        ],
        Party::Person => vec![
            ("申请人姓名", form.holder_name.clone()),
            ("证件类型", form.holder_document.title().to_owned()),
            ("证件号码", hide(&form.holder_id, mask::id_number)),
        ],
    };
    let mut identity = Vec::new();
    if let Some(method) = form.method {
        identity.push(("认证方式", method.title_for(party).to_owned()));
    }
    let person = party == Party::Person;
    let phone_label = match form.method {
        Some(IdentityMethod::LegalPersonBankCard) => "银行预留手机号",
        _ if person => "本人实名手机号",
        _ => "法人手机号",
    };
    identity
        .push((if person { "本人银行卡号" } else { "法人银行卡号" }, hide(&form.bank_card, mask::bank_card)));
    identity.push((phone_label, hide(&form.legal_person_phone, mask::phone)));
    if form.method == Some(IdentityMethod::CompanyTransfer) {
        identity.push((if person { "账户名称" } else { "企业账户名称" }, form.account_name.clone()));
        identity.push(("开户银行", form.account_bank.clone()));
        identity.push((
            if person { "银行账号" } else { "对公账号" },
            hide(&form.account_number, mask::bank_card),
        ));
        identity.push(("联行号", form.account_bank_code.clone()));
    }
    let agent = vec![
        ("经办人姓名", form.agent_name.clone()),
        ("经办人手机号", hide(&form.agent_phone, mask::phone)),
        ("预留邮箱", hide(&form.email, mask::email)),
        ("发票抬头", form.invoice_title.clone()),
        ("购买方税号", form.invoice_tax_number.clone()),
    ];
    // 北京市 · 市辖区: the list's own fillers are no part of an address.
    let city = if matches!(form.city.as_str(), "市辖区" | "县") { "" } else { form.city.as_str() };
    let address = vec![
        ("收件人", form.recipient_name.clone()),
        ("收件人手机号", hide(&form.recipient_phone, mask::phone)),
        ("通讯地址", format!("{}{city}{}{}", form.province, form.county, form.street)),
    ];
    let titled = [
        (if party == Party::Organisation { "证书使用单位" } else { "申请人" }, holder),
        (if person { "身份认证" } else { "企业身份认证" }, identity),
        ("经办人与发票", agent),
        ("邮寄信息", address),
    ];
    let filled = titled.into_iter().map(|(title, rows)| {
        (title, rows.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    });
    filled.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// The office sent the details in full; after the form they come masked, and there is nothing to uncover.
fn whole(form: &DetailsForm) -> bool {
    !form.agent_phone.contains('*')
}

#[component]
pub fn Facts(#[prop(into)] details: Signal<DetailsForm>, party: Party) -> impl IntoView {
    let full = RwSignal::new(false);
    let row = |(label, value): Row| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let group = move |(title, rows): (&'static str, Vec<Row>)| {
        view! {
            <section class="facts-group">
                <h3>{title}</h3>
                <dl class="facts">{rows.into_iter().map(row).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <div class="facts-all">
            {move || details.with(|form| groups(form, party, full.get())).into_iter().map(group).collect_view()}
            <Show when=move || details.with(whole)>
                <button
                    type="button"
                    class="button button-quiet"
                    aria-pressed=move || full.get().to_string()
                    on:click=move |_| full.update(|full| *full = !*full)
                >
                    {move || if full.get() { "隐藏完整内容" } else { "显示完整内容" }}
                </button>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_values(full: bool) -> String {
        let form = DetailsForm {
            holder_name: "北京示例科技有限公司".into(),
            legal_person_id: "11010519491231002X".into(),
            method: Some(IdentityMethod::LegalPersonPhone),
            legal_person_phone: "13800001111".into(),
            agent_phone: "13900002222".into(),
            email: "office@example.cn".into(),
            ..DetailsForm::default()
        };
        let groups = groups(&form, Party::Organisation, full);
        groups.into_iter().flat_map(|(_, rows)| rows).map(|(_, value)| value).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn phones_and_numbers_are_masked_until_asked_for_r150() {
        let masked = all_values(false);
        for hidden in ["11010519491231002X", "13800001111", "13900002222", "office@"] {
            assert!(!masked.contains(hidden), "{hidden} shows in {masked}");
            assert!(all_values(true).contains(hidden), "{hidden} is not there in full");
        }
        assert!(masked.contains("北京示例科技有限公司"));
    }
}
