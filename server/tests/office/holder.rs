//! Made-up organisations whose numbers pass every check digit; no two share a number.

use journey::details::DetailsForm;
use journey::entry::{bank_card, credit_code, id_number};
use journey::identity::IdentityMethod;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone)]
pub struct Organisation {
    pub name: String,
    pub credit_code: String,
    pub legal_person_id: String,
    pub legal_person_phone: String,
    pub bank_card: String,
    pub account: String,
    pub agent_phone: String,
    pub email: String,
}

impl Organisation {
    pub fn made_up() -> Organisation {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Spread out, so that a number is not found inside another by chance.
        let n = 1_000_003 + 7_919 * NEXT.fetch_add(1, Ordering::Relaxed);
        let code = format!("91110108MA{n:07}");
        let id = format!("11010519{}{:02}{:02}{:03}", 60 + n % 40, 1 + n % 12, 1 + n % 28, n % 1000);
        Organisation {
            name: format!("北京示例{n}科技有限公司"),
            credit_code: format!("{code}{}", credit_code::check_character(&code)),
            legal_person_id: format!("{id}{}", id_number::check_character(&id)),
            legal_person_phone: format!("139{n:08}"),
            bank_card: luhn(&format!("6222029{n:011}")),
            account: format!("11094{n:010}"),
            agent_phone: format!("138{n:08}"),
            email: format!("agent{n}@example.cn"),
        }
    }

    /// The form as a careful person fills it in for this method.
    pub fn form(&self, method: IdentityMethod, agreement: &str) -> DetailsForm {
        let form = DetailsForm {
            holder_name: self.name.clone(),
            holder_id: self.credit_code.clone(),
            legal_person_name: "赵明远".into(),
            legal_person_id: self.legal_person_id.clone(),
            method: Some(method),
            agent_name: "李小雨".into(),
            agent_phone: self.agent_phone.clone(),
            email: self.email.clone(),
            recipient_name: "李小雨".into(),
            recipient_phone: self.agent_phone.clone(),
            province: "北京市".into(),
            city: "北京市".into(),
            county: "海淀区".into(),
            street: "中关村大街一号院二号楼三层".into(),
            agreement: agreement.to_owned(),
            ..DetailsForm::default()
        };
        match method {
            IdentityMethod::LegalPersonPhone => {
                DetailsForm { legal_person_phone: self.legal_person_phone.clone(), ..form }
            }
            IdentityMethod::LegalPersonBankCard => DetailsForm {
                legal_person_phone: self.legal_person_phone.clone(),
                bank_card: self.bank_card.clone(),
                ..form
            },
            IdentityMethod::CompanyTransfer => DetailsForm {
                account_bank: "招商银行北京中关村支行".into(),
                account_number: self.account.clone(),
                account_bank_code: "308100005078".into(),
                ..form
            },
        }
    }
}

fn luhn(body: &str) -> String {
    let with = |digit: u32| format!("{body}{digit}");
    (0..10).map(with).find(|number| bank_card::parse_text(number).is_ok()).expect("one digit fits")
}
