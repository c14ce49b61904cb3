//! 批准, with the number on the authenticator, and 不批准, with a reason.

use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::recovery::{RecoveryCase, RecoveryLine, approve_recovery, refuse_recovery};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::one_time_code::{OneTimeCode, OneTimeCodeField};
use crate::pages::staff::review::reveal::ReasonPicker;
use crate::pages::staff::session::use_session;
use crate::wording::recovery::REFUSE_REASONS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Approve(line: RecoveryLine, case: Asked<RecoveryCase>) -> impl IntoView {
    let open = RwSignal::new(false);
    let line = StoredValue::new(line);
    view! {
        <button type="button" class="button button-good" on:click=move |_| open.set(true)>"批准"</button>
        <Dialog open id="approve" title="批准恢复密钥">
            <ApproveForm line=line.get_value() case open />
        </Dialog>
    }
}

#[component]
fn ApproveForm(line: RecoveryLine, case: Asked<RecoveryCase>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let (tried, waiting) = (RwSignal::new(false), RwSignal::new(false));
    let code = OneTimeCode::new(tried);
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(line.number);
    let approve = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if waiting.get_untracked() || !code.is_whole() {
            return;
        }
        waiting.set(true);
        trouble.set(None);
        spawn_local(async move {
            match approve_recovery(number.get_value(), code.digits()).await {
                Ok(approved) => {
                    open.try_set(false);
                    case.put(approved);
                }
                Err(error) => {
                    session.heed(&error);
                    code.spend();
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Notice tone=Tone::Warning title="请亲自核对后再批准">
            <p>"请对照原件核对文书号、恢复对象与接收方公钥指纹。批准记入案件记录，不能撤销；人数达到后，发起人即可取得密钥信封。"</p>
        </Notice>
        <form on:submit=approve novalidate>
            <OneTimeCodeField code name="approve-code" />
            <Trouble error=trouble />
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
                <button type="submit" class="button button-good" disabled=move || waiting.get()>"确认批准"</button>
            </div>
        </form>
    }
}

#[component]
pub fn Refuse(line: RecoveryLine, case: Asked<RecoveryCase>) -> impl IntoView {
    let open = RwSignal::new(false);
    let verb = if line.mine { "撤回" } else { "不批准" };
    let title = if line.mine { "撤回案件" } else { "不批准恢复密钥" };
    let line = StoredValue::new(line);
    view! {
        <button type="button" class="button button-danger-quiet" on:click=move |_| open.set(true)>{verb}</button>
        <Dialog open id="refuse" title=title>
            <RefuseForm line=line.get_value() case open />
        </Dialog>
    }
}

#[component]
fn RefuseForm(line: RecoveryLine, case: Asked<RecoveryCase>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let reason = RwSignal::new(String::new());
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(line.number);
    let ready = move || !waiting.get() && reason.get().trim().chars().count() >= 2;
    let refuse = move |_| {
        waiting.set(true);
        spawn_local(async move {
            match refuse_recovery(number.get_value(), reason.get_untracked().trim().to_owned()).await {
                Ok(refused) => {
                    open.try_set(false);
                    case.put(refused);
                }
                Err(error) => {
                    session.heed(&error);
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <p>"案件随即结束，不会生成密钥信封；确需恢复时须重新发起。您的姓名、时间与理由会记入案件记录。"</p>
        <ReasonPicker id="refuse-reason" label="理由" usual=&REFUSE_REASONS reason />
        <Trouble error=trouble />
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
            <button type="button" class="button button-danger" disabled=move || !ready() on:click=refuse>"确认"</button>
        </div>
    }
}
