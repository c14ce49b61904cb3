//! 电子发票 (R027–R029, R036, R123, R152): its state, the documents, and once more to the reserved or to another mailbox.

use super::cards::Fact;
use super::counter::Counter;
use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::field::Field;
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::error::CodeRefusal;
use crate::desk::follow_up::{
    InvoiceCopy, RedLetterView, ReversedView, send_invoice_again, send_invoice_elsewhere, send_mailbox_code,
};
use crate::desk::orders::{CodeSent, InvoiceView};
use crate::layout::House;
use crate::wording;
use journey::order::Standing;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn InvoiceCard(counter: Counter) -> impl IntoView {
    let house = House::here();
    let paid = Memo::new(move |_| counter.order.with(|order| order.paid.is_some()));
    let invoice = Memo::new(move |_| counter.order.with(|order| order.invoice.clone()));
    // What an order without a certificate was paid goes back, and its invoice with it (A53).
    let counts = Memo::new(move |_| {
        counter.order.with(|order| order.standing.is_open() || order.standing == Standing::Completed)
    });
    move || {
        paid.get().then(|| {
            view! {
                <Fact shape=Shape::Invoice title="电子发票">
                    {move || match invoice.get() {
                        Some(invoice) => view! { <Invoice invoice /> }.into_any(),
                        None if counts.get() => {
                            view! { <p>"正在开具，完成后发送至预留邮箱，也可在此下载。"</p> }.into_any()
                        }
                        None => view! { <p>"订单已终止，未开具发票。"</p> }.into_any(),
                    }}
                    <Show when=move || invoice.with(|invoice| invoice.as_ref().is_some_and(can_be_sent))>
                        <Again counter />
                    </Show>
                    <Show when=move || counts.get()>
                        <p class="muted">{wording::INVOICE_FORCE}</p>
                    </Show>
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

/// Of a reversed invoice it is the red letter that is sent.
fn can_be_sent(invoice: &InvoiceView) -> bool {
    invoice.reversed.as_ref().is_none_or(|reversed| reversed.red.is_some())
}

#[component]
fn Invoice(invoice: InvoiceView) -> impl IntoView {
    let reversed = invoice.reversed.clone();
    let sendable = can_be_sent(&invoice);
    let what = if reversed.is_some() { "红字发票" } else { "" };
    let mailed = match (invoice.mailed_at, invoice.mail_failed) {
        (Some(at), _) => {
            view! { <p class="good">{what} "已于 " <span class="number">{at.to_string()}</span> " 发送至预留邮箱"</p> }.into_any()
        }
        (None, Some(reason)) => view! {
            <Notice tone=Tone::Warning title="发票邮件未能送达">
                {reason} "。您可以先在此下载，或发送至其他邮箱。"
            </Notice>
        }
        .into_any(),
        (None, None) if !sendable => ().into_any(),
        (None, None) => view! { <p>{what} "正在发送至预留邮箱。"</p> }.into_any(),
    };
    let copies = invoice.copies.into_iter().map(copy).collect_view();
    let told = reversed.as_ref().map(reversed_words);
    let red = reversed.as_ref().and_then(|reversed| reversed.red.clone()).map(red_files);
    let (view_words, pdf_words, xml_words) = match reversed {
        Some(_) => ("查看原发票", "下载原发票 PDF", "下载原发票 XML"),
        None => ("查看发票", "下载发票 PDF", "下载 XML"),
    };
    view! {
        <p>
            "发票号码 " <span class="number">{invoice.number}</span> "，开具于 "
            <span class="number">{invoice.issued_at.to_string()}</span>
        </p>
        {told}
        {mailed}
        <ul class="sendings">{copies}</ul>
        {red}
        <p class="actions">
            <a class="button" href=invoice.pdf_path.clone() target="_blank" rel="external">{view_words}</a>
            <a class="button" href=invoice.pdf_path download="" rel="external">{pdf_words}</a>
            <a class="button button-quiet" href=invoice.xml_path download="" rel="external">{xml_words}</a>
        </p>
    }
}

/// 已红冲: the invoice does not count any more, and the document that books it back.
fn reversed_words(reversed: &ReversedView) -> impl IntoView + use<> {
    let red = reversed.red.as_ref().map(|red| {
        view! {
            <p>"红字发票号码 " <span class="number">{red.number.clone()}</span> "，金额为负，供冲销原发票入账使用。"</p>
        }
    });
    let at = reversed.at.to_string();
    view! {
        <Notice tone=Tone::Info title="已红冲">
            <p>
                "费用退回，原发票已于 " <span class="number">{at}</span> " 红冲作废，请勿再用于报销或入账。"
            </p>
            {red}
        </Notice>
    }
}

fn red_files(red: RedLetterView) -> impl IntoView {
    view! {
        <p class="actions">
            <a class="button" href=red.pdf_path download="" rel="external">"下载红字发票 PDF"</a>
            <a class="button button-quiet" href=red.xml_path download="" rel="external">"下载红字发票 XML"</a>
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
    code: NodeRef<html::Input>,
    wait: Wait,
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
            match answer {
                Ok(sent) => {
                    self.wait.begin(sent.again_after_s);
                    self.sent.try_set(Some(sent));
                    browser::focus_id("mailbox-code");
                }
                Err(DeskError::Code(CodeRefusal::TooSoon { wait_s })) => self.wait.begin(wait_s),
                Err(_) => {}
            }
        });
    }

    fn send(self) {
        self.counter.busy.set(true);
        let (mailbox, code) = (self.mailbox.get_untracked(), typed(self.code));
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
        code: NodeRef::new(),
        wait: Wait::new(),
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
            <CodeField
                id="mailbox-code"
                code=asking.code
                described_by="mailbox-told"
                wait=asking.wait
                resting=Signal::derive(move || counter.resting())
                sent=Signal::derive(move || asking.sent.with(Option::is_some))
                send=Some(Callback::new(move |()| asking.send_code()))
            >
                <p id="mailbox-told" class="field-hint" role="status">{told}</p>
            </CodeField>
            {wrong}
            <button class="button button-primary" disabled=move || counter.resting()>"确认发送"</button>
        </form>
    }
}
