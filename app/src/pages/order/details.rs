//! 填写信息: the form (R008–R018, R037, R038), checked field by field with the journey's own rules.

use super::address::AddressSection;
use super::counter::Counter;
use super::document::{DocumentEntry, first_method, number_of};
use super::draft::{Conflict, Draft, SavingLine};
use super::entry::{
    AGENT_NAME, AGENT_PHONE, EMAIL, Entry, HOLDER_ID, HOLDER_NAME, INVOICE_TAX_NUMBER, INVOICE_TITLE,
    LEGAL_ID, LEGAL_NAME, OWN_AGENT, PERSON_NAME, Spec,
};
use super::form::Form;
use super::method::{MethodSection, WithoutPhone};
use super::registered::RegisterIsWrong;
use super::sheet::SheetLink;
use super::step::StepHead;
use crate::browser;
use crate::components::field::{FieldError, LockedField};
use crate::components::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::desk::orders::enter_details;
use crate::layout::House;
use crate::wording;
use journey::evidence::EvidenceKind;
use journey::party::Party;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn DetailsStep(counter: Counter) -> impl IntoView {
    let (party, mut values) = counter.order.with_untracked(|order| (order.party, order.details.clone()));
    // A replacement is for the holder of the certificate, as it stands there.
    let replaces = counter.order.with_untracked(|order| order.service == Service::Replacement);
    if party == Party::Person && values.method.is_none() {
        values.method = first_method(values.holder_document);
    }
    let form = Form::new(party, values);
    let draft = Draft::follow(counter, form);
    let changes = counter.service() == Service::Modification;
    // A20: the papers of today, for the key of before.
    let late = counter.is_late_renewal();
    let new_key = !changes && !late;
    view! {
        <StepHead step=Step::Details service=(!late).then(|| counter.service()) />
        <noscript>
            <p class="notice notice-info">"在线填写需要浏览器启用 JavaScript，也可以在其他设备上通过“订单查询”继续。"</p>
        </noscript>
        <form
            class="card form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit(counter, form, draft);
            }
        >
            <fieldset class="form-fields" disabled=move || !counter.alive.get()>
                <Summary form />
                <HolderSection form counter fixed=replaces numbered=changes || late />
                {new_key.then(|| view! { <MethodSection form /> })}
                <AgentSection form />
                {changes.then(|| view! { <RegisterIsWrong form counter /> <WithoutPhone form /> })}
                {(!changes).then(|| view! { <InvoiceSection form /> })}
                {(!late).then(|| view! { <AddressSection form /> })}
                <Agreement form />
            </fieldset>
            <Conflict draft />
            <div class="form-foot">
                <SavingLine draft />
                <button class="button button-primary button-large" disabled=move || counter.resting()>
                    {move || match (counter.busy.get(), changes) {
                        (true, _) => "正在提交…",
                        (false, true) => "修改",
                        (false, false) => "下一步",
                    }}
                </button>
            </div>
        </form>
    }
}

fn submit(counter: Counter, form: Form, draft: Draft) {
    if counter.busy.get_untracked() {
        return;
    }
    if !form.try_all() {
        browser::focus("#error-summary");
        return;
    }
    counter.busy.set(true);
    let (number, version) = (counter.number(), counter.version());
    let details = form.values.get_untracked();
    spawn_local(async move {
        let answer = enter_details(number, version, draft.mark(), details).await;
        if answer == Err(DeskError::Changed) {
            counter.busy.try_set(false);
            draft.changed_elsewhere(move || submit(counter, form, draft)).await;
            return;
        }
        match &answer {
            Ok(_) => draft.settled(),
            Err(DeskError::Fields(fields)) => {
                form.refuse(fields);
                browser::focus("#error-summary");
            }
            Err(_) => {}
        }
        counter.take(answer);
    });
}

