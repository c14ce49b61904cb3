//! What holds an open window to the browser's pipe: when the page is gone, so is the question.

use std::sync::{Arc, Mutex, PoisonError};

type Closer = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct State {
    gone: bool,
    open: Option<Closer>,
}

/// Cheap to clone; the reader of the pipe pulls it, the prompt holds on to it.
#[derive(Clone, Default)]
pub struct Leash(Arc<Mutex<State>>);

impl Leash {
    /// The browser closed the pipe: what is open closes, and nothing opens any more.
    pub fn pull(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.gone = true;
        if let Some(close) = state.open.take() {
            close();
        }
    }

    /// While the answer is waited for. `false` when nobody waits any more: then `close` was called at once.
    pub fn hold(&self, close: impl FnOnce() + Send + 'static) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.gone {
            close();
            return false;
        }
        state.open = Some(Box::new(close));
        true
    }

    pub fn let_go(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).open = None;
    }
}
