//! `/staff/recovery`: the cases, the newest first.

use super::{StandingBadge, progress};
use crate::desk::recovery::{RecoveryLine, list_recoveries};
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::filter::{Filter, tabs};
use crate::pages::staff::frame::StaffPage;
use leptos::prelude::*;
use leptos_router::components::A;

const REFRESH_MILLIS: u64 = 30_000;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    All,
    Mine,
    ToApprove,
}

impl Shown {
    const fn empty(self) -> &'static str {
        match self {
            Shown::All => "没有案件。收到司法机关的文书后，请发起恢复。",
            Shown::Mine => "您没有发起过案件。",
            Shown::ToApprove => "没有等您批准的案件。",
        }
    }
}

impl Filter<RecoveryLine> for Shown {
    const TABS: &'static [(Shown, &'static str)] =
        &[(Shown::All, "全部"), (Shown::ToApprove, "待我批准"), (Shown::Mine, "我发起的")];

    fn takes(self, line: &RecoveryLine) -> bool {
        match self {
            Shown::All => true,
            Shown::Mine => line.mine,
            Shown::ToApprove => line.may_approve,
        }
    }
}

#[component]
pub fn RecoveryListPage() -> impl IntoView {
    view! {
        <StaffPage title="司法密钥恢复" role=Role::Custodian>
            <List />
        </StaffPage>
    }
}

#[component]
fn List() -> impl IntoView {
    let lines = Asked::new(list_recoveries);
    let shown = RwSignal::new(Shown::All);
    lines.every(REFRESH_MILLIS);
    let body = lines.shown(6, move |all| {
        let some: Vec<RecoveryLine> = all.into_iter().filter(|line| shown.get().takes(line)).collect();
        if some.is_empty() {
            return view! { <p class="desk-empty">{shown.get().empty()}</p> }.into_any();
        }
        view! { <Table lines=some /> }.into_any()
    });
    view! {
        <div class="queue-bar">
            {tabs(lines, shown)}
            <A href="/staff/recovery/new" attr:class="button button-primary">"发起恢复"</A>
        </div>
        {body}
    }
}

#[component]
fn Table(lines: Vec<RecoveryLine>) -> impl IntoView {
    let row = |line: RecoveryLine| {
        let verb = if line.may_approve { "审批" } else { "查看" };
        view! {
            <tr class:row-mine=line.may_approve>
                <td data-label="状态"><StandingBadge standing=line.standing /></td>
                <td data-label="案件号" class="number">{line.number.clone()}</td>
                <td data-label="来文机关" class="queue-holder">{line.authority.clone()}</td>
                <td data-label="文书号">{line.document_number.clone()}</td>
                <td data-label="批准" class="number">{progress(&line)}</td>
                <td data-label="发起人">{if line.mine { "我".to_owned() } else { line.filed_by.clone() }}</td>
                <td data-label="有效至" class="number">{line.ends_at.to_string()}</td>
                <td class="queue-action">
                    <A href=format!("/staff/recovery/{}", line.number) attr:class="button">
                        {verb}<span class="visually-hidden">{line.number}</span>
                    </A>
                </td>
            </tr>
        }
    };
    view! {
        <table class="queue">
            <thead>
                <tr>
                    <th scope="col">"状态"</th>
                    <th scope="col">"案件号"</th>
                    <th scope="col">"来文机关"</th>
                    <th scope="col">"文书号"</th>
                    <th scope="col">"批准"</th>
                    <th scope="col">"发起人"</th>
                    <th scope="col">"有效至"</th>
                    <th scope="col"><span class="visually-hidden">"操作"</span></th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
