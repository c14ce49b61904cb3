//! 身份核验: waits for the provider or the bank, takes the 解锁授权码, and says what to do where the check failed.

use super::super::counter::{Counter, MoveButton};
use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::error::CodeRefusal;
use crate::desk::identity::{
    CheckState, IdentityView, enter_authorisation, send_authorisation, view_identity,
};
use crate::desk::orders::Act;
use crate::wording;
use journey::event::EventKind;
use journey::identity::AuthorisationChannel;
use journey::service::Service;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

const LOOK_MILLIS: u64 = 2000;

#[component]
pub fn IdentityStep(counter: Counter) -> impl IntoView {
    let check: RwSignal<Option<Result<IdentityView, DeskError>>> = RwSignal::new(None);
    let look = move || {
        let settled = |known: &Option<Result<IdentityView, DeskError>>| matches!(known, Some(Ok(view)) if matches!(view.state, CheckState::Sent | CheckState::Failed));
        if check.with_untracked(settled) || !browser::in_front() {
            return;
        }
        spawn_local(async move {
            match view_identity(counter.number()).await {
                Ok(Some(view)) => {
                    let new = Some(Ok(view));
                    if check.try_get_untracked().is_some_and(|old| old != new) {
                        check.try_set(new);
                    }
                }
                Ok(None) => counter.refresh(),
                Err(error) => {
                    check.try_set(Some(Err(error)));
                }
            }
        });
    };
    Effect::new(look);
    browser::every(LOOK_MILLIS, look);
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">"身份核验"</h2>
        </div>
        {move || match check.get() {
            None => view! { <Skeleton lines=4 /> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any(),
            Some(Ok(view)) => view! { <Standing counter view /> }.into_any(),
        }}
        <p class="actions">
            <MoveButton counter event=EventKind::ChangeRequested act=Act::Change />
        </p>
    }
}

#[component]
fn Standing(counter: Counter, view: IdentityView) -> impl IntoView {
    match view.state {
        CheckState::Asking | CheckState::Sending => {
            let words = wording::identity::waiting(view.state, view.reason.as_deref());
            view! {
                <section class="card waiting" role="status">
                    <p>{words}</p>
                    <p class="field-hint">"页面会自动更新，您也可以稍后通过“订单查询”继续。"</p>
                </section>
            }
            .into_any()
        }
        CheckState::Failed => {
            let reason = view.reason.unwrap_or_default();
            view! {
                <Notice tone=Tone::Bad title="身份核验未通过">
                    <p>{wording::identity::failed(&reason)}</p>
                    <p class="key-code">"代码 "<code>{reason.clone()}</code></p>
                </Notice>
            }
            .into_any()
        }
        CheckState::Sent => view! { <Ask counter view /> }.into_any(),
    }
}

/// What the code opens.
pub fn code_word(counter: Counter) -> &'static str {
    if counter.service() == Service::Unblock { "解锁授权码" } else { "身份授权码" }
}

/// The code that is being typed.
#[derive(Clone, Copy)]
struct Entering {
    counter: Counter,
    channel: AuthorisationChannel,
    code: NodeRef<html::Input>,
    error: RwSignal<Option<String>>,
    wait: Wait,
}

impl Entering {
    fn failed(self, refused: &DeskError) {
        if let DeskError::Code(CodeRefusal::TooSoon { wait_s: left }) = refused {
            self.wait.begin(*left);
        }
        let words = match refused {
            DeskError::Code(no) => wording::identity::code_refused(no, self.channel),
            other => wording::desk_error(other),
        };
        self.error.try_set(Some(words));
        browser::focus_id("authorisation-code");
    }

    fn submit(self) {
        let given = typed(self.code);
        if given.is_empty() {
            self.error.set(Some(format!("请输入{}。", code_word(self.counter))));
            browser::focus_id("authorisation-code");
            return;
        }
        let counter = self.counter;
        counter.busy.set(true);
        spawn_local(async move {
            match enter_authorisation(counter.number(), given).await {
                Err(refused @ DeskError::Code(_)) => {
                    counter.busy.try_set(false);
                    self.failed(&refused);
                }
                answer => counter.take(answer),
            }
        });
    }

    fn send_again(self) {
        let counter = self.counter;
        counter.busy.set(true);
        spawn_local(async move {
            let sent = send_authorisation(counter.number()).await;
            counter.busy.try_set(false);
            match sent {
                Ok(sent) => {
                    self.wait.begin(sent.again_after_s);
                    self.error.try_set(None);
                }
                Err(refused) => self.failed(&refused),
            }
        });
    }
}

#[component]
fn Ask(counter: Counter, view: IdentityView) -> impl IntoView {
    let entering = Entering {
        counter,
        channel: view.channel,
        code: NodeRef::new(),
        error: RwSignal::new(None),
        wait: Wait::new(),
    };
    let error = entering.error;
    let by_phone = view.channel == AuthorisationChannel::CheckedPhone;
    let word = code_word(counter);
    let told = if by_phone {
        format!("身份核验通过。{word}已以短信发送到 {}，5 分钟内有效。", view.sent_to)
    } else {
        format!("已向账户 {} 转入1分钱，请在收款记录的附言中查看{word}，3 天内有效。", view.sent_to)
    };
    view! {
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                entering.submit();
            }
        >
            <p role="status">{told}</p>
            <CodeField
                id="authorisation-code"
                label=word
                code=entering.code
                maxlength=8
                described_by="authorisation-code-error"
                wrong=Signal::derive(move || error.with(Option::is_some))
                wait=entering.wait
                resting=Signal::derive(move || counter.resting())
                sent=true
                send=by_phone.then(|| Callback::new(move |()| entering.send_again()))
            >
                <p id="authorisation-code-error" class="field-error" aria-live="assertive">{move || error.get()}</p>
            </CodeField>
            <button class="button button-primary button-large" disabled=move || counter.resting()>"下一步"</button>
        </form>
    }
}
