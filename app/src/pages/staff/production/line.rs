//! The line of a job: 领取任务 → 插入证书Key → 生成密钥 → 签发证书 → 写入 → 回读校验, and how far it has come.

use crate::components::icon::{Icon, Shape};
use crate::desk::production::JobStage;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Take,
    Insert,
    Generate,
    Issue,
    Write,
    ReadBack,
}

impl Stage {
    pub const ALL: [Stage; 6] =
        [Stage::Take, Stage::Insert, Stage::Generate, Stage::Issue, Stage::Write, Stage::ReadBack];

    pub const fn title(self) -> &'static str {
        match self {
            Stage::Take => "领取任务",
            Stage::Insert => "插入证书Key",
            Stage::Generate => "生成密钥",
            Stage::Issue => "签发证书",
            Stage::Write => "写入",
            Stage::ReadBack => "回读校验",
        }
    }

    /// What happens, said while it runs.
    pub const fn running(self) -> &'static str {
        match self {
            Stage::Take => "正在领取…",
            Stage::Insert => "正在识别证书Key…",
            Stage::Generate => "签名密钥正在Key内生成，私钥不会离开Key…",
            Stage::Issue => "办公系统正在签发签名证书与加密证书…",
            Stage::Write => "正在把加密密钥信封与双证书写入Key…",
            Stage::ReadBack => "正在从Key读回证书并验证两对密钥…",
        }
    }
}

/// Where the line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// This stage is next and waits for a person.
    Waits(Stage),
    Runs(Stage),
    Failed(Stage),
    Done,
}

impl At {
    /// What the office has recorded, as a place on the line (after a reload or a crash it begins here).
    pub const fn recorded(stage: JobStage) -> At {
        match stage {
            JobStage::Waiting => At::Waits(Stage::Take),
            JobStage::Taken => At::Waits(Stage::Insert),
            JobStage::Generated => At::Waits(Stage::Issue),
            JobStage::Issued => At::Waits(Stage::Write),
            JobStage::Verified | JobStage::Shipped => At::Done,
        }
    }

    fn state_of(self, stage: Stage) -> State {
        let (here, state) = match self {
            At::Done => return State::Done,
            At::Waits(here) => (here, State::Now),
            At::Runs(here) => (here, State::Runs),
            At::Failed(here) => (here, State::Failed),
        };
        match stage.cmp(&here) {
            std::cmp::Ordering::Less => State::Done,
            std::cmp::Ordering::Equal => state,
            std::cmp::Ordering::Greater => State::Later,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Done,
    Now,
    Runs,
    Failed,
    Later,
}

#[component]
pub fn Line(#[prop(into)] at: Signal<At>) -> impl IntoView {
    let item = move |(place, stage): (usize, Stage)| {
        let state = at.get().state_of(stage);
        let (class, said) = match state {
            State::Done => ("line-stage line-done", "已完成"),
            State::Now => ("line-stage line-now", "当前步骤"),
            State::Runs => ("line-stage line-now line-runs", "进行中"),
            State::Failed => ("line-stage line-failed", "未完成"),
            State::Later => ("line-stage", "未开始"),
        };
        let dot = match state {
            State::Done => view! { <Icon shape=Shape::Check /> }.into_any(),
            State::Failed => view! { <Icon shape=Shape::Cross /> }.into_any(),
            State::Now | State::Runs | State::Later => (place + 1).into_any(),
        };
        let current = matches!(state, State::Now | State::Runs | State::Failed).then_some("step");
        view! {
            <li class=class aria-current=current>
                <span class="line-dot">{dot}</span>
                <span class="line-title">{stage.title()}</span>
                <span class="visually-hidden">{said}</span>
            </li>
        }
    };
    view! { <ol class="line">{move || Stage::ALL.into_iter().enumerate().map(item).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reloaded_job_stands_where_the_office_has_recorded_it() {
        let states = |stage| Stage::ALL.map(|each| At::recorded(stage).state_of(each));
        use State::{Done, Later, Now};
        assert_eq!(states(JobStage::Waiting), [Now, Later, Later, Later, Later, Later]);
        assert_eq!(states(JobStage::Taken), [Done, Now, Later, Later, Later, Later]);
        assert_eq!(states(JobStage::Generated), [Done, Done, Done, Now, Later, Later]);
        assert_eq!(states(JobStage::Issued), [Done, Done, Done, Done, Now, Later]);
        assert_eq!(states(JobStage::Verified), [Done; 6]);
    }

    #[test]
    fn a_failed_stage_keeps_what_was_done_before_it() {
        let at = At::Failed(Stage::Write);
        assert_eq!(at.state_of(Stage::Issue), State::Done);
        assert_eq!(at.state_of(Stage::Write), State::Failed);
        assert_eq!(at.state_of(Stage::ReadBack), State::Later);
    }
}
