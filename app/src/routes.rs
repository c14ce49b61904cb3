//! Every page of the counter on one screen.

use crate::layout::{Frame, provide_house};
use crate::pages::staff::{
    certificates::page::CertificatesPage, dispatch::DispatchPage, finance::FinancePage, home::StaffHomePage,
    production::job::ProductionJobPage, production::list::ProductionListPage, provide_session,
    recovery::case::RecoveryCasePage, recovery::list::RecoveryListPage, recovery::new::NewRecoveryPage,
    review::case::ReviewCasePage, review::list::ReviewListPage,
};
use crate::pages::{
    agreement::AgreementPage,
    apply::ApplyPage,
    change_pin::ChangePinPage,
    home::HomePage,
    key_doctor::KeyDoctorPage,
    lost::LostPage,
    modification::ModificationPage,
    not_found::NotFoundPage,
    order::{OrderPage, agent::AgentPage},
    orders::OrdersPage,
    paper::PaperPage,
    phone::page::PhonePage,
    query::QueryPage,
    renewal::RenewalPage,
    replace::{ReplaceChoicePage, ReplacePage},
    trust::{centre::TrustPage, check::CheckPage, statement::StatementPage},
    unblock::UnblockPage,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// All pages come rendered whole (`Async`): each reads one or two small answers, and is readable before the program
/// arrives and without it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_house();
    provide_session();
    view! {
        <Title formatter=|page: String| if page.is_empty() { "证书大厅".into() } else { format!("{page} · 证书大厅") } />
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/apply/:party") view=ApplyPage ssr=SsrMode::Async />
                    <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number") view=OrderPage ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number/agent") view=AgentPage ssr=SsrMode::Async />
                    <Route path=path!("/lost") view=LostPage ssr=SsrMode::Async />
                    <Route path=path!("/phone") view=PhonePage ssr=SsrMode::Async />
                    <Route path=path!("/modify") view=ModificationPage ssr=SsrMode::Async />
                    <Route path=path!("/renew") view=RenewalPage ssr=SsrMode::Async />
                    <Route path=path!("/replace") view=ReplaceChoicePage ssr=SsrMode::Async />
                    <Route path=path!("/replace/:party") view=ReplacePage ssr=SsrMode::Async />
                    <Route path=path!("/query") view=QueryPage ssr=SsrMode::Async />
                    <Route path=path!("/papers/:kind") view=PaperPage ssr=SsrMode::Async />
                    <Route path=path!("/trust") view=TrustPage ssr=SsrMode::Async />
                    <Route path=path!("/trust/check") view=CheckPage ssr=SsrMode::Async />
                    <Route path=path!("/trust/cps") view=StatementPage ssr=SsrMode::Async />
                    <Route path=path!("/unblock") view=UnblockPage ssr=SsrMode::Async />
                    <Route path=path!("/key/pin") view=ChangePinPage ssr=SsrMode::Async />
                    <Route path=path!("/key") view=KeyDoctorPage ssr=SsrMode::Async />
                    <Route path=path!("/agreement") view=AgreementPage ssr=SsrMode::Async />
                    // The staff's desks ask from the browser only: no personal data in a rendered document.
                    <Route path=path!("/staff") view=StaffHomePage />
                    <Route path=path!("/staff/review") view=ReviewListPage />
                    <Route path=path!("/staff/review/:number") view=ReviewCasePage />
                    <Route path=path!("/staff/production") view=ProductionListPage />
                    <Route path=path!("/staff/production/:number") view=ProductionJobPage />
                    <Route path=path!("/staff/finance") view=FinancePage />
                    <Route path=path!("/staff/dispatch") view=DispatchPage />
                    <Route path=path!("/staff/certificates") view=CertificatesPage />
                    <Route path=path!("/staff/recovery") view=RecoveryListPage />
                    <Route path=path!("/staff/recovery/new") view=NewRecoveryPage />
                    <Route path=path!("/staff/recovery/:number") view=RecoveryCasePage />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
