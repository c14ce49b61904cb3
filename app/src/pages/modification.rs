//! 信息变更 (R111, R112): the name of the certificate as soon as the key is in, the PIN, 登录.

use crate::components::notice::{Notice, Tone};
use crate::desk::held::HeldView;
use crate::pages::key_in::{KeyCard, KeyPort, SignIn};
use crate::wording;
use journey::service::Service;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ModificationPage() -> impl IntoView {
    let port = KeyPort::watch();
    let held = move || port.held.get().and_then(Result::ok);
    view! {
        <Title text="信息变更" />
        <div class="shell page page-narrow">
            <h1 tabindex="-1">{Service::Modification.title()}</h1>
            <p class="page-lead">
                "当用户信息发生变更时，您可以在线自助修改。联系方式经短信校验后立即生效；证书名称、法定代表人等信息变更需上传资料，审核后写入新证书，有效期不变。"
            </p>
            <noscript>
                <Notice tone=Tone::Warning>"信息变更需要浏览器启用 JavaScript。"</Notice>
            </noscript>
            <KeyCard port />
            {move || held().map(|held| view! { <Verdict port held /> })}
        </div>
    }
}

#[component]
fn Verdict(port: KeyPort, held: HeldView) -> impl IntoView {
    match held.refusal(Service::Modification).cloned() {
        Some(refusal) if held.open_number(Service::Modification).is_none() => view! {
            <div role="status">
                <Notice tone=Tone::Warning title="现在不能变更这张证书的信息">
                    <p>{wording::refusal(&refusal)}</p>
                </Notice>
            </div>
        }
        .into_any(),
        _ => view! {
            <section class="card" aria-label="登录">
                <p>"证书名称：" <strong>{held.holder_name}</strong></p>
                <SignIn port service=Service::Modification number=None label="登录" />
            </section>
        }
        .into_any(),
    }
}
