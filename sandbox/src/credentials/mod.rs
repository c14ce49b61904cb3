//! Owns: the key material and account numbers that a merchant and its providers share.
//! Never: checks a request; each provider does that with what it finds here.
//! Start at: `open`.

mod page;

use std::{
    fs,
    path::{Path, PathBuf},
};

use ring::digest;
use sm2::elliptic_curve::sec1::ToSec1Point;

use crate::{Failure, dice, rsa_key, rsa_key::RsaKey};

pub use page::write_page;

pub struct Credentials {
    pub wechat_pay: WechatPay,
    pub alipay: Alipay,
    pub tencent: Tencent,
    pub aliyun: Aliyun,
    pub bank: Bank,
    pub courier: Courier,
}

pub struct WechatPay {
    pub app_id: &'static str,
    pub mch_id: &'static str,
    pub merchant_serial: String,
    pub merchant_public: Vec<u8>,
    pub platform_key_id: String,
    pub platform: RsaKey,
    pub api_v3_key: Vec<u8>,
}

pub struct Alipay {
    pub app_id: &'static str,
    pub seller_id: &'static str,
    pub app_public: Vec<u8>,
    pub alipay: RsaKey,
}

pub struct Tencent {
    pub secret_id: &'static str,
    pub secret_key: String,
    pub sdk_app_id: &'static str,
}

pub struct Aliyun {
    pub access_key_id: &'static str,
    pub access_key_secret: String,
}

pub struct Courier {
    pub customer: &'static str,
    pub key: String,
}

pub struct Bank {
    pub uid: &'static str,
    pub account: &'static str,
    pub account_name: &'static str,
    pub sm4: [u8; 16],
    pub office: sm2::PublicKey,
    pub bank: sm2::SecretKey,
}

/// Reads the keys in `directory`, making what is missing (all of it at the first start).
///
/// # Errors
/// The directory cannot be written, or a file in it is not what its name says.
pub fn open(directory: &Path) -> Result<Credentials, Failure> {
    let files = Files { directory: directory.to_owned() };
    files.make_rsa_pairs()?;

    let merchant = RsaKey::from_pem(&files.read("wechat_pay/merchant_key.pem")?)?.public();
    let platform = RsaKey::from_pem(&files.read("providers/wechat_pay_platform.pem")?)?;
    let mch_id = "1680000121";
    Ok(Credentials {
        wechat_pay: WechatPay {
            app_id: "wx5a1f8c02b7d94e36",
            mch_id,
            merchant_serial: hex::encode_upper(&fingerprint(&merchant)[..20]),
            platform_key_id: key_id(mch_id, &platform.public()),
            merchant_public: merchant,
            platform,
            api_v3_key: files.keep("wechat_pay/api_v3_key.txt", || dice::letters(32))?.into_bytes(),
        },
        alipay: Alipay {
            app_id: "2021000121684210",
            seller_id: "2088102169481042",
            app_public: RsaKey::from_pem(&files.read("alipay/app_key.pem")?)?.public(),
            alipay: RsaKey::from_pem(&files.read("providers/alipay.pem")?)?,
        },
        tencent: Tencent {
            secret_id: "AKIDsandbox8421000000000000000000000",
            secret_key: files.keep("sms/tencent_secret_key.txt", || dice::letters(32))?,
            sdk_app_id: "1400842100",
        },
        aliyun: Aliyun {
            access_key_id: "LTAIsandbox842100000000",
            access_key_secret: files.keep("sms/aliyun_access_key_secret.txt", || dice::letters(30))?,
        },
        bank: open_bank(&files)?,
        courier: Courier {
            customer: "8B4E5F4D0F5A842100000000SANDBOX1",
            key: files.keep("courier/key.txt", || dice::letters(12))?,
        },
    })
}

fn open_bank(files: &Files) -> Result<Bank, Failure> {
    let office = secret_key(&files.keep("bank/private_key.hex", new_sm2_key)?)?;
    let bank = secret_key(&files.keep("providers/bank_private_key.hex", new_sm2_key)?)?;
    files.keep("bank/bank_key.hex", || hex::encode(bank.public_key().to_sec1_point(false).as_bytes()))?;
    let sm4 = hex::decode(files.keep("bank/sm4_key.hex", || hex::encode(dice::bytes::<16>()))?)?;
    Ok(Bank {
        uid: "N003261642",
        account: "755915677610513",
        account_name: "证书大厅（沙箱）电子认证有限公司",
        sm4: sm4.try_into().map_err(|_| "bank/sm4_key.hex is not 16 bytes")?,
        office: office.public_key(),
        bank,
    })
}

fn new_sm2_key() -> String {
    loop {
        let drawn = dice::bytes::<32>();
        if sm2::SecretKey::from_slice(&drawn).is_ok() {
            return hex::encode(drawn);
        }
    }
}

fn secret_key(text: &str) -> Result<sm2::SecretKey, Failure> {
    sm2::SecretKey::from_slice(&hex::decode(text)?).map_err(|_| "not an SM2 private key".into())
}

fn fingerprint(public: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, public).as_ref().to_vec()
}

/// `PUB_KEY_ID_0` + merchant + eighteen digits: another key has another id.
fn key_id(mch_id: &str, public: &[u8]) -> String {
    let digits: String =
        fingerprint(public).iter().take(18).map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("PUB_KEY_ID_0{mch_id}{digits}")
}

struct Files {
    directory: PathBuf,
}

impl Files {
    /// Pairs are made side by side: a 2048-bit key takes a while in an unoptimised build.
    fn make_rsa_pairs(&self) -> Result<(), Failure> {
        const PAIRS: [(&str, &str); 4] = [
            ("wechat_pay/merchant_key.pem", "providers/wechat_pay_merchant_public.pem"),
            ("providers/wechat_pay_platform.pem", "wechat_pay/platform_key.pem"),
            ("alipay/app_key.pem", "providers/alipay_app_public.pem"),
            ("providers/alipay.pem", "alipay/alipay_key.pem"),
        ];
        std::thread::scope(|threads| {
            let makers: Vec<_> = PAIRS
                .into_iter()
                .filter(|(private, public)| !self.has(private) || !self.has(public))
                .map(|(private, public)| {
                    threads.spawn(move || {
                        let (private_pem, public_pem) = rsa_key::make_pair()?;
                        self.write(public, &public_pem)?;
                        self.write(private, &private_pem)
                    })
                })
                .collect();
            makers.into_iter().try_for_each(|maker| maker.join().map_err(|_| "making a key panicked")?)
        })
    }

    fn has(&self, name: &str) -> bool {
        self.directory.join(name).exists()
    }

    fn read(&self, name: &str) -> Result<String, Failure> {
        let path = self.directory.join(name);
        let text = fs::read_to_string(&path).map_err(|wrong| format!("{}: {wrong}", path.display()))?;
        Ok(text.trim().to_owned())
    }

    fn keep(&self, name: &str, make: impl FnOnce() -> String) -> Result<String, Failure> {
        if !self.has(name) {
            self.write(name, &make())?;
        }
        self.read(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        page::write_private(&self.directory.join(name), text)
    }
}
