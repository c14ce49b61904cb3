//! The command line. The sandbox is for loopback alone: any other listening address is refused.

use std::{net::SocketAddr, path::PathBuf};

pub const USAGE: &str = "sandbox [--listen 127.0.0.1:8421] [--smtp 127.0.0.1:8425] [--credentials DIR]
        [--clock-speed 60] [--sms-receipts-to http://127.0.0.1:8420]

  --listen           where the HTTP providers and the pages answer (port 0: any free port)
  --smtp             where the mail sink answers
  --credentials      keys and credentials.toml are made here at first start (default: ./sandbox-credentials)
  --clock-speed      how much faster the providers' own waiting times pass (notice retries, refunds, bank)
  --sms-receipts-to  where SMS delivery receipts are posted; without it none are sent";

pub struct Arguments {
    pub listen: SocketAddr,
    pub smtp: SocketAddr,
    pub credentials: PathBuf,
    pub clock_speed: f64,
    pub sms_receipts_to: Option<String>,
}

impl Arguments {
    /// # Errors
    /// A sentence that names the wrong argument.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8421)),
            smtp: SocketAddr::from(([127, 0, 0, 1], 8425)),
            credentials: PathBuf::from("sandbox-credentials"),
            clock_speed: 60.0,
            sms_receipts_to: None,
        };
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} wants a value"))?;
            match name.as_str() {
                "--listen" => read.listen = loopback(&name, &value)?,
                "--smtp" => read.smtp = loopback(&name, &value)?,
                "--credentials" => read.credentials = PathBuf::from(value),
                "--clock-speed" => read.clock_speed = speed(&value)?,
                "--sms-receipts-to" => read.sms_receipts_to = Some(value.trim_end_matches('/').to_owned()),
                _ => return Err(format!("unknown argument {name}")),
            }
        }
        Ok(read)
    }
}

fn loopback(name: &str, value: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        value.parse().map_err(|_| format!("{name} wants an address and port, not {value}"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(format!("{name} {address} is not a loopback address: the sandbox never faces a network"))
    }
}

fn speed(value: &str) -> Result<f64, String> {
    match value.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed >= 0.001 => Ok(speed),
        _ => Err(format!("--clock-speed wants a positive number, not {value}")),
    }
}
