//! The native messaging host manifest: by it the browser finds this program and knows who may start it.

use std::{
    error::Error,
    fs,
    io::{Write, stdout},
    path::Path,
};

use key::message::EXTENSION_ID;
use serde_json::json;

/// What the extension calls: `chrome.runtime.connectNative(NAME)`.
pub const NAME: &str = "cn.certhall.helper";

/// Prints the manifest, or writes it below a user data directory of Chromium.
pub fn write(extension_id: &str, user_data_dir: Option<&Path>) -> Result<(), Box<dyn Error>> {
    if extension_id != EXTENSION_ID {
        return Err(format!("this helper obeys only the extension {EXTENSION_ID}").into());
    }
    let manifest = json!({
        "name": NAME,
        "description": "证书大厅 Key 助手",
        "path": std::env::current_exe()?.canonicalize()?,
        "type": "stdio",
        "allowed_origins": [format!("chrome-extension://{extension_id}/")],
    });
    let text = serde_json::to_string_pretty(&manifest)?;
    let Some(user_data_dir) = user_data_dir else {
        return Ok(writeln!(stdout(), "{text}")?);
    };
    let hosts = user_data_dir.join("NativeMessagingHosts");
    fs::create_dir_all(&hosts)?;
    let file = hosts.join(format!("{NAME}.json"));
    fs::write(&file, text)?;
    Ok(writeln!(stdout(), "{}", file.display())?)
}
