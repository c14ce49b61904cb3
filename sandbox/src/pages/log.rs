//! The log: every request and notice with verdict and the text that was checked.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::page;
use crate::{journal::Entry, world::World};

const SHOWN: usize = 200;

#[derive(Deserialize)]
pub struct Filter {
    provider: Option<String>,
    about: Option<String>,
}

pub async fn list(State(world): State<Arc<World>>, Query(filter): Query<Filter>) -> Markup {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (provider, about) = (given(filter.provider), given(filter.about));
    let entries = world.journal.list(provider.as_deref(), about.as_deref());
    page(
        "日志",
        html! {
            .wide {}
            form method="get" {
                label { "订单号、手机号、业务参考号或邮箱" input type="text" name="about" value=[about.as_deref()]; }
                label { "服务商" input type="text" name="provider" value=[provider.as_deref()] placeholder="wechat_pay alipay sms_tencent sms_aliyun identity registry bank mail"; }
                button { "查看" }
            }
            @for entry in entries.iter().rev().take(SHOWN) { (line(entry)) }
            @if entries.is_empty() { .card { "还没有请求。" } }
        },
    )
}

fn line(entry: &Entry) -> Markup {
    let fine = entry.verdict.starts_with("ok") || entry.verdict == "Ok";
    html! {
        details.card {
            summary {
                span.soft { (entry.at) " " (if entry.direction == "in" { "→" } else { "←" }) " " (entry.provider) " " (entry.action) } " "
                strong { (entry.about) } " " (entry.status) " "
                span.(if fine { "ok" } else { "no" }) { (entry.verdict) }
            }
            p.soft { (entry.target) }
            @for (name, text) in [("验签原文", &entry.checked), ("请求", &entry.request), ("应答", &entry.answer)] {
                @if !text.is_empty() { p.soft { (name) } pre { (text) } }
            }
        }
    }
}
