//! What is told about an order beside its step: the promise and the payment; the larger ones are in files of their own.

use super::counter::Counter;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use journey::calendar::Calendar;
use journey::order::RefundState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use time::{Date, Weekday};

/// A framed fact with its icon and heading.
#[component]
pub fn Fact(shape: Shape, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="card fact">
            <Icon shape />
            <div>
                <h3>{title}</h3>
                {children()}
            </div>
        </section>
    }
}

/// 审核时限 (R031, A10): the day the office promised, and how many working days are left.
#[component]
pub fn PromiseCard(counter: Counter) -> impl IntoView {
    let due = Memo::new(move |_| counter.order.with(|order| order.promise_due.as_deref().and_then(day)));
    let today = RwSignal::new(None::<Date>);
    Effect::new(move || {
        spawn_local(async move {
            browser::learn_office_clock().await;
            today.try_set(Some(browser::office_now().beijing_date()));
        });
    });
    let left = move || {
        let (due, today) = (due.get()?, today.get()?);
        Some(match working_days_until(today, due) {
            Some(0) => "今天内给出结果".to_owned(),
            Some(days) => format!("还有 {days} 个工作日"),
            None => "已超过承诺时间，我们正在加急处理，您也可以致电服务热线。".to_owned(),
        })
    };
    move || {
        due.get().map(|due| {
            view! {
                <Fact shape=Shape::Clock title="审核时限">
                    <p class="promise-day">"最迟 " <strong>{day_text(due)}</strong> " 给出审核结果"</p>
                    <p class="promise-left">{left}</p>
                    <p class="muted">"按工作日计算，遇节假日与调休顺延。"</p>
                </Fact>
            }
        })
    }
}

fn day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = month.parse::<u8>().ok().and_then(|month| time::Month::try_from(month).ok())?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn day_text(day: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    };
    format!("{} 年 {} 月 {} 日（{weekday}）", day.year(), u8::from(day.month()), day.day())
}

/// Working days after today up to and with the due day; `None` once it is over.
fn working_days_until(today: Date, due: Date) -> Option<usize> {
    if today > due {
        return None;
    }
    let calendar = Calendar::official();
    let days = std::iter::successors(today.next_day(), |day| day.next_day());
    Some(days.take_while(|day| *day <= due).filter(|day| calendar.is_working_day(*day)).count())
}

/// What was paid, and what went back.
#[component]
pub fn PaidCard(counter: Counter) -> impl IntoView {
    move || {
        let (paid, refund) = counter.order.with(|order| (order.paid.clone(), order.refund));
        paid.map(|paid| {
            let refund = refund
                .filter(|refund| *refund != RefundState::Kept)
                .map(|refund| view! { <p class="good">{refund.title()}</p> });
            view! {
                <Fact shape=Shape::Card title="支付信息">
                    <p>
                        "已通过" {paid.channel.title()} "付款 "
                        <strong class="number">{paid.amount.yuan()}</strong> " 元"
                    </p>
                    <p class="muted number">{paid.at.to_string()}</p>
                    {refund}
                </Fact>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_clock_counts_working_days_only_r031_r127() {
        // Friday to Wednesday: Monday, Tuesday, Wednesday.
        assert_eq!(working_days_until(date!(2026 - 11 - 20), date!(2026 - 11 - 25)), Some(3));
        assert_eq!(working_days_until(date!(2026 - 11 - 25), date!(2026 - 11 - 25)), Some(0));
        assert_eq!(working_days_until(date!(2026 - 11 - 26), date!(2026 - 11 - 25)), None);
    }

    #[test]
    fn a_day_reads_as_people_write_it() {
        let day = day("2026-11-25").expect("a day");
        assert_eq!(day_text(day), "2026 年 11 月 25 日（星期三）");
        assert_eq!(super::day("soon"), None);
    }
}
