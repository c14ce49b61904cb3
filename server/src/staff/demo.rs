//! Staff for trying out: made once, where nobody works yet, with thrown passwords that only this machine's file tells.

use super::{one_time_code, password, role, totp_place};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::sealing::create_private;
use crate::store::staff::StaffRow;
use crate::store::{self, StoreError};
use app::desk::staff::Role;
use journey::moment::Moment;
use journey::secret::Password;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Names as in `docs/words.md`: 审核员, a second one for four eyes, 制证员, 发货员, 财务, 证书管理员, and three
/// 密钥管理员: one files, two approve.
const ACCOUNTS: [(&str, &[Role]); 9] = [
    ("shenhe", &[Role::Reviewer]),
    ("shenhe2", &[Role::Reviewer]),
    ("zhizheng", &[Role::Producer, Role::Dispatcher]),
    ("fahuo", &[Role::Dispatcher]),
    ("caiwu", &[Role::Finance]),
    ("zhengguan", &[Role::Registrar]),
    ("miguan", &[Role::Custodian]),
    ("miguan2", &[Role::Custodian]),
    ("miguan3", &[Role::Custodian]),
];
const HEADING: &str = "# 演示账号：岗位、账号、密码、动态验证码密钥（仅本机可读；正式环境没有此文件）";

/// Makes the demo staff if there is no staff at all, and writes `staff.txt` (0600) into the data folder: one line an
/// account, `role name password totp-secret-base32` between tabs.
///
/// # Errors
/// The file cannot be written; the store's own.
pub async fn ensure_demo_staff(ground: &Ground, data_dir: &Path) -> Result<(), Fault> {
    let mut reader = ground.store.read().await?;
    let there = store::staff::any(&mut reader).await?;
    drop(reader);
    if there {
        return Ok(());
    }
    let (inner, file) = (ground.clone(), data_dir.join("staff.txt"));
    let made = tokio::task::spawn_blocking(move || make(&inner, &file)).await;
    let rows = made.map_err(|error| Fault::Disk(std::io::Error::other(error)))??;
    let written = ground.store.write(move |tx| {
        Box::pin(async move {
            for row in &rows {
                store::staff::record(tx, row).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    written.await?;
    tracing::warn!(file = %data_dir.join("staff.txt").display(), "made demo staff");
    Ok(())
}

/// The file stands before the rows: a crash between leaves a file that the next start writes anew, never accounts that
/// nobody can use.
fn make(ground: &Ground, file: &Path) -> Result<Vec<StaffRow>, Fault> {
    let mut text = Zeroizing::new(format!("{HEADING}\n"));
    let mut rows = Vec::new();
    for (name, roles) in ACCOUNTS {
        let password = Password::new(hex::encode(ground.dice.bytes::<10>()));
        let secret = Zeroizing::new(ground.dice.bytes::<{ one_time_code::SECRET_BYTES }>());
        let base32 = one_time_code::base32(secret.as_ref()).map(Zeroizing::new);
        let base32 = base32.ok_or_else(|| Fault::Document("authenticator secret".to_owned()))?;
        let first = roles.first().map_or("", |role| role::code(*role));
        text.push_str(&format!("{first}\t{name}\t{}\t{}\n", password.expose(), base32.as_str()));
        let id = ground.dice.id();
        rows.push(StaffRow {
            name: name.to_owned(),
            password_hash: password::hash(&password, &ground.dice)?,
            sealed_totp: ground.sealing.seal(&totp_place(&id), secret.as_ref()),
            roles: role::write(roles),
            failures: 0,
            locked_until: Moment::from_millis(0),
            last_totp: 0,
            id,
        });
    }
    replace_private(file, text.as_bytes())?;
    Ok(rows)
}

/// Whole or not at all, and never readable by others.
fn replace_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let fresh: PathBuf = file.with_extension("new");
    if fresh.exists() {
        std::fs::remove_file(&fresh)?;
    }
    create_private(&fresh, bytes)?;
    std::fs::rename(&fresh, file)
}
