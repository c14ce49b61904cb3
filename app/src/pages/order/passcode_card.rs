//! 密码获取方式 (R122, R149, B27): by which way the password comes, when it left, whether it has arrived, and once more.
//! Never the password itself (R129).

use super::cards::Fact;
use super::counter::Counter;
use crate::components::countdown::{clock_text, use_seconds_left};
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::desk::follow_up::{Delivery, PasscodeView, Sending, send_passcode_again};
use journey::identity::{self, PasscodeChannel};
use journey::party::Party;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn PasscodeCard(counter: Counter) -> impl IntoView {
    let channel = Memo::new(move |_| {
        counter.order.with(|order| match (order.party, order.method) {
            // R049: without a choice it is the reserved phone's.
            (Party::Person, None) => Some(PasscodeChannel::AgentSms),
            (party, method) => Some(identity::channel(party, method?)),
        })
    });
    let failed = move || {
        let reason = counter.order.with(|order| order.passcode_failed.clone());
        reason.map(|reason| view! { <Notice tone=Tone::Warning title="证书密码未能送达">{reason}</Notice> })
    };
    move || {
        channel.get().map(|channel| {
            view! {
                <Fact shape=Shape::Password title="密码获取方式">
                    <p><strong>{channel.title()}</strong></p>
                    <p>{identity::channel_text(channel)}</p>
                    <Sendings counter channel />
                    {failed}
                </Fact>
            }
        })
    }
}

#[component]
fn Sendings(counter: Counter, channel: PasscodeChannel) -> impl IntoView {
    let passcode = Memo::new(move |_| counter.order.with(|order| order.passcode.clone()));
    move || {
        passcode.get().map(|PasscodeView { sendings, again_left, again_at }| {
            let lines = sendings.into_iter().map(move |sending| line(channel, sending)).collect_view();
            view! {
                <ul class="sendings">{lines}</ul>
                {(again_left > 0).then(|| view! { <Again counter again_left again_at /> })}
            }
        })
    }
}

fn line(channel: PasscodeChannel, sending: Sending) -> impl IntoView {
    let transfer = matches!(channel, PasscodeChannel::TransferRemark | PasscodeChannel::OwnAccountRemark);
    let (class, words) = match (sending.delivery, transfer) {
        (Delivery::Sent, false) => ("", "已发送，等待运营商回执"),
        (Delivery::Delivered, false) => ("good", "已送达手机"),
        (Delivery::Failed, false) => ("bad", "未送达，请确认手机可以接收短信后重新发送"),
        (Delivery::Sent, true) => ("", "打款已提交，银行处理中"),
        (Delivery::Delivered, true) if channel == PasscodeChannel::OwnAccountRemark => {
            ("good", "打款成功，请在本人银行账户的收款附言中查看")
        }
        (Delivery::Delivered, true) => ("good", "打款成功，请在对公账户流水附言中查看"),
        (Delivery::Failed, true) => ("bad", "打款未成功"),
    };
    let at = sending.at.map(|at| view! { <span class="number">{at.to_string()}</span> " " });
    view! { <li>{at} <span class=class>{words}</span></li> }
}

/// 重新发送: so often in all, and not at once.
#[component]
fn Again(counter: Counter, again_left: u8, again_at: Option<journey::moment::Moment>) -> impl IntoView {
    let wait = use_seconds_left(Signal::derive(move || again_at));
    let asked = RwSignal::new(false);
    let send = move |_| {
        counter.busy.set(true);
        asked.set(true);
        spawn_local(async move {
            let answer = send_passcode_again(counter.number()).await;
            counter.take(answer);
            // The message leaves a moment later.
            set_timeout(move || counter.refresh(), std::time::Duration::from_secs(3));
        });
    };
    let words = move || match wait.get() {
        Some(left) if left > 0 => format!("{} 后可重新发送", clock_text(left)),
        _ => "重新发送".to_owned(),
    };
    view! {
        <p class="actions">
            <button
                type="button"
                class="button"
                disabled=move || counter.resting() || asked.get() || wait.get().is_some_and(|left| left > 0)
                on:click=send
            >
                {words}
            </button>
            <span class="muted">{format!("没有收到？还可重新发送 {again_left} 次，仍发送到同一号码。")}</span>
        </p>
    }
}
