//! The pages a person uses, and the control's reset.

use serde_json::json;

use crate::{outside::Outside, shop::Shop};

#[tokio::test]
async fn every_page_says_that_this_is_a_sandbox() {
    let outside = Outside::start();
    for path in [
        "/",
        "/phone",
        "/phone?n=13800138000",
        "/scan",
        "/scan?code=x",
        "/mail",
        "/mail/1",
        "/bank",
        "/faults",
        "/log",
    ] {
        let page = outside.client.get(format!("{}{path}", outside.http)).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        assert!(page.text().await.unwrap().contains("沙箱 · 外部世界模拟"), "{path}");
    }
}

/// A picture as a screenshot would hold it: modules of eight pixels and a quiet zone.
fn screenshot(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let (width, colors) = (code.width() as u32, code.to_colors());
    let side = (width + 8) * 8;
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        let (column, row) = ((x / 8).wrapping_sub(4), (y / 8).wrapping_sub(4));
        let inside = column < width && row < width;
        let dark = inside && colors[(row * width + column) as usize] == qrcode::Color::Dark;
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

#[tokio::test]
async fn a_screenshot_leads_to_the_cashier_where_a_person_pays() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let code = shop.create("WX000001", 12_800, "http://127.0.0.1:1/n").await;
    let boundary = "picture-boundary";
    let mut form = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    form.extend(screenshot(&code));
    form.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let page = outside
        .client
        .post(format!("{}/scan", outside.http))
        .header("content-type", format!("multipart/form-data; boundary={boundary}"))
        .body(form)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("¥128.00") && page.contains("数字证书服务费"), "{page}");

    let press = async |button: &str| {
        let pressed = outside
            .client
            .post(format!("{}/cashier", outside.http))
            .form(&[("code", code.as_str()), ("press", button)]);
        pressed.send().await.unwrap().text().await.unwrap()
    };
    assert!(press("poor").await.contains("余额不足"));
    assert!(press("cancel").await.contains("已取消"));
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "NOTPAY");
    assert!(press("pay").await.contains("支付成功 ¥128.00"));
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn switches_set_on_the_page_are_switches_of_the_board() {
    let outside = Outside::start();
    let set = async |fields: &[(&str, &str)]| {
        let page = outside.client.post(format!("{}/faults", outside.http)).form(fields).send().await.unwrap();
        assert!(page.text().await.unwrap().contains("已应用"));
        outside.control("faults").await["everywhere"].clone()
    };
    let board = set(&[
        ("wechat_pay.notice_dropped", "true"),
        ("alipay.answer.fault", "too_many"),
        ("alipay.answer.on", "create, query"),
    ])
    .await;
    assert_eq!(board["wechat_pay"]["notice_dropped"], true);
    assert_eq!(
        board["alipay"]["answer"],
        json!({ "fault": "too_many", "on": ["create", "query"], "count": 0 })
    );
    assert_eq!(set(&[("mail.refuse", "never")]).await["wechat_pay"]["notice_dropped"], false);
    assert_eq!(set(&[("clear", "1")]).await["mail"]["refuse"], "none");
}

#[tokio::test]
async fn the_log_shows_what_was_checked_and_a_reset_forgets() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    let history = outside.control("history?provider=wechat_pay&about=WX000001").await;
    let checked = history["entries"][0]["checked"].as_str().unwrap().to_owned();
    assert!(checked.starts_with("POST\n/v3/pay/transactions/native\n"), "{checked}");
    let page = outside.client.get(format!("{}/log", outside.http)).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("POST\n/v3/pay/transactions/native\n"));

    assert_eq!(outside.tell("reset", json!({})).await.0, 204);
    assert_eq!(outside.control("trades").await["trades"], json!([]));
    assert_eq!(outside.control("history").await["entries"], json!([]));
    assert_eq!(shop.query("WX000001").await.status, 404);
}
