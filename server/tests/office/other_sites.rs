//! Requests that another site's page makes the browser send (threat 21).

use crate::house::House;
use crate::town::Streets;
use app::desk::DeskError;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    let before = applicant.see().await;
    let body =
        json!({ "number": applicant.number, "version": applicant.version, "act": "withdraw" }).to_string();
    let post = |lines: &[(&str, &str)]| {
        let mut request = applicant.browser.bare(Method::POST, "/api/orders/act").body(body.clone());
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        applicant.browser.send(request)
    };
    let json_body = ("content-type", "application/json");
    let evil = ("origin", "https://evil.example");
    let ours = ("origin", house.town.url.as_str());
    for lines in [
        &[json_body, evil][..],
        &[json_body, ("sec-fetch-site", "cross-site"), ours],
        &[json_body, ("sec-fetch-site", "same-site"), ours],
        &[json_body, ("origin", "null")],
        &[json_body],
    ] {
        assert_eq!(post(lines).await.status, 403, "{lines:?}");
    }
    // From our own page, but in a form that any page could send.
    let same = ("sec-fetch-site", "same-origin");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let answer = post(&[same, ("content-type", kind)]).await;
        assert_eq!(answer.refused(415), DeskError::PageOutOfDate, "{kind}");
    }
    assert_eq!(post(&[same]).await.refused(415), DeskError::PageOutOfDate);
    assert_eq!(post(&[same, json_body, ("accept", "text/html,*/*")]).await.status, 406);
    assert_eq!(applicant.browser.get("/api/orders/act").await.status, 404, "no GET changes anything");
    // Uploads and the plain forms stand behind the same guard.
    let upload = format!("/files/evidence/{}/business_licence", applicant.number);
    for (method, path) in
        [(Method::DELETE, upload.as_str()), (Method::POST, "/query/send"), (Method::POST, "/query/check")]
    {
        let request = applicant.browser.bare(method, path).header(evil.0, evil.1);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("party=person&id_number=1");
        assert_eq!(applicant.browser.send(request).await.status, 403, "{path}");
    }
    assert_eq!(applicant.see().await, before, "nothing has moved");
    // No other site may read, either.
    let answer = applicant.browser.get("/healthz").await;
    assert!(answer.headers.get("access-control-allow-origin").is_none());
    assert_eq!(answer.headers["x-frame-options"], "DENY");
}
