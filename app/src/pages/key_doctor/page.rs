//! The page: looks when it opens and whenever it is asked, shows one line for each finding.

use super::examine::examine;
use super::judge::{Act, Finding, Health, judge};
use super::report;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::key_access::leave_with_page;
use crate::pages::key_in::KeyTestCard;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::components::A;

type Seen = RwSignal<Option<Vec<Finding>>>;

#[component]
pub fn KeyDoctorPage() -> impl IntoView {
    let findings: Seen = RwSignal::new(None);
    let looking = RwSignal::new(false);
    let look = move || {
        if looking.get_untracked() {
            return;
        }
        looking.set(true);
        spawn_local(async move {
            let seen = judge(&examine().await);
            findings.try_set(Some(seen));
            looking.try_set(false);
        });
    };
    Effect::new(look);
    leave_with_page();
    view! {
        <Title text="证书Key检测" />
        <div class="shell page">
            <h1 tabindex="-1">"证书Key检测"</h1>
            <p class="lead">"检查浏览器、本机助手和证书Key是否可用。检测不需要密码，也不会改动Key中的内容。"</p>
            <noscript>
                <Notice tone=Tone::Warning>"检测需要浏览器启用 JavaScript。"</Notice>
            </noscript>
            <div aria-live="polite" aria-busy=move || looking.get().to_string()>
                {move || match findings.get() {
                    None => view! { <Skeleton lines=6 /> }.into_any(),
                    Some(found) => view! { <Verdict found=found.clone() /> <Findings found findings looking /> }.into_any(),
                }}
            </div>
            <KeyTestCard />
            <div class="actions">
                <button class="button button-primary" disabled=move || looking.get() on:click=move |_| look()>
                    {move || if looking.get() { "正在检测…" } else { "重新检测" }}
                </button>
                <CopyReport findings />
                <A href="/key/pin" attr:class="button button-quiet">"修改证书密码"</A>
            </div>
        </div>
    }
}

#[component]
fn Verdict(found: Vec<Finding>) -> impl IntoView {
    let bad = found.iter().filter(|finding| finding.health == Health::Bad).count();
    match bad {
        0 => view! { <Notice tone=Tone::Good title="可以使用证书Key">"没有发现问题。"</Notice> }.into_any(),
        _ => {
            let title = format!("发现{bad}个问题");
            view! { <Notice tone=Tone::Bad title>"请从上到下处理，然后重新检测。"</Notice> }.into_any()
        }
    }
}

#[component]
fn Findings(found: Vec<Finding>, findings: Seen, looking: RwSignal<bool>) -> impl IntoView {
    let line = |finding: Finding| {
        let (shape, class) = match finding.health {
            Health::Good => (Shape::Check, "finding finding-good"),
            Health::Note => (Shape::Info, "finding finding-note"),
            Health::Bad => (Shape::Warning, "finding finding-bad"),
        };
        let todo = (!finding.todo.is_empty()).then(|| view! { <p class="finding-todo">{finding.todo}</p> });
        let act = finding.act.map(|act| view! { <ActButton act findings looking /> });
        let code = (finding.health == Health::Bad)
            .then(|| view! { <p class="finding-code">"代码 " <code>{finding.code}</code></p> });
        view! {
            <li class=class>
                <Icon shape />
                <div>
                    <h2>{finding.item} <span class="finding-word">{finding.health.word()}</span></h2>
                    <p>{finding.says}</p>
                    {todo} {act} {code}
                </div>
            </li>
        }
    };
    view! { <ul class="findings">{found.into_iter().map(line).collect_view()}</ul> }
}

#[component]
fn ActButton(act: Act, findings: Seen, looking: RwSignal<bool>) -> impl IntoView {
    let way = match act {
        Act::Choose(way) => way,
        Act::Unblock => {
            return view! { <A href="/unblock" attr:class="button">"办理证书解锁"</A> }.into_any();
        }
    };
    // The browser opens its dialogue only from the click itself.
    let choose = move |_| {
        spawn_local(async move {
            if way.choose().await.is_ok() {
                looking.try_set(true);
                let seen = judge(&examine().await);
                findings.try_set(Some(seen));
                looking.try_set(false);
            }
        });
    };
    view! { <button class="button" on:click=choose>"连接证书Key"</button> }.into_any()
}

#[component]
fn CopyReport(findings: Seen) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let Some(found) = findings.get_untracked() else { return };
        let text = report::text(&found, &browser::user_agent(), &browser::now().to_string());
        browser::copy(&text);
        copied.set(true);
    };
    view! {
        <button class="button" disabled=move || findings.with(Option::is_none) on:click=copy>
            {move || if copied.get() { "已复制报告" } else { "复制检测报告" }}
        </button>
    }
}
