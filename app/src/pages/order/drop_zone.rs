//! Where a file goes in: dropped, picked, or taken by the phone's camera; and what the check says of it before it leaves.

use super::upload::{Card, Doubtful};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::evidence::picture_path;
use crate::desk::orders::FileView;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// What the browser offers in its picker; the office decides by content.
const ACCEPT: &str = "image/jpeg,image/png";

#[component]
pub(super) fn DropZone(card: Card) -> impl IntoView {
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
                on:change=move |_| card.picked(card.picker)
            />
            <label class="drop-label" for=label_id>{inside}</label>
            <Camera card />
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

/// 拍照: on a phone the camera opens at once; elsewhere it is not shown.
#[component]
fn Camera(card: Card) -> impl IntoView {
    let id = format!("camera-{}", card.kind.code());
    view! {
        <div class="drop-camera">
            <input
                node_ref=card.camera
                class="drop-input"
                type="file"
                accept=ACCEPT
                capture="environment"
                tabindex="-1"
                id=id.clone()
                aria-label=format!("拍摄{}", card.kind.title())
                disabled=move || card.counter.resting()
                on:change=move |_| card.picked(card.camera)
            />
            <label class="button" for=id>"拍照"</label>
        </div>
    }
}

/// What another photo could mend; nobody is held up.
#[component]
pub(super) fn Doubts(card: Card) -> impl IntoView {
    move || {
        card.doubtful.get().map(SendWrapper::take).map(|Doubtful { file, problem }| {
            view! {
                <div class="upload-doubts">
                    <Notice tone=Tone::Warning title="这张图片可能看不清，还没有上传">
                        <p>{problem.sentence()}</p>
                        <p class="actions">
                            <label class="button button-primary" for=format!("file-{}", card.kind.code())>
                                "重新选择"
                            </label>
                            <button
                                type="button"
                                class="button"
                                disabled=move || card.counter.resting()
                                on:click=move |_| card.send(&file)
                            >
                                "仍然上传"
                            </button>
                        </p>
                    </Notice>
                </div>
            }
        })
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
