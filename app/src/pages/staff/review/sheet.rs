//! A form as the reviewer reads it: what is filled, in groups. Values come from the office masked or in full (R161).

use crate::wording::field_title;
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::party::Party;

/// `field` is the name in `DetailsForm`, which a return for correction speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub field: &'static str,
    pub label: &'static str,
    pub value: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

/// The filled fields, in the form's order; a group with none is left out.
pub fn sheet(form: &DetailsForm, method: Option<IdentityMethod>, party: Party) -> Vec<Group> {
    let method = method.map(|method| method.title_for(party).to_owned()).unwrap_or_default();
    // The account's name is the holder's (R016): it says something only beside an account.
    let account_name = if form.account_number.is_empty() { "" } else { &*form.account_name };
    let document = if party == Party::Person { form.holder_document.title() } else { "" };
    let holder: &[(&'static str, &str)] = &[
        ("holder_name", &form.holder_name),
        ("holder_document", document),
        ("holder_id", &form.holder_id),
        ("legal_person_name", &form.legal_person_name),
        ("legal_person_id", &form.legal_person_id),
    ];
    let identity: &[(&'static str, &str)] = &[
        ("method", &method),
        ("legal_person_phone", &form.legal_person_phone),
        ("bank_card", &form.bank_card),
        ("account_name", account_name),
        ("account_bank", &form.account_bank),
        ("account_number", &form.account_number),
        ("account_bank_code", &form.account_bank_code),
    ];
    let agent: &[(&'static str, &str)] = &[
        ("agent_name", &form.agent_name),
        ("agent_phone", &form.agent_phone),
        ("email", &form.email),
        ("invoice_title", &form.invoice_title),
        ("invoice_tax_number", &form.invoice_tax_number),
    ];
    let parcel: &[(&'static str, &str)] = &[
        ("recipient_name", &form.recipient_name),
        ("recipient_phone", &form.recipient_phone),
        ("province", &form.province),
        ("city", &form.city),
        ("county", &form.county),
        ("street", &form.street),
    ];
    let holder_title = if party == Party::Organisation { "证书使用单位" } else { "申请人" };
    [(holder_title, holder), ("身份认证", identity), ("经办人与发票", agent), ("通讯地址", parcel)]
        .into_iter()
        .map(|(title, fields)| Group { title, lines: filled(fields, party) })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn filled(fields: &[(&'static str, &str)], party: Party) -> Vec<Line> {
    let filled = fields.iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|&(field, value)| Line { field, label: field_title(field, party), value: value.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_shows_what_is_filled_and_hides_what_was_not_asked() {
        let form = DetailsForm {
            holder_name: "北京启明科技有限公司".into(),
            holder_id: "91110108MA0******".into(),
            account_name: "北京启明科技有限公司".into(),
            legal_person_phone: "138****5678".into(),
            ..DetailsForm::default()
        };
        let sheet = sheet(&form, Some(IdentityMethod::LegalPersonPhone), Party::Organisation);
        let fields: Vec<_> =
            sheet.iter().flat_map(|group| group.lines.iter().map(|line| line.field)).collect();
        assert_eq!(fields, ["holder_name", "holder_id", "method", "legal_person_phone"]);
        assert_eq!(sheet[0].lines[0].label, "证书使用单位名称");
    }
}
