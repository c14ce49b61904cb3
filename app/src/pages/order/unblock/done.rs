//! 解锁成功 (R079), and what next; the same of what else ends with a key that works again.

use super::super::counter::Counter;
use super::super::waiting::OrderFacts;
use crate::components::notice::{Notice, Tone};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn UnblockDone(counter: Counter) -> impl IntoView {
    let next = [
        "请用新密码登录一次您的业务系统，确认可以使用。",
        "预留手机和法人手机会收到解锁通知；如非本人操作，请立即办理挂失。",
        "证书即将到期或已过期的，现在可以办理证书更新。",
    ];
    view! { <WorksAgain counter title="解锁成功" lead="证书密码已重新设置，证书Key可以正常使用。" next /> }
}

#[component]
pub(super) fn WorksAgain(
    counter: Counter,
    title: &'static str,
    lead: &'static str,
    next: [&'static str; 3],
) -> impl IntoView {
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">{title}</h2>
            <p>{lead}</p>
        </div>
        <Notice tone=Tone::Good title="接下来">
            <ul>{next.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </Notice>
        <p class="actions">
            <A href="/key" attr:class="button button-primary">"检测证书Key"</A>
            <A href="/" attr:class="button">"返回首页"</A>
        </p>
        <OrderFacts counter />
    }
}
