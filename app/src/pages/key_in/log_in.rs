//! Signing in with the key (R061, R112): the PIN opens it, it signs what the office drew, the office says which order goes on.

use super::card::KeyCard;
use super::fault::Fault;
use super::pin::PinForm;
use super::port::{Inserted, KeyPort};
use crate::desk::held::{ask_challenge, log_in_with_key, start_with_certificate};
use crate::key_access::{holder, purpose};
use crate::pages::order::counter::Counter;
use crate::pages::order::step::StepHead;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::Pin;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// Gives the number of the order that goes on: a new one, or the one that this holder has open.
///
/// # Errors
/// The office's or the key's.
async fn sign_in(
    (service, route): (Service, Route),
    number: Option<String>,
    inserted: Inserted,
    pin: Option<Pin>,
) -> Result<String, Fault> {
    let number = match number {
        Some(number) => number,
        None => {
            let (certificate, serial) = (inserted.certificate.clone(), inserted.key.serial.clone());
            start_with_certificate(service, route, certificate, serial).await?
        }
    };
    purpose::state_order(&number);
    let challenge = ask_challenge(number.clone()).await?;
    let proof = holder::log_in(inserted.way, inserted.key.key, pin, challenge).await?;
    Ok(log_in_with_key(number, proof).await?)
}

/// The PIN form that leads to the order's page. `number`: of an order that is open already.
#[component]
pub fn SignIn(
    port: KeyPort,
    service: Service,
    #[prop(default = Route::Usual)] route: Route,
    #[prop(optional_no_strip)] number: Option<String>,
    #[prop(into)] label: String,
    /// Where the page stays the same: the order has moved.
    #[prop(optional)]
    done: Option<Callback<String>>,
) -> impl IntoView {
    let fault = RwSignal::new(None);
    let navigate = use_navigate();
    let submit = Callback::new(move |pin: Option<Pin>| {
        let Some(inserted) = port.inserted_untracked() else { return };
        port.busy.set(true);
        fault.set(None);
        let (number, navigate) = (number.clone(), navigate.clone());
        spawn_local(async move {
            let signed_in = sign_in((service, route), number, inserted, pin).await;
            port.busy.try_set(false);
            match signed_in {
                Ok(number) => match done {
                    Some(done) => done.run(number),
                    None => navigate(&format!("/orders/{number}"), Default::default()),
                },
                Err(wrong) => {
                    fault.try_set(Some(wrong));
                    port.look();
                }
            }
        });
    });
    view! { <PinForm port label busy=port.busy fault submit /> }
}

/// The order's own first step, for who opened its page before signing in.
#[component]
pub fn KeyLoginStep(counter: Counter) -> impl IntoView {
    let port = KeyPort::watch();
    let service = counter.order.with_untracked(|order| order.service);
    let label = if service == Service::Modification { "登录" } else { "确认" };
    let navigate = use_navigate();
    let done = Callback::new(move |number: String| {
        if number == counter.number() {
            counter.refresh();
        } else {
            navigate(&format!("/orders/{number}"), Default::default());
        }
    });
    view! {
        <StepHead step=Step::KeyLogin />
        <KeyCard port />
        <Show when=move || port.inserted().is_some()>
            <section class="card"><SignIn port service number=Some(counter.number()) label done /></section>
        </Show>
    }
}
