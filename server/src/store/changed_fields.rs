//! What an information change changes (R113).

use super::{StoreError, Tx};
use sqlx::Row;

/// What the order of a modification changes: names of fields.
pub async fn keep(tx: &mut Tx, order_id: &str, fields: &[&str]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO changed_fields (order_id, fields) VALUES ($1, $2)
         ON CONFLICT (order_id) DO UPDATE SET fields = excluded.fields",
    )
    .bind(order_id)
    .bind(fields.join(" "))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn list(tx: &mut Tx, order_id: &str) -> Result<Vec<String>, StoreError> {
    let row = sqlx::query("SELECT fields FROM changed_fields WHERE order_id = $1").bind(order_id);
    let Some(row) = row.fetch_optional(tx).await? else { return Ok(Vec::new()) };
    let fields: String = row.try_get("fields")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}
