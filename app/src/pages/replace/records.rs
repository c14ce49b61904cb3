//! 证书记录: after the code, each record with 补办 (R087), the tick for suspension at once (A37), and what follows from its
//! end (A38, A39).

use crate::browser;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::lost::LostLine;
use crate::desk::replacement::start_replacement;
use crate::pages::lost::ask::AskHolder;
use crate::pages::lost::record::{Record, Records};
use crate::wording;
use journey::party::Party;
use journey::refusal::Refusal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

#[component]
pub fn Choose(party: Party, reference: RwSignal<String>) -> impl IntoView {
    let records = Records::ask();
    let mine = move |lines: Vec<LostLine>| -> Vec<LostLine> {
        lines.into_iter().filter(|line| line.party == party).collect()
    };
    view! {
        <section class="records" aria-labelledby="records">
            <h2 id="records">"查询证书记录"</h2>
            {move || match records.lines.get().map(mine) {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(lines) if lines.is_empty() => {
                    view! { <AskHolder party fixed=true done=Callback::new(move |()| records.again()) /> }.into_any()
                }
                Some(lines) => view! { <List lines records reference /> }.into_any(),
            }}
            <noscript>
                <p class="muted">"在线补办需要浏览器启用 JavaScript。"</p>
            </noscript>
        </section>
    }
}

#[component]
fn List(lines: Vec<LostLine>, records: Records, reference: RwSignal<String>) -> impl IntoView {
    view! {
        <ul class="order-list">
            {lines
                .into_iter()
                .map(|line| view! { <Record line=line.clone()><Begin line reference /></Record> })
                .collect_view()}
        </ul>
        <p class="leave">
            <span class="muted">"查询其他证书，或在公用电脑上离开前，请结束查询。"</span>
            <button type="button" class="button button-quiet" on:click=move |_| records.leave()>"结束查询"</button>
        </p>
    }
}

#[component]
fn Begin(line: LostLine, reference: RwSignal<String>) -> impl IntoView {
    if let Some(number) = line.open_replacement {
        return view! {
            <A href=format!("/orders/{number}") attr:class="button button-primary">"继续补办"</A>
        }
        .into_any();
    }
    match line.replace_refused {
        Some(refusal @ Refusal::CertificateExpired { .. }) => view! {
            <Notice tone=Tone::Info title="已过期的证书不能补办">
                <p>{wording::refusal(&refusal)}</p>
                <p><A href=format!("/apply/{}", line.party.code())>"在线新办"</A></p>
            </Notice>
        }
        .into_any(),
        Some(refusal) => view! { <Notice tone=Tone::Info>{wording::refusal(&refusal)}</Notice> }.into_any(),
        None => view! { <Start line reference /> }.into_any(),
    }
}

#[component]
fn Start(line: LostLine, reference: RwSignal<String>) -> impl IntoView {
    let alive = browser::use_alive();
    let navigate = use_navigate();
    let suspend = RwSignal::new(true);
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<DeskError>));
    let serial = StoredValue::new(line.serial.clone());
    let wrong = Signal::derive(move || match trouble.get() {
        Some(DeskError::Fields(fields)) => {
            fields.first().map(|field| wording::entry(&field.field, &field.code).to_owned())
        }
        _ => None,
    });
    let other = Signal::derive(move || trouble.get().filter(|error| !matches!(error, DeskError::Fields(_))));
    let start = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer =
                start_replacement(serial.get_value(), suspend.get_untracked(), reference.get_untracked())
                    .await;
            match answer {
                Ok(number) => navigate(&format!("/orders/{number}"), Default::default()),
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    let organisation = line.party == Party::Organisation;
    view! {
        {line.renewal_soon.then(|| view! { <RenewalFollows /> })}
        {(!line.on_hold).then(|| view! { <SuspendTick suspend /> })}
        {organisation.then(|| view! { <Reference reference wrong /> })}
        <Trouble error=other />
        <button
            type="button"
            class="button button-primary"
            disabled=move || !alive.get() || busy.get()
            on:click=start
        >
            {move || if busy.get() { "正在建立订单…" } else { "补办" }}
        </button>
    }
}

#[component]
fn RenewalFollows() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="有效期不足 90 天">
            <p>"补办的证书沿用原到期日，到期前请再办理续期。"</p>
        </Notice>
    }
}

/// A37: on unless it is taken out.
#[component]
fn SuspendTick(suspend: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="tick">
            <input
                type="checkbox"
                checked
                prop:checked=move || suspend.get()
                on:change=move |event| suspend.set(event_target_checked(&event))
            />
            <span>"立即挂失原证书（建议）：审核通过前他人也无法使用，撤回申请后可恢复"</span>
        </label>
    }
}

#[component]
fn Reference(reference: RwSignal<String>, wrong: Signal<Option<String>>) -> impl IntoView {
    view! {
        <Field
            name="reference-typed"
            label="汇款附言码"
            value=reference
            on_input=move |text| reference.set(text)
            error=wrong
            hint="已汇款的，填写汇款附言中的 6 位附言码；尚未汇款可留空，提交后会给您一个"
            maxlength=12
            numeric=true
            optional=true
        />
    }
}
