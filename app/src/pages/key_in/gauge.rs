//! The PIN gauge: tries left, before the first keystroke (B06).

use leptos::prelude::*;
use leptos_router::components::A;

/// A30.
const TRIES: u8 = 10;
/// From here on the page stops and offers 解锁.
pub const FEW: u8 = 3;

/// `left`: `None` while no PIN is set.
#[component]
pub fn PinGauge(left: Option<u8>) -> impl IntoView {
    let Some(left) = left else { return ().into_any() };
    let words = match left {
        0 => "证书密码已锁定".to_owned(),
        1..=FEW => format!("证书密码只剩{left}次机会"),
        _ => format!("证书密码还可输错{left}次"),
    };
    let class = match left {
        0 => "pin-gauge pin-gauge-locked",
        1..=FEW => "pin-gauge pin-gauge-few",
        _ => "pin-gauge",
    };
    let notches = (0..TRIES).map(|place| view! { <i class:on=place < left></i> }).collect_view();
    let begin = if left == 0 { "请办理 " } else { "不确定密码时请不要再试，请办理 " };
    let offer = (left <= FEW).then(|| {
        view! {
            <p class="pin-gauge-offer">
                {begin} <A href="/unblock">"证书解锁"</A> "，此项服务免费。"
            </p>
        }
    });
    view! {
        <div class=class>
            <p class="pin-gauge-words">{words}</p>
            <span class="pin-gauge-bar" aria-hidden="true">{notches}</span>
            {offer}
        </div>
    }
    .into_any()
}
