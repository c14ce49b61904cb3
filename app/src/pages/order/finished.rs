//! The ends of an order (R005, R148): what came of it, what happens to the money, what to do next.

use super::cards::PaidCard;
use super::counter::Counter;
use super::invoice_card::InvoiceCard;
use super::loaded::Loaded;
use super::parcel_card::ParcelCard;
use super::passcode_card::PasscodeCard;
use super::waiting::OrderFacts;
use crate::components::notice::{Notice, Tone};
use crate::desk::orders::OrderView;
use crate::pages::key_in::KeyTestCard;
use journey::event::EventKind;
use journey::order::{RefundState, Standing};
use journey::party::Party;
use journey::service::Service;
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn Finished(counter: Counter, end: Standing) -> impl IntoView {
    // A refund may still be on its way.
    counter.watch(15_000);
    let service = counter.service();
    let on_own_key = matches!(service, Service::Renewal | Service::Modification);
    let (title, lead) = match end {
        Standing::Completed if on_own_key => match service {
            Service::Renewal => ("更新完成", "新证书已写入证书Key并通过检验，证书密码不变，可以正常使用。"),
            _ => ("变更完成", "您的信息已变更，证书密码不变，可以正常使用。"),
        },
        Standing::Completed => {
            ("办理完成", "证书Key已确认签收。首次使用时请先修改证书密码，并妥善保管，不要告诉他人。")
        }
        Standing::Rejected if counter.order.with_untracked(discontinued) => {
            ("办理终止", "很抱歉，本次申请无法继续办理，原因如下。")
        }
        Standing::Rejected => ("审核未通过", "很抱歉，本次申请未能通过审核。"),
        Standing::Withdrawn => ("申请已撤回", "本次申请已按您的要求撤回。"),
        Standing::Expired | Standing::Open(_) => ("订单已关闭", "订单在规定时间内没有完成，已自动关闭。"),
    };
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">{title}</h2>
            <p>{lead}</p>
        </div>
        {(end == Standing::Rejected).then(|| view! { <Reason counter /> })}
        <Refund counter end />
        {(end != Standing::Completed).then(|| view! { <Again counter /> })}
        {(end == Standing::Completed && on_own_key).then(|| view! { <Loaded counter /> <KeyTestCard /> })}
        <ParcelCard counter />
        {(end == Standing::Completed && !on_own_key).then(|| view! { <PasscodeCard counter /> })}
        <InvoiceCard counter />
        <PaidCard counter />
        <OrderFacts counter />
    }
}

/// The office ended it after its review (A38, A39).
fn discontinued(order: &OrderView) -> bool {
    order.history.iter().any(|line| line.event == EventKind::Discontinued.code())
}

#[component]
fn Reason(counter: Counter) -> impl IntoView {
    let reason = move || {
        let reason = counter.order.with(|order| order.rejected_reason.clone());
        reason.unwrap_or_else(|| "请致电服务热线了解原因。".to_owned())
    };
    let title = if counter.order.with_untracked(discontinued) { "终止原因" } else { "未通过原因" };
    view! { <Notice tone=Tone::Bad title><p>{reason}</p></Notice> }
}

/// Money that was paid for an order without a certificate goes back (R142, A53).
#[component]
fn Refund(counter: Counter, end: Standing) -> impl IntoView {
    move || {
        let (paid, refund) = counter.order.with(|order| (order.paid.clone(), order.refund));
        let paid = paid.filter(|_| end != Standing::Completed)?;
        Some(match refund {
            Some(RefundState::Done) => view! {
                <Notice tone=Tone::Good title="费用已退回">
                    <p>{format!("{} 元已原路退回至{}，到账时间以支付渠道为准。", paid.amount.yuan(), paid.channel.title())}</p>
                </Notice>
            }
            .into_any(),
            _ => {
                view! {
                    <Notice tone=Tone::Info title="退款处理中">
                        <p>{format!("{} 元将原路退回至{}，无需您再操作。", paid.amount.yuan(), paid.channel.title())}</p>
                    </Notice>
                }
                .into_any()
            }
        })
    }
}

#[component]
fn Again(counter: Counter) -> impl IntoView {
    let href = match (counter.service(), counter.order.with_untracked(|order| order.party)) {
        (Service::Renewal, _) => "/renew",
        (Service::Unblock, _) => "/unblock",
        (Service::Modification, _) => "/modify",
        (Service::Resumption, _) => "/lost",
        (Service::Replacement, Party::Organisation) => "/replace/organisation",
        (Service::Replacement, Party::Person) => "/replace/person",
        (_, Party::Organisation) => "/apply/organisation",
        (_, Party::Person) => "/apply/person",
    };
    view! {
        <p class="actions">
            <A href=href attr:class="button button-primary">"重新办理"</A>
            <A href="/orders" attr:class="button">"历史订单记录"</A>
        </p>
    }
}
