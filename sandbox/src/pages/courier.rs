//! 快递: a person scans parcels on their way.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State},
    response::Redirect,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{page, phone::encoded};
use crate::{
    courier::{self, COMPANIES, Parcel, State as Scan},
    world::World,
};

#[derive(Deserialize)]
pub struct Number {
    number: Option<String>,
}

pub async fn parcels(State(world): State<Arc<World>>, Query(number): Query<Number>) -> Markup {
    let number = number.number.filter(|number| !number.is_empty());
    let mut all = world.courier.list();
    all.retain(|parcel| number.as_ref().is_none_or(|number| *number == parcel.number));
    page(
        "快递",
        html! {
            form method="get" {
                label { "运单号" input type="text" name="number" value=[number.as_deref()] placeholder="全部"; }
                button { "查看" }
            }
            br;
            @for parcel in all.iter().rev() { (shown(parcel)) }
            @if all.is_empty() { .card { "还没有订阅物流信息的快件。寄出一个快件后，它会出现在这里。" } }
        },
    )
}

fn shown(parcel: &Parcel) -> Markup {
    let company = COMPANIES.iter().find(|(code, ..)| *code == parcel.company).map_or("", |(_, name, _)| name);
    html! {
        .card {
            strong { (company) " " (parcel.number) }
            @if !parcel.phone.is_empty() { span.soft { " 收件人手机尾号 " (parcel.phone) } }
            form method="post" action="/courier" {
                input type="hidden" name="number" value=(parcel.number);
                label { "物流信息（空为通用内容）" input type="text" name="words" maxlength="120"; }
                @for state in Scan::ALL { button name="state" value=(code(state)) { (state.title()) } " " }
            }
            @for line in parcel.way.iter().rev() {
                p { strong { (line.state.title()) } " " (line.words) br; span.soft { (line.at) } }
            }
            @if parcel.way.is_empty() { p.soft { "尚未揽收" } }
        }
    }
}

fn code(state: Scan) -> String {
    serde_json::to_value(state).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

#[derive(Deserialize)]
pub struct Press {
    number: String,
    state: Scan,
    #[serde(default)]
    words: String,
}

pub async fn press(State(world): State<Arc<World>>, Form(press): Form<Press>) -> Redirect {
    let words = Some(press.words).filter(|words| !words.trim().is_empty());
    courier::move_on(&world, &press.number, press.state, words);
    Redirect::to(&format!("/courier?number={}", encoded(&press.number)))
}
