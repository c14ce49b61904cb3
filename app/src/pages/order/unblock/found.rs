//! 解挂 (B01): the certificate and the identity methods; in the end, that both count again.

use super::super::counter::Counter;
use super::done::WorksAgain;
use super::prove::{ProofForm, Whose};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::lost::{FoundView, view_found};
use crate::wording;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn FoundDetails(counter: Counter) -> impl IntoView {
    let found = RwSignal::new(None::<Result<FoundView, DeskError>>);
    let load = move || {
        spawn_local(async move {
            let answer = view_found(counter.number()).await;
            found.try_set(Some(answer));
        });
    };
    Effect::new(load);
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">"选择验证方式"</h2>
            <p>"确认证书Key已在您手中，并核验身份后，签名证书与加密证书同时恢复使用。"</p>
        </div>
        {move || match found.get() {
            None => view! { <Skeleton lines=6 /> }.into_any(),
            Some(Err(error)) => view! {
                <Notice tone=Tone::Bad>
                    <p>{wording::desk_error(&error)}</p>
                    <button type="button" class="button" on:click=move |_| load()>"重新载入"</button>
                </Notice>
            }
            .into_any(),
            Some(Ok(FoundView { refused: Some(refusal), .. })) => view! {
                <Notice tone=Tone::Bad title="不能恢复使用">
                    <p>{wording::refusal(&refusal)}</p>
                </Notice>
            }
            .into_any(),
            Some(Ok(view)) => {
                let whose = Whose {
                    certificate_name: view.certificate_name,
                    name: view.proven_name,
                    id: view.proven_id,
                    document: view.proven_document,
                };
                view! { <ProofForm counter whose /> }.into_any()
            }
        }}
    }
}

#[component]
pub fn FoundDone(counter: Counter) -> impl IntoView {
    let next = [
        "请插入证书Key检测一次，确认可以正常使用。",
        "预留手机和核验的手机会收到通知；如非本人操作，请立即再次办理挂失。",
        "证书Key曾离开过您的保管，建议尽快修改证书密码。",
    ];
    let lead = "身份核验通过，签名证书与加密证书已同时解除挂失，一分钟内对外生效。";
    view! { <WorksAgain counter title="已恢复使用" lead next /> }
}
