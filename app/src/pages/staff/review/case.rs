//! `/staff/review/{number}`: one case. Left what was uploaded, right what was written, below the verdict.

use super::facts::Facts;
use super::reveal::Reveal;
use super::sitting::Sitting;
use super::verdict::VerdictBar;
use super::viewer::Viewer;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::review::{CaseView, claim_review, release_review, review_case};
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::queue::DueBadge;
use crate::pages::staff::session::use_session;
use journey::order::Standing;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map};

#[component]
pub fn ReviewCasePage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").unwrap_or_default());
    view! {
        <StaffPage title="审核申请" role=Role::Reviewer back=("/staff/review", "返回审核队列")>
            {move || view! { <Case number=number.get() /> }}
        </StaffPage>
    }
}

#[component]
fn Case(number: String) -> impl IntoView {
    let case = {
        let number = number.clone();
        Asked::new(move || review_case(number.clone()))
    };
    let sitting = Sitting::new();
    case.shown(10, move |view| view! { <CaseSheet view case sitting /> })
}

#[component]
fn CaseSheet(view: CaseView, case: Asked<CaseView>, sitting: Sitting) -> impl IntoView {
    let in_review = view.standing == Standing::Open(Step::Review);
    let number = view.number.clone();
    let reveal = (view.mine && !view.revealed).then(|| view! { <Reveal number=number.clone() case /> });
    let masked = if view.revealed {
        "正在显示完整信息，查看已记录。"
    } else {
        "个人信息已脱敏显示。"
    };
    let decides = view.mine && in_review;
    let verdict = decides.then(|| view! { <VerdictBar view=view.clone() case sitting /> });
    // Where there is no verdict to stand beside, the message stands above.
    let trouble = (!decides).then(|| view! { <Trouble error=sitting.trouble /> });
    // A41: who signed what, and when, sealed.
    let signed = (view.service == Service::Replacement).then(|| {
        let path = format!("/files/signature/{}.pdf", view.number);
        view! { <p class="actions"><a class="button" href=path rel="external" download>"下载已签署的申请书（PDF）"</a></p> }
    });
    let closed = (!in_review).then(|| {
        view! {
            <Notice tone=Tone::Info title="此订单不在审核中">"当前状态："{view.standing.title()}"。"</Notice>
        }
    });
    let overrules = view.details.register_is_wrong.then(|| {
        view! {
            <Notice tone=Tone::Warning title="登记信息与证书不一致">
                "申请人称信息没有变更、登记信息有误。请以提交的资料核对；通过后 90 天内更新证书不再询问登记信息。"
            </Notice>
        }
    });
    view! {
        <CaseHead view=view.clone() case in_review trouble=sitting.trouble />
        {trouble}
        {closed}
        {overrules}
        {signed}
        <div class="case">
            <div class="case-pictures"><Viewer evidence=view.evidence.clone() sitting /></div>
            <div class="case-data">
                <div class="case-data-head">
                    <p class="case-masked">{masked}</p>
                    {reveal}
                </div>
                <Facts case=view marks=sitting.marks />
                {verdict}
            </div>
        </div>
    }
}

#[component]
fn CaseHead(
    view: CaseView,
    case: Asked<CaseView>,
    in_review: bool,
    trouble: RwSignal<Option<DeskError>>,
) -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let waiting = RwSignal::new(false);
    let number = StoredValue::new(view.number.clone());
    let refused = move |error: DeskError| {
        session.heed(&error);
        waiting.try_set(false);
        trouble.try_set(Some(error));
        case.again();
    };
    let claim = move |_| {
        waiting.set(true);
        trouble.set(None);
        spawn_local(async move {
            match claim_review(number.get_value()).await {
                Ok(claimed) => case.put(claimed),
                Err(error) => refused(error),
            }
        });
    };
    let release = move |_| {
        waiting.set(true);
        spawn_local(async move {
            match release_review(number.get_value()).await {
                Ok(()) => {
                    session.say(format!("订单 {} 已放回队列。", number.get_value()));
                    navigate.with_value(|navigate| navigate("/staff/review", Default::default()));
                }
                Err(error) => refused(error),
            }
        });
    };
    let button = match (in_review, view.mine) {
        (false, _) => ().into_any(),
        (true, true) => view! {
            <button type="button" class="button" disabled=move || waiting.get() on:click=release>"放回队列"</button>
        }
            .into_any(),
        (true, false) => view! {
            <button type="button" class="button button-primary" disabled=move || waiting.get() on:click=claim>"领取审核"</button>
        }
            .into_any(),
    };
    let rounds = (view.return_rounds > 0).then(|| format!("第{}次补正后重新提交", view.return_rounds));
    view! {
        <div class="case-head">
            <div>
                <p class="case-name">{view.details.holder_name}</p>
                <p class="case-meta">
                    <span>{view.service.title()}"·"{view.party.title()}</span>
                    <span>"订单号 "<span class="number">{view.number}</span></span>
                    <DueBadge promised=view.promise_due />
                    {rounds.map(|rounds| view! { <span class="due-badge due-tomorrow">{rounds}</span> })}
                </p>
            </div>
            {button}
        </div>
    }
}
