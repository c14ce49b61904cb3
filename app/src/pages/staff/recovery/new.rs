//! `/staff/recovery/new`: an authority's document opens a case.

use crate::browser;
use crate::components::field::{Field, FieldError};
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::error::FieldError as WrongField;
use crate::desk::recovery::{RecoveryForm, file_recovery};
use crate::desk::staff::Role;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::session::use_session;
use crate::wording;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

#[component]
pub fn NewRecoveryPage() -> impl IntoView {
    view! {
        <StaffPage title="发起密钥恢复" role=Role::Custodian back=("/staff/recovery", "返回案件列表")>
            <NewForm />
        </StaffPage>
    }
}

/// The form as typed, what the office found wrong with it, and whether it is on its way.
#[derive(Clone, Copy)]
struct Filing {
    form: RwSignal<RecoveryForm>,
    wrong: RwSignal<Vec<WrongField>>,
    waiting: RwSignal<bool>,
    trouble: RwSignal<Option<DeskError>>,
}

impl Filing {
    fn error_of(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|wrong| {
                wrong
                    .iter()
                    .find(|one| one.field == field)
                    .map(|one| wording::entry(field, &one.code).to_owned())
            })
        })
    }

    fn read(self, read: fn(&RecoveryForm) -> &String) -> Signal<String> {
        Signal::derive(move || self.form.with(|form| read(form).clone()))
    }

    fn write(self, field: &'static str, write: fn(&mut RecoveryForm) -> &mut String) -> Callback<String> {
        Callback::new(move |text| {
            self.wrong.update(|wrong| wrong.retain(|one| one.field != field));
            self.form.update(|form| *write(form) = text);
            // What was wrong is mended: the notice under the form is about nothing any more.
            if self.wrong.with_untracked(Vec::is_empty) {
                self.trouble.set(None);
            }
        })
    }
}

#[component]
fn NewForm() -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let filing = Filing {
        form: RwSignal::new(RecoveryForm::default()),
        wrong: RwSignal::new(Vec::new()),
        waiting: RwSignal::new(false),
        trouble: RwSignal::new(None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if filing.waiting.get_untracked() {
            return;
        }
        filing.waiting.set(true);
        filing.trouble.set(None);
        spawn_local(async move {
            match file_recovery(filing.form.get_untracked()).await {
                Ok(number) => {
                    session.say(format!("案件 {number} 已发起，请通知其他密钥管理员审批。"));
                    navigate.with_value(|go| go(&format!("/staff/recovery/{number}"), Default::default()));
                }
                Err(error) => {
                    session.heed(&error);
                    filing.waiting.try_set(false);
                    if let DeskError::Fields(wrong) = &error {
                        let first = wrong.first().map(|one| one.field.clone()).unwrap_or_default();
                        filing.wrong.try_set(wrong.clone());
                        browser::focus_id(&first);
                    }
                    filing.trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <form class="recovery-form" on:submit=submit novalidate>
            <Notice tone=Tone::Info>
                "案件须由其他密钥管理员逐一批准，您本人不计入人数。发起后内容不能修改，有误请撤回后重新发起。"
            </Notice>
            <Document filing />
            <Whose filing />
            <Trouble error=filing.trouble />
            <div class="actions actions-end">
                <A href="/staff/recovery" attr:class="button">"取消"</A>
                <button type="submit" class="button button-primary" disabled=move || filing.waiting.get()>
                    {move || if filing.waiting.get() { "正在发起…" } else { "发起恢复" }}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Document(filing: Filing) -> impl IntoView {
    view! {
        <fieldset class="recovery-part">
            <legend>"法律文书"</legend>
            <Field name="authority" label="来文机关" value=filing.read(|form| &form.authority)
                on_input=filing.write("authority", |form| &mut form.authority) error=filing.error_of("authority")
                hint="文书上盖章的机关全称" maxlength=100 />
            <div class="recovery-two">
                <Field name="document_number" label="文书号" value=filing.read(|form| &form.document_number)
                    on_input=filing.write("document_number", |form| &mut form.document_number)
                    error=filing.error_of("document_number") maxlength=100 />
                <Field name="document_on" label="文书日期" kind="date" value=filing.read(|form| &form.document_on)
                    on_input=filing.write("document_on", |form| &mut form.document_on)
                    error=filing.error_of("document_on") numeric=true />
            </div>
            <Field name="reference" label="材料存放" value=filing.read(|form| &form.reference)
                on_input=filing.write("reference", |form| &mut form.reference) error=filing.error_of("reference")
                hint="文书原件与经办人证件复印件的档案号或存放位置" maxlength=300 />
        </fieldset>
    }
}

#[component]
fn Whose(filing: Filing) -> impl IntoView {
    view! {
        <fieldset class="recovery-part">
            <legend>"恢复谁的密钥，交给谁"</legend>
            <Field name="target" label="恢复对象" value=filing.read(|form| &form.target)
                on_input=filing.write("target", |form| &mut form.target) error=filing.error_of("target")
                hint="证书序列号，或统一社会信用代码、身份证号（恢复其名下全部加密密钥）" maxlength=100 numeric=true />
            <Area name="receiver" label="接收方的SM2证书或公钥" rows=6 value=filing.read(|form| &form.receiver)
                on_input=filing.write("receiver", |form| &mut form.receiver) error=filing.error_of("receiver")
                hint="PEM或Base64。密钥只封给这把公钥，其他人（包括您）都打不开" maxlength=8000 />
            <Area name="reason" label="理由" rows=3 value=filing.read(|form| &form.reason)
                on_input=filing.write("reason", |form| &mut form.reason) error=filing.error_of("reason")
                hint="审批人据此决定，例如案由与所需的文件" maxlength=300 />
        </fieldset>
    }
}

#[component]
fn Area(
    name: &'static str,
    label: &'static str,
    rows: u8,
    value: Signal<String>,
    on_input: Callback<String>,
    error: Signal<Option<String>>,
    hint: &'static str,
    maxlength: u16,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described = format!("{hint_id} {error_id}");
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label for=name>{label}</label>
            <textarea id=name name=name rows=rows maxlength=maxlength spellcheck="false" autocomplete="off"
                aria-invalid=move || error.get().is_some().to_string() aria-describedby=described
                prop:value=move || value.get() on:input=move |event| on_input.run(event_target_value(&event))></textarea>
            <p id=hint_id class="field-hint">{hint}</p>
            <FieldError id=error_id error />
        </div>
    }
}
