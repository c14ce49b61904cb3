//! The pictures of a case: one large, the others as a strip; zoom, turn, next. All of it works by keyboard too.

use super::facts::MarkEditor;
use super::marks::Marks;
use super::seal::SealLine;
use super::sitting::Sitting;
use crate::desk::evidence::picture_path;
use crate::desk::orders::{EvidenceView, FileView};
use journey::event::ReturnTarget;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;

const ZOOM_STEP: f64 = 1.25;
const ZOOM_MAX: f64 = 8.0;

/// How one picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    zoom: f64,
    /// Quarter turns to the right, 0 to 3.
    quarters: u8,
    /// Moved by hand, in CSS pixels.
    shift: (f64, f64),
}

impl Look {
    const PLAIN: Look = Look { zoom: 1.0, quarters: 0, shift: (0.0, 0.0) };

    fn zoomed(self, by: f64) -> Look {
        let zoom = (self.zoom * by).clamp(1.0, ZOOM_MAX);
        // At its plain size the picture stands in the middle again.
        let shift = if zoom <= 1.0 {
            (0.0, 0.0)
        } else {
            (self.shift.0 * zoom / self.zoom, self.shift.1 * zoom / self.zoom)
        };
        Look { zoom, shift, ..self }
    }

    fn turned(self) -> Look {
        Look { quarters: (self.quarters + 1) % 4, shift: (0.0, 0.0), ..self }
    }

    fn transform(self) -> String {
        let Look { zoom, quarters, shift: (x, y) } = self;
        format!(
            "translate(calc(-50% + {x}px), calc(-50% + {y}px)) rotate({}deg) scale({zoom})",
            u16::from(quarters) * 90
        )
    }
}

