//! 《个人签章采样表》 where it is needed: on the form itself (R041) and beside its upload (R040).

use crate::components::icon::{Icon, Shape};
use crate::desk::evidence::sheet_path;
use leptos::prelude::*;

/// The sheet of this order: a draft's own, so that the name stands on it where it is known. `short`: without the words.
#[component]
pub fn SheetLink(number: String, #[prop(optional)] short: bool) -> impl IntoView {
    let words = (!short).then(|| {
        view! {
            <span class="field-hint">
                "先填好姓名，表上会带有姓名。打印后签名或盖章，在下一步扫描上传。"
            </span>
        }
    });
    view! {
        <p class="sheet-link">
            <a class="button" href=sheet_path(&number) download="个人签章采样表.pdf" rel="external">
                <Icon shape=Shape::File />
                "下载《个人签章采样表》"
            </a>
            {words}
        </p>
    }
}
