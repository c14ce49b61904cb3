//! The e-invoice (R027 to R029, R036, R123, R152).

use crate::applicant::Applicant;
use crate::clerk::mismatch;
use crate::house::House;
use crate::town::{Streets, until};
use app::desk::orders::{DraftKept, InvoiceView, OrderView};
use journey::step::Step;
use serde_json::json;

/// R027, R036: right after payment, by mail and to be downloaded.
pub async fn gets_the_invoice(house: &House, applicant: &mut Applicant) {
    let outside = &house.town.outside;
    let mail = outside.mail_about(&applicant.holder.email, "电子发票").await;
    assert_eq!(mail.envelope_to, std::slice::from_ref(&applicant.holder.email));
    assert!(mail.text.contains("280.00 元") && mail.text.contains(&applicant.holder.name), "{}", mail.text);
    let pdf = outside.attachment(&mail, ".pdf").await;
    let xml = outside.attachment(&mail, ".xml").await;
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000);
    let text = String::from_utf8(xml.clone()).unwrap();
    // R015: the title is the holder.
    assert!(text.contains(&applicant.holder.name) && text.contains(&applicant.holder.credit_code), "{text}");

    let view = applicant.until("the invoice to be mailed", |view| {
        view.invoice.as_ref().is_some_and(|invoice| invoice.mailed_at.is_some())
    });
    let invoice = view.await.invoice.unwrap();
    assert!(text.contains(&invoice.number) && mail.text.contains(&invoice.number));
    for (path, kind, bytes) in
        [(&invoice.pdf_path, "application/pdf", &pdf), (&invoice.xml_path, "application/xml", &xml)]
    {
        let file = applicant.browser.get(path).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, kind), "R123");
        assert_eq!(&file.body, bytes, "the same as was mailed");
    }
}

async fn invoice_when(
    applicant: &mut Applicant,
    what: &str,
    holds: impl Fn(&InvoiceView) -> bool,
) -> InvoiceView {
    let view = applicant.until(what, |view| view.invoice.as_ref().is_some_and(&holds)).await;
    view.invoice.unwrap()
}

#[tokio::test]
async fn r152_a_mailbox_that_is_busy_gets_its_invoice_later() {
    for refusal in ["later", "cut_in_data"] {
        let house = House::open().await;
        let outside = &house.town.outside;
        outside.faults(json!({ "mail": { "refuse": refusal } })).await;
        let mut applicant = house.applicant();
        applicant.walk_to(Step::Review).await;
        let invoice =
            invoice_when(&mut applicant, "the failure to show", |one| one.mail_failed.is_some()).await;
        assert!(invoice.mailed_at.is_none());
        // Meanwhile it can be taken home all the same.
        assert_eq!(applicant.browser.get(&invoice.pdf_path).await.status, 200, "R036");
        outside.no_faults().await;
        house.town.clock.forward_s(20);
        let mailed = invoice_when(&mut applicant, "the letter to leave", |one| one.mailed_at.is_some()).await;
        assert_eq!((mailed.number, mailed.mail_failed), (invoice.number, None));
        gets_the_invoice(&house, &mut applicant).await;
        house.errands_rest().await;
    }
}

#[tokio::test]
async fn r152_a_mailbox_that_does_not_exist_is_shown_and_holds_up_nothing() {
    let house = House::open().await;
    house.town.outside.faults(json!({ "mail": { "refuse": "never" } })).await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let invoice = invoice_when(&mut applicant, "the failure to show", |one| one.mail_failed.is_some()).await;
    assert!(invoice.mail_failed.unwrap().contains("550"), "why, for who looks into it");
    for path in [&invoice.pdf_path, &invoice.xml_path] {
        assert_eq!(applicant.browser.get(path).await.status, 200, "R123");
    }
    house.staffed().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
}

#[tokio::test]
async fn r027_r145_without_a_payment_there_is_no_invoice() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    let view = applicant.walk_to(Step::Payment).await;
    assert!(view.invoice.is_none());
    let path = format!("/files/invoice/{}.pdf", applicant.number);
    assert_eq!(applicant.browser.get(&path).await.status, 404);
    applicant.pay(journey::payment::Channel::Alipay).await;
    until("the invoice", || async { (applicant.browser.get(&path).await.status == 200).then_some(()) }).await;
    let view: OrderView = applicant.view().await.given();
    assert_eq!(view.price.get(), 28_000);
}

#[tokio::test]
async fn a53_a_red_letter_names_whom_its_invoice_names_though_the_form_says_another_by_now() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let mailed = |view: &OrderView| view.invoice.as_ref().is_some_and(|one| one.mailed_at.is_some());
    applicant.until("the invoice to be mailed", mailed).await;
    let billed = applicant.holder.name.clone();
    house.staffed().await.reviewer().await.send_back(&applicant.number, vec![mismatch("holder_name")]).await;
    applicant.until_at(Step::Details).await;
    let mut form = applicant.form().await;
    (form.holder_name, form.invoice_title) = ("北京改名之后有限公司".into(), "北京改名之后有限公司".into());
    let draft = json!({ "number": applicant.number, "details": form });
    applicant.browser.call("orders/draft", draft).await.given::<DraftKept>();
    applicant.see().await;
    applicant.withdraw().await.given::<OrderView>();
    let reversed =
        |view: &OrderView| view.invoice.as_ref().is_some_and(|one| one.reversed.is_some() && mailed(view));
    let invoice = applicant.until("the red letter to be mailed", reversed).await.invoice.unwrap();
    let red = applicant.browser.get(&invoice.reversed.unwrap().red.unwrap().xml_path).await.text();
    assert!(red.contains(&format!("<BuyerName>{billed}</BuyerName>")), "{red}");
    let form = server::details::open(&house.office.ground, &house.row(&applicant.number).await).unwrap();
    assert_eq!(form.holder_name, "北京改名之后有限公司", "what the form says now");
    let mail = house.town.outside.mail_about(&applicant.holder.email, "红字电子发票").await;
    assert!(mail.text.contains(&billed), "{}", mail.text);
}
