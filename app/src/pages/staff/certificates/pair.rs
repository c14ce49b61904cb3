//! What was issued together: its standing, what may be done with it, both certificates, and their life so far.

use super::act::Acts;
use super::page::Found;
use crate::desk::registrar::{IssuedFor, LifeView, PairView, RecordState, RecordView};
use crate::wording::registrar::{life_title, profile_title, slot_title, state_title};
use crate::wording::trust::{from_to, grouped, reason_title};
use journey::moment::Moment;
use leptos::prelude::*;

#[component]
pub fn Pair(pair: PairView, found: Found) -> impl IntoView {
    let case = match &pair.case {
        IssuedFor::Order { number } => {
            view! { "订单 " <span class="number">{number.clone()}</span> }.into_any()
        }
        IssuedFor::Partner { name, number } => {
            view! { "合作方 " {name.clone()} " · " <span class="number">{number.clone()}</span> }.into_any()
        }
    };
    let holder = pair.certificates.iter().map(|one| one.holder.clone()).find(|holder| !holder.is_empty());
    let key = pair.certificates.iter().map(|one| one.key_serial.clone()).find(|key| !key.is_empty());
    let state = pair.certificates.first().map(|one| one.state);
    let life = life_of(&pair.certificates);
    view! {
        <article class="pair">
            <header class="case-head">
                <div>
                    <p class="case-name">{holder.unwrap_or_else(|| "（尚未签名）".to_owned())}</p>
                    <p class="case-meta">
                        <span>{case}</span>
                        {key.map(|key| view! { <span>"证书Key " <span class="number">{key}</span></span> })}
                    </p>
                </div>
                {state.map(|state| view! { <StateBadge state /> })}
            </header>
            <Acts pair=pair.clone() found />
            <div class="pair-certificates">
                {pair.certificates.into_iter().map(|record| view! { <Record record /> }).collect_view()}
            </div>
            <section class="pair-life">
                <h3>"状态记录"</h3>
                {if life.is_empty() {
                    view! { <p class="muted">"没有挂失、恢复或吊销的记录。"</p> }.into_any()
                } else {
                    view! { <ol class="timeline">{life.into_iter().map(|line| view! { <Life line /> }).collect_view()}</ol> }.into_any()
                }}
            </section>
        </article>
    }
}

#[component]
fn StateBadge(state: RecordState) -> impl IntoView {
    let class = match state {
        RecordState::Active => "status status-good",
        RecordState::OnHold => "status status-todo",
        RecordState::Revoked => "status status-bad",
        RecordState::Reserved | RecordState::Signed => "status status-wait",
        RecordState::Discarded => "status status-over",
    };
    view! { <span class=class>{state_title(state)}</span> }
}

/// Both halves are written down one after the other, in one transaction.
const TOGETHER_MILLIS: i64 = 5_000;

/// Newest first; the same change of both halves is one line.
fn life_of(records: &[RecordView]) -> Vec<LifeView> {
    let mut all: Vec<LifeView> = records.iter().flat_map(|record| record.life.clone()).collect();
    all.sort_by_key(|line| std::cmp::Reverse(line.at));
    all.dedup_by(|later, earlier| {
        let apart = earlier.at.millis() - later.at.millis();
        apart < TOGETHER_MILLIS && LifeView { at: earlier.at, ..later.clone() } == *earlier
    });
    all
}

#[component]
fn Life(line: LifeView) -> impl IntoView {
    let reason =
        line.reason.filter(|_| line.status == "revoked").map(|code| format!("（{}）", reason_title(&code)));
    view! {
        <li>
            <time class="number">{line.at.to_string()}</time>
            <span><strong>{life_title(&line.status)}</strong>{reason}" · "{line.by}" · "{line.why}</span>
        </li>
    }
}

#[component]
fn Record(record: RecordView) -> impl IntoView {
    let dates = match (record.not_before, record.not_after) {
        (Some(from), Some(to)) => from_to(from, to),
        _ => "尚未签名".to_owned(),
    };
    let off = record.status_at.map(|at| standing_since(at, record.reason.as_deref()));
    view! {
        <section class="pair-certificate">
            <div class="pair-certificate-head">
                <h3>{slot_title(&record.slot)}</h3>
                <StateBadge state=record.state />
            </div>
            <dl>
                <Fact name="序列号" value=grouped(&record.serial) />
                <Fact name="有效期" value=dates />
                <Fact name="证书模板" value=profile_title(&record.profile) />
                <Fact name="签发机构" value=record.issuer.clone() />
                <Fact name="登记时间" value=record.recorded_at.to_string() />
                {off.map(|off| view! { <Fact name="状态变化" value=off /> })}
                {record.sm3.as_deref().map(|sm3| view! { <Fact name="SM3 指纹" value=grouped(sm3) /> })}
            </dl>
        </section>
    }
}

fn standing_since(at: Moment, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{at}，{}", reason_title(reason)),
        None => at.to_string(),
    }
}

#[component]
fn Fact(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="case-fact">
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(times: &[i64]) -> RecordView {
        let line = |(place, at): (usize, &i64)| LifeView {
            status: if place % 2 == 0 { "on_hold" } else { "good" }.to_owned(),
            reason: None,
            at: Moment::from_millis(*at),
            by: "zhengguan".into(),
            why: "试验".into(),
        };
        RecordView {
            serial: String::new(),
            issuer: String::new(),
            profile: String::new(),
            slot: "sign".into(),
            state: RecordState::Active,
            key_serial: String::new(),
            holder: String::new(),
            recorded_at: Moment::from_millis(0),
            not_before: None,
            not_after: None,
            status_at: None,
            reason: None,
            sm3: None,
            life: times.iter().enumerate().map(line).collect(),
        }
    }

    #[test]
    fn a_change_of_both_halves_is_one_line() {
        let lines = life_of(&[record(&[1_000, 60_000, 120_000]), record(&[1_001, 60_002, 120_000])]);
        let said: Vec<_> = lines.iter().map(|line| line.status.as_str()).collect();
        assert_eq!(said, ["on_hold", "good", "on_hold"]);
    }
}
