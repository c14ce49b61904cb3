//! Starting: the ready line, keys that stay, addresses that do not, and no network but loopback.

use std::{fs, process::Command};

use crate::outside::{Outside, ready_line, spawn};

#[test]
fn an_address_that_faces_a_network_is_refused() {
    for flag in ["--listen", "--smtp"] {
        let ended = Command::new(env!("CARGO_BIN_EXE_sandbox")).args([flag, "0.0.0.0:0"]).output().unwrap();
        assert_eq!(ended.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&ended.stderr).contains("not a loopback address"));
    }
}

#[tokio::test]
async fn a_second_start_keeps_the_keys_and_writes_the_new_addresses() {
    let outside = Outside::start();
    let folder = tempfile::TempDir::new().unwrap();
    let home = std::path::Path::new(&outside.setting("wechat_pay.merchant_key_file")).to_owned();
    let mut read = Vec::new();
    for _ in 0..2 {
        let mut process = spawn(folder.path(), &[]);
        let line = ready_line(&mut process);
        let page: toml::Table =
            fs::read_to_string(folder.path().join("credentials.toml")).unwrap().parse().unwrap();
        let base = page["wechat_pay"]["base_url"].as_str().unwrap().to_owned();
        assert!(line.starts_with(&format!("ready http={base} smtp=127.0.0.1:")), "{line}");
        assert_eq!(page["alipay"]["gateway_url"].as_str().unwrap(), format!("{base}/gateway.do"));
        read.push((
            fs::read_to_string(folder.path().join(&home)).unwrap(),
            page["wechat_pay"]["merchant_serial"].clone(),
        ));
        process.kill().unwrap();
        process.wait().unwrap();
    }
    assert_eq!(read[0], read[1]);
}

#[tokio::test]
async fn it_stops_when_asked_to() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut process = spawn(folder.path(), &[]);
    ready_line(&mut process);
    assert!(Command::new("kill").arg(process.id().to_string()).status().unwrap().success());
    assert!(process.wait().unwrap().success());
}
