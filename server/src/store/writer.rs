//! The one writer: takes closures, runs each in a savepoint, commits many at once, answers after the commit.
//!
//! SQLite has one writer anyway; giving it a queue turns lock fights into order, and one fsync serves many callers.

use super::{StoreError, Tx};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};

/// Closures that one commit may carry at most.
const GROUP: usize = 512;

/// Runs the work inside its savepoint and says whether to keep what it wrote; the answer is held back in the job.
type Work = Box<dyn for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, bool> + Send>;
/// Sends the held-back answer: `Ok` after the commit, or the reason why there was none.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

enum Message {
    Job(Work, Answer),
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    pub fn start(connection: Tx) -> Writer {
        let (queue, jobs) = mpsc::channel(4 * GROUP);
        tokio::spawn(serve(connection, jobs));
        Writer { queue }
    }

    pub async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let held = Arc::new(Mutex::new(None::<Result<T, E>>));
        let (tell, told) = oneshot::channel();
        let keep = held.clone();
        let work: Work = Box::new(move |tx| {
            Box::pin(async move {
                // A panic ends its own job, not the writer: it writes nothing, and the others go on.
                let Ok(result) = AssertUnwindSafe(work(tx)).catch_unwind().await else { return false };
                let good = result.is_ok();
                *keep.lock().unwrap_or_else(|e| e.into_inner()) = Some(result);
                good
            })
        });
        let answer: Answer = Box::new(move |committed| {
            let result = held.lock().unwrap_or_else(|e| e.into_inner()).take();
            let result = match (committed, result) {
                (Ok(()), Some(result)) => result,
                // The closure's own refusal is worth more than a commit that had nothing to carry.
                (Err(_), Some(Err(refusal))) => Err(refusal),
                (Err(error), _) => Err(error.into()),
                (Ok(()), None) => Err(StoreError::Uncommitted("the work panicked".to_owned()).into()),
            };
            // A caller that went away does not want the answer; what was committed stays.
            let _ = tell.send(result);
        });
        self.queue.send(Message::Job(work, answer)).await.map_err(|_| E::from(StoreError::Stopped))?;
        told.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    pub async fn stop(&self) {
        let (tell, told) = oneshot::channel();
        if self.queue.send(Message::Stop(tell)).await.is_ok() {
            let _ = told.await;
        }
    }
}

async fn serve(mut connection: Tx, mut jobs: mpsc::Receiver<Message>) {
    let mut group = Vec::with_capacity(GROUP);
    loop {
        group.clear();
        if jobs.recv_many(&mut group, GROUP).await == 0 {
            return;
        }
        let mut stop = None;
        let mut work = Vec::with_capacity(group.len());
        for message in group.drain(..) {
            match message {
                Message::Job(run, answer) => work.push((run, answer)),
                Message::Stop(tell) => stop = Some(tell),
            }
        }
        commit_group(&mut connection, work).await;
        if let Some(tell) = stop {
            let _ = tell.send(());
            return;
        }
    }
}

/// One `BEGIN IMMEDIATE … COMMIT` around all the jobs, each in a savepoint of its own. A job without company needs none:
/// SQLite then keeps no copy of each page that it is about to change.
async fn commit_group(connection: &mut Tx, work: Vec<(Work, Answer)>) {
    if work.is_empty() {
        return;
    }
    if let Err(error) = execute(connection, "BEGIN IMMEDIATE").await {
        let error = error.to_string();
        for (_, answer) in work {
            answer(Err(StoreError::Uncommitted(error.clone())));
        }
        return;
    }
    let alone = work.len() == 1;
    let mut answers = Vec::with_capacity(work.len());
    let mut end = "COMMIT";
    for (run, answer) in work {
        let outcome = if alone {
            if !run(connection).await {
                end = "ROLLBACK";
            }
            Ok(())
        } else {
            savepoint(connection, run).await
        };
        answers.push((answer, outcome));
    }
    let committed = execute(connection, end).await.map_err(|e| e.to_string());
    if committed.is_err() {
        let _ = execute(connection, "ROLLBACK").await;
    }
    for (answer, outcome) in answers {
        match (&committed, outcome) {
            (Ok(()), outcome) => answer(outcome),
            (Err(error), _) => answer(Err(StoreError::Uncommitted(error.clone()))),
        }
    }
}

async fn savepoint(connection: &mut Tx, run: Work) -> Result<(), StoreError> {
    execute(connection, "SAVEPOINT job").await?;
    if !run(connection).await {
        execute(connection, "ROLLBACK TO job").await?;
    }
    execute(connection, "RELEASE job").await
}

async fn execute(connection: &mut Tx, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_a_refused_job_wrote_is_undone_alone_and_in_company() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("office.db")).await.unwrap();
        let job = |digest: u8, good: bool| {
            store.write(move |tx| {
                Box::pin(async move {
                    let insert = sqlx::query("INSERT INTO visits VALUES ($1, 1, 1, 1)").bind(vec![digest]);
                    insert.execute(tx).await?;
                    if good { Ok(()) } else { Err(StoreError::Stopped) }
                })
            })
        };
        assert!(matches!(job(1, false).await, Err(StoreError::Stopped)));
        let jobs: Vec<_> = (2..10_u8).map(|digest| job(digest, digest % 2 == 0)).collect();
        let told = futures::future::join_all(jobs).await;
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 4);
        job(10, true).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let rows = sqlx::query_scalar::<_, Vec<u8>>("SELECT token_digest FROM visits ORDER BY token_digest");
        assert_eq!(rows.fetch_all(&mut *reader).await.unwrap().concat(), [2, 4, 6, 8, 10]);
        drop(reader);
        store.close().await;
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_job_and_no_other() {
        let folder = std::env::temp_dir().join(format!("certhall-writer-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("office.db")).await.unwrap();
        let breaks = store.write(|tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO visits VALUES (x'01', 1, 1, 1)").execute(tx).await?;
                if true {
                    panic!("on purpose");
                }
                Ok::<_, StoreError>(())
            })
        });
        let counts = store.write(|tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO visits VALUES (x'02', 1, 1, 1)").execute(tx).await?;
                Ok::<_, StoreError>(())
            })
        });
        let (broken, counted) = tokio::join!(breaks, counts);
        assert!(matches!(broken, Err(StoreError::Uncommitted(_))));
        assert!(counted.is_ok());
        let mut reader = store.read().await.unwrap();
        let rows = sqlx::query("SELECT token_digest FROM visits").fetch_all(&mut *reader).await.unwrap();
        assert_eq!(rows.len(), 1);
        drop(reader);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
