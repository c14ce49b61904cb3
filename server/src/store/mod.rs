//! Owns: the database: one writer that commits in groups, many readers, and every statement.
//! Never: a rule of a journey; an outside call; a decision.
//! Start at: `writer.rs`, then `orders.rs`.

pub mod agreements;
pub mod attempts;
pub mod authorities;
pub mod bank_lines;
pub mod certificates;
pub mod changed_fields;
pub mod codes;
pub mod encryption_pairs;
pub mod errands;
pub mod evidence;
pub mod hand_overs;
pub mod held;
pub mod identity_checks;
pub mod invoice_mails;
pub mod invoices;
pub mod issued;
pub mod journal;
pub mod key_uses;
pub mod mandates;
pub mod media;
pub mod office_keys;
pub mod orders;
pub mod parcels;
pub mod partner_certificates;
pub mod passcodes;
pub mod phone_links;
pub mod privacy;
pub mod productions;
pub mod queries;
pub mod recoveries;
pub mod registry;
pub mod reminders;
pub mod replacements;
pub mod responders;
pub mod revocation_lists;
pub mod seal_images;
pub mod signatures;
pub mod staff;
pub mod status;
mod sweep;
pub mod texts;
pub mod unblocks;
pub mod visit_holders;
pub mod visits;
mod writer;

pub use sweep::sweep;

use futures::future::BoxFuture;
use sqlx::ConnectOptions;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use std::path::Path;
use std::time::Duration;

/// One connection inside a transaction (or, for readers, outside of one).
pub type Tx = SqliteConnection;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that cannot be: somebody else wrote it, or we did and lied.
    #[error("{table}.{column} of {row}: {why}")]
    Impossible { table: &'static str, column: &'static str, row: String, why: String },
    #[error("no {table} {row}")]
    Missing { table: &'static str, row: String },
    /// The group's transaction did not begin or did not commit: nothing of it stands.
    #[error("not committed: {0}")]
    Uncommitted(String),
    #[error("the writer has stopped")]
    Stopped,
}

impl StoreError {
    pub fn impossible(
        table: &'static str,
        column: &'static str,
        row: &str,
        why: impl ToString,
    ) -> StoreError {
        StoreError::Impossible { table, column, row: row.to_owned(), why: why.to_string() }
    }

    /// A unique index said no: the thing stands already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, StoreError::Database(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: writer::Writer,
    readers: SqlitePool,
}

impl Store {
    /// Opens (and creates, and migrates) the database file.
    ///
    /// # Errors
    /// The file cannot be opened, or it was written by a newer office.
    pub async fn open(file: &Path) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: what was acknowledged survives a power cut (NORMAL loses commits in WAL mode).
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            // A batch of partners' requests of any size finds its statements prepared.
            .statement_cache_capacity(512)
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Store { writer: writer::Writer::start(connection), readers })
    }

    /// Runs `work` in a transaction of its own; the answer comes after the commit. An `Err` undoes what `work` wrote.
    ///
    /// # Errors
    /// What `work` says, or the store's own.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// A connection to read with; never sees half a transaction.
    ///
    /// # Errors
    /// All readers are taken for too long, or the file is gone.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Waits for what is queued, then closes.
    pub async fn close(&self) {
        self.writer.stop().await;
        self.readers.close().await;
    }
}

/// What a look-up gave, or the error that it must be there.
pub(crate) fn required<T>(found: Option<T>, table: &'static str, row: &str) -> Result<T, StoreError> {
    found.ok_or_else(|| StoreError::Missing { table, row: row.to_owned() })
}
