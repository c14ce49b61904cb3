//! 签名验证 / 签名确认 without the key (R095, R105, A41): drawn with mouse or finger, or typed, and a code to the phone.

use super::counter::Counter;
use super::step::StepHead;
use crate::browser;
use crate::components::code_field::{CodeField, Wait, typed};
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::error::CodeRefusal;
use crate::desk::orders::{Act, CodeSent};
use crate::desk::replacement::{
    FIELD, Mark, ReplacementView, send_signature_code, sign_application, view_replacement,
};
use crate::wording;
use journey::event::EventKind;
use journey::mask;
use journey::step::Step;
use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::svg;
use leptos::task::spawn_local;

#[derive(Clone, Copy)]
struct Signing {
    counter: Counter,
    strokes: RwSignal<Vec<Vec<(u16, u16)>>>,
    /// A stroke is under way.
    down: RwSignal<bool>,
    typed: RwSignal<bool>,
    name: RwSignal<String>,
    code: NodeRef<html::Input>,
    sent: RwSignal<Option<CodeSent>>,
    wait: Wait,
    trouble: RwSignal<Option<DeskError>>,
}

impl Signing {
    fn mark(self) -> Mark {
        if self.typed.get_untracked() {
            Mark::Typed { name: self.name.get_untracked().trim().to_owned() }
        } else {
            Mark::Drawn { strokes: self.strokes.get_untracked() }
        }
    }

    fn send(self) {
        self.counter.busy.set(true);
        let number = self.counter.number();
        spawn_local(async move {
            let answer = send_signature_code(number).await;
            self.counter.busy.try_set(false);
            match answer {
                Ok(sent) => {
                    self.wait.begin(sent.again_after_s);
                    self.trouble.try_set(None);
                    self.sent.try_set(Some(sent));
                    browser::focus_id("signature-code");
                }
                Err(error) => self.failed(error),
            }
        });
    }

    fn sign(self) {
        let code = typed(self.code);
        self.counter.busy.set(true);
        let (number, version, mark) = (self.counter.number(), self.counter.version(), self.mark());
        spawn_local(async move {
            match sign_application(number, version, mark, code).await {
                Ok(view) => self.counter.take(Ok(view)),
                Err(error @ (DeskError::Refused(_) | DeskError::NotFound | DeskError::Changed)) => {
                    self.counter.take(Err(error));
                }
                Err(error) => {
                    self.counter.busy.try_set(false);
                    self.failed(error);
                }
            }
        });
    }

    fn failed(self, error: DeskError) {
        if let DeskError::Code(CodeRefusal::TooSoon { wait_s }) = &error {
            self.wait.begin(*wait_s);
        }
        self.trouble.try_set(Some(error));
    }
}

#[component]
pub fn SignatureStep(counter: Counter) -> impl IntoView {
    let signing = Signing {
        counter,
        strokes: RwSignal::default(),
        down: RwSignal::new(false),
        typed: RwSignal::new(false),
        name: RwSignal::default(),
        code: NodeRef::new(),
        sent: RwSignal::new(None),
        wait: Wait::new(),
        trouble: RwSignal::new(None),
    };
    let facts = LocalResource::new(move || view_replacement(counter.number()));
    view! {
        <StepHead step=Step::Signature />
        <Suspense fallback=|| view! { <Skeleton lines=5 /> }>
            {move || Suspend::new(async move {
                match facts.await {
                    Ok(facts) => view! { <Statement facts /> }.into_any(),
                    Err(error) => {
                        view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
                    }
                }
            })}
        </Suspense>
        <section class="card signature" aria-labelledby="sign-title">
            <h3 id="sign-title">"签名"</h3>
            <Choice signing />
            <Show when=move || signing.typed.get() fallback=move || view! { <Draw signing /> }>
                <Typed signing />
            </Show>
            <Code signing />
            <Trouble error=signing.trouble />
        </section>
        <div class="actions actions-end">
            <super::counter::MoveButton counter event=EventKind::ChangeRequested act=Act::Change />
            <SignButton signing />
        </div>
    }
}

#[component]
fn Statement(facts: ReplacementView) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="statement">
            <h3 id="statement">"申请书"</h3>
            <ol class="numbered">{facts.statement.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ol>
        </section>
    }
}

#[component]
fn Choice(signing: Signing) -> impl IntoView {
    let option = move |typed: bool, word: &'static str| {
        view! {
            <label class="segment">
                <input type="radio" name="signature-kind" prop:checked=move || signing.typed.get() == typed
                    on:change=move |_| signing.typed.set(typed) />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="visually-hidden">"签名方式"</legend>
            {option(false, "手写签名")}
            {option(true, "键盘签名")}
        </fieldset>
    }
}

