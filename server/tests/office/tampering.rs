//! Requests that our pages never make: other titles, other prices, skipped steps, old pages (R017, R035, R145, R158).

use crate::applicant::{Applicant, EVIDENCE};
use crate::house::House;
use crate::picture;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::orders::{Act, OrderView};
use app::desk::payments::PaymentView;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::money::Fen;
use journey::order::Standing;
use journey::payment::Channel;
use journey::step::Step;
use serde_json::{Value, json};

#[tokio::test]
async fn r017_another_invoice_title_or_account_name_is_refused() {
    let house = House::open().await;
    let mut applicant = house.applicant().choosing(IdentityMethod::CompanyTransfer);
    applicant.start().await.given::<String>();
    let good = serde_json::to_value(applicant.form().await).unwrap();
    for field in ["invoice_title", "account_name"] {
        for other in ["上海别家贸易有限公司", " ", "北京示例"] {
            let mut form = good.clone();
            form[field] = json!(other);
            let typed = serde_json::from_value(form.clone()).unwrap();
            let fields = applicant.fill(&typed).await.fields();
            assert_eq!(fields, [(field.to_owned(), "locked_to_holder_name".to_owned())], "{other}");
            // Nor by way of the draft: kept as typed, and no step further.
            let draft = json!({ "number": applicant.number, "details": form });
            applicant.browser.call("orders/draft", draft).await.given::<app::desk::orders::DraftKept>();
            assert_eq!(applicant.confirm().await.refusal(), "not_here");
        }
    }
    let form = serde_json::from_value(good).unwrap();
    let view: OrderView = applicant.fill(&form).await.given();
    assert_eq!(
        (&view.details.invoice_title, &view.details.account_name),
        (&form.holder_name, &form.holder_name)
    );
    // Once entered, a draft cannot slip under what is to be confirmed.
    let other =
        journey::details::DetailsForm { invoice_title: "上海别家贸易有限公司".into(), ..form };
    let draft = json!({ "number": applicant.number, "details": other });
    assert_eq!(applicant.browser.call("orders/draft", draft).await.refused(409), DeskError::Changed);
    let view: OrderView = applicant.confirm().await.given();
    assert_eq!(view.details.invoice_title, view.details.holder_name);
}

#[tokio::test]
async fn r145_no_field_of_any_request_changes_the_price() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let cheap = |mut arguments: Value| {
        for name in ["price", "amount", "fen", "total", "paid", "discount", "standing", "state"] {
            arguments[name] = json!(1);
            if arguments["details"].is_object() {
                arguments["details"][name] = json!(1);
            }
        }
        arguments
    };
    let number = applicant.number.clone();
    let form = serde_json::to_value(applicant.form().await).unwrap();
    let details = json!({ "number": number, "version": applicant.version, "details": form });
    let view: OrderView = applicant.browser.call("orders/details", cheap(details)).await.given();
    assert_eq!(view.price, Fen(28_000));
    applicant.walk_to(Step::Payment).await;
    let open = cheap(json!({ "number": number, "channel": "alipay" }));
    let qr: PaymentView = applicant.browser.call("payments/open", open).await.given();
    assert_eq!(qr.amount, Fen(28_000));
    let trades = house.town.outside.trades().await;
    assert_eq!(trades.iter().map(|trade| trade.fen).collect::<Vec<_>>(), [28_000]);
}

#[tokio::test]
async fn r151_only_the_agreement_of_today_is_accepted_and_it_is_kept() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let good = applicant.form().await;
    for version in ["", "2019-01", "true"] {
        let form = journey::details::DetailsForm { agreement: version.into(), ..good.clone() };
        let fields = applicant.fill(&form).await.fields();
        assert_eq!(fields, [("agreement".to_owned(), "agreement_not_accepted".to_owned())], "{version}");
    }
    applicant.fill(&good).await.given::<OrderView>();
    let mut reader = house.office.ground.store.read().await.unwrap();
    let kept: Vec<(String, String)> =
        sqlx::query_as("SELECT version, digest FROM agreements").fetch_all(&mut *reader).await.unwrap();
    assert_eq!((kept.len(), kept[0].0.as_str(), kept[0].1.len()), (1, good.agreement.as_str(), 64));
}

/// What an applicant can ask for, and the steps where it is in its place.
fn functions(number: &str, version: i64, form: &Value) -> Vec<(&'static str, Value, &'static [Step])> {
    let act = |act: Act| json!({ "number": number, "version": version, "act": act });
    use Step::*;
    vec![
        ("orders/details", json!({ "number": number, "version": version, "details": form }), &[Details]),
        ("orders/act", act(Act::ConfirmOrder), &[Confirm]),
        ("orders/act", act(Act::Change), &[Confirm, Evidence, PhoneCheck, Payment]),
        ("orders/act", act(Act::SubmitEvidence), &[Evidence]),
        ("orders/act", act(Act::ConfirmReceipt), &[Receipt]),
        ("orders/phone/send", json!({ "number": number }), &[PhoneCheck]),
        ("orders/phone/check", json!({ "number": number, "code": "123456" }), &[PhoneCheck]),
        ("payments/open", json!({ "number": number, "channel": "alipay" }), &[Payment]),
    ]
}

