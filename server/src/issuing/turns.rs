//! One at a time under each name; nobody waits for another name.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, Weak};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Cheap to clone: the clones share their turns.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<std::sync::Mutex<HashMap<String, Weak<Mutex<()>>>>>);

impl Turns {
    /// Waits until nobody else has this name's turn. It ends when what is given is dropped.
    pub async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        self.lock_of(name).lock_owned().await
    }

    fn lock_of(&self, name: &str) -> Arc<Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody holds or waits for is forgotten, so that only names under way stand here.
        locks.retain(|_, lock| lock.strong_count() > 0);
        if let Some(lock) = locks.get(name).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(Mutex::new(()));
        locks.insert(name.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_name_waits_for_itself_alone() {
        let turns = Turns::default();
        let first = turns.take("A").await;
        assert!(turns.clone().take("A").now_or_never().is_none(), "A is taken");
        let other = turns.take("B").now_or_never();
        assert!(other.is_some(), "B is not");
        drop(first);
        assert!(turns.take("A").now_or_never().is_some(), "free again");
        drop(other);
        drop(turns.take("C").await);
        assert_eq!(turns.0.lock().unwrap().len(), 1, "names that are done are forgotten");
    }

    #[tokio::test]
    async fn who_waits_comes_after_who_came_first() {
        let turns = Turns::default();
        let first = turns.take("A").await;
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { drop(turns.take("A").await) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.unwrap();
    }
}
