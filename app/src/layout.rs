//! The frame of every page: mark, navigation, demo and offline banners, footer with the hotline.

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::desk::orders::{Catalogue, catalogue};
use crate::wording;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// What the house offers and how to reach it, asked once for all pages.
#[derive(Clone, Copy)]
pub struct House(Resource<Result<Catalogue, DeskError>>);

impl House {
    pub fn here() -> House {
        expect_context()
    }

    pub async fn catalogue(self) -> Result<Catalogue, DeskError> {
        self.0.await
    }

    pub fn ask_again(self) {
        self.0.refetch();
    }
}

pub fn provide_house() {
    provide_context(House(Resource::new(|| (), |()| catalogue())));
}

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    follow_navigation();
    view! {
        <a class="skip" href="#main">"跳到正文"</a>
        <DemoBanner />
        <Header />
        <OfflineBanner />
        <main id="main">{children()}</main>
        <Footer />
    }
}

/// On each new page the focus goes to its heading, as it would on a freshly loaded one.
fn follow_navigation() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            browser::scroll_to_top();
            browser::focus("main h1");
        }
        path
    });
}

#[component]
fn Header() -> impl IntoView {
    let path = use_location().pathname;
    let staff = move || path.get().starts_with("/staff");
    view! {
        <header class="masthead" class:masthead-wide=staff>
            <div class="shell masthead-row">
                <A href="/" attr:class="brand">
                    <Icon shape=Shape::Mark />
                    <span class="brand-name">"证书大厅"</span>
                    <span class="brand-sub">"数字证书在线服务"</span>
                </A>
                <nav class="masthead-nav" aria-label="主导航" class:hidden=staff>
                    <A href="/" exact=true>"首页"</A>
                    <A href="/query">"订单查询"</A>
                    <A href="/orders" exact=true>"我的订单"</A>
                </nav>
            </div>
        </header>
    }
}

/// Said on every page: where the outside parties are played and the root is a demo, nothing here is for real use.
#[component]
fn DemoBanner() -> impl IntoView {
    let house = House::here();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                house
                    .catalogue()
                    .await
                    .is_ok_and(|catalogue| catalogue.demo)
                    .then(|| view! { <p class="demo-banner" role="note">{wording::DEMO}</p> })
            })}
        </Suspense>
    }
}

#[component]
fn OfflineBanner() -> impl IntoView {
    let (offline, set_offline) = signal(false);
    Effect::new(move || {
        set_offline.set(!browser::online());
        let gone = window_event_listener_untyped("offline", move |_| set_offline.set(true));
        let back = window_event_listener_untyped("online", move |_| set_offline.set(false));
        on_cleanup(move || {
            gone.remove();
            back.remove();
        });
    });
    view! {
        <div role="status">
            <Show when=move || offline.get()>
                <p class="offline-banner">{wording::OFFLINE_BANNER}</p>
            </Show>
        </div>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let house = House::here();
    view! {
        <footer class="footer">
            <div class="shell footer-row">
                <Suspense>
                    {move || Suspend::new(async move {
                        house.catalogue().await.ok().map(|catalogue| view! { <Contact catalogue /> })
                    })}
                </Suspense>
            </div>
        </footer>
    }
}

#[component]
fn Contact(catalogue: Catalogue) -> impl IntoView {
    let dial = format!("tel:{}", catalogue.hotline);
    view! {
        <p class="footer-name">{catalogue.authority_name}</p>
        <ul class="footer-links">
            <li>
                "服务热线 "
                <a href=dial class="number">{catalogue.hotline}</a>
            </li>
            <li>
                <a href=catalogue.help_url rel="noreferrer">"帮助与电子发票重新获取"</a>
            </li>
            <li>
                <A href="/trust" exact=true>"信任中心"</A>
            </li>
            <li>
                <A href="/trust/check">"证书查验"</A>
            </li>
            <li>
                <A href="/key">"证书Key检测"</A>
            </li>
            <li>
                <A href="/agreement">"数字证书服务协议"</A>
            </li>
            <li>
                <A href="/staff">"工作人员入口"</A>
            </li>
        </ul>
    }
}
