//! `/trust/check`: 证书查验. A plain form that works without the program; with it, a file may be dropped too.

use super::result::Results;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::error::ReadRefusal;
use crate::desk::trust::{CHECK_PATH, Checked, LIMIT_BYTES, check_certificate, posted};
use crate::wording;
use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::components::A;
use web_sys::File;

const ACCEPT: &str = ".cer,.crt,.pem,.der,.p7b,.p7c,application/x-x509-ca-cert,application/pkix-cert";

type Answer = Result<Checked, DeskError>;

#[derive(Clone, Copy)]
struct Check {
    text: NodeRef<html::Textarea>,
    picker: NodeRef<html::Input>,
    /// The name of the file that is being read, or was.
    file: RwSignal<Option<String>>,
    over: RwSignal<bool>,
    busy: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
    round: StoredValue<u32>,
}

impl Check {
    fn new() -> Check {
        Check {
            text: NodeRef::new(),
            picker: NodeRef::new(),
            file: RwSignal::new(None),
            over: RwSignal::new(false),
            busy: RwSignal::new(false),
            answer: RwSignal::new(None),
            round: StoredValue::new(0),
        }
    }

    fn ask(self, text: String) {
        self.busy.set(true);
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        spawn_local(async move {
            let answer = check_certificate(text).await;
            if self.round.try_get_value() == Some(round) {
                self.tell(answer);
            }
        });
    }

    fn tell(self, answer: Answer) {
        self.busy.try_set(false);
        self.answer.try_set(Some(answer));
        browser::focus("#result");
    }

    fn take(self, file: &File) {
        self.file.set(Some(file.name()));
        // Only what is being looked at stands on the page.
        if let Some(text) = self.text.get_untracked() {
            text.set_value("");
        }
        if file.size() > LIMIT_BYTES as f64 {
            let limit_bytes = LIMIT_BYTES as u64;
            return self.tell(Err(DeskError::Unreadable(ReadRefusal::TooLarge { limit_bytes })));
        }
        browser::read_file(file, move |data| match data {
            Some(data) if data.contains(";base64,") => self.ask(data),
            // An empty file has no data.
            _ => self.tell(Err(DeskError::Unreadable(ReadRefusal::Empty))),
        });
    }

    fn picked(self) {
        let Some(picker) = self.picker.get_untracked() else { return };
        if let Some(file) = picker.files().and_then(|files| files.get(0)) {
            self.take(&file);
        }
    }

    /// The same file may be picked again, and nothing stands there that is not being looked at.
    fn forget_picked(self) {
        if let Some(picker) = self.picker.get_untracked() {
            picker.set_value("");
        }
    }

    fn dropped(self, event: &DragEvent) {
        event.prevent_default();
        self.over.set(false);
        if let Some(file) =
            event.data_transfer().and_then(|carried| carried.files()).and_then(|files| files.get(0))
        {
            self.forget_picked();
            self.take(&file);
        }
    }

    fn submitted(self, event: &SubmitEvent) {
        event.prevent_default();
        self.forget_picked();
        self.file.set(None);
        self.ask(self.text.get_untracked().map(|text| text.value()).unwrap_or_default());
    }
}

#[component]
pub fn CheckPage() -> impl IntoView {
    let check = Check::new();
    // The answer to the plain form comes with the document; the program takes it over as it stands.
    let before = Resource::new(|| (), |()| posted());
    let earlier = move || {
        Suspend::new(async move {
            let before = before.await;
            view! { {move || check.answer.with(Option::is_none).then(|| before.clone().map(shown))} }
        })
    };
    view! {
        <Title text="证书查验" />
        <div class="shell page trust">
            <p class="crumb"><A href="/trust" exact=true>"信任中心"</A></p>
            <h1 tabindex="-1">"证书查验"</h1>
            <p class="page-lead">"核对一张证书是否由本机构签发、现在是否有效。内容只用于本次查验，不会保存。"</p>
            <CheckForm check />
            <div id="result" class="check-result" tabindex="-1" aria-live="polite">
                {move || check.busy.get().then(|| view! { <p role="status">"正在查验…"</p> })}
                <Suspense>{earlier}</Suspense>
                {move || check.answer.get().map(shown)}
            </div>
        </div>
    }
}

fn shown(answer: Answer) -> AnyView {
    match answer {
        Ok(checked) => view! { <Results checked /> }.into_any(),
        Err(error) => view! {
            <Notice tone=Tone::Bad title="无法查验">
                <p>{wording::desk_error(&error)}</p>
            </Notice>
        }
        .into_any(),
    }
}

#[component]
fn CheckForm(check: Check) -> impl IntoView {
    view! {
        <form class="card check-form" method="post" action=CHECK_PATH enctype="multipart/form-data" on:submit=move |event| check.submitted(&event)>
            <div
                class="check-drop"
                class:drop-over=move || check.over.get()
                on:dragover=move |event: DragEvent| {
                    event.prevent_default();
                    check.over.set(true);
                }
                on:dragleave=move |_| check.over.set(false)
                on:drop=move |event: DragEvent| check.dropped(&event)
            >
                <div class="field">
                    <label for="text">"证书内容"</label>
                    <textarea
                        node_ref=check.text
                        id="text"
                        name="text"
                        rows="7"
                        spellcheck="false"
                        autocomplete="off"
                        placeholder="-----BEGIN CERTIFICATE-----"
                        aria-describedby="text-hint"
                    ></textarea>
                    <p id="text-hint" class="field-hint">"可粘贴 PEM、Base64 或十六进制内容"<span class="check-mouse">"，也可把文件拖到这里"</span>"。"</p>
                </div>
                <div class="field check-file">
                    <label for="file">"或选择证书文件"</label>
                    <input
                        node_ref=check.picker
                        id="file"
                        name="file"
                        type="file"
                        accept=ACCEPT
                        aria-describedby="file-hint"
                        on:click=move |_| check.forget_picked()
                        on:change=move |_| check.picked()
                    />
                    <p id="file-hint" class="field-hint">
                        {move || match check.file.get() {
                            Some(name) => format!("已读取 {name}"),
                            None => "支持 .cer、.crt、.pem、.der、.p7b，不超过 64 KB。请不要提交含私钥的 .pfx 文件。".to_owned(),
                        }}
                    </p>
                </div>
            </div>
            <button class="button button-primary button-wide" disabled=move || check.busy.get()>
                <Icon shape=Shape::Search />
                "查验"
            </button>
        </form>
    }
}
