//! The buttons that may be shown: the rows of the table that this actor can use now, in the manual's words.

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    event::EventKind,
    order::{Order, Standing},
    party::Party,
    refusal::Refusal,
    row::Row,
    service::Service,
    step::Step,
};

/// One button. `blocked` says what is still missing; the button then stands, greyed, with that reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub event: EventKind,
    pub words: String,
    pub blocked: Option<Refusal>,
}

/// Every move of this actor, the one that leads on first.
pub fn open_moves(order: &Order, actor: &Actor) -> Vec<Move> {
    let Standing::Open(step) = order.standing else { return Vec::new() };
    let may = |kind: EventKind| {
        Row::of(order, kind)
            .find(|row| row.by.contains(&actor.role()) && row.when.holds_for_a_fresh_event(order))
    };
    EventKind::ALL
        .iter()
        .filter_map(|&event| {
            let words = words(order.service, order.party, step, event)?.to_owned();
            let row = may(event)?;
            let blocked = row.needs.iter().find_map(|need| need.check(order, None, actor).err());
            Some(Move { event, words, blocked })
        })
        .collect()
}

/// What the button says; `None` for what no person clicks.
const fn words(service: Service, party: Party, step: Step, event: EventKind) -> Option<&'static str> {
    Some(match (event, step) {
        // R112 and R061 word the same login differently.
        (EventKind::KeyLoggedIn, _) => match service {
            Service::Modification => "登录",
            _ => "确认",
        },
        (EventKind::KeyPresented, Step::KeyPresence) => "提交",
        (EventKind::RouteChanged, _) => "其他验证方式",
        (EventKind::RecordChosen, _) => "补办",
        (EventKind::DetailsEntered, _) => "下一步",
        (EventKind::DetailsConfirmed, _) => "确认订单",
        (EventKind::EvidenceSubmitted, _) => "确认申请",
        (EventKind::PhoneChecked, _) => match service {
            Service::Modification => "修改",
            Service::Renewal | Service::Unblock | Service::Resumption => "下一步",
            Service::Application | Service::Replacement => "确定",
        },
        (EventKind::Signed, _) => match party {
            Party::Organisation => "签名验证",
            Party::Person => "签名确认",
        },
        (EventKind::PinReset, _) => "重置证书密码",
        (EventKind::PairLoaded, _) => "下载证书",
        (EventKind::ReviewClaimed, _) => "开始审核",
        (EventKind::ReviewPassed, _) => "通过",
        (EventKind::ReviewReturned, _) => "退回补正",
        (EventKind::ReviewRejected, _) => "拒绝",
        (EventKind::ReviewReleased, _) => "退回待审",
        (EventKind::TransferMatched, _) => "确认到账",
        (EventKind::JobTaken, _) => "开始制证",
        (EventKind::KeyVerified, _) => "制证完成",
        (EventKind::JobReleased, _) => "退回待制证",
        (EventKind::Shipped, _) => "发货",
        (EventKind::Received, _) => "确认收货",
        (EventKind::ChangeRequested, _) => "返回修改",
        (EventKind::Withdrawn, _) => "撤回申请",
        _ => return None,
    })
}
