//! No such page: said plainly, with the two places most people look for. The office answers it with 404.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(answer) = use_context::<leptos_axum::ResponseOptions>() {
        answer.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="页面不存在" />
        <div class="shell page">
            <h1 tabindex="-1">"没有找到这个页面"</h1>
            <p>"链接可能不完整，或页面已移走。"</p>
            <p class="actions">
                <A href="/" attr:class="button button-primary">"返回首页"</A>
                <A href="/query" attr:class="button">"订单查询"</A>
            </p>
        </div>
    }
}
