//! Where a register says otherwise than the certificate (A19): who has changed nothing has papers checked instead.

use super::counter::Counter;
use super::form::Form;
use crate::components::field::FieldError;
use crate::components::notice::{Notice, Tone};
use journey::party::Party;
use journey::registered::RegisteredFact;
use leptos::prelude::*;

#[component]
pub fn RegisterIsWrong(form: Form, counter: Counter) -> impl IntoView {
    let fact = counter.order.with_untracked(|order| order.register_differs);
    fact.map(|fact| {
        let ticked = Memo::new(move |_| form.values.with(|values| values.register_is_wrong));
        let (source, papers) = match form.party {
            Party::Organisation => ("工商登记信息", "营业执照等资料"),
            Party::Person => ("实名信息", "证件资料"),
        };
        let told = match fact {
            RegisteredFact::Status => format!("{source}显示，单位已不是在营状态，因此不能更新证书。"),
            fact => format!("{source}显示，{}与证书上的不一致，因此不能更新证书。", fact.title()),
        };
        view! {
            <section class="form-part" aria-labelledby="part-registered">
                <h3 id="part-registered">"登记信息核对"</h3>
                <Notice tone=Tone::Info>
                    <p>{told} "信息确有变更的，请在上面修改。"</p>
                </Notice>
                <label class="tick" for="register_is_wrong">
                    <input
                        type="checkbox"
                        id="register_is_wrong"
                        prop:checked=move || ticked.get()
                        on:change=move |event| {
                            let ticked = event_target_checked(&event);
                            form.change("register_is_wrong", |values| values.register_is_wrong = ticked);
                        }
                    />
                    <span>{format!("证书信息没有变更，登记信息有误或尚未更新：提交{papers}，由工作人员核对")}</span>
                </label>
                <p class="field-hint">"核对通过后写入新证书（有效期不变），90 天内更新证书不再核对登记信息。"</p>
                <FieldError id="register_is_wrong-error".to_owned() error=form.error("register_is_wrong") />
            </section>
        }
    })
}
