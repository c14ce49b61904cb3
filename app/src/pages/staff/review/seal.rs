//! The seal that was cut out of the sample, beside its scan.

use crate::desk::evidence::{SealState, seal_path};
use leptos::prelude::*;

#[component]
pub fn SealLine(state: SealState, file: String) -> impl IntoView {
    let words = match state {
        SealState::Cut => "已自动截取，申请人尚未确认",
        SealState::Accepted => "已自动截取，申请人已确认使用",
        SealState::NoMarks => "未找到采样表定位标记，没有自动截取：请核对原图，不能用时退回补正",
        SealState::Empty => "方框内未发现签名或印章：请核对原图",
        SealState::Smudged => "方框内过暗，没有自动截取：请核对原图，不能用时退回补正",
    };
    let image = state
        .has_image()
        .then(|| view! { <img class="seal-image" src=seal_path(&file) alt="从采样表中截取的签章" /> });
    view! {
        <div class="seal-line" class:seal-line-wanting=!state.has_image()>
            {image}
            <p>
                <strong>"签章图片："</strong>
                {words}
            </p>
        </div>
    }
}
