use super::*;
use crate::outside::testing::{key, surroundings};

fn settings() -> CourierSettings {
    toml::from_str(
        "base_url = \"https://poll.kuaidi100.com\"\ncustomer = \"C\"\nkey_file = \"k\"\ncompanies = [\"shunfeng\", \"ems\"]\n\
         [pages]\nems = \"https://www.ems.com.cn/queryList?mailNo={waybill}\"\n",
    )
    .unwrap()
}

fn couriers(settings: &CourierSettings) -> Result<Couriers, SetupError> {
    let files = CourierSettings { key_file: key("ours_private.pem"), ..settings.clone() };
    let tracker = Arc::new(kuaidi100::Kuaidi100::new(&files, surroundings())?);
    Couriers::new(settings, tracker, "https://ca.example")
}

#[test]
fn the_couriers_of_the_settings_are_known_ones() {
    let known = couriers(&settings()).unwrap();
    assert_eq!(known.callback_url, "https://ca.example/notify/courier");
    assert_eq!(known.receipt_days, 3);
    assert_eq!(known.companies().iter().map(|company| company.name).collect::<Vec<_>>(), ["顺丰速运", "EMS"]);
    let ems = known.find("EMS").unwrap();
    assert_eq!(ems.page("1183904561012").unwrap(), "https://www.ems.com.cn/queryList?mailNo=1183904561012");
    assert_eq!(known.find("顺丰速运").unwrap().page("SF1"), None);
    assert!(known.find("中通快递").is_none(), "not of the settings");
    for (companies, page) in [
        (vec!["pigeon"], "https://a.example"),
        (vec![], "https://a.example"),
        (vec!["ems"], "javascript:alert(1)"),
    ] {
        let wrong = CourierSettings {
            companies: companies.into_iter().map(str::to_owned).collect(),
            pages: [("ems".to_owned(), page.to_owned())].into(),
            ..settings()
        };
        assert!(couriers(&wrong).is_err(), "{:?}", wrong.companies);
    }
}
