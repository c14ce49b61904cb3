//! A code from a message: its field, and beside it the button that sends one, at rest until the office would send another.

use crate::browser;
use leptos::html;
use leptos::prelude::*;

/// Seconds until another code may be asked for. Made where it outlives a dialog that closes and opens again.
#[derive(Clone, Copy)]
pub struct Wait(RwSignal<u32>);

impl Wait {
    /// Counts down while its owner stands.
    pub fn new() -> Wait {
        let left = RwSignal::new(0_u32);
        browser::every(1000, move || left.update(|left| *left = left.saturating_sub(1)));
        Wait(left)
    }

    /// Also when the page is gone meanwhile.
    pub fn begin(self, seconds: u32) {
        self.0.try_set(seconds);
    }

    pub fn is_on(self) -> bool {
        self.0.get() > 0
    }

    /// On the button that sends a code, the first time or once more.
    pub fn words(self, sent: bool) -> String {
        match self.0.get() {
            0 if sent => "重新发送".to_owned(),
            0 => "发送验证码".to_owned(),
            left => format!("{left} 秒后重发"),
        }
    }
}

/// `code` keeps what is typed, so that nothing is lost that was typed before the page lived. `children` stand under the row
/// and say where the code went or what is wrong with it; `described_by` names their ids.
#[component]
pub fn CodeField(
    id: &'static str,
    #[prop(into, default = "短信验证码".to_owned())] label: String,
    code: NodeRef<html::Input>,
    #[prop(default = 6)] maxlength: u8,
    /// `off` where the code comes to somebody else's phone.
    #[prop(default = "one-time-code")]
    autocomplete: &'static str,
    #[prop(into)] described_by: String,
    #[prop(optional, into)] wrong: Signal<bool>,
    wait: Wait,
    #[prop(into)] resting: Signal<bool>,
    /// One went out already.
    #[prop(optional, into)]
    sent: Signal<bool>,
    /// `None`: nobody here can send it.
    #[prop(into)]
    send: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let button = send.map(|send| {
        view! {
            <button
                type="button"
                class="button"
                aria-controls=id
                disabled=move || resting.get() || wait.is_on()
                on:click=move |_| send.run(())
            >
                {move || wait.words(sent.get())}
            </button>
        }
    });
    view! {
        <div class="field" class:field-wrong=move || wrong.get()>
            <label for=id>{label}</label>
            <div class="code-row">
                <input
                    node_ref=code
                    id=id
                    class="number code-input"
                    inputmode="numeric"
                    autocomplete=autocomplete
                    maxlength=maxlength.to_string()
                    aria-describedby=described_by
                    aria-invalid=move || wrong.get().to_string()
                />
                {button}
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// What is typed in it now, without the blanks around it; empty before it is there.
pub fn typed(code: NodeRef<html::Input>) -> String {
    code.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default()
}
