//! One photo: taken with the phone's camera, looked at before it goes (B26, R136), sent, shown.

use super::page::Phone;
use super::pixels::read_pixels;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::error::FileRefusal;
use crate::desk::evidence::{LIMIT_BYTES, picture_path, upload_path};
use crate::desk::orders::{FileView, OrderView};
use crate::pages::order::photo_check::{Problem, check};
use crate::pages::order::send_file::send_file;
use crate::wording;
use journey::evidence::EvidenceKind;
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;

/// Where a photo is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Nowhere,
    Checking,
    /// Percent of it that is on its way.
    Sending(u32),
}

#[derive(Clone, Copy)]
struct Shot {
    phone: Phone,
    kind: EvidenceKind,
    at: RwSignal<At>,
    /// What is wrong with the photo in hand; it waits for the person's word.
    doubt: RwSignal<Option<Problem>>,
    in_hand: StoredValue<Option<SendWrapper<File>>>,
    error: RwSignal<Option<DeskError>>,
    camera: NodeRef<html::Input>,
}

impl Shot {
    fn file(self) -> Option<FileView> {
        let found = self.phone.order(|view| {
            let of_kind = view.evidence.iter().find(|evidence| evidence.kind == self.kind);
            of_kind.and_then(|evidence| evidence.file.clone())
        });
        found.flatten()
    }

    fn taken(self) {
        let Some(camera) = self.camera.get_untracked() else { return };
        let file = camera.files().and_then(|files| files.get(0));
        // The same photo may be chosen again.
        camera.set_value("");
        let Some(file) = file else { return };
        self.error.set(None);
        self.doubt.set(None);
        if file.size() > LIMIT_BYTES as f64 {
            let no = FileRefusal::TooLarge { limit_bytes: LIMIT_BYTES };
            return self.error.set(Some(DeskError::File(no)));
        }
        self.at.set(At::Checking);
        leptos::task::spawn_local(async move {
            // What the browser cannot read, the office decides on.
            let problem = read_pixels(&file).await.and_then(|pixels| check(&pixels));
            self.in_hand.try_set_value(Some(SendWrapper::new(file)));
            match problem {
                None => self.send(),
                Some(problem) => {
                    self.at.try_set(At::Nowhere);
                    self.doubt.try_set(Some(problem));
                }
            }
        });
    }

    fn send(self) {
        let Some(file) = self.in_hand.try_get_value().flatten().map(SendWrapper::take) else { return };
        let Some((number, version)) = self.phone.order(|view| (view.number.clone(), view.version)) else {
            return;
        };
        self.doubt.try_set(None);
        self.at.try_set(At::Sending(0));
        let progress = move |percent| {
            self.at.try_set(At::Sending(percent));
        };
        send_file(&upload_path(&number, self.kind), &file, version, progress, move |answer| {
            self.answered(answer)
        });
    }

    fn answered(self, answer: Result<OrderView, DeskError>) {
        self.at.try_set(At::Nowhere);
        match answer {
            Ok(view) => {
                self.in_hand.try_set_value(None);
                self.phone.show(view);
            }
            Err(error) => {
                self.error.try_set(Some(error));
            }
        }
    }
}

#[component]
pub fn ShotCard(phone: Phone, kind: EvidenceKind) -> impl IntoView {
    let shot = Shot {
        phone,
        kind,
        at: RwSignal::new(At::Nowhere),
        doubt: RwSignal::new(None),
        in_hand: StoredValue::new(None),
        error: RwSignal::new(None),
        camera: NodeRef::new(),
    };
    let input_id = format!("shot-{}", kind.code());
    let title_id = format!("{input_id}-title");
    let error = move || {
        shot.error
            .get()
            .map(|error| view! { <p class="field-error" role="alert">{wording::desk_error(&error)}</p> })
    };
    let inside = move || match (shot.at.get(), shot.file()) {
        (At::Checking, _) => view! { <p role="status">"正在检查照片…"</p> }.into_any(),
        (At::Sending(percent), _) => view! {
            <p role="status">"正在上传 " <span class="number">{percent}"%"</span></p>
            <progress max="100" value=percent></progress>
        }
        .into_any(),
        (At::Nowhere, Some(file)) => view! {
            <img class="shot-picture" src=picture_path(&file.id) alt=format!("已上传的{}", kind.title()) />
            <p class="good"><Icon shape=Shape::Check />"已上传，电脑上可以看到"</p>
        }
        .into_any(),
        (At::Nowhere, None) => ().into_any(),
    };
    let label = move || if shot.file().is_some() { "重新拍照" } else { "拍照" };
    let resting = move || shot.at.get() != At::Nowhere;
    view! {
        <section class="card shot" aria-labelledby=title_id.clone()>
            <h2 id=title_id.clone()>{kind.title()}</h2>
            <p class="field-hint">{kind.hint()}</p>
            {inside}
            <Doubt shot />
            {error}
            <div class="shot-take">
                <input
                    node_ref=shot.camera
                    id=input_id.clone()
                    type="file"
                    accept="image/jpeg,image/png"
                    capture="environment"
                    aria-label=format!("拍摄{}", kind.title())
                    disabled=resting
                    on:change=move |_| shot.taken()
                />
                <label class="button button-primary button-wide" for=input_id>{label}</label>
            </div>
        </section>
    }
}

/// The photo is doubtful: why, and the person decides.
#[component]
fn Doubt(shot: Shot) -> impl IntoView {
    move || {
        shot.doubt.get().map(|problem| {
            view! {
                <div role="alert">
                    <Notice tone=Tone::Warning title="建议重拍">
                        <p>{problem.sentence()}</p>
                        <button type="button" class="button button-quiet" on:click=move |_| shot.send()>
                            "内容清晰，仍然上传"
                        </button>
                    </Notice>
                </div>
            }
        })
    }
}
