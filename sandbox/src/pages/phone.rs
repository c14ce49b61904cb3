//! The first page, and a phone's SMS inbox.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::page;
use crate::{alipay, identity, wechat_pay, world::World};

pub async fn index(State(world): State<Arc<World>>) -> Markup {
    let parts = [
        ("/phone", "短信", "按手机号查看收到的短信"),
        ("/scan", "扫一扫", "粘贴收款码内容或上传二维码截图，在收银台付款"),
        ("/mail", "邮件", "发给任何地址的邮件与附件"),
        ("/bank", "银行", "企业账户的到账明细与附言"),
        ("/courier", "快递", "揽收、派件、签收或退回一个快件，并通知寄件人"),
        ("/faults", "故障", "让通知迟到、重复、丢失、伪造，让服务商出错"),
        ("/log", "日志", "每个请求的结论与验签原文"),
    ];
    page(
        "外部世界",
        html! {
            @for (path, name, words) in parts {
                a.card.button style="display:block" href=(path) { strong { (name) } br; span.soft { (words) } }
            }
            @let codes = open_codes(&world);
            @if !codes.is_empty() { h2 { "等待付款" } }
            @for (number, code) in codes {
                .card { (number) br; a href={ "/scan?code=" (encoded(&code)) } { "去收银台" } }
            }
            h2 { "身份核验认得的人" }
            .card {
                p.soft { "号码格式正确的人一律一致；姓名以「不符」结尾的一律不一致。另有：" }
                @for person in &identity::registry().person {
                    p { (person.name) " "
                        span.soft {
                            @match person.verdict {
                                Some(verdict) => { (format!("{verdict:?}")) },
                                None => { "须与登记的证件号、手机号、银行卡一致" },
                            }
                        }
                    }
                }
            }
            h2 { "登记的企业账户" }
            .card {
                p.soft { "其他账号按所给户名入账；户名以「不符」结尾或含「销户」的付款失败。" }
                @for account in identity::accounts() {
                    p { (account.name) br; span.soft { (account.number) " " (account.bank) } }
                }
            }
        },
    )
}

fn open_codes(world: &World) -> Vec<(String, String)> {
    let wechat_pay = wechat_pay::list_trades(world);
    let waiting = wechat_pay.into_iter().filter(|trade| trade.state == wechat_pay::TradeState::NotPay);
    let alipay =
        alipay::list_unscanned(world).into_iter().map(|(number, code, _)| (format!("支付宝 {number}"), code));
    waiting.map(|trade| (format!("微信支付 {}", trade.out_trade_no), trade.code_url)).chain(alipay).collect()
}

pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[derive(Deserialize)]
pub struct Number {
    n: Option<String>,
}

pub async fn inbox(State(world): State<Arc<World>>, Query(number): Query<Number>) -> Markup {
    let Some(number) = number.n.filter(|number| !number.is_empty()) else {
        return page(
            "短信",
            html! {
                form method="get" {
                    label { "手机号" input type="text" name="n" inputmode="numeric" autofocus; }
                    button { "查看" }
                }
                h2 { "收到过短信的手机" }
                @for phone in world.sms.phones() { a.card.button style="display:block" href={ "/phone?n=" (phone) } { (phone) } }
            },
        );
    };
    let messages = world.sms.list(Some(&number));
    page(
        &format!("{number} 的短信"),
        html! {
            @for sms in messages.iter().rev().filter(|sms| sms.delivered) {
                p.soft style="margin:0" { (sms.at) " · " (sms.carrier) }
                .bubble { (sms.text) }
            }
            @if messages.is_empty() { .card { "还没有短信。" } }
            a.button href={ "/phone?n=" (encoded(&number)) } { "刷新" }
            @let tail = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
            @for parcel in world.courier.list().iter().filter(|parcel| parcel.phone == tail) {
                " " a.button href={ "/courier?number=" (encoded(&parcel.number)) } { "快递 " (parcel.number) }
            }
        },
    )
}
