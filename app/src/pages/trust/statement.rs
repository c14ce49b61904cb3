//! `/trust/cps`: 电子认证业务规则, as this installation has it.

use super::copy::Fingerprint;
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::trust::{Chapter, StatementView, practice_statement};
use crate::wording;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn StatementPage() -> impl IntoView {
    let statement = Resource::new(|| (), |()| practice_statement());
    view! {
        <Title text="电子认证业务规则" />
        <article class="shell page statement">
            <p class="crumb"><A href="/trust">"信任中心"</A></p>
            <h1 tabindex="-1">"电子认证业务规则"</h1>
            <Suspense fallback=|| view! { <Skeleton lines=12 /> }>
                {move || Suspend::new(async move {
                    match statement.await {
                        Ok(view) => view! { <Statement view /> }.into_any(),
                        Err(error) => view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any(),
                    }
                })}
            </Suspense>
        </article>
    }
}

#[component]
fn Statement(view: StatementView) -> impl IntoView {
    let facts = view.facts;
    let contents = view.chapters.iter().enumerate().map(|(place, chapter)| {
        view! { <li><a href=format!("#chapter-{place}") rel="external">{chapter.title.clone()}</a></li> }
    });
    let contents = contents.collect_view();
    view! {
        <div class="card statement-head">
            <p>
                "版本 " <span class="number">{facts.version}</span> "，"
                <span class="number">{facts.effective_on}</span> " 生效 · "
                <a href="/trust/cps.txt" rel="external" download>"下载文本"</a>
            </p>
            <dl class="trust-facts"><Fingerprint what="SM3 杂凑值" hex=facts.sm3 /></dl>
        </div>
        <nav aria-label="目录"><ol class="statement-contents">{contents}</ol></nav>
        {view.chapters.into_iter().enumerate().map(|(place, chapter)| view! { <ChapterText place chapter /> }).collect_view()}
    }
}

#[component]
fn ChapterText(place: usize, chapter: Chapter) -> impl IntoView {
    let sections = chapter.sections.into_iter().map(|section| {
        let paragraphs = section.paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
        view! {
            <h3>{section.title}</h3>
            {paragraphs}
        }
    });
    view! {
        <section id=format!("chapter-{place}") class="statement-chapter">
            <h2>{chapter.title}</h2>
            {sections.collect_view()}
        </section>
    }
}
