//! `/phone#secret`: the QR on the desktop's page leads here. The secret is used up at once and leaves the address; a reload
//! goes on with the order that this phone holds.

use super::shot::ShotCard;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::orders::{OrderView, view_order};
use crate::desk::phone::{close_phone, open_phone};
use journey::order::Standing;
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// The number of the order that this phone holds, for a reload.
const KEPT: &str = "certhall-phone-order";
const LOOK_MILLIS: u64 = 4_000;

/// What the phone knows.
#[derive(Clone, Debug, PartialEq)]
enum Holding {
    /// Not asked yet.
    Opening,
    Order(Box<OrderView>),
    /// The link is used, has ended, or the order has gone on.
    Over,
    /// The person said so.
    Done,
    Trouble(DeskError),
}

#[derive(Clone, Copy)]
pub struct Phone {
    holding: RwSignal<Holding>,
}

impl Phone {
    fn open(self) {
        let secret = browser::take_fragment();
        spawn_local(async move {
            let number = match secret {
                Some(secret) => match open_phone(secret).await {
                    Ok(number) => {
                        browser::keep(KEPT, &number);
                        number
                    }
                    Err(error) => return self.failed(error),
                },
                None => match browser::recall(KEPT) {
                    Some(number) => number,
                    None => return self.failed(DeskError::NotFound),
                },
            };
            self.look(number).await;
        });
    }

    async fn look(self, number: String) {
        match view_order(number).await {
            Ok(view) => self.show(view),
            Err(error) => self.failed(error),
        }
    }

    /// A newer view; an older one (a slow look) is dropped.
    pub fn show(self, view: OrderView) {
        let older = self.holding.try_with_untracked(|holding| match holding {
            Holding::Order(shown) => view.version < shown.version,
            Holding::Done => true,
            _ => false,
        });
        if older == Some(false) {
            self.holding.set(Holding::Order(Box::new(view)));
        }
    }

    fn failed(self, error: DeskError) {
        let over = matches!(error, DeskError::NotFound | DeskError::SignInAgain);
        let offline = matches!(error, DeskError::Offline | DeskError::SlowDown { .. });
        let before = self.holding.try_get_untracked();
        // A line that is gone for a moment does not take the photos away.
        if offline && matches!(before, Some(Holding::Order(_))) || before == Some(Holding::Done) {
            return;
        }
        self.holding.try_set(if over { Holding::Over } else { Holding::Trouble(error) });
    }

    fn follow(self) {
        browser::every(LOOK_MILLIS, move || {
            let number = self.holding.try_with_untracked(|holding| match holding {
                Holding::Order(view) => Some(view.number.clone()),
                _ => None,
            });
            if let Some(number) = number.flatten().filter(|_| browser::in_front() && browser::online()) {
                spawn_local(self.look(number));
            }
        });
    }

    fn done(self) {
        self.holding.set(Holding::Done);
        browser::forget(KEPT);
        spawn_local(async {
            let _ = close_phone().await;
        });
    }

    pub fn order<T>(self, read: impl Fn(&OrderView) -> T) -> Option<T> {
        self.holding.with(|holding| match holding {
            Holding::Order(view) => Some(read(view)),
            _ => None,
        })
    }
}

#[component]
pub fn PhonePage() -> impl IntoView {
    let phone = Phone { holding: RwSignal::new(Holding::Opening) };
    Effect::new(move || phone.open());
    phone.follow();
    // Drawn anew only when it is something else: a look never disturbs an upload.
    let kind = Memo::new(move |_| match phone.holding.get() {
        Holding::Order(view) => (1, Some(view.standing), None),
        Holding::Opening => (0, None, None),
        Holding::Over => (2, None, None),
        Holding::Done => (3, None, None),
        Holding::Trouble(error) => (4, None, Some(error)),
    });
    view! {
        <Title text="手机上传" />
        <div class="shell page page-narrow phone-page">
            {move || match kind.get() {
                (0, ..) => view! { <h1 tabindex="-1">"正在连接"</h1> <Skeleton lines=5 /> }.into_any(),
                (1, Some(standing), _) => view! { <AtHand phone standing /> }.into_any(),
                (3, ..) => view! { <Done /> }.into_any(),
                (4, _, Some(error)) => view! {
                    <h1 tabindex="-1">"暂时无法连接"</h1>
                    <Notice tone=Tone::Bad>{crate::wording::desk_error(&error)}</Notice>
                    <button class="button" on:click=move |_| phone.open()>"重新载入"</button>
                }
                .into_any(),
                _ => view! { <Over /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn AtHand(phone: Phone, standing: Standing) -> impl IntoView {
    let number = phone.order(|view| view.number.clone());
    let kinds = phone
        .order(|view| view.evidence.iter().map(|each| each.kind).collect::<Vec<_>>())
        .unwrap_or_default();
    let left = move || {
        phone
            .order(|view| view.evidence.iter().filter(|each| each.file.is_none()).count())
            .unwrap_or_default()
    };
    let body = match standing {
        Standing::Open(Step::Evidence) => {
            kinds.into_iter().map(|kind| view! { <ShotCard phone kind /> }).collect_view().into_any()
        }
        _ => view! { <Notice tone=Tone::Info>"这一步请在电脑上继续。"</Notice> }.into_any(),
    };
    view! {
        <h1 tabindex="-1">"手机拍照上传"</h1>
        <p class="page-lead">"照片会自动出现在电脑页面上，请不要关闭电脑上的窗口。"</p>
        <p class="order-number">"订单号 " <span class="number">{number}</span></p>
        {body}
        <p role="status">
            {move || match left() {
                0 => "资料已齐全，请回到电脑继续。".to_owned(),
                left => format!("还有 {left} 项没有上传。"),
            }}
        </p>
        // What is left to do comes first.
        <button class="button button-wide" class:button-primary=move || left() == 0 on:click=move |_| phone.done()>
            "完成，回到电脑继续"
        </button>
    }
}

#[component]
fn Over() -> impl IntoView {
    view! {
        <h1 tabindex="-1">"连接已结束"</h1>
        <Notice tone=Tone::Info>
            "二维码只能使用一次，并会在一段时间后失效；订单进入下一步后，手机也会自动断开。如需继续，请在电脑页面上重新生成二维码并扫描。"
        </Notice>
    }
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <div class="phone-done">
            <Icon shape=Shape::Check />
            <h1 tabindex="-1">"已完成"</h1>
            <p>"请回到电脑继续办理，可以关闭本页。"</p>
        </div>
    }
}
