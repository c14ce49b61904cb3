//! A queue as a table: what is due first stands first, and its colour says how near the promise is.

use super::asked::Asked;
use super::filter::{Filter, tabs};
use crate::browser;
use crate::desk::review::QueueLine;
use journey::moment::Moment;
use leptos::prelude::*;
use leptos_router::components::A;

/// A queue asks again this often while its page is in front.
const REFRESH_MILLIS: u64 = 30_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Free,
    Mine,
}

impl Filter<QueueLine> for Shown {
    const TABS: &'static [(Shown, &'static str)] =
        &[(Shown::All, "全部"), (Shown::Free, "待领取"), (Shown::Mine, "我的")];

    fn takes(self, line: &QueueLine) -> bool {
        match self {
            Shown::All => true,
            Shown::Free => line.claimed_by.is_none(),
            Shown::Mine => line.mine,
        }
    }
}

/// How near the promised day is (R031): also the class of its badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    Overdue,
    Today,
    Tomorrow,
    Later,
    None,
}

impl Due {
    /// Both are Beijing days as `2026-11-25`, which sort as text.
    pub fn of(promised: Option<&str>, now: Moment) -> Due {
        let today = now.beijing_date().to_string();
        let tomorrow = now.plus_days(1).beijing_date().to_string();
        match promised {
            None => Due::None,
            Some(day) if *day < *today => Due::Overdue,
            Some(day) if *day == *today => Due::Today,
            Some(day) if *day == *tomorrow => Due::Tomorrow,
            Some(_) => Due::Later,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Due::Overdue => "due-badge due-over",
            Due::Today => "due-badge due-today",
            Due::Tomorrow => "due-badge due-tomorrow",
            Due::Later | Due::None => "due-badge",
        }
    }
}

#[component]
pub fn DueBadge(promised: Option<String>) -> impl IntoView {
    let due = Due::of(promised.as_deref(), browser::now());
    let day = promised.unwrap_or_default();
    let words = match due {
        Due::Overdue => format!("已超期（{day}）"),
        Due::Today => "今天到期".to_owned(),
        Due::Tomorrow => "明天到期".to_owned(),
        Due::Later => format!("{day} 到期"),
        Due::None => "无期限".to_owned(),
    };
    view! { <span class=due.class()>{words}</span> }
}

/// `path`: where a line leads, before its number. `verb`: what the link says.
#[component]
pub fn Queue(
    lines: Asked<Vec<QueueLine>>,
    path: &'static str,
    verb: &'static str,
    empty: &'static str,
) -> impl IntoView {
    lines.every(REFRESH_MILLIS);
    let shown = RwSignal::new(Shown::All);
    let body = lines.shown(6, move |all| {
        let some: Vec<QueueLine> = all.into_iter().filter(|line| shown.get().takes(line)).collect();
        if some.is_empty() {
            return view! { <p class="desk-empty">{empty}</p> }.into_any();
        }
        view! { <Table lines=some path verb /> }.into_any()
    });
    view! {
        <div class="queue-bar">
            {tabs(lines, shown)}
            <button type="button" class="button button-quiet" disabled=move || lines.asking() on:click=move |_| lines.again()>
                {move || if lines.asking() { "正在刷新…" } else { "刷新" }}
            </button>
        </div>
        {body}
    }
}

#[component]
fn Table(lines: Vec<QueueLine>, path: &'static str, verb: &'static str) -> impl IntoView {
    let row = move |line: QueueLine| {
        let who = match (&line.claimed_by, line.mine) {
            (_, true) => view! { <span class="claim claim-mine">"我"</span> }.into_any(),
            (Some(name), false) => view! { <span class="claim">{name.clone()}</span> }.into_any(),
            (None, false) => view! { <span class="claim claim-free">"待领取"</span> }.into_any(),
        };
        let verb = if line.mine { "继续" } else { verb };
        view! {
            <tr class:row-mine=line.mine>
                <td data-label="期限"><DueBadge promised=line.promise_due /></td>
                <td data-label="订单号" class="number">{line.number.clone()}</td>
                <td data-label="业务">{line.service.title()}"·"{line.party.title()}</td>
                <td data-label="申请方" class="queue-holder">{line.holder_name}</td>
                <td data-label="等待自" class="number">{line.since.to_string()}</td>
                <td data-label="领取人">{who}</td>
                <td class="queue-action">
                    <A href=format!("{path}/{}", line.number) attr:class="button">
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
                    <th scope="col">"期限"</th>
                    <th scope="col">"订单号"</th>
                    <th scope="col">"业务"</th>
                    <th scope="col">"申请方"</th>
                    <th scope="col">"等待自"</th>
                    <th scope="col">"领取人"</th>
                    <th scope="col"><span class="visually-hidden">"操作"</span></th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r031_the_promise_is_read_by_beijing_days() {
        // 2026-11-22 23:30 in Beijing, still the 22nd in UTC too; one hour later it is the 23rd in Beijing only.
        let evening = Moment::from_millis(1_795_361_400_000);
        assert_eq!(evening.to_string(), "2026-11-22 23:30");
        assert_eq!(Due::of(Some("2026-11-21"), evening), Due::Overdue);
        assert_eq!(Due::of(Some("2026-11-22"), evening), Due::Today);
        assert_eq!(Due::of(Some("2026-11-23"), evening), Due::Tomorrow);
        assert_eq!(Due::of(Some("2026-11-24"), evening), Due::Later);
        assert_eq!(Due::of(Some("2026-11-22"), evening.plus_hours(1)), Due::Overdue);
        assert_eq!(Due::of(None, evening), Due::None);
    }
}
