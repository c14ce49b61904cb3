//! A job in hand: the line, the key, one button, and what to do when something fails.

use super::key_watch::{KeyPanel, watch};
use super::line::{At, Line, Stage};
use super::run::{Fault, check_key, run};
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::production::{JobStage, JobView, release_job};
use crate::key_access::{Way, purpose};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// What this page is doing, beyond what the office has recorded.
#[derive(Clone, Debug, PartialEq)]
enum Doing {
    Nothing,
    Stage(Stage),
    Failed(Stage, Fault),
}

#[component]
pub fn Workbench(
    view: JobView,
    job: Asked<JobView>,
    last_fault: RwSignal<Option<(Stage, Fault)>>,
) -> impl IntoView {
    let doing = RwSignal::new(
        last_fault.get_untracked().map_or(Doing::Nothing, |(stage, fault)| Doing::Failed(stage, fault)),
    );
    let session = use_session();
    let busy = Signal::derive(move || session.busy());
    hold_page_while(busy);
    purpose::state_order(&view.number);
    let seen = watch(Way::Helper, busy);
    let recorded = At::recorded(view.stage);
    let at = Signal::derive(move || match &*doing.read() {
        Doing::Nothing => recorded,
        Doing::Stage(stage) => At::Runs(*stage),
        Doing::Failed(stage, _) => At::Failed(*stage),
    });
    let fits = {
        let view = view.clone();
        Signal::derive(move || matches!(&*seen.read(), Some(Ok(key)) if check_key(&view, key).is_ok()))
    };
    let begun = view.stage != JobStage::Taken;
    let start = use_start(view.clone(), job, doing, last_fault);
    let label = move || match (&*doing.read(), begun) {
        (Doing::Stage(_), _) => "正在制证，请勿拔出Key",
        (Doing::Failed(..), _) | (_, true) => "继续制证",
        (Doing::Nothing, false) => "开始制证",
    };
    view! {
        <Line at />
        <div class="workbench">
            <KeyPanel job=view.clone() seen />
            <section class="workbench-act" aria-label="操作">
                <div role="status" class="workbench-now">
                    {move || match &*doing.read() {
                        Doing::Stage(stage) => view! { <p class="workbench-runs"><span class="spinner"></span>{stage.running()}</p> }.into_any(),
                        Doing::Nothing if begun => view! {
                            <p>"此前已完成的步骤都有记录，将从“"{recorded_title(recorded)}"”继续。"</p>
                        }.into_any(),
                        Doing::Nothing => view! {
                            <p>"点击后依次完成生成密钥、签发证书、写入和回读校验，约需半分钟。证书密码由办公系统加密送入Key，本页不会显示。"</p>
                        }.into_any(),
                        Doing::Failed(..) => ().into_any(),
                    }}
                </div>
                <div role="alert">{move || failure(&doing.read())}</div>
                <div class="workbench-buttons">
                    <button type="button" class="button button-primary button-large"
                        disabled=move || busy.get() || !fits.get() on:click=move |_| start.run(())>{label}</button>
                    <ReleaseButton number=view.number busy />
                </div>
                <Show when=move || !busy.get() && !fits.get()>
                    <p class="workbench-hint">"证书Key就绪后即可开始。"</p>
                </Show>
            </section>
        </div>
    }
}

fn failure(doing: &Doing) -> Option<impl IntoView + use<>> {
    let Doing::Failed(stage, fault) = doing else { return None };
    let advice = fault.advice();
    let title = format!("“{}”未完成：{}", stage.title(), advice.what);
    let code = fault.code();
    Some(view! {
        <Notice tone=Tone::Bad title=title>
            <p>{advice.todo}</p>
            <p class="key-code">"代码 "<code>{code}</code></p>
        </Notice>
    })
}

const fn recorded_title(at: At) -> &'static str {
    match at {
        At::Waits(stage) | At::Runs(stage) | At::Failed(stage) => stage.title(),
        At::Done => "完成",
    }
}

/// Runs the rest of the job. Afterwards the office's own view of it stands on the page, with the fault if there was one.
fn use_start(
    view: JobView,
    job: Asked<JobView>,
    doing: RwSignal<Doing>,
    last_fault: RwSignal<Option<(Stage, Fault)>>,
) -> Callback<()> {
    let session = use_session();
    let view = StoredValue::new(view);
    Callback::new(move |()| {
        // One key at a time, also where the run of another job goes on behind its page.
        if session.is_busy() {
            return;
        }
        session.set_busy(true);
        last_fault.set(None);
        doing.set(Doing::Stage(Stage::Insert));
        spawn_local(async move {
            let at = StoredValue::new(Stage::Insert);
            let report = move |stage| {
                at.try_set_value(stage);
                doing.try_set(Doing::Stage(stage));
            };
            let result = run(&view.get_value(), Way::Helper, report).await;
            Way::Helper.leave();
            session.set_busy(false);
            match result {
                Ok(verified) => job.put(verified),
                Err(fault) => {
                    if let Fault::Office(error) = &fault {
                        session.heed(error);
                    }
                    let stage = at.try_get_value().unwrap_or(Stage::Insert);
                    last_fault.try_set(Some((stage, fault.clone())));
                    doing.try_set(Doing::Failed(stage, fault));
                    // What the office recorded before the fault decides where the next try begins.
                    job.again();
                }
            }
        });
    })
}

/// While a key is being written the tab asks before it closes, and idleness does not sign anybody out.
fn hold_page_while(busy: Signal<bool>) {
    let session = use_session();
    Effect::new(move || {
        let listener = window_event_listener(ev::beforeunload, move |event| {
            if busy.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            listener.remove();
            // A run that still goes on without its page ends its line itself.
            if !session.is_busy() {
                Way::Helper.leave();
            }
        });
    });
}

/// 放回队列: somebody else, or another key, may do it.
#[component]
fn ReleaseButton(number: String, busy: Signal<bool>) -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let number = StoredValue::new(number);
    let trouble = RwSignal::new(None);
    let release = move |_| {
        spawn_local(async move {
            match release_job(number.get_value()).await {
                Ok(()) => {
                    session.say(format!("订单 {} 已放回制证队列。", number.get_value()));
                    navigate.with_value(|navigate| navigate("/staff/production", Default::default()));
                }
                Err(error) => {
                    session.heed(&error);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <button type="button" class="button" disabled=move || busy.get() on:click=release>"放回队列"</button>
        <Trouble error=trouble />
    }
}