#[tokio::test]
async fn r035_no_step_is_skipped_by_asking_for_a_later_one() {
    let house = House::open().await;
    house.staffed().await;
    let reviewer = house.reviewer().await;
    let mut applicant = house.applicant();
    let form = serde_json::to_value(applicant.form().await).unwrap();
    use Step::*;
    for step in [Details, Confirm, Evidence, PhoneCheck, Payment, Review, Production] {
        if step == Production {
            reviewer.pass(&applicant.number).await;
            applicant.until_at(Production).await;
        }
        let before = applicant.walk_to(step).await;
        for (function, arguments, places) in functions(&applicant.number, applicant.version, &form) {
            if places.contains(&step) {
                continue;
            }
            let refusal = applicant.browser.call(function, arguments.clone()).await.refusal();
            let expected = if function == "payments/open" { "nothing_due" } else { "not_here" };
            assert_eq!(refusal, expected, "{function} {arguments} at {}", step.code());
        }
        if step != Evidence {
            for kind in EVIDENCE {
                assert_eq!(
                    applicant.upload(kind, picture::scan()).await.refusal(),
                    "not_here",
                    "{}",
                    step.code()
                );
            }
        }
        let after = applicant.see().await;
        assert_eq!((after.version, after.standing), (before.version, before.standing), "at {}", step.code());
    }
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r035_an_address_shows_the_step_and_does_not_choose_it() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Evidence).await;
    let page = |path: String| {
        let request = applicant.browser.bare(reqwest::Method::GET, &path).header("accept", "text/html");
        applicant.browser.send(request)
    };
    let here = page(format!("/orders/{}", applicant.number)).await;
    assert_eq!(here.status, 200);
    assert!(here.text().contains("营业执照扫描件"), "rendered by the office: {}", here.text());
    for query in ["?step=payment", "?step=review", "?standing=completed"] {
        let other = page(format!("/orders/{}{query}", applicant.number)).await;
        assert!(other.text().contains("营业执照扫描件") && !other.text().contains("data-amount"), "{query}");
    }
    for path in ["payment", "pay", "review", "done"] {
        assert_eq!(page(format!("/orders/{}/{path}", applicant.number)).await.status, 404, "{path}");
    }
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Evidence));
}

#[tokio::test]
async fn r158_the_last_writer_hears_that_somebody_was_faster() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    // A second browser goes back and changes the address.
    let mut second = Applicant::new(house.town.clone(), applicant.holder.clone());
    second.browser = applicant.browser.copy();
    (second.number, second.version) = (applicant.number.clone(), applicant.version);
    second.go_back().await.given::<OrderView>();
    let mut form = second.form().await;
    form.street = "知春路九号院一号楼".into();
    second.fill(&form).await.given::<OrderView>();
    // The first one still shows the old address, and confirms.
    assert_eq!(applicant.confirm().await.refused(409), DeskError::Changed);
    assert_eq!(applicant.fill(&applicant.form().await).await.refused(409), DeskError::Changed);
    let view = applicant.see().await;
    assert_eq!(
        (view.standing, view.details.street),
        (Standing::Open(Step::Confirm), form.street),
        "nothing is lost"
    );
    // Now it knows, and both are of one mind.
    applicant.confirm().await.given::<OrderView>();
    assert_eq!(second.confirm().await.refused(409), DeskError::Changed);
    for version in [0, -1, applicant.version + 1, i64::MAX] {
        applicant.version = version;
        assert_eq!(applicant.submit().await.refused(409), DeskError::Changed, "{version}");
    }
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r158_twenty_confirmations_at_once_are_one() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    let confirm = json!({ "number": applicant.number, "version": applicant.version, "act": "confirm_order" });
    let tabs: Vec<_> = (0..20).map(|_| applicant.browser.copy()).collect();
    let answers =
        futures::future::join_all(tabs.iter().map(|tab| tab.call("orders/act", confirm.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().filter(|a| a.status != 200).all(|a| a.refused(409) == DeskError::Changed));
    let view = applicant.see().await;
    assert_eq!(view.history.iter().filter(|line| line.event == "details_confirmed").count(), 1);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn services_that_are_not_open_say_so_and_nonsense_is_refused() {
    let house = House::open().await;
    let browser = house.town.browser();
    for (service, party) in
        [("renewal", "organisation"), ("replacement", "person"), ("unblock", "organisation")]
    {
        let answer = browser.call("orders/start", json!({ "service": service, "party": party })).await;
        assert_eq!(answer.refusal(), "route_not_offered");
        assert!(answer.headers.get("set-cookie").is_none(), "no visit for nothing");
    }
    for nonsense in
        [json!({}), json!({ "service": "casino", "party": "organisation" }), json!([1]), json!(null)]
    {
        let answer = browser.call("orders/start", nonsense.clone()).await;
        assert!((400..500).contains(&answer.status), "{nonsense}: {} {}", answer.status, answer.text());
    }
    let gone = browser.call("orders/free_certificate", json!({})).await;
    assert_eq!(gone.refused(404), DeskError::PageOutOfDate);
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Payment).await;
    assert_eq!(applicant.open_payment(Channel::Transfer).await.refusal(), "channel_not_offered");
    let kind = EvidenceKind::SealSample;
    assert_eq!(applicant.upload(kind, picture::scan()).await.refusal(), "not_here");
}
