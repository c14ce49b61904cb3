//! `/staff/recovery/{number}`: what the authority asks, whose pairs, for whose key, and all that happened.

use super::decide::{Approve, Refuse};
use super::{StandingBadge, progress};
use crate::components::notice::{Notice, Tone};
use crate::desk::recovery::{
    CaseStanding, RecordLine, RecoveryCase, RecoveryLine, RecoveryPair, load_recovery, package_path,
};
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::frame::StaffPage;
use crate::wording::recovery as words;
use crate::wording::trust;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// After a download the record has one line more.
const DOWNLOADED: Duration = Duration::from_millis(1500);

#[component]
pub fn RecoveryCasePage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").unwrap_or_default());
    view! {
        <StaffPage title="密钥恢复案件" role=Role::Custodian back=("/staff/recovery", "返回案件列表")>
            {move || view! { <Case number=number.get() /> }}
        </StaffPage>
    }
}

#[component]
fn Case(number: String) -> impl IntoView {
    let case = {
        let number = number.clone();
        Asked::new(move || load_recovery(number.clone()))
    };
    case.shown(10, move |view| view! { <Sheet view case /> })
}

#[component]
fn Sheet(view: RecoveryCase, case: Asked<RecoveryCase>) -> impl IntoView {
    let broken = (view.line.standing == CaseStanding::Broken)
        .then(|| view! { <Notice tone=Tone::Bad title="记录异常">{words::BROKEN}</Notice> });
    let title = format!("申请恢复的密钥（{} 对）", view.pairs.len());
    view! {
        <Head view=view.clone() case />
        {broken}
        <div class="recovery">
            <section class="recovery-facts">
                <Asks view=view.clone() />
                <div class="fact-group">
                    <h3>{title}</h3>
                    <ul class="recovery-pairs">{view.pairs.into_iter().map(pair).collect_view()}</ul>
                </div>
            </section>
            <section class="recovery-record">
                <Approvals line=view.line />
                <h2>"办理记录"</h2>
                <ol class="record">{view.record.into_iter().map(entry).collect_view()}</ol>
            </section>
        </div>
    }
}

#[component]
fn Head(view: RecoveryCase, case: Asked<RecoveryCase>) -> impl IntoView {
    let line = view.line;
    let path = package_path(&line.number);
    let fetch = view.may_fetch.then(|| {
        view! {
            <a class="button button-primary" href=path download="" rel="external"
                on:click=move |_| set_timeout(move || case.again(), DOWNLOADED)>"取得密钥信封"</a>
        }
    });
    let approve = line.may_approve.then(|| view! { <Approve line=line.clone() case /> });
    let refuse = view.may_refuse.then(|| view! { <Refuse line=line.clone() case /> });
    view! {
        <div class="case-head">
            <div>
                <p class="case-name">{line.authority.clone()}</p>
                <p class="case-meta">
                    <StandingBadge standing=line.standing />
                    <span>"案件号 "<span class="number">{line.number.clone()}</span></span>
                    <span>"发起人 "{line.filed_by.clone()}</span>
                    <span>"有效至 "<span class="number">{line.ends_at.to_string()}</span></span>
                </p>
            </div>
            <div class="recovery-actions">{refuse}{approve}{fetch}</div>
        </div>
    }
}

#[component]
fn Asks(view: RecoveryCase) -> impl IntoView {
    let receiver = words::receiver(view.receiver_name.as_deref(), view.receiver_verified);
    view! {
        <div class="fact-group">
            <h3>"法律文书"</h3>
            <dl>
                <div class="case-fact"><dt>"文书号"</dt><dd>{view.line.document_number}</dd></div>
                <div class="case-fact"><dt>"文书日期"</dt><dd class="number">{view.document_on}</dd></div>
                <div class="case-fact"><dt>"材料存放"</dt><dd>{view.reference}</dd></div>
                <div class="case-fact"><dt>"恢复对象"</dt><dd class="number">{view.target}</dd></div>
                <div class="case-fact"><dt>"理由"</dt><dd>{view.reason}</dd></div>
            </dl>
        </div>
        <div class="fact-group">
            <h3>"接收方"</h3>
            <dl>
                <div class="case-fact"><dt>"名称"</dt><dd>{receiver}</dd></div>
                <div class="case-fact"><dt>"公钥指纹（SM3）"</dt><dd class="number">{grouped(&view.receiver_fingerprint)}</dd></div>
            </dl>
            <p class="recovery-check">{words::CHECK_RECEIVER}</p>
        </div>
    }
}

#[component]
fn Approvals(line: RecoveryLine) -> impl IntoView {
    let text = match line.standing {
        CaseStanding::Waiting => "还需其他密钥管理员批准；发起人不计入人数。",
        CaseStanding::Approved => "人数已足，发起人可以取得密钥信封。",
        CaseStanding::Released => "密钥信封已由发起人取得。",
        CaseStanding::Refused => "本案已结束，没有生成密钥信封。",
        CaseStanding::Expired => "人数未在期限内达到，或未在期限内取得，本案已失效。",
        CaseStanding::Broken => "记录无法核验。",
    };
    let dots = (0..line.needed)
        .map(|place| {
            let class = if place < line.approvals { "approval approval-given" } else { "approval" };
            view! { <span class=class></span> }
        })
        .collect_view();
    view! {
        <div class="approvals">
            <p class="approvals-count">"已批准 "<strong class="number">{progress(&line)}</strong>" 人"</p>
            <span class="approvals-dots" aria-hidden="true">{dots}</span>
            <p class="approvals-text">{text}</p>
        </div>
    }
}

fn pair(pair: RecoveryPair) -> impl IntoView {
    view! {
        <li>
            <strong>{pair.holder}</strong>
            <span>"加密证书 "<span class="number">{trust::grouped(&pair.serial)}</span></span>
            <span class="number">{pair.not_before.beijing_date().to_string()}" 至 "{pair.not_after.beijing_date().to_string()}</span>
        </li>
    }
}

fn entry(line: RecordLine) -> impl IntoView {
    let note = (!line.note.is_empty()).then(|| view! { <span class="record-note">{line.note}</span> });
    view! {
        <li>
            <span class="record-what">{words::record(line.what)}</span>
            <span class="record-who">{line.by}" · "<time class="number">{line.at.to_string()}</time></span>
            {note}
        </li>
    }
}

/// Eight by eight, so that two people can read it to each other.
fn grouped(hex: &str) -> String {
    let digits: Vec<char> = hex.chars().collect();
    digits.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_fingerprint_is_read_in_groups() {
        assert_eq!(grouped("0123456789abcdef00"), "01234567 89abcdef 00");
        assert_eq!(grouped(""), "");
    }
}
