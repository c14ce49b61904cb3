//! The fault switches as a form. Every switch of the board appears by itself, so a new one needs no page work.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::page;
use crate::{faults::Switches, world::World};

/// The choices of the switches that are neither yes/no nor a number.
const CHOICES: [(&str, &[&str]); 4] = [
    ("fault", &["none", "server_error", "too_many", "timeout_after_effect", "bad_signature", "html_page"]),
    ("outcome", &["decide", "mismatch", "no_record", "busy", "quota_reached"]),
    ("entry", &["decide", "name_differs", "person_differs", "struck_off", "no_record", "busy"]),
    ("refuse", &["none", "later", "never", "cut_in_data"]),
];

fn words(name: &str) -> &str {
    match name {
        "wechat_pay" => "微信支付",
        "alipay" => "支付宝",
        "sms" => "短信",
        "identity" => "身份核验",
        "registry" => "登记信息",
        "bank" => "银行",
        "courier" => "快递（推送伪造、被改、重复、迟到；过期指少一条的旧内容）",
        "mail" => "邮件",
        "fault" => "应答故障",
        "on" => "只对这些动作（逗号分隔，空为全部）",
        "count" => "只坏几次（0 为一直）",
        "notice_delay_ms" => "通知迟到（毫秒）",
        "notice_copies" => "通知多发几份",
        "notice_dropped" => "通知丢失",
        "notice_forged" => "通知伪造（错误的密钥）",
        "notice_tampered_amount" => "通知金额被改",
        "notice_stale" => "通知时间戳过期",
        "notice_before_answer" => "下单应答之前就付款并通知",
        "refund_fails" => "退款失败",
        "limits_lifted" => "取消运营商限流",
        "refused" => "拒绝（限流 / 拒付）",
        "undelivered" => "受理后不送达",
        "outcome" => "核验结果",
        "entry" => "登记内容",
        "held" => "一直处理中",
        "returned" => "先成功后退汇",
        "refuse" => "拒收（later 451 / never 550）",
        other => other,
    }
}

#[derive(Deserialize)]
pub struct Subject {
    only: Option<String>,
}

pub async fn board(State(world): State<Arc<World>>, Query(subject): Query<Subject>) -> Markup {
    let only = subject.only.unwrap_or_default();
    let board = world.faults.board();
    let switches =
        if only.is_empty() { board.everywhere } else { board.only.get(&only).cloned().unwrap_or_default() };
    page("故障开关", form(&only, &switches, board.only.keys()))
}

fn form<'a>(only: &str, switches: &Switches, subjects: impl Iterator<Item = &'a String>) -> Markup {
    let switches = serde_json::to_value(switches).unwrap_or_default();
    let groups = switches.as_object().cloned().unwrap_or_default();
    html! {
        form.card method="get" {
            label { "只针对（商户订单号、手机号、业务参考号、邮箱、信用代码或身份证号；空为全部）" input type="text" name="only" value=(only); }
            button { "切换" }
            @for subject in subjects { " " a href={ "/faults?only=" (super::phone::encoded(subject)) } { (subject) } }
        }
        form method="post" action={ "/faults?only=" (super::phone::encoded(only)) } {
            @for (group, fields) in &groups {
                fieldset.card {
                    legend { strong { (words(group)) } }
                    @for (name, value) in fields.as_object().into_iter().flatten() { (field(group, name, value)) }
                }
            }
            button.main { "应用" }
        }
        form method="post" action="/faults" { input type="hidden" name="clear" value="1"; button { "全部关闭" } }
    }
}

fn field(group: &str, name: &str, value: &Value) -> Markup {
    let path = format!("{group}.{name}");
    match value {
        Value::Object(inner) => {
            html! { @for (inner_name, value) in inner { (field(&path, inner_name, value)) } }
        }
        Value::Bool(on) => html! {
            label.switch { input type="checkbox" name=(path) value="true" checked[*on]; (words(name)) }
        },
        Value::Number(number) => html! {
            label { (words(name)) input type="number" min="0" name=(path) value=(number); }
        },
        Value::Array(items) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            html! { label { (words(name)) input type="text" name=(path) value=(items.join(",")); } }
        }
        value => {
            let choices =
                CHOICES.iter().find(|(choice, _)| *choice == name).map_or(&[][..], |(_, choices)| choices);
            html! {
                label { (words(name))
                    select name=(path) {
                        @for choice in choices { option value=(choice) selected[value == choice] { (choice) } }
                    }
                }
            }
        }
    }
}

pub async fn set(
    State(world): State<Arc<World>>,
    Query(subject): Query<Subject>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Markup {
    let only = subject.only.unwrap_or_default();
    let mut change = if given.contains_key("clear") { json!({ "clear": true }) } else { read(&given) };
    if !only.is_empty() {
        change["only"] = json!(only);
    }
    match world.faults.merge(change) {
        Ok(board) => {
            let switches = if only.is_empty() { &board.everywhere } else { &board.only[&only] };
            page("故障开关", html! { .card.ok { "已应用" } (form(&only, switches, board.only.keys())) })
        }
        Err(wrong) => page("故障开关", html! { .card.no { (wrong) } }),
    }
}

/// A form says nothing of an unchecked box: every switch is first off, then what was given is laid over.
fn read(given: &BTreeMap<String, String>) -> Value {
    let mut whole = serde_json::to_value(Switches::default()).unwrap_or_default();
    for (path, text) in given {
        let pointer = format!("/{}", path.replace('.', "/"));
        if let Some(place) = whole.pointer_mut(&pointer) {
            *place = match place {
                Value::Bool(_) => json!(true),
                Value::Number(_) => json!(text.parse::<u64>().unwrap_or(0)),
                Value::Array(_) => text.split(',').map(str::trim).filter(|one| !one.is_empty()).collect(),
                _ => json!(text),
            };
        }
    }
    if whole.is_object() { whole } else { Value::Object(Map::new()) }
}