/// What is wrong, with a link to each field.
#[component]
pub fn Summary(form: Form) -> impl IntoView {
    let lines = Memo::new(move |_| form.summary());
    let line = |(field, sentence): (String, String)| {
        let target = field.clone();
        view! {
            <li>
                <a
                    href=format!("#{field}")
                    on:click=move |event| {
                        event.prevent_default();
                        browser::focus_id(&target);
                    }
                >
                    {sentence}
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <div id="error-summary" class="notice notice-bad" role="alert" tabindex="-1">
                <Icon shape=Shape::Warning />
                <div class="notice-body">
                    <p class="notice-title">{move || format!("有 {} 项需要修改", lines.with(Vec::len))}</p>
                    <ul>{move || lines.get().into_iter().map(line).collect_view()}</ul>
                </div>
            </div>
        </Show>
    }
}

/// `fixed`: the certificate's own holder. `numbered`: the same holder, who may have another name by now.
#[component]
fn HolderSection(form: Form, counter: Counter, fixed: bool, numbered: bool) -> impl IntoView {
    let document = form.values.with_untracked(|values| values.holder_document);
    let number =
        move |spec: &'static Spec| view! { <Certified form spec why="持有人的证件号码不能变更。" /> };
    let fields = match form.party {
        Party::Organisation if fixed => view! {
            <Certified form spec=&HOLDER_NAME why=AS_CERTIFIED />
            <Certified form spec=&HOLDER_ID why=AS_CERTIFIED />
            <Entry form spec=&LEGAL_NAME />
            <Entry form spec=&LEGAL_ID />
        }
        .into_any(),
        Party::Person if fixed => view! {
            <Certified form spec=&PERSON_NAME why=AS_CERTIFIED />
            <Certified form spec=number_of(document) why=AS_CERTIFIED />
        }
        .into_any(),
        Party::Organisation => view! {
            <Entry form spec=&HOLDER_NAME />
            {if numbered {
                number(&HOLDER_ID).into_any()
            } else {
                view! { <Entry form spec=&HOLDER_ID /> }.into_any()
            }}
            <Entry form spec=&LEGAL_NAME />
            <Entry form spec=&LEGAL_ID />
        }
        .into_any(),
        Party::Person => view! {
            <Entry form spec=&PERSON_NAME />
            {if numbered {
                number(number_of(document)).into_any()
            } else {
                view! { <DocumentEntry form /> }.into_any()
            }}
            // R041: to be signed and scanned for the next step, where it is asked for.
            {asks_for_seal(counter).then(|| view! { <SheetLink number=counter.number() /> })}
        }
        .into_any(),
    };
    view! {
        <section class="form-part" aria-labelledby="part-holder">
            <h3 id="part-holder">
                {match form.party {
                    Party::Organisation => "证书使用单位",
                    Party::Person => "申请人",
                }}
            </h3>
            {fields}
        </section>
    }
}

const AS_CERTIFIED: &str = "与原证书一致；名称或证件号码有变化的，请办理信息变更或在线新办。";

/// What the certificate says of its holder stays as it is.
#[component]
fn Certified(form: Form, spec: &'static Spec, why: &'static str) -> impl IntoView {
    view! {
        <LockedField
            name=spec.name
            label=spec.label
            value=Signal::derive(move || form.values.with(|values| spec.value(values)))
            why
        />
    }
}

fn asks_for_seal(counter: Counter) -> bool {
    counter.order.with_untracked(|order| {
        order.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::SealSample)
    })
}

#[component]
fn AgentSection(form: Form) -> impl IntoView {
    view! {
        <section class="form-part" aria-labelledby="part-agent">
            <h3 id="part-agent">"经办人"</h3>
            {match form.party {
                Party::Organisation => view! { <Entry form spec=&AGENT_NAME /> }.into_any(),
                Party::Person => view! { <Entry form spec=&OWN_AGENT optional=true /> }.into_any(),
            }}
            <Entry form spec=&AGENT_PHONE />
            <Entry form spec=&EMAIL />
        </section>
    }
}

/// Locked for organisations (R015), free for persons (A44).
#[component]
fn InvoiceSection(form: Form) -> impl IntoView {
    let field = match form.party {
        Party::Organisation => view! {
            <LockedField
                name="invoice_title"
                label="发票抬头"
                value=Signal::derive(move || form.values.with(|values| values.holder_name.clone()))
                why=wording::LOCKED_TO_HOLDER
            />
        }
        .into_any(),
        Party::Person => view! {
            <Entry form spec=&INVOICE_TITLE optional=true />
            <Entry form spec=&INVOICE_TAX_NUMBER optional=true />
        }
        .into_any(),
    };
    view! {
        <section class="form-part" aria-labelledby="part-invoice">
            <h3 id="part-invoice">"电子发票"</h3>
            {field}
        </section>
    }
}

/// The tick stores which version was agreed to (R151).
#[component]
pub fn Agreement(form: Form) -> impl IntoView {
    let house = House::here();
    let version = RwSignal::new(String::new());
    Effect::new(move || {
        spawn_local(async move {
            if let Ok(catalogue) = house.catalogue().await {
                version.try_set(catalogue.agreement_version);
            }
        });
    });
    let ticked = Memo::new(move |_| form.values.with(|values| !values.agreement.is_empty()));
    let error = form.error("agreement");
    view! {
        <section class="form-part">
            <label class="tick" for="agreement">
                <input
                    type="checkbox"
                    id="agreement"
                    name="agreement"
                    disabled=move || version.with(String::is_empty)
                    prop:checked=move || ticked.get()
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-describedby="agreement-error"
                    on:change=move |event| {
                        let version = if event_target_checked(&event) { version.get_untracked() } else { String::new() };
                        form.change("agreement", |values| values.agreement = version);
                    }
                />
                <span>
                    "我已阅读并同意" <a href="/agreement" target="_blank">"《数字证书服务协议》"</a>
                </span>
            </label>
            <FieldError id="agreement-error".to_owned() error />
        </section>
    }
}
