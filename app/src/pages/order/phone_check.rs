//! 短信验证: a dialog asks the agent for the code (R023); 确定 confirms and the page goes on to payment (R025).

use super::counter::{Counter, MoveButton};
use super::step::StepHead;
use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::desk::error::CodeRefusal;
use crate::desk::orders::{Act, CodeSent, check_phone_code, send_phone_code};
use crate::wording;
use journey::event::EventKind;
use journey::mask;
use journey::service::Service;
use journey::step::Step;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Copy)]
struct Check {
    counter: Counter,
    sent: RwSignal<Option<CodeSent>>,
    wait: Wait,
    error: RwSignal<Option<String>>,
    code: NodeRef<html::Input>,
}

impl Check {
    fn send(self) {
        self.counter.busy.set(true);
        let number = self.counter.number();
        spawn_local(async move {
            let answer = send_phone_code(number).await;
            self.counter.busy.try_set(false);
            match answer {
                Ok(sent) => {
                    self.wait.begin(sent.again_after_s);
                    self.error.try_set(None);
                    self.sent.try_set(Some(sent));
                    browser::focus_id("phone-code");
                }
                Err(error) => self.failed(&error),
            }
        });
    }

    fn check(self) {
        let code = typed(self.code);
        if code.is_empty() {
            self.error.set(Some(wording::entry("code", "empty").to_owned()));
            browser::focus_id("phone-code");
            return;
        }
        self.counter.busy.set(true);
        let number = self.counter.number();
        spawn_local(async move {
            match check_phone_code(number, code).await {
                Ok(view) => self.counter.take(Ok(view)),
                // The order moved on or is gone: that is the page's matter, not the code's.
                Err(error @ (DeskError::Refused(_) | DeskError::NotFound | DeskError::Changed)) => {
                    self.counter.take(Err(error));
                }
                Err(error) => {
                    self.counter.busy.try_set(false);
                    self.failed(&error);
                    browser::focus_id("phone-code");
                }
            }
        });
    }

    fn failed(self, error: &DeskError) {
        if let DeskError::Code(CodeRefusal::TooSoon { wait_s }) = error {
            self.wait.begin(*wait_s);
        }
        self.error.try_set(Some(wording::desk_error(error)));
    }
}

#[component]
pub fn PhoneCheckStep(counter: Counter) -> impl IntoView {
    let check = Check {
        counter,
        sent: RwSignal::new(None),
        wait: Wait::new(),
        error: RwSignal::new(None),
        code: NodeRef::new(),
    };
    let open = RwSignal::new(false);
    Effect::new(move || open.set(true));
    let changes = counter.service() == Service::Modification;
    view! {
        <StepHead step=Step::PhoneCheck service=Some(counter.service()) />
        <section class="card phone-check">
            <Icon shape=Shape::Phone />
            <p>
                {match counter.service() {
                    Service::Unblock => "请用预留手机接收解锁验证码。",
                    Service::Modification => "提交成功，还需预留手机短信确认。",
                    _ => "提交成功，还需经办人短信确认。",
                }}
            </p>
            <button
                class="button button-primary"
                disabled=move || counter.resting()
                on:click=move |_| open.set(true)
            >
                "输入短信验证码"
            </button>
        </section>
        {changes.then(|| view! {
            <section class="card">
                <h3>"预留手机已停用？"</h3>
                <p>"请返回修改，勾选“预留手机已停用，收不到短信，改用身份核验”。"</p>
                <p class="actions">
                    <MoveButton counter event=EventKind::ChangeRequested act=Act::Change />
                </p>
            </section>
        })}
        <Dialog open id="phone-check" title="经办人短信确认">
            <Ask check />
        </Dialog>
    }
}

#[component]
fn Ask(check: Check) -> impl IntoView {
    let counter = check.counter;
    // A modification's form may name another phone than the reserved one, which the office keeps to itself.
    let phone = match counter.service() {
        Service::Modification => "变更前的预留手机".to_owned(),
        _ => counter
            .order
            .with_untracked(|order| format!("经办人手机 {}", mask::phone(&order.details.agent_phone))),
    };
    let told = move || match check.sent.get() {
        Some(sent) => {
            format!("验证码已发送至 {}，{} 分钟内有效。", sent.masked_phone, sent.valid_minutes)
        }
        None => format!("点击“发送验证码”，短信将发送至{phone}。"),
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                check.check();
            }
        >
            <p role="status">{told}</p>
            <CodeField
                id="phone-code"
                code=check.code
                described_by="phone-code-error"
                wrong=Signal::derive(move || check.error.with(Option::is_some))
                wait=check.wait
                resting=Signal::derive(move || counter.resting())
                sent=Signal::derive(move || check.sent.with(Option::is_some))
                send=Some(Callback::new(move |()| check.send()))
            >
                <p id="phone-code-error" class="field-error" aria-live="assertive">{move || check.error.get()}</p>
            </CodeField>
            <button class="button button-primary button-wide" disabled=move || counter.resting()>"确定"</button>
        </form>
    }
}
