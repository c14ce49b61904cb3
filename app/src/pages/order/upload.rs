//! One upload card: sample, drop zone and picker, progress, preview, replace, remove, its own error (R021, R136).

use super::counter::Counter;
use super::returned::reason_text;
use super::samples::Sample;
use super::send_file::{remove_file, send_file};
use crate::components::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::desk::error::FileRefusal;
use crate::desk::evidence::{LIMIT_BYTES, picture_path, upload_path};
use crate::desk::orders::{FileView, OrderView};
use crate::pages::paper::paper_path;
use crate::wording;
use journey::event::ReturnTarget;
use journey::evidence::EvidenceKind;
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::File;

/// What the browser offers in its picker; the office decides by content.
const ACCEPT: &str = "image/jpeg,image/png";

#[derive(Clone, Copy)]
struct Card {
    counter: Counter,
    kind: EvidenceKind,
    /// Percent of the file that is on its way.
    progress: RwSignal<Option<u32>>,
    error: RwSignal<Option<DeskError>>,
    over: RwSignal<bool>,
    picker: NodeRef<html::Input>,
}

impl Card {
    fn file(self) -> Option<FileView> {
        self.counter.order.with(|order| {
            let of_kind = order.evidence.iter().find(|evidence| evidence.kind == self.kind);
            of_kind.and_then(|evidence| evidence.file.clone())
        })
    }

    /// The reviewer's reason, if this very item came back.
    fn returned(self) -> Option<String> {
        self.counter.order.with(|order| {
            let target = ReturnTarget::Evidence(self.kind);
            order.returned.iter().find(|item| item.item == target).map(reason_text)
        })
    }

    fn path(self) -> String {
        upload_path(&self.counter.number(), self.kind)
    }

    fn send(self, file: &File) {
        if self.progress.get_untracked().is_some() {
            return;
        }
        if file.size() > LIMIT_BYTES as f64 {
            let no = FileRefusal::TooLarge { limit_bytes: LIMIT_BYTES };
            return self.error.set(Some(DeskError::File(no)));
        }
        self.error.set(None);
        self.progress.set(Some(0));
        let progress = move |percent| {
            self.progress.try_set(Some(percent));
        };
        send_file(&self.path(), file, self.counter.version(), progress, move |answer| self.answered(answer));
    }

    fn remove(self) {
        self.error.set(None);
        remove_file(&self.path(), self.counter.version(), move |answer| self.answered(answer));
    }

    /// A failure belongs to this card; only what concerns the whole order goes to the page.
    fn answered(self, answer: Result<OrderView, DeskError>) {
        self.progress.try_set(None);
        match answer {
            Ok(view) => self.counter.show(view),
            Err(error) => {
                if error == DeskError::Changed {
                    self.counter.refresh();
                }
                self.error.try_set(Some(error));
            }
        }
    }

    fn dropped(self, event: &DragEvent) {
        event.prevent_default();
        self.over.set(false);
        let file = event.data_transfer().and_then(|carried| carried.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            self.send(&file);
        }
    }

    fn picked(self) {
        let Some(picker) = self.picker.get_untracked() else { return };
        if let Some(file) = picker.files().and_then(|files| files.get(0)) {
            self.send(&file);
        }
        // The same file may be picked again after a failure.
        picker.set_value("");
    }
}

#[component]
pub fn UploadCard(counter: Counter, kind: EvidenceKind) -> impl IntoView {
    let card = Card {
        counter,
        kind,
        progress: RwSignal::new(None),
        error: RwSignal::new(None),
        over: RwSignal::new(false),
        picker: NodeRef::new(),
    };
    let id = format!("evidence-{}", kind.code());
    let title_id = format!("{id}-title");
    let returned = move || {
        card.returned().map(|reason| view! { <p class="upload-returned"><Icon shape=Shape::Warning />"退回原因：" {reason}</p> })
    };
    let error = move || {
        card.error
            .get()
            .map(|error| view! { <p class="field-error" role="alert">{wording::desk_error(&error)}</p> })
    };
    view! {
        <section
            class="card upload"
            class:upload-wrong=move || card.returned().is_some()
            id=id
            tabindex="-1"
            aria-labelledby=title_id.clone()
        >
            <div class="upload-words">
                <h3 id=title_id.clone()>{kind.title()}</h3>
                <p class="field-hint">{kind.hint()}</p>
                {paper_path(kind).map(|path| view! { <p><a href=path target="_blank">"下载模板（可打印）"</a></p> })}
                {returned}
            </div>
            <Sample kind />
            <DropZone card />
            {error}
        </section>
    }
}

#[component]
fn DropZone(card: Card) -> impl IntoView {
    let picker_id = format!("file-{}", card.kind.code());
    let label_id = picker_id.clone();
    let inside = move || match (card.progress.get(), card.file()) {
        (Some(percent), _) => view! {
            <p role="status">"正在上传 " <span class="number">{percent}"%"</span></p>
            <progress max="100" value=percent></progress>
        }
        .into_any(),
        (None, Some(file)) => view! { <Uploaded card file /> }.into_any(),
        (None, None) => view! {
            <Icon shape=Shape::Upload />
            <p>
                <span class="button">"选择文件"</span>
            </p>
            <p class="muted">"或将文件拖到此处"</p>
        }
        .into_any(),
    };
    view! {
        <div
            class="drop"
            class:drop-over=move || card.over.get()
            class:drop-full=move || card.file().is_some()
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                card.over.set(true);
            }
            on:dragleave=move |_| card.over.set(false)
            on:drop=move |event: DragEvent| card.dropped(&event)
        >
            <input
                node_ref=card.picker
                class="drop-input"
                type="file"
                accept=ACCEPT
                id=picker_id
                aria-label=format!("选择{}文件", card.kind.title())
                disabled=move || card.counter.resting()
                on:change=move |_| card.picked()
            />
            <label class="drop-label" for=label_id>{inside}</label>
            <Show when=move || card.file().is_some() && card.progress.get().is_none()>
                <div class="drop-actions">
                    <button
                        type="button"
                        class="button button-quiet"
                        disabled=move || card.counter.resting()
                        on:click=move |_| card.remove()
                    >
                        "删除"
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// The cleaned picture as the office keeps it.
#[component]
fn Uploaded(card: Card, file: FileView) -> impl IntoView {
    let size = format!("{} KB", file.bytes.div_ceil(1024));
    view! {
        <img class="drop-picture" src=picture_path(&file.id) alt=format!("已上传的{}", card.kind.title()) />
        <p class="drop-done">
            <Icon shape=Shape::Check />
            "已上传 "
            <span class="number muted">{size}</span>
        </p>
        <p class="drop-again">"点击或拖入文件可替换"</p>
    }
}
