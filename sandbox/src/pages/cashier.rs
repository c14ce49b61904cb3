//! 扫一扫: a code's text or a picture of it leads to the cashier; there a person pays, leaves, or lacks the money.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Multipart, Query, State},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::page;
use crate::{
    wallet::{self, Bill, Payable},
    world::World,
};

const WIDEST_PICTURE: u32 = 6000;

#[derive(Deserialize)]
pub struct Code {
    code: Option<String>,
}

pub async fn scan(State(world): State<Arc<World>>, Query(code): Query<Code>) -> Markup {
    match code.code.filter(|code| !code.trim().is_empty()) {
        None => ask(None),
        Some(code) => match wallet::scan(&world, &code) {
            Some(bill) => cashier(&bill),
            None => ask(Some("没有这个收款码")),
        },
    }
}

pub async fn scan_picture(State(world): State<Arc<World>>, mut form: Multipart) -> Markup {
    let picture = match form.next_field().await {
        Ok(Some(field)) => field.bytes().await.ok(),
        _ => None,
    };
    let Some(picture) = picture else { return ask(Some("没有收到图片")) };
    let code = tokio::task::spawn_blocking(move || code_in(&picture)).await.ok().flatten();
    match code {
        None => ask(Some("图片里没有找到二维码")),
        Some(code) => match wallet::scan(&world, &code) {
            Some(bill) => cashier(&bill),
            None => ask(Some(&format!("没有这个收款码：{code}"))),
        },
    }
}

fn code_in(picture: &[u8]) -> Option<String> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(picture)).with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(WIDEST_PICTURE);
    limits.max_image_height = Some(WIDEST_PICTURE);
    reader.limits(limits);
    let grey = reader.decode().ok()?.to_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        grey.get_pixel(x as u32, y as u32).0[0]
    });
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

fn ask(wrong: Option<&str>) -> Markup {
    page(
        "扫一扫",
        html! {
            @if let Some(wrong) = wrong { .card { span.no { (wrong) } } }
            form.card method="get" {
                label { "收款码内容或商户订单号" textarea name="code" rows="3" placeholder="weixin://… 或 https://qr.alipay.com/…" {} }
                button.main { "打开收银台" }
            }
            form.card method="post" enctype="multipart/form-data" {
                label { "二维码截图" input type="file" name="picture" accept="image/*"; }
                button { "识别图片" }
            }
        },
    )
}

fn cashier(bill: &Bill) -> Markup {
    let wallet_name = if bill.provider == "alipay" { "支付宝" } else { "微信支付" };
    page(
        "收银台",
        html! {
            .card.(bill.provider) {
                p.soft { (wallet_name) }
                p { (bill.description) }
                p.amount { "¥" (wallet::yuan(bill.fen)) }
                p.soft { "商户订单号 " (bill.out_trade_no) }
                @match bill.payable {
                    Payable::No(why) => p.no { (why.words()) },
                    Payable::Yes => form method="post" action="/cashier" {
                        input type="hidden" name="code" value=(bill.code);
                        button.main name="press" value="pay" { "支付" }
                        button name="press" value="cancel" { "取消" } " "
                        button name="press" value="poor" { "余额不足" }
                    },
                }
            }
        },
    )
}

#[derive(Deserialize)]
pub struct Press {
    code: String,
    press: String,
}

pub async fn press(State(world): State<Arc<World>>, Form(press): Form<Press>) -> Markup {
    let (fine, words) = match press.press.as_str() {
        "pay" => match wallet::pay(&world, &press.code, None, false) {
            Ok(bill) => (true, format!("支付成功 ¥{}", wallet::yuan(bill.fen))),
            Err(why) => (false, why.words().to_owned()),
        },
        "poor" => (false, "支付失败：余额不足，请更换付款方式".to_owned()),
        _ => (false, "已取消支付，订单未付款".to_owned()),
    };
    page(
        "付款结果",
        html! { .card { p.(if fine { "ok" } else { "no" }) { (words) } a.button href="/scan" { "再扫一次" } } },
    )
}
