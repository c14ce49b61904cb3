//! `/staff/production/{number}`: one job, wherever it stands: free, in hand, done.

use super::line::{At, Line};
use super::workbench::Workbench;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::production::{JobStage, JobView, production_job, take_job};
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

#[component]
pub fn ProductionJobPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").unwrap_or_default());
    view! {
        <StaffPage title="制作证书" role=Role::Producer back=("/staff/production", "返回制证队列")>
            {move || view! { <Job number=number.get() /> }}
        </StaffPage>
    }
}

#[component]
fn Job(number: String) -> impl IntoView {
    let job = Asked::new(move || production_job(number.clone()));
    // It outlives the reload that follows a fault: the sheet is built anew, and still says what happened.
    let last_fault = RwSignal::new(None);
    job.shown(8, move |view| {
        let sheet = match (view.stage, view.mine) {
            (JobStage::Verified | JobStage::Shipped, _) => view! { <Done view=view.clone() /> }.into_any(),
            (JobStage::Waiting, _) => view! { <Free view=view.clone() job /> }.into_any(),
            (_, false) => view! { <WithColleague stage=view.stage /> }.into_any(),
            (_, true) => view! { <Workbench view=view.clone() job last_fault /> }.into_any(),
        };
        view! {
            <JobHead view />
            {sheet}
        }
    })
}

#[component]
fn JobHead(view: JobView) -> impl IntoView {
    view! {
        <div class="case-head">
            <div>
                <p class="case-name">{view.holder_name}</p>
                <p class="case-meta">
                    <span>{view.service.title()}"·"{view.party.title()}</span>
                    <span>"订单号 "<span class="number">{view.number}</span></span>
                </p>
            </div>
        </div>
    }
}

#[component]
fn Free(view: JobView, job: Asked<JobView>) -> impl IntoView {
    let session = use_session();
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None);
    let number = StoredValue::new(view.number);
    let take = move |_| {
        waiting.set(true);
        spawn_local(async move {
            match take_job(number.get_value()).await {
                Ok(taken) => job.put(taken),
                Err(error) => {
                    session.heed(&error);
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Line at=Signal::stored(At::recorded(view.stage)) />
        <section class="workbench-act">
            <p>"领取后由您完成制证；审核过此订单的人员不能制证。请备好一个空白的证书Key。"</p>
            <Trouble error=trouble />
            <button type="button" class="button button-primary button-large" disabled=move || waiting.get() on:click=take>
                "领取任务"
            </button>
        </section>
    }
}

#[component]
fn WithColleague(stage: JobStage) -> impl IntoView {
    view! {
        <Line at=Signal::stored(At::recorded(stage)) />
        <Notice tone=Tone::Info title="此任务已由同事领取">"如需接手，请同事先放回队列。"</Notice>
    }
}

#[component]
fn Done(view: JobView) -> impl IntoView {
    let next = if view.stage == JobStage::Shipped {
        "证书Key已寄出。"
    } else if view.passcode_sent {
        "证书密码已按所选方式发送。请贴好标签，把Key移交发货。"
    } else {
        "证书密码正在发送，发送后才能发货。请贴好标签，把Key移交发货。"
    };
    let serial = |title: &'static str, serial: Option<String>| {
        serial.map(
            |serial| view! { <div class="case-fact"><dt>{title}</dt><dd class="number">{serial}</dd></div> },
        )
    };
    view! {
        <Line at=Signal::stored(At::Done) />
        <Notice tone=Tone::Good title="制证完成，回读校验一致">{next}</Notice>
        <dl class="key-facts job-facts">
            {serial("Key序列号", view.key_serial)}
            {serial("签名证书序列号", view.sign_serial)}
            {serial("加密证书序列号", view.encrypt_serial)}
        </dl>
        <p><A href="/staff/production" attr:class="button button-primary">"下一个任务"</A></p>
    }
}
