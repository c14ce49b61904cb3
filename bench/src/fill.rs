//! Many rows in little time, of the same size and with the same indexes as real ones: one genuine row is copied under
//! serials, key digests and numbers of their own. The certificate in them is always the same, which nobody here looks into.

use crate::Failure;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, Row};
use std::path::Path;
use std::time::Instant;

/// Rows that one statement makes.
const AT_ONCE: usize = 50_000;

pub async fn open(database: &Path) -> Result<SqliteConnection, Failure> {
    let options = SqliteConnectOptions::new().filename(database).journal_mode(SqliteJournalMode::Wal);
    Ok(options.pragma("synchronous", "OFF").pragma("cache_size", "-500000").connect().await?)
}

/// Adds certificates until there are `count` of them. The office must be closed.
pub async fn with_certificates(database: &Path, count: usize) -> Result<(), Failure> {
    let start = Instant::now();
    let mut connection = open(database).await?;
    let columns = sqlx::query("SELECT name FROM pragma_table_info('certificates')");
    let columns = columns.fetch_all(&mut connection).await?;
    let columns: Vec<String> =
        columns.iter().map(|row| row.try_get("name")).collect::<Result<_, sqlx::Error>>()?;
    let value = |column: &String| match column.as_str() {
        // As ours are: positive, and without a zero octet in front.
        "serial" => "'4' || substr(lower(hex(fresh.serial)), 2)".to_owned(),
        "spki_digest" | "subject_digest" | "request_digest" => "lower(hex(randomblob(32)))".to_owned(),
        "partner_number" => "'copy-' || hex(fresh.serial)".to_owned(),
        other => format!("model.{other}"),
    };
    let insert = format!(
        "WITH RECURSIVE fresh (n, serial) AS (
             SELECT 1, randomblob(16) UNION ALL SELECT n + 1, randomblob(16) FROM fresh WHERE n < $1)
         INSERT INTO certificates ({}) SELECT {} FROM fresh,
             (SELECT * FROM certificates WHERE state = 'active' ORDER BY rowid LIMIT 1) AS model",
        columns.join(", "),
        columns.iter().map(value).collect::<Vec<_>>().join(", "),
    );
    let mut there = rows(&mut connection).await?;
    if there == 0 {
        return Err("no certificate stands yet that could be copied".into());
    }
    while there < count {
        let more = (count - there).min(AT_ONCE);
        let insert = sqlx::query(sqlx::AssertSqlSafe(insert.clone()));
        insert.bind(i64::try_from(more)?).execute(&mut connection).await?;
        there += more;
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    connection.close().await?;
    let size = std::fs::metadata(database)?.len() / 1_000_000;
    println!("    store filled: {there} certificates, {size} MB, {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

async fn rows(connection: &mut SqliteConnection) -> Result<usize, Failure> {
    let count: i64 =
        sqlx::query("SELECT count(*) AS n FROM certificates").fetch_one(connection).await?.try_get("n")?;
    Ok(usize::try_from(count)?)
}

/// So many serials of active certificates, spread over the whole store.
pub async fn serials(database: &Path, issuer: &str, count: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let mut connection = open(database).await?;
    // Serials are random, so their order is that of chance.
    let query = sqlx::query(
        "SELECT serial FROM certificates WHERE issuer = $1 AND state = 'active' ORDER BY serial LIMIT $2",
    );
    let found = query.bind(issuer).bind(i64::try_from(count)?).fetch_all(&mut connection).await?;
    let serials = found.iter().map(|row| {
        let serial: String = row.try_get("serial")?;
        Ok::<_, Failure>(hex::decode(serial)?)
    });
    let serials = serials.collect::<Result<Vec<_>, _>>()?;
    connection.close().await?;
    if serials.len() == count { Ok(serials) } else { Err(format!("only {} serials", serials.len()).into()) }
}
