//! Which verb at which step, by whom, and the sentence that a person reads in the helper's window. A new verb does not
//! compile before it has its line here.

use app::desk::mandates::Purpose;
use journey::order::Order;
use journey::step::Step;
use key::verb::Verb;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Who has taken the job of this order.
    Producer,
    /// Whose visit may see this order.
    Applicant,
}

/// Whether the office wants this done for an order that stands here.
pub fn permits(verb: Verb, step: Step, hand: Hand) -> bool {
    let (producing, applying) = (hand == Hand::Producer, hand == Hand::Applicant);
    match verb {
        // Looking needs nobody's leave, so there is none to give.
        Verb::Hello | Verb::ListKeys | Verb::Identify | Verb::PinInfo => false,
        Verb::Personalise | Verb::Resume => producing && step == Step::Production,
        Verb::InstallPair | Verb::ReadBack => {
            (producing && step == Step::Production) || (applying && step == Step::Loading)
        }
        Verb::MakeNext | Verb::InstallNext | Verb::Switch => {
            applying && matches!(step, Step::Issuing | Step::Loading)
        }
        // Onto the new key of a replacement by its producer, onto a renewed one by its holder (B02).
        Verb::PreparePast | Verb::InstallPast => {
            (producing && step == Step::Production) || (applying && step == Step::Loading)
        }
        Verb::VerifyPin => applying && matches!(step, Step::KeyLogin | Step::Issuing | Step::Loading),
        Verb::Login => applying && step == Step::KeyLogin,
        Verb::Unblock => applying && step == Step::PinReset,
        // Belongs to no order.
        Verb::ChangePin => false,
    }
}

/// What the helper's window says where there is no order; `None` where the office wants nothing of the kind.
pub fn without_order(purpose: &Purpose, verb: Verb) -> Option<String> {
    match (purpose, verb) {
        (Purpose::SignIn {}, Verb::Login) => Some("登录证书大厅".into()),
        (Purpose::TestKey {}, Verb::VerifyPin | Verb::ReadBack) => Some("测试证书Key".into()),
        (Purpose::ChangePin {}, Verb::ChangePin) => Some("修改证书密码".into()),
        _ => None,
    }
}

/// `证书更新 订单CH2026…：验证证书密码`
pub fn order_sentence(order: &Order, number: &str, verb: Verb) -> String {
    format!("{} 订单{number}：{}", order.service.title(), act(verb))
}

fn act(verb: Verb) -> &'static str {
    match verb {
        Verb::Hello | Verb::ListKeys | Verb::Identify | Verb::PinInfo => "识别证书Key",
        Verb::Personalise => "设置证书密码并生成密钥",
        Verb::Resume => "继续制证",
        Verb::InstallPair => "写入证书",
        Verb::ReadBack => "回读校验",
        Verb::MakeNext => "在Key中生成新密钥",
        Verb::InstallNext => "写入新证书",
        Verb::Switch => "启用新证书",
        Verb::PreparePast => "准备写入历史加密密钥",
        Verb::InstallPast => "写入历史加密密钥",
        Verb::VerifyPin => "验证证书密码",
        Verb::Login => "使用证书登录",
        Verb::ChangePin => "修改证书密码",
        Verb::Unblock => "重置证书密码",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_that_needs_no_leave_gets_none_and_every_other_has_its_place() {
        for verb in Verb::ALL {
            let anywhere = Step::ALL
                .iter()
                .any(|step| [Hand::Producer, Hand::Applicant].iter().any(|hand| permits(verb, *step, *hand)));
            let purposes = [Purpose::SignIn {}, Purpose::ChangePin {}];
            let beside = purposes.iter().any(|purpose| without_order(purpose, verb).is_some());
            assert_eq!(anywhere || beside, verb.mandated(), "{verb:?}");
        }
    }

    #[test]
    fn nobody_makes_a_key_beside_production_and_no_producer_logs_in() {
        for step in Step::ALL {
            assert_eq!(permits(Verb::Personalise, *step, Hand::Producer), *step == Step::Production);
            assert!(!permits(Verb::Personalise, *step, Hand::Applicant));
            assert!(!permits(Verb::Login, *step, Hand::Producer));
        }
    }
}
