//! 个人信息 (B15): what was agreed to, who looked at what and why, how long it is kept; and taking the consent back, with
//! what follows said before.

use super::counter::Counter;
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::privacy::{Looked, PrivacyView, privacy_ledger, withdraw_consent};
use crate::wording;
use journey::evidence::EvidenceKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asked for when it is opened: most never do.
#[component]
pub fn Privacy(counter: Counter) -> impl IntoView {
    let ledger = RwSignal::new(None::<Result<PrivacyView, DeskError>>);
    let open = move || {
        spawn_local(async move {
            let answer = privacy_ledger(counter.number()).await;
            ledger.try_set(Some(answer));
        });
    };
    view! {
        <details class="card privacy" on:toggle=move |_| open()>
            <summary><Icon shape=Shape::Person />"个人信息与查看记录"</summary>
            {move || match ledger.get() {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(Err(error)) => {
                    view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
                }
                Some(Ok(view)) => view! { <Ledger counter view /> }.into_any(),
            }}
        </details>
    }
}

#[component]
fn Ledger(counter: Counter, view: PrivacyView) -> impl IntoView {
    let agreed = view.agreed.iter().map(|it| {
        view! { <li>"同意《数字证书服务协议》" {it.version.clone()} " 版，" <span class="number">{it.at.to_string()}</span></li> }
    });
    let kept = match view.kept_until {
        Some(until) => {
            format!("鉴证资料依法保存至证书失效后五年（不早于 {}），到期删除。", until.beijing_date())
        }
        None => "尚未签发证书：未提交的草稿三十天后删除；未付款的订单结束后删除填写的信息与资料。".to_owned(),
    };
    let looks = match view.looks.is_empty() {
        true => view! { <p class="muted">"还没有工作人员查看过您的信息。"</p> }.into_any(),
        false => {
            let lines = view.looks.iter().map(look).collect_view();
            view! { <ul class="looks">{lines}</ul> }.into_any()
        }
    };
    let withdrawn = view.withdrawn_at;
    let ends = view.ends_the_order;
    view! {
        <h3>"您的同意"</h3>
        <ul>{agreed.collect_view()}</ul>
        <p class="muted">{kept}</p>
        <h3>"谁查看过您的信息"</h3>
        {looks}
        {match withdrawn {
            Some(at) => {
                view! { <p>"您已于 " <span class="number">{at.to_string()}</span> " 撤回同意。"</p> }.into_any()
            }
            None => view! { <TakeBack counter ends /> }.into_any(),
        }}
    }
}

fn look(look: &Looked) -> impl IntoView + use<> {
    let who = match look.role.as_str() {
        "reviewer" => "审核人员",
        "producer" => "制证人员",
        "dispatcher" => "发货人员",
        _ => "工作人员",
    };
    let what = match look.what.as_str() {
        "details" => "完整的申请信息",
        "recipient" => "收件人、手机号与地址",
        "signature" => "签署的补办申请书",
        kind => EvidenceKind::from_code(kind).map_or("上传的资料", |kind| kind.title()),
    };
    let why = match look.why.as_str() {
        "review" => "审核资料".to_owned(),
        "shipping" => "寄送证书".to_owned(),
        reason => reason.to_owned(),
    };
    view! {
        <li>
            <span class="number">{look.at.to_string()}</span> " " {who} "查看了" {what} "，原因：" {why}
        </li>
    }
}

/// 撤回同意, asked twice.
#[component]
fn TakeBack(counter: Counter, ends: bool) -> impl IntoView {
    let open = RwSignal::new(false);
    let consequence = if ends {
        "撤回同意后，本订单随即结束，已支付的费用原路退回，我们不再处理您的信息。"
    } else {
        "本订单已进入制作或已办结，撤回同意不影响此前的处理：依照《电子签名法》，鉴证资料须保存至证书失效后五年。撤回后，我们不再向您发送到期提醒，也不再将信息用于其他用途。如需停用证书，请办理挂失。"
    };
    let take_back = move |_| {
        open.set(false);
        counter.busy.set(true);
        let (number, version) = (counter.number(), counter.version());
        spawn_local(async move { counter.take(withdraw_consent(number, version).await) });
    };
    view! {
        <p class="actions">
            <button type="button" class="button button-quiet" disabled=move || counter.resting() on:click=move |_| open.set(true)>
                "撤回同意"
            </button>
        </p>
        <Dialog open id="take-back" title="确定撤回同意吗？">
            <p>{consequence}</p>
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"保留同意"</button>
                <button type="button" class="button button-danger" disabled=move || counter.resting() on:click=take_back>
                    "确定撤回同意"
                </button>
            </div>
        </Dialog>
    }
}
