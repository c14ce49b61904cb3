//! 信任中心 and the checker, as the office renders them (C21).

use crate::{page, page_with, words};
use app::desk::error::ReadRefusal;
use app::desk::registrar::{LifeAct, PairView, RegistrarDesk};
use app::desk::trust::{Checked, Posted, StatementView, TrustDesk, TrustView};
use app::desk::{Caller, DeskError};
use axum::http::StatusCode;
use serde_json::{Value, json};

pub struct Desk;

fn authority(name: &str, purpose: &str, key: &str, status: Value, below: Value) -> Value {
    json!({
        "name": name, "purpose": purpose, "demo": true, "common_name": format!("示范 Demo {name}"),
        "subject": format!("C=CN, O=示范, CN=示范 Demo {name}"), "serial": "4a0b1c2d3e4f5061728394a5b6c7d8e9",
        "key": key, "not_before": 0, "not_after": 315_360_000_000_i64, "sm3": "ab".repeat(32), "sha256": "cd".repeat(32),
        "status": status, "below": below
    })
}

fn list(number: i64, base: Option<i64>, freshness: &str) -> Value {
    json!({
        "number": number, "base": base, "this_update": 0, "next_update": 3_600_000, "entries": 3, "freshness": freshness,
        "path": format!("/crl/issuing{}.crl", if base.is_some() { "-delta" } else { "" })
    })
}

fn facts() -> Value {
    json!({ "version": "1.0", "effective_on": "2026-11-22", "sm3": "ef".repeat(32) })
}

#[async_trait::async_trait]
impl TrustDesk for Desk {
    async fn view(&self) -> Result<TrustView, DeskError> {
        let status = json!({
            "ocsp_url": "http://ca.example/ocsp/issuing", "full": list(12, None, "ending"), "delta": list(13, Some(12), "over")
        });
        let fresh = json!({ "ocsp_url": "http://ca.example/ocsp/issuing_p256", "full": list(4, None, "fresh"), "delta": null });
        let chains = json!([
            authority(
                "root",
                "root",
                "SM2",
                Value::Null,
                json!([authority("issuing", "issuing", "SM2", status, json!([]))])
            ),
            authority(
                "root_p256",
                "root",
                "P-256",
                Value::Null,
                json!([authority("issuing_p256", "issuing", "P-256", fresh, json!([]))])
            ),
        ]);
        let view = json!({ "as_of": 0, "chains": chains, "statement": facts() });
        Ok(serde_json::from_value(view).expect("a view"))
    }

    async fn statement(&self) -> Result<StatementView, DeskError> {
        let section = json!({ "title": "1.1 概述", "paragraphs": ["本文件是业务规则。"] });
        let view =
            json!({ "facts": facts(), "chapters": [{ "title": "第一章 引言", "sections": [section] }] });
        Ok(serde_json::from_value(view).expect("a statement"))
    }

    async fn check(&self, _: Caller, _: String) -> Result<Checked, DeskError> {
        Err(DeskError::Unreadable(ReadRefusal::Empty))
    }
}

#[async_trait::async_trait]
impl RegistrarDesk for Desk {
    async fn find(&self, _: Caller, _: String) -> Result<Vec<PairView>, DeskError> {
        Err(DeskError::SignInAgain)
    }

    async fn change(&self, _: Caller, _: String, _: LifeAct, _: String) -> Result<Vec<PairView>, DeskError> {
        Err(DeskError::SignInAgain)
    }
}

fn checked(origin: Value, state: Value) -> Checked {
    let certificate = json!({
        "origin": origin, "state": state, "kind": "signing", "holder": "张*", "issuer": "C=CN, O=示范, CN=示范 Issuing CA",
        "serial": "4a0b", "not_before": 0, "not_after": 31_536_000_000_i64, "key": "SM2", "sm3": "ab".repeat(32),
        "sha256": "cd".repeat(32)
    });
    serde_json::from_value(json!({ "as_of": 0, "certificates": [certificate], "left_off": 0 }))
        .expect("a verdict")
}

