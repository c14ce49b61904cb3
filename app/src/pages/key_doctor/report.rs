//! The report for the hotline: codes and versions. No name, no whole serial, no certificate.

use super::judge::Finding;

pub fn text(findings: &[Finding], browser: &str, at: &str) -> String {
    let mut lines = vec!["证书Key检测报告".to_owned(), format!("时间 {at}"), format!("浏览器 {browser}")];
    lines.extend(
        findings.iter().map(|it| format!("{} {} {} {}", it.health.word(), it.item, it.code, it.says)),
    );
    lines.join("\n")
}
