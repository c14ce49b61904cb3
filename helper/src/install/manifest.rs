//! The native messaging host manifest: by it a browser finds this program and knows which extension may start it.

use std::{error::Error, path::Path};

use key::message::{EXTENSION_ID, FIREFOX_EXTENSION_ID};
use serde_json::{Value, json};

use super::browser::Browser;

/// What the extension calls: `connectNative(NAME)`.
const NAME: &str = "cn.certhall.helper";
pub const FILE: &str = "cn.certhall.helper.json";

/// Chromium and Firefox name the extension each in its own way.
pub fn text(browser: Browser, program: &Path) -> Result<String, Box<dyn Error>> {
    let mut manifest = json!({
        "name": NAME,
        "description": "证书大厅 Key 助手",
        "path": program,
        "type": "stdio",
    });
    let (member, extension) = allowed(browser);
    manifest[member] = json!([extension]);
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn allowed(browser: Browser) -> (&'static str, String) {
    match browser {
        Browser::Chromium | Browser::Chrome | Browser::Edge => {
            ("allowed_origins", format!("chrome-extension://{EXTENSION_ID}/"))
        }
        Browser::Firefox => ("allowed_extensions", FIREFOX_EXTENSION_ID.to_owned()),
    }
}

/// What is wrong with a manifest that lies where a browser looks.
pub fn fault(browser: Browser, file: &Path) -> Option<String> {
    let shown = file.display();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return Some(format!("{shown} 读不出来：{error}")),
    };
    let Ok(manifest) = serde_json::from_str::<Value>(&text) else {
        return Some(format!("{shown} 的内容已损坏"));
    };
    let (member, extension) = allowed(browser);
    if manifest[member] != json!([extension]) || manifest["name"] != NAME {
        return Some(format!("{shown} 登记的不是本扩展"));
    }
    let program = Path::new(manifest["path"].as_str().unwrap_or_default());
    if !program.is_absolute() || !program.is_file() {
        return Some(format!("{shown} 指向的程序 {} 不存在", program.display()));
    }
    None
}
