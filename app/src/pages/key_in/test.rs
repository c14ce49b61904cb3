//! 测试证书Key (J35): one click signs, verifies, encrypts, decrypts, checks chain and status; also what was encrypted for the
//! certificates of before (B02). Nothing on the key is changed.

use super::fault::{Fault, FaultNotice};
use super::pin::PinForm;
use super::port::{Inserted, KeyPort};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::held::{HeldState, TestResult, begin_key_test, end_key_test};
use crate::desk::mandates::Purpose;
use crate::key_access::{AccessError, holder, purpose};
use key::message::Generation;
use key::{KeyError, Pin};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Idle,
    Busy,
    Pin,
    Done(TestResult),
    Failed(Fault),
}

/// # Errors
/// `NotLoggedIn`: the PIN first. The office's or the key's.
async fn test(inserted: Inserted) -> Result<TestResult, Fault> {
    let paper = begin_key_test(inserted.certificate).await?;
    let (nonce, sealed) = (paper.nonce, Some(paper.sealed_challenge));
    let key = inserted.key.key;
    let proof = holder::read_back(inserted.way, key, Generation::InUse, nonce, sealed, paper.past).await?;
    Ok(end_key_test(paper.token, proof).await?)
}

/// The key is looked for only once somebody wants the test.
#[component]
pub fn KeyTestCard() -> impl IntoView {
    let wanted = RwSignal::new(false);
    view! {
        <section class="card key-sheet" aria-labelledby="key-test-title">
            <h2 id="key-test-title">"测试证书Key"</h2>
            <p>"一次检验签名、验签、加密、解密、证书链和证书状态，也会检验更新前的旧证书能否解密。不会改动Key中的内容。"</p>
            <Show
                when=move || wanted.get()
                fallback=move || view! {
                    <p class="actions">
                        <button type="button" class="button" on:click=move |_| wanted.set(true)>"开始测试"</button>
                    </p>
                }
            >
                <KeyTest />
            </Show>
        </section>
    }
}

#[component]
fn KeyTest() -> impl IntoView {
    let port = KeyPort::watch();
    let state = RwSignal::new(Test::Idle);
    let pin_fault: RwSignal<Option<Fault>> = RwSignal::new(None);
    let run = move || {
        let Some(inserted) = port.inserted_untracked() else { return };
        if port.busy.get_untracked() {
            return;
        }
        purpose::state(Purpose::TestKey {});
        port.busy.set(true);
        state.set(Test::Busy);
        spawn_local(async move {
            let tested = test(inserted).await;
            port.busy.try_set(false);
            state.try_set(match tested {
                Ok(result) => Test::Done(result),
                Err(Fault::Key(AccessError::Key(KeyError::NotLoggedIn))) => Test::Pin,
                Err(fault) => Test::Failed(fault),
            });
        });
    };
    let open = Callback::new(move |pin: Option<Pin>| {
        let Some(Inserted { way, key, .. }) = port.inserted_untracked() else { return };
        purpose::state(Purpose::TestKey {});
        port.busy.set(true);
        pin_fault.set(None);
        spawn_local(async move {
            let opened = holder::verify_pin(way, key.key, pin).await;
            port.busy.try_set(false);
            match opened {
                Ok(()) => run(),
                Err(error) => {
                    pin_fault.try_set(Some(error.into()));
                    port.look();
                }
            }
        });
    });
    Effect::new(move |began: Option<bool>| {
        let there = port.inserted().is_some();
        if there && began != Some(true) {
            run();
        }
        there || began == Some(true)
    });
    let absent = move || {
        port.seen.with(|seen| match seen {
            Some(Err(error)) => Some(Fault::Key(error.clone())),
            _ => None,
        })
    };
    view! {
        <div class="key-test" aria-live="polite">
            {move || match state.get() {
                Test::Idle => absent().map(|fault| view! { <FaultNotice fault /> }.into_any()),
                Test::Busy => Some(view! { <p class="key-wait"><span class="spinner"></span>"正在测试，请勿拔出Key…"</p> }.into_any()),
                Test::Pin => Some(view! { <PinForm port label="继续测试" busy=port.busy fault=pin_fault submit=open /> }.into_any()),
                Test::Done(result) => Some(view! { <Results result /> }.into_any()),
                Test::Failed(fault) => Some(view! { <FaultNotice fault /> }.into_any()),
            }}
            <Show when=move || matches!(state.get(), Test::Done(_) | Test::Failed(_))>
                <p class="actions">
                    <button type="button" class="button" on:click=move |_| run()>"再次测试"</button>
                </p>
            </Show>
        </div>
    }
}

#[component]
fn Results(result: TestResult) -> impl IntoView {
    let state = match result.state {
        HeldState::Good => (true, "证书有效"),
        HeldState::Expired => (false, "证书已过期，请办理证书更新"),
        HeldState::OnHold => (false, "证书已挂失，暂停使用"),
        HeldState::Revoked => (false, "证书已吊销"),
    };
    let past = (result.past > 0).then(|| {
        let all = result.past_opened == result.past;
        (all, "旧证书解密", format!("{}张旧证书中，{}张加密的内容可以解密", result.past, result.past_opened))
    });
    let plain = |good: bool, title: &'static str, yes: &str, no: &str| {
        (good, title, if good { yes.to_owned() } else { no.to_owned() })
    };
    let lines = [
        plain(result.signs, "签名与验签", "签名正确，验签通过", "签名没有通过验证，请联系服务热线"),
        plain(result.opens, "加密与解密", "用您的证书加密的内容可以解密", "没能解密，请联系服务热线"),
        plain(result.chain, "证书链", "由本机构签发，可追溯到根证书", "证书链不完整，请联系服务热线"),
        plain(state.0, "证书状态", state.1, state.1),
    ];
    let good = lines.iter().chain(&past).all(|(good, ..)| *good);
    let line = |(good, title, says): (bool, &'static str, String)| {
        let (shape, class) = match good {
            true => (Shape::Check, "finding finding-good"),
            false => (Shape::Warning, "finding finding-bad"),
        };
        view! { <li class=class><Icon shape /><div><h3>{title}</h3><p>{says}</p></div></li> }
    };
    let verdict = match good {
        true => {
            view! { <Notice tone=Tone::Good title="证书Key一切正常">"签名、加密和解密都可以使用。"</Notice> }
                .into_any()
        }
        false => view! { <Notice tone=Tone::Warning title="有项目需要处理">"请查看下面的说明。"</Notice> }
            .into_any(),
    };
    view! {
        {verdict}
        <ul class="findings">{lines.into_iter().chain(past).map(line).collect_view()}</ul>
    }
}
