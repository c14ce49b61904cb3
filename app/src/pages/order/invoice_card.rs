//! 电子发票 (R027–R029, R036, R123, R152): its state, the documents, and once more to the reserved or to another mailbox.

use super::cards::Fact;
use super::counter::Counter;
use crate::browser;
use crate::components::field::Field;
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::follow_up::{InvoiceCopy, send_invoice_again, send_invoice_elsewhere, send_mailbox_code};
use crate::desk::orders::{CodeSent, InvoiceView};
use crate::layout::House;
use crate::wording;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn InvoiceCard(counter: Counter) -> impl IntoView {
    let house = House::here();
    let paid = Memo::new(move |_| counter.order.with(|order| order.paid.is_some()));
    let invoice = Memo::new(move |_| counter.order.with(|order| order.invoice.clone()));
    move || {
        paid.get().then(|| {
            view! {
                <Fact shape=Shape::Invoice title="电子发票">
                    {move || match invoice.get() {
                        Some(invoice) => view! { <Invoice invoice /> }.into_any(),
                        None => view! { <p>"正在开具，完成后发送至预留邮箱，也可在此下载。"</p> }.into_any(),
                    }}
                    <Show when=move || invoice.with(Option::is_some)>
                        <Again counter />
                    </Show>
                    <p class="muted">{wording::INVOICE_FORCE}</p>
                    <Suspense>
                        {move || Suspend::new(async move {
                            house.catalogue().await.ok().map(|catalogue| {
                                view! {
                                    <p class="muted">
                                        {wording::invoice_late(&catalogue.hotline)} " "
                                        <a href=catalogue.help_url rel="noreferrer external">"电子发票重新获取"</a>
                                    </p>
                                }
                            })
                        })}
                    </Suspense>
                </Fact>
            }
        })
    }
}

#[component]
fn Invoice(invoice: InvoiceView) -> impl IntoView {
    let mailed = match (invoice.mailed_at, invoice.mail_failed) {
        (Some(at), _) => {
            view! { <p class="good">"已于 " <span class="number">{at.to_string()}</span> " 发送至预留邮箱"</p> }.into_any()
        }
        (None, Some(reason)) => view! {
            <Notice tone=Tone::Warning title="发票邮件未能送达">
                {reason} "。您可以先在此下载，或发送至其他邮箱。"
            </Notice>
        }
        .into_any(),
        (None, None) => view! { <p>"正在发送至预留邮箱。"</p> }.into_any(),
    };
    let copies = invoice.copies.into_iter().map(copy).collect_view();
    view! {
        <p>
            "发票号码 " <span class="number">{invoice.number}</span> "，开具于 "
            <span class="number">{invoice.issued_at.to_string()}</span>
        </p>
        {mailed}
        <ul class="sendings">{copies}</ul>
        <p class="actions">
            <a class="button" href=invoice.pdf_path.clone() target="_blank" rel="external">"查看发票"</a>
            <a class="button" href=invoice.pdf_path download="" rel="external">"下载发票 PDF"</a>
            <a class="button button-quiet" href=invoice.xml_path download="" rel="external">"下载 XML"</a>
        </p>
    }
}

fn copy(copy: InvoiceCopy) -> impl IntoView {
    let (class, words) = match (copy.sent_at, copy.failed) {
        (Some(at), _) => ("good", format!("已于 {at} 发送")),
        (None, Some(why)) => ("bad", format!("未能送达（{why}）")),
        (None, None) => ("", "正在发送".to_owned()),
    };
    view! { <li>"重新获取，" <span class="number">{copy.mailbox}</span> "：" <span class=class>{words}</span></li> }
}

/// 重新获取: to the reserved mailbox at once; to another one after a code to the agent's phone.
#[component]
fn Again(counter: Counter) -> impl IntoView {
    let elsewhere = RwSignal::new(false);
    let again = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            let answer = send_invoice_again(counter.number()).await;
            counter.take(answer);
            set_timeout(move || counter.refresh(), std::time::Duration::from_secs(3));
        });
    };
    view! {
        <p class="actions">
            <button type="button" class="button" disabled=move || counter.resting() on:click=again>
                "重新发送至预留邮箱"
            </button>
            <button
                type="button"
                class="button button-quiet"
                aria-expanded=move || elsewhere.get().to_string()
                disabled=move || counter.resting()
                on:click=move |_| elsewhere.update(|open| *open = !*open)
            >
                "发送至其他邮箱"
            </button>
        </p>
        <Show when=move || elsewhere.get()>
            <Elsewhere counter elsewhere />
        </Show>
    }
}

#[derive(Clone, Copy)]
struct Asking {
    counter: Counter,
    open: RwSignal<bool>,
    mailbox: RwSignal<String>,
    code: RwSignal<String>,
    sent: RwSignal<Option<CodeSent>>,
    error: RwSignal<Option<DeskError>>,
}

impl Asking {
    fn send_code(self) {
        self.counter.busy.set(true);
        spawn_local(async move {
            let answer = send_mailbox_code(self.counter.number()).await;
            self.counter.busy.try_set(false);
            self.error.try_set(answer.as_ref().err().cloned());
            if let Ok(sent) = answer {
                self.sent.try_set(Some(sent));
                browser::focus_id("mailbox-code");
            }
        });
    }

    fn send(self) {
        self.counter.busy.set(true);
        let (mailbox, code) = (self.mailbox.get_untracked(), self.code.get_untracked());
        spawn_local(async move {
            match send_invoice_elsewhere(self.counter.number(), mailbox, code).await {
                Ok(view) => {
                    self.counter.take(Ok(view));
                    self.open.try_set(false);
                    set_timeout(move || self.counter.refresh(), std::time::Duration::from_secs(3));
                }
                Err(error) => {
                    self.counter.busy.try_set(false);
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

#[component]
fn Elsewhere(counter: Counter, elsewhere: RwSignal<bool>) -> impl IntoView {
    let asking = Asking {
        counter,
        open: elsewhere,
        mailbox: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        sent: RwSignal::new(None),
        error: RwSignal::new(None),
    };
    let wrong = move || {
        asking
            .error
            .get()
            .map(|error| view! { <p class="field-error" role="alert">{wording::desk_error(&error)}</p> })
    };
    let told = move || match asking.sent.get() {
        Some(sent) => format!("验证码已发送至 {}，{} 分钟内有效。", sent.masked_phone, sent.valid_minutes),
        None => "为保护您的信息，需经办人短信确认。预留邮箱不会改变。".to_owned(),
    };
    view! {
        <form
            class="elsewhere"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                asking.send();
            }
        >
            <Field
                name="mailbox"
                label="其他邮箱"
                kind="email"
                inputmode="email"
                value=asking.mailbox
                on_input=move |text| asking.mailbox.set(text)
            />
            <p class="field-hint" role="status">{told}</p>
            <div class="field">
                <label for="mailbox-code">"短信验证码"</label>
                <div class="code-row">
                    <input
                        id="mailbox-code"
                        class="number code-input"
                        inputmode="numeric"
                        autocomplete="one-time-code"
                        maxlength="6"
                        prop:value=move || asking.code.get()
                        on:input=move |event| asking.code.set(event_target_value(&event).trim().to_owned())
                    />
                    <button
                        type="button"
                        class="button"
                        disabled=move || counter.resting()
                        on:click=move |_| asking.send_code()
                    >
                        "发送验证码"
                    </button>
                </div>
            </div>
            {wrong}
            <button class="button button-primary" disabled=move || counter.resting()>"确认发送"</button>
        </form>
    }
}
