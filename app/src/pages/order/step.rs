//! Which component for which step: the compiler asks for a line here when the rule book learns a step.

use super::certified::CertifiedStep;
use super::confirm::ConfirmStep;
use super::counter::Counter;
use super::details::DetailsStep;
use super::evidence::EvidenceStep;
use super::finished::Finished;
use super::payment::PaymentStep;
use super::phone_check::PhoneCheckStep;
use super::signature::SignatureStep;
use super::unblock::{
    FoundDetails, FoundDone, IdentityStep, PinResetStep, PresenceStep, UnblockDetails, UnblockDone,
};
use super::waiting::WaitingStep;
use crate::components::notice::{Notice, Tone};
use crate::pages::key_in::{KeyLoginStep, LoadingStep};
use crate::wording;
use journey::order::Standing;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;

/// Drawn anew only when the order stands elsewhere: a poll never disturbs what is being typed.
#[component]
pub fn StepView(counter: Counter) -> impl IntoView {
    move || match counter.standing.get() {
        Standing::Open(step) => at_step(counter, step),
        Standing::Completed if counter.service() == Service::Unblock => {
            view! { <UnblockDone counter /> }.into_any()
        }
        Standing::Completed if counter.service() == Service::Resumption => {
            view! { <FoundDone counter /> }.into_any()
        }
        end @ (Standing::Completed | Standing::Withdrawn | Standing::Expired | Standing::Rejected) => {
            view! { <Finished counter end /> }.into_any()
        }
    }
}

fn at_step(counter: Counter, step: Step) -> AnyView {
    match step {
        Step::Details if counter.service() == Service::Renewal && !counter.is_late_renewal() => {
            view! { <CertifiedStep counter /> }.into_any()
        }
        Step::Details if counter.service() == Service::Unblock => {
            view! { <UnblockDetails counter /> }.into_any()
        }
        Step::Details if counter.service() == Service::Resumption => {
            view! { <FoundDetails counter /> }.into_any()
        }
        Step::Details => view! { <DetailsStep counter /> }.into_any(),
        Step::Confirm => view! { <ConfirmStep counter /> }.into_any(),
        Step::Evidence => view! { <EvidenceStep counter /> }.into_any(),
        Step::PhoneCheck => view! { <PhoneCheckStep counter /> }.into_any(),
        Step::Signature => view! { <SignatureStep counter /> }.into_any(),
        Step::Payment => view! { <PaymentStep counter /> }.into_any(),
        Step::Review
        | Step::Settlement
        | Step::Passcode
        | Step::Production
        | Step::Dispatch
        | Step::Receipt => view! { <WaitingStep counter step /> }.into_any(),
        Step::KeyLogin => view! { <KeyLoginStep counter /> }.into_any(),
        Step::Issuing | Step::Loading => view! { <LoadingStep counter step /> }.into_any(),
        Step::KeyPresence => view! { <PresenceStep counter /> }.into_any(),
        Step::IdentityCheck => view! { <IdentityStep counter /> }.into_any(),
        Step::PinReset => view! { <PinResetStep counter /> }.into_any(),
        Step::Record => view! { <NotOpenYet step /> }.into_any(),
    }
}

/// The heading of a step, which takes the focus when the order arrives there. Of an order that a key opened, the lead is
/// its own (`service`).
#[component]
pub fn StepHead(step: Step, #[prop(optional_no_strip)] service: Option<Service>) -> impl IntoView {
    let lead = match service {
        Some(service) => wording::step_lead_of(service, step),
        None => wording::step_lead(step),
    };
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">{step.title()}</h2>
            <p>{lead}</p>
        </div>
    }
}

/// Steps of journeys that cannot be started at this counter yet.
#[component]
fn NotOpenYet(step: Step) -> impl IntoView {
    view! {
        <StepHead step />
        <Notice tone=Tone::Info title="此步骤尚未开放在线办理">
            <p>"请致电服务热线咨询，您的订单会保留。"</p>
        </Notice>
    }
}
