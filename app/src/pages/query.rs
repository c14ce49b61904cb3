//! 订单查询: by ID number and a code to the agent's phone (R117–R120). Made for a phone, and works without the program:
//! the buttons submit a plain form, which the program only intercepts (`desk/query_link.rs`).

use crate::browser;
use crate::components::code_field::{Wait, typed};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::orders::CodeSent;
use crate::desk::query::{check_query_code, send_query_code};
use crate::desk::query_link::{CHECK_PATH, SEND_PATH, said};
use crate::wording;
use journey::party::Party;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};

#[component]
pub fn QueryPage() -> impl IntoView {
    view! {
        <Title text="订单查询" />
        <div class="shell page page-narrow">
            <h1 tabindex="-1">"订单查询"</h1>
            <p class="page-lead">"输入证件号码，验证码会发送到办理时预留的经办人手机。"</p>
            <QueryForm />
        </div>
    }
}

/// What the page answered last: how long the code is valid, or why not.
type Said = Result<u32, DeskError>;

/// The signals of the form; the text itself stays in the inputs, so that what was typed early is not lost.
#[derive(Clone, Copy)]
struct Query {
    party: RwSignal<Party>,
    id_number: NodeRef<html::Input>,
    phone: NodeRef<html::Input>,
    code: NodeRef<html::Input>,
    said: RwSignal<Option<Said>>,
    wait: Wait,
    busy: RwSignal<bool>,
}

impl Query {
    fn new() -> Query {
        let params = use_query_map();
        let (party, before) = params.with_untracked(|params| {
            let party =
                params.get("party").and_then(|code| Party::from_code(&code)).unwrap_or(Party::Organisation);
            let number = params.get("n").and_then(|number| number.parse().ok()).unwrap_or(0);
            (party, params.get("said").and_then(|word| said(&word, number)))
        });
        Query {
            party: RwSignal::new(party),
            id_number: NodeRef::new(),
            phone: NodeRef::new(),
            code: NodeRef::new(),
            said: RwSignal::new(before),
            wait: Wait::new(),
            busy: RwSignal::new(false),
        }
    }

    fn send(self) {
        let id_number = typed(self.id_number);
        if id_number.is_empty() {
            self.said.set(Some(Err(field_error("id_number", "empty"))));
            browser::focus_id("id_number");
            return;
        }
        let phone = typed(self.phone);
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = send_query_code(self.party.get_untracked(), id_number, phone).await;
            self.wait.begin(match &answer {
                Ok(CodeSent { again_after_s, .. }) => *again_after_s,
                Err(DeskError::Code(crate::desk::error::CodeRefusal::TooSoon { wait_s })) => *wait_s,
                Err(_) => 0,
            });
            if answer.is_ok() {
                browser::focus_id("code");
            }
            self.said.set(Some(answer.map(|sent| sent.valid_minutes)));
            self.busy.set(false);
        });
    }

    fn check(self, done: impl Fn() + 'static) {
        let (id_number, code) = (typed(self.id_number), typed(self.code));
        if id_number.is_empty() || code.is_empty() {
            let field = if id_number.is_empty() { "id_number" } else { "code" };
            self.said.set(Some(Err(field_error(field, "empty"))));
            browser::focus_id(field);
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            match check_query_code(self.party.get_untracked(), id_number, code).await {
                Ok(()) => done(),
                Err(error) => self.said.set(Some(Err(error))),
            }
            self.busy.set(false);
        });
    }
}

fn field_error(field: &str, code: &str) -> DeskError {
    DeskError::Fields(vec![crate::desk::error::FieldError { field: field.into(), code: code.into() }])
}

#[component]
fn QueryForm() -> impl IntoView {
    let query = Query::new();
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let asks_code = event.submitter().is_some_and(|button| button.id() == "send-code");
        let typing_code = browser::focused_id().as_deref() == Some("code");
        if asks_code && !typing_code {
            query.send();
        } else {
            let navigate = navigate.clone();
            query.check(move || navigate("/orders", Default::default()));
        }
    };
    view! {
        <form class="card query-form" method="post" action=CHECK_PATH on:submit=submit>
            <PartyChoice query />
            <div class="field">
                <label for="id_number">
                    {move || match query.party.get() {
                        Party::Organisation => "统一社会信用代码",
                        Party::Person => "证件号码",
                    }}
                </label>
                <input
                    node_ref=query.id_number
                    id="id_number"
                    name="id_number"
                    class="number"
                    autocomplete="off"
                    autocapitalize="characters"
                    maxlength="32"
                    aria-describedby="said"
                />
            </div>
            <Whose query />
            <div class="field">
                <label for="code">"短信验证码"</label>
                <div class="code-row">
                    <input
                        node_ref=query.code
                        id="code"
                        name="code"
                        class="number code-input"
                        inputmode="numeric"
                        autocomplete="one-time-code"
                        maxlength="6"
                        aria-describedby="said"
                    />
                    <SendButton query />
                </div>
            </div>
            <SaidLine query />
            <button class="button button-primary button-wide" disabled=move || query.busy.get()>
                "确认"
            </button>
        </form>
    }
}

#[component]
fn PartyChoice(query: Query) -> impl IntoView {
    let card = move |party: Party, shape: Shape| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="party"
                    value=party.code()
                    checked=query.party.get_untracked() == party
                    on:change=move |_| query.party.set(party)
                />
                <Icon shape />
                <span>{party.title()}</span>
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

/// Several agents, or the legal person (A49): who asks names the own phone, and nobody is shown anybody's.
#[component]
fn Whose(query: Query) -> impl IntoView {
    view! {
        <details class="query-whose">
            <summary>"单位有多位经办人，或您是法定代表人？"</summary>
            <div class="field">
                <label for="phone">"接收验证码的手机号 " <span class="field-optional">"选填"</span></label>
                <input
                    node_ref=query.phone
                    id="phone"
                    name="phone"
                    class="number"
                    inputmode="tel"
                    autocomplete="tel"
                    maxlength="20"
                    aria-describedby="phone-hint"
                />
                <p id="phone-hint" class="field-hint">
                    "填写您本人预留的手机号，验证码只发送至该号码。经办人查看本人经办的订单，法定代表人可查看本单位全部订单。"
                </p>
            </div>
        </details>
    }
}

#[component]
fn SendButton(query: Query) -> impl IntoView {
    view! {
        <button
            id="send-code"
            class="button"
            formaction=SEND_PATH
            disabled=move || query.busy.get() || query.wait.is_on()
        >
            {move || query.wait.words(false)}
        </button>
    }
}

/// The answer of the office: the same words whether the number is known or not (R126).
#[component]
fn SaidLine(query: Query) -> impl IntoView {
    view! {
        <div id="said" role="status" class="said">
            {move || {
                query
                    .said
                    .get()
                    .map(|said| match said {
                        Ok(minutes) => {
                            view! {
                                <Notice tone=Tone::Good>
                                    "如该证件号码有办理记录，验证码已发送至经办人手机，"
                                    {minutes} " 分钟内有效。"
                                </Notice>
                            }
                                .into_any()
                        }
                        Err(error) => {
                            view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
                        }
                    })
            }}
        </div>
    }
}
