//! 挂失, 解挂, 吊销: each in a dialog that says in words what follows, with a reason that stays, and for the last one the
//! number on the authenticator.

use super::page::Found;
use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::registrar::{LifeAct, PairView, REASONS, RecordState, change_certificates};
use crate::pages::staff::one_time_code::{OneTimeCode, OneTimeCodeField};
use crate::pages::staff::review::reveal::ReasonPicker;
use crate::pages::staff::session::use_session;
use crate::wording::registrar::{RESUME_REASONS, REVOKE_REASONS, SUSPEND_REASONS};
use crate::wording::trust::reason_title;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Copy, PartialEq)]
enum Which {
    Suspend,
    Resume,
    Revoke,
}

impl Which {
    const fn verb(self) -> &'static str {
        match self {
            Which::Suspend => "挂失",
            Which::Resume => "解除挂失",
            Which::Revoke => "吊销",
        }
    }

    const fn consequence(self) -> &'static str {
        match self {
            Which::Suspend => {
                "两张证书立即冻结：在线状态查询（OCSP）马上答复“已挂失”，吊销列表在一分钟内更新。挂失期间不能更新、变更或解锁，可以解除挂失。"
            }
            Which::Resume => {
                "两张证书恢复有效：在线状态查询（OCSP）马上答复“有效”，并从吊销列表中移除。请先确认证书Key由本人持有。"
            }
            Which::Revoke => {
                "两张证书永久作废，不能恢复。在线状态查询（OCSP）马上答复“已吊销”，吊销列表在一分钟内更新；持有者需要重新申请。"
            }
        }
    }

    fn act(self, reason: String, one_time_code: String) -> LifeAct {
        match self {
            Which::Suspend => LifeAct::Suspend,
            Which::Resume => LifeAct::Resume,
            Which::Revoke => LifeAct::Revoke { reason, one_time_code },
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Which::Resume => Tone::Info,
            Which::Suspend | Which::Revoke => Tone::Warning,
        }
    }

    const fn usual(self) -> &'static [&'static str] {
        match self {
            Which::Suspend => &SUSPEND_REASONS,
            Which::Resume => &RESUME_REASONS,
            Which::Revoke => &REVOKE_REASONS,
        }
    }
}

/// What the standing allows; the office decides again.
#[component]
pub fn Acts(pair: PairView, found: Found) -> impl IntoView {
    let has = |state: RecordState| pair.certificates.iter().any(|one| one.state == state);
    let (active, held) = (has(RecordState::Active), has(RecordState::OnHold));
    let Some(first) = pair.certificates.first().filter(|_| active || held) else { return ().into_any() };
    let serial = StoredValue::new(first.serial.clone());
    let asked = RwSignal::new(None::<Which>);
    let open = RwSignal::new(false);
    let id = format!("act-{}", first.serial);
    let button = move |which: Which, class: &'static str| {
        view! {
            <button type="button" class=class on:click=move |_| {
                asked.set(Some(which));
                open.set(true);
            }>{which.verb()}</button>
        }
    };
    view! {
        <p class="actions">
            {active.then(|| button(Which::Suspend, "button"))}
            {held.then(|| button(Which::Resume, "button button-primary"))}
            {button(Which::Revoke, "button button-danger-quiet")}
        </p>
        <Dialog open id title="改变证书状态">
            {move || asked.get().map(|which| view! { <ActForm which serial=serial.get_value() found open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn ActForm(which: Which, serial: String, found: Found, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let (why, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (waiting, tried) = (RwSignal::new(false), RwSignal::new(false));
    let code = OneTimeCode::new(tried);
    let trouble = RwSignal::new(None::<DeskError>);
    let revoke = which == Which::Revoke;
    let wrong = Signal::derive(move || {
        let no_reason = revoke && reason.get().is_empty();
        let no_why = why.get().trim().chars().count() < 2;
        tried.get().then_some(match (no_reason, no_why) {
            (true, _) => "请选择吊销事由。",
            (false, true) => "请写明理由（至少两个字）。",
            (false, false) => return None,
        })
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let no_code = revoke && !code.is_whole();
        if waiting.get_untracked() || wrong.get_untracked().is_some() || no_code {
            return;
        }
        waiting.set(true);
        trouble.set(None);
        let act = which.act(reason.get_untracked(), code.digits());
        let (serial, why) = (serial.clone(), why.get_untracked().trim().to_owned());
        spawn_local(async move {
            match change_certificates(serial, act, why).await {
                Ok(pairs) => {
                    open.try_set(false);
                    found.0.try_set(Some(pairs));
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
        <Notice tone=which.tone() title=which.verb()>{which.consequence()}</Notice>
        <form on:submit=submit novalidate>
            {revoke.then(|| view! { <ReasonChoice reason /> })}
            <ReasonPicker id="why" label="理由（永久留存，请不要写个人信息）" usual=which.usual() reason=why />
            // A session that stands open is not enough for what cannot be taken back (ASVS 7.5.3).
            {revoke.then(|| view! { <OneTimeCodeField code name="one_time_code" /> })}
            <p class="field-error" role="alert">{move || wrong.get()}</p>
            <Trouble error=trouble />
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
                <button type="submit" class=if revoke { "button button-danger" } else { "button button-primary" } disabled=move || waiting.get()>
                    {format!("确认{}", which.verb())}
                </button>
            </div>
        </form>
    }
}

#[component]
fn ReasonChoice(reason: RwSignal<String>) -> impl IntoView {
    let options = REASONS.map(|code| view! { <option value=code>{reason_title(code)}</option> });
    view! {
        <div class="field">
            <label for="reason">"吊销事由"</label>
            <select id="reason" on:change=move |event| reason.set(event_target_value(&event))>
                <option value="">"请选择"</option>
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}
