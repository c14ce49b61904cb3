//! A wait that somebody else may win: the timer is stopped when nobody waits for it any more.

use futures::channel::oneshot;
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use std::future::Future;
use std::time::Duration;

struct Timer(Option<TimeoutHandle>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.clear();
        }
    }
}

/// Ends after `patience`.
pub fn after(patience: Duration) -> impl Future<Output = ()> {
    let (ring, rung) = oneshot::channel::<()>();
    let mut ring = Some(ring);
    let ring = move || {
        if let Some(ring) = ring.take() {
            let _ = ring.send(());
        }
    };
    let once = std::cell::RefCell::new(ring);
    let timer = Timer(set_timeout_with_handle(move || (once.borrow_mut())(), patience).ok());
    async move {
        let _timer = timer;
        let _ = rung.await;
    }
}
