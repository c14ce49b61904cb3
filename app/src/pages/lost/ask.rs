//! Who is the holder: 证件号码, 查询; 发送验证码, 确定 (R085, R086, R102, R103). The same words whether the number is known
//! or not (R126).

use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::error::{CodeRefusal, FieldError};
use crate::desk::lost::{check_lost_code, send_lost_code};
use crate::wording;
use journey::party::Party;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The text stays in the inputs, so that what was typed before the page lived is not lost.
#[derive(Clone, Copy)]
struct Asking {
    party: RwSignal<Party>,
    id_number: NodeRef<html::Input>,
    code: NodeRef<html::Input>,
    /// How long the code is valid, or why not.
    said: RwSignal<Option<Result<u32, DeskError>>>,
    wait: Wait,
    busy: RwSignal<bool>,
}

impl Asking {
    fn missing(self, field: &str) {
        let error = FieldError { field: field.into(), code: "empty".into() };
        self.said.set(Some(Err(DeskError::Fields(vec![error]))));
        browser::focus_id(field);
    }

    fn send(self) {
        let id_number = typed(self.id_number);
        if id_number.is_empty() {
            return self.missing("id_number");
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = send_lost_code(self.party.get_untracked(), id_number).await;
            self.wait.begin(match &answer {
                Ok(sent) => sent.again_after_s,
                Err(DeskError::Code(CodeRefusal::TooSoon { wait_s })) => *wait_s,
                Err(_) => 0,
            });
            if answer.is_ok() {
                browser::focus_id("code");
            }
            self.said.try_set(Some(answer.map(|sent| sent.valid_minutes)));
            self.busy.try_set(false);
        });
    }

    fn check(self, done: Callback<()>) {
        let (id_number, code) = (typed(self.id_number), typed(self.code));
        if id_number.is_empty() || code.is_empty() {
            return self.missing(if id_number.is_empty() { "id_number" } else { "code" });
        }
        self.busy.set(true);
        spawn_local(async move {
            match check_lost_code(self.party.get_untracked(), id_number, code).await {
                Ok(()) => done.run(()),
                Err(error) => {
                    self.said.try_set(Some(Err(error)));
                }
            }
            self.busy.try_set(false);
        });
    }
}

/// `party` is chosen first; with `fixed` it is the page's own and stands nowhere.
#[component]
pub fn AskHolder(party: Party, done: Callback<()>, #[prop(optional)] fixed: bool) -> impl IntoView {
    let asking = Asking {
        party: RwSignal::new(party),
        id_number: NodeRef::new(),
        code: NodeRef::new(),
        said: RwSignal::new(None),
        wait: Wait::new(),
        busy: RwSignal::new(false),
    };
    let alive = browser::use_alive();
    let resting = move || !alive.get() || asking.busy.get();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Enter in the number's field asks for the code, Enter in the code's field uses it.
        if browser::focused_id().as_deref() == Some("id_number") {
            asking.send();
        } else {
            asking.check(done);
        }
    };
    view! {
        <form class="card query-form" novalidate on:submit=submit>
            {(!fixed).then(|| view! { <PartyChoice party=asking.party /> })}
            <div class="field">
                <label for="id_number">
                    {move || match asking.party.get() {
                        Party::Organisation => "统一社会信用代码",
                        Party::Person => "证件号码",
                    }}
                </label>
                <input node_ref=asking.id_number id="id_number" class="number" autocomplete="off"
                    autocapitalize="characters" maxlength="32" aria-describedby="said" />
            </div>
            <CodeField
                id="code"
                code=asking.code
                described_by="said"
                wait=asking.wait
                resting=Signal::derive(resting)
                send=Some(Callback::new(move |()| asking.send()))
            />
            <div id="said" role="status" class="said">{move || asking.said.get().map(said)}</div>
            <button class="button button-primary button-wide" disabled=resting>"确定"</button>
        </form>
    }
}

fn said(said: Result<u32, DeskError>) -> AnyView {
    match said {
        Ok(minutes) => view! {
            <Notice tone=Tone::Good>
                "如该证件号码持有证书，验证码已发送至预留手机，" {minutes} " 分钟内有效。"
            </Notice>
        }
        .into_any(),
        Err(error) => view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any(),
    }
}

#[component]
fn PartyChoice(party: RwSignal<Party>) -> impl IntoView {
    let card = move |choice: Party, shape: Shape| {
        view! {
            <label class="segment">
                <input type="radio" name="party" value=choice.code() checked=party.get_untracked() == choice
                    on:change=move |_| party.set(choice) />
                <Icon shape />
                <span>{choice.title()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="visually-hidden">"证书类型"</legend>
            {card(Party::Organisation, Shape::Organisation)}
            {card(Party::Person, Shape::Person)}
        </fieldset>
    }
}
