//! Owns: the pages for a person: the phone, the cashier, the inboxes, the statement, the switches and the log.
//! Never: decides anything; buttons call the same functions as the control.
//! Start at: `router`.

mod bank;
mod cashier;
mod courier;
mod faults;
mod log;
mod mail;
mod phone;

use std::sync::Arc;

use axum::{Router, routing::get};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{control, world::World};

pub use phone::index;

pub fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/phone", get(phone::inbox))
        .route("/scan", get(cashier::scan).post(cashier::scan_picture))
        .route("/cashier", axum::routing::post(cashier::press))
        .route("/mail", get(mail::inbox))
        .route("/mail/{number}", get(mail::letter))
        .route("/mail/{number}/{index}", get(control::attachment))
        .route("/bank", get(bank::statement))
        .route("/courier", get(courier::parcels).post(courier::press))
        .route("/faults", get(faults::board).post(faults::set))
        .route("/log", get(log::list))
}

const STYLE: &str = include_str!("style.css");

fn page(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // No icon: browsers would ask for one, and the log is for providers.
                link rel="icon" href="data:,";
                title { (title) " · 沙箱" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { strong { "沙箱 · 外部世界模拟" } span { "这里没有真实的钱、短信和邮件" } }
                nav {
                    @for (path, name) in [("/", "首页"), ("/phone", "短信"), ("/scan", "扫一扫"), ("/mail", "邮件"), ("/bank", "银行"), ("/courier", "快递"), ("/faults", "故障"), ("/log", "日志")] {
                        a href=(path) { (name) }
                    }
                }
                main { h1 { (title) } (body) }
            }
        }
    }
}
