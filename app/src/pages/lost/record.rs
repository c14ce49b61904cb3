//! Certificate records: asked for once the page lives, and how one is drawn.

use crate::desk::lost::{LostLine, list_records};
use crate::desk::query::leave;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the visit may see. `None` until the office has answered; nothing, where no code was entered yet.
#[derive(Clone, Copy)]
pub struct Records {
    pub lines: RwSignal<Option<Vec<LostLine>>>,
}

impl Records {
    pub fn ask() -> Records {
        let records = Records { lines: RwSignal::new(None) };
        Effect::new(move || records.again());
        records
    }

    /// A visit that has ended sees nothing, and is asked who it is.
    pub fn again(self) {
        spawn_local(async move {
            self.lines.try_set(Some(list_records().await.unwrap_or_default()));
        });
    }

    pub fn put(self, lines: Vec<LostLine>) {
        self.lines.try_set(Some(lines));
    }

    /// 结束查询
    pub fn leave(self) {
        spawn_local(async move {
            if leave().await.is_ok() {
                self.lines.try_set(Some(Vec::new()));
            }
        });
    }
}

/// One certificate, and below it what can be done with it.
#[component]
pub fn Record(line: LostLine, children: Children) -> impl IntoView {
    let (word, class) = match (line.expired, line.on_hold) {
        (true, _) => ("已过期", "status status-over"),
        (false, true) => ("已挂失", "status status-bad"),
        (false, false) => ("有效", "status status-good"),
    };
    view! {
        <li class="order-line">
            <div class="order-line-head">
                <span class="order-line-title">{line.holder_name}</span>
                <span class=class>{word}</span>
            </div>
            <dl class="order-line-facts record-facts">
                <div><dt>"证书类型"</dt><dd>{line.party.title()}</dd></div>
                <div><dt>"证书序列号"</dt><dd class="number">{line.serial}</dd></div>
                <div><dt>"Key序列号"</dt><dd class="number">{line.key_serial}</dd></div>
                <div>
                    <dt>"有效期"</dt>
                    <dd class="number">
                        {line.not_before.beijing_date().to_string()} " 至 " {line.not_after.beijing_date().to_string()}
                    </dd>
                </div>
            </dl>
            {children()}
        </li>
    }
}
