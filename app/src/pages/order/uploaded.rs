//! What was uploaded, once more before 确认订单: where the uploads come before it (R042, R043), they belong to what is
//! confirmed.

use super::counter::Counter;
use crate::desk::evidence::{SealState, picture_path, seal_path};
use crate::desk::orders::EvidenceView;
use journey::IdentityDocument;
use journey::evidence::title_for;
use leptos::prelude::*;

#[component]
pub fn UploadedCard(counter: Counter) -> impl IntoView {
    let uploaded = Memo::new(move |_| {
        counter.order.with(|order| {
            let there = order.evidence.iter().filter(|evidence| evidence.file.is_some());
            (there.cloned().collect::<Vec<_>>(), order.details.holder_document)
        })
    });
    view! {
        <Show when=move || uploaded.with(|(there, _)| !there.is_empty())>
            <section class="card" aria-labelledby="uploaded-title">
                <h3 id="uploaded-title">"已上传的资料"</h3>
                <ul class="uploaded">
                    {move || {
                        let (there, document) = uploaded.get();
                        there.into_iter().map(|evidence| picture(&evidence, document)).collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
}

fn picture(evidence: &EvidenceView, document: IdentityDocument) -> impl IntoView + use<> {
    let title = title_for(evidence.kind, document);
    let file = evidence.file.as_ref().map(|file| file.id.clone()).unwrap_or_default();
    let seal = evidence.seal.filter(|seal| *seal == SealState::Accepted).map(|_| {
        view! {
            <figure>
                <img class="seal-image" src=seal_path(&file) alt="电子签章图片" />
                <figcaption>"电子签章图片"</figcaption>
            </figure>
        }
    });
    view! {
        <li>
            <figure>
                <img src=picture_path(&file) alt=title />
                <figcaption>{title}</figcaption>
            </figure>
            {seal}
        </li>
    }
}
