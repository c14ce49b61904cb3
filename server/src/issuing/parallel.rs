//! Arithmetic on many things at once, off the threads that serve.

use crate::fault::Fault;
use std::sync::Arc;

/// Fewer than this are not worth a second thread.
const WORTH_A_THREAD: usize = 4;

/// Does `work` to each, in order, on as many threads as there are processors.
///
/// # Errors
/// The work panicked.
pub async fn in_parallel<T, R>(
    mut items: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Result<Vec<R>, Fault>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(WORTH_A_THREAD);
    let work = Arc::new(work);
    let mut running = Vec::with_capacity(threads);
    while !items.is_empty() {
        let rest = items.split_off(share.min(items.len()));
        let (mine, work) = (std::mem::replace(&mut items, rest), work.clone());
        let job = move || mine.into_iter().map(|item| work(item)).collect::<Vec<R>>();
        running.push(tokio::task::spawn_blocking(job));
    }
    let mut results = Vec::new();
    for part in running {
        results.extend(part.await.map_err(|error| Fault::Disk(std::io::Error::other(error)))?);
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn order_is_kept() {
        for count in [0, 1, 4, 5, 63, 64] {
            let doubled = in_parallel((0..count).collect(), |n: i32| n * 2).await.unwrap();
            assert_eq!(doubled, (0..count).map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
