//! Papers to print, fill in, sign and stamp before they are scanned: 法人授权书 (R020). 《个人签章采样表》 is a PDF of the office
//! (`order/sheet.rs`): it carries marks that are found again.

use crate::browser;
use crate::pages::not_found::NotFoundPage;
use journey::evidence::EvidenceKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Where the paper of an upload is; `None` where there is nothing to fill in.
pub const fn paper_path(kind: EvidenceKind) -> Option<&'static str> {
    match kind {
        EvidenceKind::Authorisation => Some("/papers/authorisation"),
        EvidenceKind::BusinessLicence
        | EvidenceKind::LegalPersonId
        | EvidenceKind::HolderId
        | EvidenceKind::SealSample
        | EvidenceKind::PaymentVoucher => None,
    }
}

#[component]
pub fn PaperPage() -> impl IntoView {
    let params = use_params_map();
    let kind =
        move || params.with(|params| params.get("kind").and_then(|code| EvidenceKind::from_code(&code)));
    move || match kind() {
        Some(EvidenceKind::Authorisation) => view! {
            <Paper title="法人授权书">
                <Authorisation />
            </Paper>
        }
        .into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    }
}

#[component]
fn Paper(title: &'static str, children: Children) -> impl IntoView {
    let alive = browser::use_alive();
    view! {
        <Title text=title />
        <div class="shell page">
            <p class="actions paper-actions">
                <button
                    class="button button-primary"
                    disabled=move || !alive.get()
                    on:click=move |_| {
                        let _ = window().print();
                    }
                >
                    "打印或另存为 PDF"
                </button>
                <span class="muted">"打印后填写，签字盖章，再扫描或拍照上传。"</span>
            </p>
            <article class="paper">
                <h1 tabindex="-1">{title}</h1>
                {children()}
            </article>
        </div>
    }
}

#[component]
fn Blank(#[prop(into)] label: String) -> impl IntoView {
    view! {
        <p class="paper-blank">
            <span>{label}</span>
            <span class="paper-line"></span>
        </p>
    }
}

#[component]
fn Authorisation() -> impl IntoView {
    view! {
        <p>"本单位授权下列经办人，代表本单位办理数字证书的申请及相关手续，经办人在办理过程中提交的信息与资料均为真实、完整、有效，由此产生的法律责任由本单位承担。"</p>
        <Blank label="单位名称" />
        <Blank label="统一社会信用代码" />
        <Blank label="法定代表人姓名" />
        <Blank label="经办人姓名" />
        <Blank label="经办人身份证号" />
        <Blank label="经办人手机号" />
        <p>"授权期限：自签署之日起至本次业务办理完毕。"</p>
        <div class="paper-sign">
            <p>"法定代表人（签字）："</p>
            <p>"单位（加盖公章）："</p>
            <p>"日期：　　　　年　　月　　日"</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paper_is_found_under_its_kind_r020() {
        for kind in EvidenceKind::ALL {
            if let Some(path) = paper_path(*kind) {
                assert_eq!(path.rsplit('/').next().and_then(EvidenceKind::from_code), Some(*kind));
            }
        }
        assert!(paper_path(EvidenceKind::Authorisation).is_some());
    }
}
