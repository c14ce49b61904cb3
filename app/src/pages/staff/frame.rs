//! What every desk page stands in: the bar with the desks of this person, the sign-in where nobody is signed in.

use super::idle::IdleWatch;
use super::session::{Who, use_session};
use super::sign_in::SignIn;
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::staff::{Role, StaffView};
use crate::wording::staff as words;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

/// `role`: who may work here; without one every member of staff. `children` are there only for them, and are built
/// anew when somebody else signs in. `back`: where one came from, path and words.
#[component]
pub fn StaffPage(
    #[prop(into)] title: String,
    #[prop(optional)] role: Option<Role>,
    #[prop(optional)] back: Option<(&'static str, &'static str)>,
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    Effect::new(move || session.find_out());
    let said = RwSignal::new(None::<String>);
    Effect::new(move || said.set(session.take_said()));
    let children = StoredValue::new(children);
    let heading = StoredValue::new(title.clone());
    let body = move || match session.who() {
        Who::Unknown => view! { <Skeleton lines=6 /> }.into_any(),
        Who::Nobody => view! { <SignIn /> }.into_any(),
        Who::Staff(staff) => {
            let allowed = role.is_none_or(|role| staff.roles.contains(&role));
            view! {
                <DeskBar staff />
                <div class="desk-body">
                    <div class="desk-title">
                        <h1 tabindex="-1">{heading.get_value()}</h1>
                        {back.map(|(path, words)| view! { <A href=path>{words}</A> })}
                    </div>
                    <div role="status">
                        {move || said.get().map(|said| view! { <Notice tone=Tone::Good>{said}</Notice> })}
                    </div>
                    {if allowed { children.with_value(|children| children()) } else { view! { <NotYourDesk /> }.into_any() }}
                </div>
                <IdleWatch />
            }
                .into_any()
        }
    };
    view! {
        <Title text=title />
        <div class="desk">{body}</div>
    }
}

#[component]
fn DeskBar(staff: StaffView) -> impl IntoView {
    let session = use_session();
    let links = desks_of(&staff)
        .map(|(role, path)| view! { <A href=path>{words::desk_title(role)}</A> })
        .collect_view();
    view! {
        <div class="desk-bar">
            <nav class="desk-nav" aria-label="工作台">
                <A href="/staff" exact=true>"工作台"</A>
                {links}
            </nav>
            <p class="desk-who">
                <span>{staff.name}</span>
                <button type="button" class="button button-quiet" on:click=move |_| session.leave(None)>"退出登录"</button>
            </p>
        </div>
    }
}

/// The desks that are built, of those this person may sit at.
pub fn desks_of(staff: &StaffView) -> impl Iterator<Item = (Role, &'static str)> + use<> {
    let mut roles = staff.roles.clone();
    roles.sort();
    roles.into_iter().map(|role| {
        let path = match role {
            Role::Reviewer => "/staff/review",
            Role::Producer => "/staff/production",
            Role::Dispatcher => "/staff/dispatch",
            Role::Finance => "/staff/finance",
            Role::Registrar => "/staff/certificates",
            Role::Custodian => "/staff/recovery",
        };
        (role, path)
    })
}

#[component]
fn NotYourDesk() -> impl IntoView {
    view! {
        <Notice tone=Tone::Warning title="您没有此岗位的权限">
            <p>"请联系管理员开通，或回到"<A href="/staff">"工作台"</A>"选择您的岗位。"</p>
        </Notice>
    }
}
