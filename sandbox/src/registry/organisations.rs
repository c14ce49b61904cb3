//! The register of organisations (`data/organisations.toml`): who is not named there is registered just as asked.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::RegistryOutcome;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    organisation: Vec<Organisation>,
}

/// What the register says of whoever is asked about under this name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    name: String,
    outcome: RegistryOutcome,
}

static REGISTER: LazyLock<Register> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/organisations.toml"))
        .expect("the register of organisations is well formed")
});

/// The answer without its request id.
pub fn find(asked: &Value, forced: RegistryOutcome) -> Value {
    let name = asked["EntName"].as_str().unwrap_or_default();
    let known = REGISTER.organisation.iter().find(|known| known.name == name).map(|known| known.outcome);
    let outcome = match forced {
        RegistryOutcome::Decide if name.contains("不符") => RegistryOutcome::NameDiffers,
        RegistryOutcome::Decide => known.unwrap_or_default(),
        forced => forced,
    };
    let (name, person, status) = match outcome {
        RegistryOutcome::Decide => (true, true, "1"),
        RegistryOutcome::NameDiffers => (false, true, "1"),
        RegistryOutcome::PersonDiffers => (true, false, "1"),
        RegistryOutcome::StruckOff => (true, true, "3"),
        RegistryOutcome::NoRecord => return said(false, false, false, "/"),
        RegistryOutcome::Busy => return json!({ "StatusCode": 1 }),
    };
    said(true, name, person, status)
}

fn said(code: bool, name: bool, person: bool, status: &str) -> Value {
    let period = if status == "/" { "/" } else { "2015-03-02/" };
    json!({
        "StatusCode": 0,
        "VerifyResult": i32::from(code && name && person),
        "IsCreditCodeConsistent": code,
        "IsEntNameConsistent": name,
        "IsLrNameConsistent": person,
        "IsIdNumConsistent": person,
        "OperatingStatus": status,
        "OperatingPeriod": period,
    })
}
