//! Who takes over, with a code from the own phone and one from the legal person's.

use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::field::Field;
use crate::components::notice::Trouble;
use crate::desk::DeskError;
use crate::desk::error::CodeRefusal;
use crate::desk::hand_over::{CodeTo, HandOverForm, HandOverView, ask_hand_over, send_hand_over_code};
use crate::wording;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
struct Sheet {
    number: StoredValue<String>,
    view: RwSignal<Option<Result<HandOverView, DeskError>>>,
    form: RwSignal<HandOverForm>,
    errors: RwSignal<BTreeMap<String, String>>,
    trouble: RwSignal<Option<DeskError>>,
    busy: RwSignal<bool>,
    new_agent_code: NodeRef<html::Input>,
    legal_person_code: NodeRef<html::Input>,
}

impl Sheet {
    fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.errors.with(|errors| errors.get(field).map(|code| wording::entry(field, code).to_owned()))
        })
    }

    fn change(self, field: &'static str, change: impl FnOnce(&mut HandOverForm)) {
        self.form.update(change);
        self.errors.update(|errors| {
            errors.remove(field);
        });
    }

    fn refused(self, error: DeskError) {
        self.busy.try_set(false);
        match error {
            DeskError::Fields(fields) => {
                let first = fields.first().map(|error| error.field.clone());
                self.errors.try_set(fields.into_iter().map(|error| (error.field, error.code)).collect());
                if let Some(field) = first {
                    browser::focus_id(&field);
                }
            }
            error => {
                self.trouble.try_set(Some(error));
            }
        }
    }

    fn submit(self) {
        self.trouble.set(None);
        self.busy.set(true);
        let number = self.number.get_value();
        let form = HandOverForm {
            new_agent_code: typed(self.new_agent_code),
            legal_person_code: typed(self.legal_person_code),
            ..self.form.get_untracked()
        };
        spawn_local(async move {
            match ask_hand_over(number, form).await {
                Ok(view) => {
                    self.view.try_set(Some(Ok(view)));
                    browser::focus("h1");
                }
                Err(error) => self.refused(error),
            }
        });
    }
}

#[component]
pub fn HandOverSheet(
    number: String,
    legal_person: String,
    view: RwSignal<Option<Result<HandOverView, DeskError>>>,
) -> impl IntoView {
    let sheet = Sheet {
        number: StoredValue::new(number),
        view,
        form: RwSignal::default(),
        errors: RwSignal::default(),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
        new_agent_code: NodeRef::new(),
        legal_person_code: NodeRef::new(),
    };
    let to_new = move || CodeTo::NewAgent { phone: sheet.form.with_untracked(|form| form.phone.clone()) };
    view! {
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                sheet.submit();
            }
        >
            <Field
                name="name"
                label="新经办人姓名"
                value=Signal::derive(move || sheet.form.with(|form| form.name.clone()))
                on_input=move |text: String| sheet.change("name", |form| form.name = text)
                error=sheet.error("name")
                autocomplete="name"
                maxlength=40
            />
            <Field
                name="new_phone"
                label="新经办人手机号"
                value=Signal::derive(move || sheet.form.with(|form| form.phone.clone()))
                on_input=move |text: String| sheet.change("new_phone", |form| form.phone = text)
                error=sheet.error("new_phone")
                hint="以后的验证码和通知发送至此手机"
                kind="tel"
                inputmode="tel"
                maxlength=20
                numeric=true
            />
            <Code
                sheet
                id="new-agent-code"
                label="新经办人手机收到的验证码".to_owned()
                to=Callback::new(move |()| to_new())
                code=sheet.new_agent_code
            />
            <Code
                sheet
                id="legal-person-code"
                label=format!("法定代表人手机（{legal_person}）收到的验证码")
                to=Callback::new(|()| CodeTo::LegalPerson)
                code=sheet.legal_person_code
            />
            <Trouble error=sheet.trouble />
            <p class="actions actions-end">
                <button class="button button-primary button-large" disabled=move || sheet.busy.get()>"提交变更"</button>
            </p>
        </form>
    }
}

/// One of the two codes, with its own button and its own waiting.
#[component]
fn Code(
    sheet: Sheet,
    id: &'static str,
    label: String,
    code: NodeRef<html::Input>,
    to: Callback<(), CodeTo>,
) -> impl IntoView {
    let (wait, told) = (Wait::new(), RwSignal::new(String::new()));
    let send = move |()| {
        sheet.trouble.set(None);
        sheet.busy.set(true);
        let (number, to) = (sheet.number.get_value(), to.run(()));
        spawn_local(async move {
            match send_hand_over_code(number, to).await {
                Ok(sent) => {
                    sheet.busy.try_set(false);
                    wait.begin(sent.again_after_s);
                    told.try_set(format!(
                        "验证码已发送至 {}，{} 分钟内有效。",
                        sent.masked_phone, sent.valid_minutes
                    ));
                    browser::focus_id(id);
                }
                Err(error) => {
                    if let DeskError::Code(CodeRefusal::TooSoon { wait_s }) = &error {
                        wait.begin(*wait_s);
                    }
                    sheet.refused(error);
                }
            }
        });
    };
    view! {
        <CodeField
            id
            label
            code
            autocomplete="off"
            described_by=format!("{id}-told")
            wait
            resting=sheet.busy
            send=Some(Callback::new(send))
        >
            <p id=format!("{id}-told") class="field-hint" role="status">{move || told.get()}</p>
        </CodeField>
    }
}
