//! `credentials.toml`: what a merchant would copy from the providers' consoles, in the form of the office's settings.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::Credentials;
use crate::{Failure, courier::COMPANIES, sms::templates};

/// Writes the page anew with the addresses of this start; the keys it names stay the same.
///
/// # Errors
/// The directory cannot be written.
pub fn write_page(
    directory: &Path,
    credentials: &Credentials,
    http: SocketAddr,
    smtp: SocketAddr,
) -> Result<PathBuf, Failure> {
    let path = directory.join("credentials.toml");
    let page = [
        pay_sections(credentials, http),
        sms_sections(credentials, http),
        other_sections(credentials, http, smtp),
        courier_section(credentials, http),
    ];
    write_private(&path, &page.join("\n"))?;
    Ok(path)
}

fn pay_sections(credentials: &Credentials, http: SocketAddr) -> String {
    let (wechat_pay, alipay) = (&credentials.wechat_pay, &credentials.alipay);
    format!(
        r#"# Made by the sandbox: its own accounts and keys. Addresses change with every start, keys stay.

[wechat_pay]
base_url = "http://{http}"
app_id = "{}"
mch_id = "{}"
merchant_serial = "{}"
merchant_key_file = "wechat_pay/merchant_key.pem"
platform_key_id = "{}"
platform_key_file = "wechat_pay/platform_key.pem"
api_v3_key_file = "wechat_pay/api_v3_key.txt"

[alipay]
gateway_url = "http://{http}/gateway.do"
app_id = "{}"
seller_id = "{}"
app_key_file = "alipay/app_key.pem"
alipay_key_file = "alipay/alipay_key.pem"
"#,
        wechat_pay.app_id,
        wechat_pay.mch_id,
        wechat_pay.merchant_serial,
        wechat_pay.platform_key_id,
        alipay.app_id,
        alipay.seller_id,
    )
}

fn sms_sections(credentials: &Credentials, http: SocketAddr) -> String {
    let registry = templates::registry();
    let lines = |id: fn(&templates::Template) -> &str| -> String {
        registry
            .template
            .iter()
            .map(|template| format!("{} = \"{}\"\n", template.kind, id(template)))
            .collect()
    };
    format!(
        r#"[sms]
provider = "tencent"
sign_name = "{}"

[sms.tencent]
base_url = "http://{http}"
secret_id = "{}"
secret_key_file = "sms/tencent_secret_key.txt"
sdk_app_id = "{}"
region = "ap-beijing"

[sms.tencent.templates]
{}
[sms.aliyun]
base_url = "http://{http}"
access_key_id = "{}"
access_key_secret_file = "sms/aliyun_access_key_secret.txt"

[sms.aliyun.templates]
{}"#,
        registry.sign_names[0],
        credentials.tencent.secret_id,
        credentials.tencent.sdk_app_id,
        lines(|template| &template.tencent),
        credentials.aliyun.access_key_id,
        lines(|template| &template.aliyun),
    )
}

fn other_sections(credentials: &Credentials, http: SocketAddr, smtp: SocketAddr) -> String {
    format!(
        r#"[bank]
base_url = "http://{http}/cdcserver/api/v2"
uid = "{}"
account = "{}"
sm4_key_file = "bank/sm4_key.hex"
private_key_file = "bank/private_key.hex"
bank_key_file = "bank/bank_key.hex"

[identity]
base_url = "http://{http}"
secret_id = "{}"
secret_key_file = "sms/tencent_secret_key.txt"
region = "ap-beijing"

[registry]
organisation_url = "http://{http}"
person_url = "http://{http}"
secret_id = "{}"
secret_key_file = "sms/tencent_secret_key.txt"
region = "ap-beijing"

[mail]
host = "{}"
port = {}
from = "证书大厅 <noreply@certhall.example>"
tls = "none"
"#,
        credentials.bank.uid,
        credentials.bank.account,
        credentials.tencent.secret_id,
        credentials.tencent.secret_id,
        smtp.ip(),
        smtp.port(),
    )
}

fn courier_section(credentials: &Credentials, http: SocketAddr) -> String {
    let codes: Vec<String> = COMPANIES.iter().map(|(code, ..)| format!("\"{code}\"")).collect();
    let pages: String = COMPANIES
        .iter()
        .map(|(code, ..)| format!("{code} = \"http://{http}/courier?number={{waybill}}\"\n"))
        .collect();
    format!(
        r#"[courier]
base_url = "http://{http}"
customer = "{}"
key_file = "courier/key.txt"
companies = [{}]

[courier.pages]
{pages}"#,
        credentials.courier.customer,
        codes.join(", "),
    )
}

/// Writes a file only its owner can read, making the folders above it.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().ok_or("a file lies in a folder")?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let whole = path.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&whole)?;
    file.write_all(text.as_bytes())?;
    // Renamed when complete: a reader never sees half a key.
    fs::rename(&whole, path)?;
    Ok(())
}