#[component]
fn Draw(signing: Signing) -> impl IntoView {
    let field = NodeRef::<svg::Svg>::new();
    let at = move |event: &PointerEvent| -> Option<(u16, u16)> {
        let place = field.get_untracked()?.get_bounding_client_rect();
        let across = (f64::from(event.client_x()) - place.left()) / place.width();
        let down = (f64::from(event.client_y()) - place.top()) / place.height();
        let scale = |part: f64, whole: u16| (part.clamp(0.0, 1.0) * f64::from(whole)).round() as u16;
        Some((scale(across, FIELD.0), scale(down, FIELD.1)))
    };
    let begin = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(svg) = field.get_untracked() {
            let _ = svg.set_pointer_capture(event.pointer_id());
        }
        if let Some(point) = at(&event) {
            signing.down.set(true);
            signing.strokes.update(|strokes| strokes.push(vec![point]));
        }
    };
    let draw = move |event: PointerEvent| {
        if !signing.down.get_untracked() {
            return;
        }
        if let Some(point) = at(&event) {
            signing.strokes.update(|strokes| {
                if let Some(stroke) = strokes.last_mut().filter(|stroke| stroke.last() != Some(&point)) {
                    stroke.push(point);
                }
            });
        }
    };
    let end = move |_: PointerEvent| signing.down.set(false);
    let line = |stroke: &Vec<(u16, u16)>| {
        let points: Vec<String> = stroke.iter().map(|(x, y)| format!("{x},{y}")).collect();
        view! { <polyline points=points.join(" ") /> }
    };
    view! {
        <svg
            node_ref=field
            class="signature-field"
            id="signature-field"
            viewBox=format!("0 0 {} {}", FIELD.0, FIELD.1)
            role="img"
            aria-label="签名区，请用鼠标或手指书写；使用键盘的，请选择键盘签名"
            on:pointerdown=begin
            on:pointermove=draw
            on:pointerup=end
            on:pointercancel=end
        >
            {move || signing.strokes.with(|strokes| strokes.iter().map(line).collect_view())}
        </svg>
        <p class="signature-foot">
            <span class="muted">"请在框内书写姓名"</span>
            <button type="button" class="button button-quiet" on:click=move |_| signing.strokes.set(Vec::new())>
                "重写"
            </button>
        </p>
    }
}

#[component]
fn Typed(signing: Signing) -> impl IntoView {
    let signer = signing.counter.order.with_untracked(|order| order.details.agent_name.clone());
    view! {
        <div class="field">
            <label for="signature-name">"键入姓名作为签名"</label>
            <input
                id="signature-name"
                autocomplete="off"
                maxlength="50"
                prop:value=move || signing.name.get()
                aria-describedby="signature-name-hint"
                on:input=move |event| signing.name.set(event_target_value(&event))
            />
            <p id="signature-name-hint" class="field-hint">{format!("请键入经办人姓名：{signer}")}</p>
        </div>
    }
}

#[component]
fn Code(signing: Signing) -> impl IntoView {
    let counter = signing.counter;
    let phone = counter.order.with_untracked(|order| mask::phone(&order.details.agent_phone));
    let told = move || match signing.sent.get() {
        Some(sent) => format!("验证码已发送至 {}，{} 分钟内有效。", sent.masked_phone, sent.valid_minutes),
        None => format!("短信将发送至经办人手机 {phone}。"),
    };
    view! {
        <CodeField
            id="signature-code"
            code=signing.code
            described_by="signature-told"
            wait=signing.wait
            resting=Signal::derive(move || counter.resting())
            send=Some(Callback::new(move |()| signing.send()))
        >
            <p id="signature-told" class="field-hint" role="status">{told}</p>
        </CodeField>
    }
}

/// The rule book's word for it: 签名验证 or 签名确认.
#[component]
fn SignButton(signing: Signing) -> impl IntoView {
    let counter = signing.counter;
    let offered = Memo::new(move |_| counter.find_move(EventKind::Signed));
    let words = move || offered.with(|offered| offered.as_ref().map(|offered| offered.words.clone()));
    view! {
        <Show when=move || offered.with(Option::is_some)>
            <button type="button" class="button button-primary button-large" disabled=move || counter.resting()
                on:click=move |_| signing.sign()>
                {words}
            </button>
        </Show>
    }
}
