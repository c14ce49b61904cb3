//! One upload card: sample, drop zone and picker, progress, preview, replace, remove, its own error (R021, R136).

use super::counter::Counter;
use super::drop_zone::{Doubts, DropZone};
use super::photo::doubt;
use super::photo_check::Problem;
use super::returned::reason_text;
use super::samples::Sample;
use super::seal::SealPart;
use super::send_file::{remove_file, send_file};
use super::sheet::SheetLink;
use crate::components::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::desk::error::FileRefusal;
use crate::desk::evidence::{LIMIT_BYTES, upload_path};
use crate::desk::orders::{FileView, OrderView};
use crate::layout::House;
use crate::pages::paper::paper_path;
use crate::wording;
use journey::IdentityDocument;
use journey::event::ReturnTarget;
use journey::evidence::{EvidenceKind, hint_for, title_for};
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use web_sys::File;

#[derive(Clone, Copy)]
pub(super) struct Card {
    pub counter: Counter,
    pub kind: EvidenceKind,
    /// Percent of the file that is on its way.
    pub progress: RwSignal<Option<u32>>,
    error: RwSignal<Option<DeskError>>,
    pub over: RwSignal<bool>,
    pub picker: NodeRef<html::Input>,
    pub camera: NodeRef<html::Input>,
    /// A photo with doubts about it, until its owner says what to do. Wrapped by itself: where pages are rendered there is
    /// none, and nothing minds on which thread the signal ends.
    pub doubtful: RwSignal<Option<SendWrapper<Doubtful>>>,
}

#[derive(Clone)]
pub(super) struct Doubtful {
    pub file: File,
    pub problem: Problem,
}

impl Card {
    pub fn file(self) -> Option<FileView> {
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

    /// Looks at the picture first: what can be mended by another photo is told before the upload (B26).
    fn look(self, file: File) {
        if self.progress.get_untracked().is_some() {
            return;
        }
        self.error.set(None);
        self.doubtful.set(None);
        spawn_local(async move {
            match doubt(&file).await {
                None => self.send(&file),
                Some(problem) => {
                    let doubtful = Doubtful { file, problem };
                    self.doubtful.try_set(Some(SendWrapper::new(doubtful)));
                }
            }
        });
    }

    pub fn send(self, file: &File) {
        if self.progress.get_untracked().is_some() {
            return;
        }
        self.doubtful.set(None);
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

    pub fn remove(self) {
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

    pub fn dropped(self, event: &DragEvent) {
        event.prevent_default();
        self.over.set(false);
        let file = event.data_transfer().and_then(|carried| carried.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            self.look(file);
        }
    }

    pub fn picked(self, from: NodeRef<html::Input>) {
        let Some(picker) = from.get_untracked() else { return };
        if let Some(file) = picker.files().and_then(|files| files.get(0)) {
            self.look(file);
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
        camera: NodeRef::new(),
        doubtful: RwSignal::new(None),
    };
    let document = counter.order.with_untracked(|order| order.details.holder_document);
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
                <h3 id=title_id.clone()>{title_for(kind, document)}</h3>
                <Hint kind document />
                {paper_path(kind).map(|path| view! { <p><a href=path target="_blank">"下载模板（可打印）"</a></p> })}
                {(kind == EvidenceKind::SealSample).then(|| view! { <SheetLink number=counter.number() short=true /> })}
                {returned}
            </div>
            <Sample kind />
            <DropZone card />
            <Doubts card />
            {error}
            {(kind == EvidenceKind::SealSample).then(|| view! { <SealPart counter /> })}
        </section>
    }
}

/// A person who applies for themselves alone has no organisation's seal to put there (A09).
#[component]
fn Hint(kind: EvidenceKind, document: IdentityDocument) -> impl IntoView {
    let house = House::here();
    if kind != EvidenceKind::SealSample {
        return view! { <p class="field-hint">{hint_for(kind, document)}</p> }.into_any();
    }
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let stamped = house.catalogue().await.map_or(true, |catalogue| catalogue.person_in_organisation);
                let hint = if stamped { kind.hint() } else { wording::SEAL_WITHOUT_STAMP };
                view! { <p class="field-hint">{hint}</p> }
            })}
        </Suspense>
    }
    .into_any()
}
