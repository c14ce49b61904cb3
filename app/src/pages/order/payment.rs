//! 支付费用: choose a channel, scan, and the page goes on by itself (R025, R026, R145–R147).

use super::counter::Counter;
use super::step::StepHead;
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::countdown::{clock_text, use_seconds_left};
use crate::components::icon::Shape;
use crate::components::notice::Trouble;
use crate::components::qr::Qr;
use crate::desk::DeskError;
use crate::desk::payments::{PaymentView, ask_payment, open_payment, payment_channels};
use journey::payment::Channel;
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often the page looks whether the money has come.
const LOOK_MILLIS: u64 = 2_500;
/// So long before its end a code is renewed, so that nobody scans a dying one.
const RENEW_BEFORE_S: i64 = 20;
/// A code that would end later than this, or has ended when it comes, says that this computer's clock is wrong.
const CREDIBLE_S: i64 = 24 * 3600;

#[derive(Clone, Copy)]
struct Paying {
    counter: Counter,
    channels: RwSignal<Vec<Channel>>,
    chosen: RwSignal<Option<Channel>>,
    shown: RwSignal<Option<PaymentView>>,
    error: RwSignal<Option<DeskError>>,
    asking: RwSignal<bool>,
    /// 「我已支付」 was answered with: not yet.
    not_yet: RwSignal<bool>,
}

impl Paying {
    fn load_channels(self) {
        let number = self.counter.number();
        spawn_local(async move {
            match payment_channels(number).await {
                Ok(channels) => {
                    let first = channels.first().copied();
                    self.channels.try_set(channels);
                    if let Some(first) = first {
                        self.open(first);
                    }
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }

    /// Safe to repeat: the office gives the open attempt again, or a fresh code (R146).
    fn open(self, channel: Channel) {
        if self.chosen.try_get_untracked().flatten() != Some(channel) {
            self.shown.try_set(None);
        }
        self.chosen.try_set(Some(channel));
        self.error.try_set(None);
        let number = self.counter.number();
        spawn_local(async move {
            let answer = open_payment(number, channel).await;
            if self.chosen.try_get_untracked().flatten() != Some(channel) {
                return; // Another channel was chosen meanwhile.
            }
            match answer {
                Ok(payment) => {
                    self.shown.try_set(Some(payment));
                }
                Err(error) => {
                    // Paid already, in another window perhaps: the order knows.
                    self.counter.refresh();
                    self.error.try_set(Some(error));
                }
            }
        });
    }

    fn renew(self) {
        if let Some(channel) = self.chosen.get_untracked() {
            self.open(channel);
        }
    }

    /// 「我已支付」: the office asks the provider now.
    fn ask(self) {
        self.asking.set(true);
        self.not_yet.set(false);
        let number = self.counter.number();
        spawn_local(async move {
            let answer = ask_payment(number).await;
            self.asking.try_set(false);
            match answer {
                Ok(view) => {
                    self.not_yet.try_set(view.paid.is_none());
                    self.counter.show(view);
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

#[component]
pub fn PaymentStep(counter: Counter) -> impl IntoView {
    let paying = Paying {
        counter,
        channels: RwSignal::new(Vec::new()),
        chosen: RwSignal::new(None),
        shown: RwSignal::new(None),
        error: RwSignal::new(None),
        asking: RwSignal::new(false),
        not_yet: RwSignal::new(false),
    };
    Effect::new(move || paying.load_channels());
    counter.watch(LOOK_MILLIS);
    let order = counter.order;
    view! {
        <StepHead step=Step::Payment service=Some(counter.service()) />
        <section class="card payment">
            <p class="price" data-amount=move || order.with(|order| order.price.yuan())>
                <span class="price-label">"应付金额"</span>
                <span class="number">{move || order.with(|order| order.price.yuan())}</span>
                " 元"
            </p>
            <Channels paying />
            <Trouble error=paying.error />
            <Code paying />
            <Paid paying />
        </section>
        <noscript>
            <p class="notice notice-info">"支付需要浏览器启用 JavaScript，也可以在其他设备上通过“订单查询”继续支付。"</p>
        </noscript>
    }
}

const fn shape(channel: Channel) -> Shape {
    match channel {
        Channel::Alipay | Channel::WechatPay => Shape::Phone,
        Channel::Transfer => Shape::Bank,
    }
}

#[component]
fn Channels(paying: Paying) -> impl IntoView {
    move || {
        let cards: Vec<ChoiceCard> = paying
            .channels
            .get()
            .into_iter()
            .map(|channel| ChoiceCard {
                value: channel.code(),
                title: channel.title().to_owned(),
                text: String::new(),
                shape: shape(channel),
            })
            .collect();
        (!cards.is_empty()).then(|| {
            view! {
                <Choice
                    name="channel"
                    legend="支付方式"
                    cards
                    value=Signal::derive(move || paying.chosen.get().map(Channel::code))
                    on_choose=move |code: &'static str| {
                        if let Some(channel) = Channel::from_code(code) {
                            paying.open(channel);
                        }
                    }
                />
            }
        })
    }
}

/// The code with its time left; renewed in time without anybody asking.
#[component]
fn Code(paying: Paying) -> impl IntoView {
    let until =
        Signal::derive(move || paying.shown.with(|shown| shown.as_ref().map(|payment| payment.expires_at)));
    let left = use_seconds_left(until);
    let credible = move || left.get().filter(|left| *left <= CREDIBLE_S);
    let renewed_for = StoredValue::new(None);
    Effect::new(move || {
        let (Some(until), Some(left)) = (until.get(), credible()) else { return };
        // Once for each code: a clock that is wrong must not make us ask for ever.
        if left <= RENEW_BEFORE_S && renewed_for.get_value() != Some(until) {
            renewed_for.set_value(Some(until));
            paying.renew();
        }
    });
    let text =
        Memo::new(move |_| paying.shown.with(|shown| shown.as_ref().map(|payment| payment.code.clone())));
    let label = move || {
        let channel = paying.chosen.get().map_or("", Channel::title);
        format!("{channel}付款二维码")
    };
    view! {
        <div class="qr-box">
            {move || match text.get() {
                Some(text) => view! { <Qr text label=label() /> }.into_any(),
                None => view! { <div class="qr qr-waiting" role="status">"正在生成二维码…"</div> }.into_any(),
            }}
            <p class="qr-words">
                {move || paying.chosen.get().map(|channel| format!("请打开{}“扫一扫”", channel.title()))}
            </p>
            <p class="muted number">
                {move || credible().map(|left| format!("二维码 {} 后自动刷新", clock_text(left)))}
            </p>
        </div>
    }
}

#[component]
fn Paid(paying: Paying) -> impl IntoView {
    view! {
        <div class="paid-ask">
            <button
                class="button"
                disabled=move || paying.counter.resting() || paying.asking.get()
                on:click=move |_| paying.ask()
            >
                {move || if paying.asking.get() { "正在查询…" } else { "我已支付" }}
            </button>
            <p role="status" class="muted">
                {move || {
                    if paying.not_yet.get() {
                        "暂未查到付款结果。如已付款请稍候，页面会自动更新，请勿重复支付。"
                    } else {
                        "支付成功后页面自动更新。关闭页面也不影响，可随时通过“订单查询”查看。"
                    }
                }}
            </p>
        </div>
    }
}
