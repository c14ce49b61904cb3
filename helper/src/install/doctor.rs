//! `certhall-helper doctor`: looks at everything between a browser and a key on this computer, and says what to do.

use std::{
    env,
    error::Error,
    io::{Write, stdout},
};

use futures::executor::block_on;
use helper::ring::Ring;
use key::serve::Ring as _;

use super::{
    browser::{Browser, Scope},
    manifest,
};
use crate::{
    allowed,
    prompt::window_fault,
    settings::{Owner, PromptPort, Settings, SettingsError, system_file, user_file},
};

/// One finding: good, or what is wrong and what to do.
struct Finding {
    about: String,
    /// What is wrong, and what to do.
    fault: Option<(String, String)>,
}

fn good(about: impl Into<String>) -> Finding {
    Finding { about: about.into(), fault: None }
}

fn bad(about: impl Into<String>, wrong: impl Into<String>, todo: impl Into<String>) -> Finding {
    Finding { about: about.into(), fault: Some((wrong.into(), todo.into())) }
}

/// # Errors
/// How many faults there are: the exit status says it too.
pub fn doctor() -> Result<(), Box<dyn Error>> {
    let mut findings = vec![program()];
    let (offices, prompt) = settings();
    findings.extend(offices);
    findings.push(prompt_port(&prompt));
    findings.extend(browsers());
    findings.push(keys());
    let mut out = stdout().lock();
    for finding in &findings {
        match &finding.fault {
            None => writeln!(out, "[正常] {}", finding.about)?,
            Some((wrong, todo)) => writeln!(out, "[问题] {}：{wrong}\n       {todo}", finding.about)?,
        }
    }
    match findings.iter().filter(|finding| finding.fault.is_some()).count() {
        0 => Ok(()),
        count => Err(format!("发现{count}个问题").into()),
    }
}

fn program() -> Finding {
    match env::current_exe() {
        Ok(path) => good(format!("助手程序 {} 版本 {}", path.display(), env!("CARGO_PKG_VERSION"))),
        Err(error) => bad("助手程序", error.to_string(), "请重新安装助手。"),
    }
}

fn settings() -> (Vec<Finding>, PromptPort) {
    let mut findings = Vec::new();
    let mut prompt = PromptPort::Window;
    let mut offices = 0;
    let own = user_file().and_then(|file| Settings::read(&file, Owner::Me));
    for (name, read, own) in
        [("本人设置", own, true), ("本机设置", Settings::read(&system_file(), Owner::Root), false)]
    {
        match read {
            Ok(None) => {}
            Ok(Some(settings)) => {
                offices += settings.offices.len();
                for office in &settings.offices {
                    findings.push(good(format!("{name}：听从 {} 的授权", office.origin)));
                }
                if own {
                    prompt = settings.prompt;
                }
            }
            Err(error) => findings.push(bad(name, error.to_string(), settings_todo(&error))),
        }
    }
    if offices == 0 {
        let todo = "请安装办公系统提供的安装包；或从网站下载 /helper/office.json，再运行 certhall-helper install --office 该文件。";
        findings.push(bad("办公系统", "没有登记任何网站，助手不会执行改动Key的操作", todo));
    }
    (findings, prompt)
}

fn settings_todo(error: &SettingsError) -> String {
    match error {
        SettingsError::NotOwn(path) => {
            format!(
                "请核对文件的来源，然后改回权限：chmod 644 {}；所有者应为本人（本机设置为 root）。",
                path.display()
            )
        }
        SettingsError::File { .. } | SettingsError::NoHome => "请检查磁盘和目录的权限。".into(),
        SettingsError::Content { path, .. } => {
            format!("请删除 {} 后重新运行 certhall-helper install。", path.display())
        }
    }
}

fn prompt_port(port: &PromptPort) -> Finding {
    match port {
        PromptPort::Window => match window_fault() {
            None => good("密码输入窗口"),
            Some(wrong) => bad("密码输入窗口", wrong, "没有窗口就不能输入证书密码；识别证书Key不受影响。"),
        },
        PromptPort::Unix(path) if path.exists() => good(format!("密码输入端口 {}", path.display())),
        PromptPort::Unix(path) => bad(
            "密码输入端口",
            format!("{} 没有程序在听", path.display()),
            "这是测试用的设置。要改回窗口，请运行 certhall-helper install --prompt window。",
        ),
    }
}

/// A browser that is there must find us, for this person or for everybody.
fn browsers() -> Vec<Finding> {
    let mut findings = Vec::new();
    for browser in Browser::ALL {
        let files: Vec<_> = [Scope::User, Scope::System]
            .into_iter()
            .filter_map(|scope| Some(browser.folder(scope)?.join(manifest::FILE)))
            .filter(|file| file.exists())
            .collect();
        let about = format!("浏览器 {}", browser.name());
        let todo = "请运行 certhall-helper install，然后重新打开浏览器。";
        let fault = files.iter().find_map(|file| manifest::fault(browser, file));
        match (browser.is_installed(), files.is_empty(), fault) {
            (_, false, Some(wrong)) => findings.push(bad(about, wrong, todo)),
            (true, true, _) => findings.push(bad(about, "没有登记助手", todo)),
            (true, false, None) => findings.push(good(about)),
            (false, ..) => {}
        }
    }
    if findings.is_empty() {
        let todo = "请安装 Chromium、Chrome、Edge 或 Firefox。";
        findings.push(bad("浏览器", "没有找到支持的浏览器", todo));
    }
    findings
}

fn keys() -> Finding {
    let about = "证书Key";
    let places = match allowed::places() {
        Ok(places) => places,
        Err(error) => return bad(about, error.to_string(), "请检查用户目录和设置文件。"),
    };
    match block_on(Ring::of(places).inserted()) {
        Ok(keys) if keys.is_empty() => {
            bad(about, "没有检测到", "请插入证书Key；已插入的请拔下后换一个USB接口。")
        }
        Ok(keys) if keys.len() == 1 => good("证书Key：检测到1个"),
        Ok(keys) => bad(about, format!("检测到{}个", keys.len()), "办理业务时请只插入一个，其余的请拔下。"),
        Err(error) => bad(about, format!("检测失败（{}）", error.code()), "请重新插拔后再试。"),
    }
}
