//! Time left, minute by minute and second by second.

use crate::browser;
use journey::moment::Moment;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whole seconds until `until`, ticking down to zero; `None` before the page is alive.
pub fn use_seconds_left(until: Signal<Option<Moment>>) -> Signal<Option<i64>> {
    let (now, set_now) = signal(None::<Moment>);
    Effect::new(move || {
        spawn_local(async move {
            browser::learn_office_clock().await;
            set_now.try_set(Some(browser::office_now()));
        });
    });
    // Not before the office's clock is known: a computer that is a day off would see everything ended.
    browser::every(1000, move || {
        if now.get_untracked().is_some() {
            set_now.set(Some(browser::office_now()));
        }
    });
    Signal::derive(move || {
        let left = until.get()?.millis() - now.get()?.millis();
        Some((left.max(0) + 999) / 1000)
    })
}

/// `12:07`, or `1:02:07` from an hour on.
pub fn clock_text(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::clock_text;

    #[test]
    fn reads_like_a_clock() {
        assert_eq!(clock_text(0), "00:00");
        assert_eq!(clock_text(727), "12:07");
        assert_eq!(clock_text(3727), "1:02:07");
    }
}
