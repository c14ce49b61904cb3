//! What an applicant agrees to (R151). The version is the office's; the ticked one is stored with the order.

use crate::agreement::CLAUSES;
use crate::layout::House;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AgreementPage() -> impl IntoView {
    let house = House::here();
    view! {
        <Title text="数字证书服务协议" />
        <article class="shell page prose">
            <h1 tabindex="-1">"数字证书服务协议"</h1>
            <Suspense>
                {move || Suspend::new(async move {
                    house
                        .catalogue()
                        .await
                        .ok()
                        .map(|catalogue| {
                            view! {
                                <p class="page-lead">
                                    {catalogue.authority_name} " · 版本 "
                                    <span class="number">{catalogue.agreement_version}</span>
                                </p>
                            }
                        })
                })}
            </Suspense>
            {CLAUSES
                .into_iter()
                .map(|(title, text)| {
                    view! {
                        <section>
                            <h2>{title}</h2>
                            <p>{text}</p>
                        </section>
                    }
                })
                .collect_view()}
        </article>
    }
}