#[tokio::test]
async fn c21_the_centre_shows_chains_fingerprints_lists_and_downloads() {
    let (status, document) = page("/trust").await;
    assert_eq!(status, StatusCode::OK);
    let said = words(&document);
    for word in [
        "信任中心",
        "证书链",
        "示范 Demo root",
        "示范 Demo issuing",
        "SM2",
        "P-256",
        "SM3 指纹",
        "SHA-256 指纹",
        "ABAB ABAB",
        "完整列表",
        "第 12 号",
        "即将到期，待更新",
        "增量列表",
        "在第 12 号之上",
        "已过期，请勿依据",
        "尚未发布",
        "http://ca.example/ocsp/issuing",
        "-noverify",
        "-CAfile root",
        "电子认证业务规则",
        "EFEF EFEF",
        "安装根证书",
        "不要安装到日常使用的电脑",
    ] {
        assert!(said.contains(word), "{word}");
    }
    for link in [
        "/authority/root.crt",
        "/authority/root.pem",
        "/authority/issuing.p7b",
        "/crl/issuing.crl",
        "/crl/issuing-delta.crl",
        "/trust/cps.txt",
        "/trust.json",
        "/trust.atom",
        "/trust/check",
    ] {
        assert!(document.contains(&format!("href=\"{link}\"")), "{link}");
    }
}

#[tokio::test]
async fn c21_the_statement_is_readable_and_names_its_version_and_digest() {
    let (status, document) = page("/trust/cps").await;
    assert_eq!(status, StatusCode::OK);
    let said = words(&document);
    for word in [
        "电子认证业务规则",
        "1.0",
        "2026-11-22",
        "EFEF EFEF",
        "第一章 引言",
        "1.1 概述",
        "本文件是业务规则。",
    ] {
        assert!(said.contains(word), "{word}");
    }
}

#[tokio::test]
async fn the_checker_is_a_plain_form_without_the_program() {
    let (status, document) = page("/trust/check").await;
    assert_eq!(status, StatusCode::OK);
    assert!(document.contains(r#"method="post""#) && document.contains(r#"action="/trust/check""#));
    assert!(document.contains(r#"enctype="multipart/form-data""#));
    assert!(document.contains(r#"name="text""#) && document.contains(r#"name="file""#));
    let form =
        document.split_once("<form").and_then(|(_, rest)| rest.split_once("</form>")).expect("a form").0;
    assert!(!form.contains("disabled"), "nothing rests before the program is there");
}

#[tokio::test]
async fn every_verdict_says_what_it_means_and_what_to_do() {
    let ours = json!({ "of": "ours", "authority": "示范 Issuing CA" });
    let at = 1_793_491_200_000_i64;
    for (origin, state, heading, also) in [
        (ours.clone(), json!({ "is": "good" }), "有效", "没有挂失或吊销"),
        (ours.clone(), json!({ "is": "not_yet_valid" }), "尚未生效", "起生效"),
        (ours.clone(), json!({ "is": "expired" }), "已过期", "办理证书更新"),
        (ours.clone(), json!({ "is": "on_hold", "since": at }), "已挂失（冻结）", "2026-11-01 08:00"),
        (
            ours.clone(),
            json!({ "is": "revoked", "at": at, "reason": "key_compromise" }),
            "已吊销",
            "密钥泄露",
        ),
        (ours.clone(), json!({ "is": "not_active" }), "尚未启用", "回读校验"),
        (ours, json!({ "is": "unknown" }), "本机构没有登记", "请不要信任"),
        (json!({ "of": "our_authority" }), json!({ "is": "good" }), "本机构自己的证书", "逐字节相同"),
        (json!({ "of": "pretended" }), Value::Null, "冒用本机构名称", "请不要信任"),
        (json!({ "of": "self_signed" }), Value::Null, "不是本机构签发的证书", "自签名"),
        (json!({ "of": "foreign" }), Value::Null, "不是本机构签发的证书", "由其他机构签发"),
    ] {
        let (_, document) = page_with("/trust/check", Posted(Ok(checked(origin, state)))).await;
        let said = words(&document);
        assert!(said.contains(heading) && said.contains(also), "{heading}: {also}");
        assert!(said.contains("张*") && said.contains("签名证书") && said.contains("4A0B"));
    }
}

#[tokio::test]
async fn what_cannot_be_read_says_what_is_wrong_with_a_code() {
    let cut = DeskError::Unreadable(ReadRefusal::CutOff { expected: 700, found: 690 });
    let said = words(&page_with("/trust/check", Posted(Err(cut))).await.1);
    assert!(said.contains("应有 700 字节，只有 690 字节") && said.contains("read_cut_off"));
    let slow =
        words(&page_with("/trust/check", Posted(Err(DeskError::SlowDown { retry_after_s: 30 }))).await.1);
    assert!(slow.contains("操作过于频繁"));
}