/// Notes which files were on the screen, so that a verdict can say what was not looked at.
#[component]
pub fn Viewer(evidence: Vec<EvidenceView>, sitting: Sitting) -> impl IntoView {
    let Sitting { marks, seen, chosen, .. } = sitting;
    if evidence.is_empty() {
        return view! { <p class="desk-empty">"本业务不需要上传鉴证资料。"</p> }.into_any();
    }
    let count = evidence.len();
    let evidence = StoredValue::new(evidence);
    let shown = move || evidence.with_value(|evidence| evidence[chosen.get().min(count - 1)].clone());
    Effect::new(move || {
        if let Some(file) = shown().file {
            seen.update(|seen| {
                if !seen.contains(&file.id) {
                    seen.push(file.id);
                }
            });
        }
    });
    let step = move |by: usize| chosen.update(|place| *place = (*place + by) % count);
    let strip = (0..count).map(
        |place| view! { <StripItem item=evidence.with_value(|all| all[place].clone()) place chosen marks /> },
    );
    view! {
        <section class="viewer" aria-label="鉴证资料">
            <div class="viewer-strip" role="group" aria-label="选择资料">{strip.collect_view()}</div>
            {move || {
                let item = shown();
                let target = ReturnTarget::Evidence(item.kind);
                let seal = item.seal.zip(item.file.as_ref().map(|file| file.id.clone()));
                let seal = seal.map(|(state, file)| view! { <SealLine state file /> });
                view! {
                    <div class="viewer-title">
                        <h2>{item.kind.title()}</h2>
                        <span class="viewer-count number">{chosen.get() + 1}"／"{count}</span>
                    </div>
                    {match item.file {
                        Some(file) => view! { <Picture file title=item.kind.title() step=Callback::new(step) last=count - 1 /> }.into_any(),
                        None => view! { <p class="desk-empty">"申请人没有上传此项资料。"</p> }.into_any(),
                    }}
                    {seal}
                    <MarkEditor target marks />
                }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn StripItem(item: EvidenceView, place: usize, chosen: RwSignal<usize>, marks: Marks) -> impl IntoView {
    let target = ReturnTarget::Evidence(item.kind);
    let marked = move || marks.of(&target).is_some();
    let thumb = match item.file {
        Some(file) if file.media_type.starts_with("image/") => {
            view! { <img src=picture_path(&file.id) alt="" loading="lazy" /> }.into_any()
        }
        Some(_) => view! { <span class="viewer-thumb-word">"PDF"</span> }.into_any(),
        None => view! { <span class="viewer-thumb-word">"缺"</span> }.into_any(),
    };
    view! {
        <button type="button" class="viewer-thumb" aria-pressed=move || (chosen.get() == place).to_string()
            class:viewer-thumb-marked=marked on:click=move |_| chosen.set(place)>
            <span class="viewer-thumb-picture">{thumb}</span>
            <span>{item.kind.title()}</span>
        </button>
    }
}

#[component]
fn Picture(file: FileView, title: &'static str, step: Callback<usize>, last: usize) -> impl IntoView {
    let path = picture_path(&file.id);
    let facts = format!(
        "{} · {} KB · 上传于 {}",
        kind_word(&file.media_type),
        file.bytes.div_ceil(1024),
        file.added_at
    );
    if !file.media_type.starts_with("image/") {
        return view! {
            <div class="viewer-document">
                <p>"此资料是PDF文件，请下载后查看。"</p>
                <a class="button" href=path download="">"下载查看"</a>
            </div>
            <p class="viewer-facts">{facts}</p>
        }
        .into_any();
    }
    let look = RwSignal::new(Look::PLAIN);
    let keys = move |event: KeyboardEvent| {
        match &*event.key() {
            "+" | "=" => look.update(|look| *look = look.zoomed(ZOOM_STEP)),
            "-" => look.update(|look| *look = look.zoomed(1.0 / ZOOM_STEP)),
            "0" => look.set(Look::PLAIN),
            "r" | "R" => look.update(|look| *look = look.turned()),
            "ArrowRight" => step.run(1),
            "ArrowLeft" => step.run(last),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <Stage path title look keys=Callback::new(keys) />
        <div class="viewer-tools" role="toolbar" aria-label="查看工具">
            <button type="button" class="button" on:click=move |_| look.update(|look| *look = look.zoomed(1.0 / ZOOM_STEP))>"缩小"</button>
            <output class="viewer-zoom number">{move || format!("{:.0}%", look.get().zoom * 100.0)}</output>
            <button type="button" class="button" on:click=move |_| look.update(|look| *look = look.zoomed(ZOOM_STEP))>"放大"</button>
            <button type="button" class="button" on:click=move |_| look.update(|look| *look = look.turned())>"旋转"</button>
            <button type="button" class="button" on:click=move |_| look.set(Look::PLAIN)>"复原"</button>
            <span class="viewer-tools-gap"></span>
            <button type="button" class="button" on:click=move |_| step.run(last)>"上一张"</button>
            <button type="button" class="button" on:click=move |_| step.run(1)>"下一张"</button>
        </div>
        <p class="viewer-facts">{facts}"。快捷键：+ − 缩放，R 旋转，← → 切换，0 复原；放大后可拖动。"</p>
    }
    .into_any()
}

/// The picture in its frame: drawn with the pointer, zoomed with the wheel.
#[component]
fn Stage(
    path: String,
    title: &'static str,
    look: RwSignal<Look>,
    keys: Callback<KeyboardEvent>,
) -> impl IntoView {
    let held = StoredValue::new(None::<(f64, f64)>);
    let point = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let grab = move |event: PointerEvent| {
        event.prevent_default();
        held.set_value(Some(point(&event)));
    };
    let drag = move |event: PointerEvent| {
        let Some(from) = held.get_value() else { return };
        let to = point(&event);
        held.set_value(Some(to));
        look.update(|look| look.shift = (look.shift.0 + to.0 - from.0, look.shift.1 + to.1 - from.1));
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        let by = if event.delta_y() < 0.0 { ZOOM_STEP } else { 1.0 / ZOOM_STEP };
        look.update(|look| *look = look.zoomed(by));
    };
    let failed = RwSignal::new(false);
    view! {
        <div class="viewer-stage" tabindex="0" role="img" aria-label=title on:keydown=move |event| keys.run(event)
            on:wheel=wheel on:pointerdown=grab on:pointermove=drag on:pointerup=move |_| held.set_value(None)
            on:pointerleave=move |_| held.set_value(None)>
            <img src=path alt="" draggable="false" class:viewer-quarter=move || look.get().quarters % 2 == 1
                style:transform=move || look.get().transform() on:error=move |_| failed.set(true) />
            <Show when=move || failed.get()><p class="viewer-broken">"图片没有载入，请刷新本页重试。"</p></Show>
        </div>
    }
}

fn kind_word(media_type: &str) -> &str {
    match media_type {
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        "application/pdf" => "PDF",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_turns_are_none_and_zoom_has_ends() {
        let look = Look::PLAIN;
        assert_eq!(look.turned().turned().turned().turned(), look);
        assert_eq!(look.zoomed(1.0 / ZOOM_STEP).zoom, 1.0);
        assert_eq!(look.zoomed(1000.0).zoom, ZOOM_MAX);
        let moved = Look { zoom: 2.0, shift: (10.0, 4.0), ..look };
        assert_eq!(moved.zoomed(2.0).shift, (20.0, 8.0), "what is looked at stays in place");
        assert_eq!(moved.zoomed(0.1).shift, (0.0, 0.0));
    }
}
