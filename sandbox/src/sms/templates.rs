//! The registered signatures and templates (`data/sms_templates.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    pub sign_names: Vec<String>,
    pub template: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub kind: String,
    #[serde(default)]
    pub verification: bool,
    pub tencent: String,
    pub aliyun: String,
    pub names: Vec<String>,
    pub text: String,
}

/// Longest value a registered variable may take.
pub const LONGEST_PARAM: usize = 40;

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/sms_templates.toml"))
        .expect("the template registry is well formed")
});

pub fn registry() -> &'static Registry {
    &REGISTRY
}

impl Template {
    pub fn render(&self, params: &[String]) -> String {
        let fill = |text: String, (place, value): (usize, &String)| {
            text.replace(&format!("{{{}}}", place + 1), value)
        };
        params.iter().enumerate().fold(self.text.clone(), fill)
    }
}

/// Carriers refuse links and phone-like numbers inside variables; waybills and order numbers pass.
pub fn is_allowed_value(value: &str) -> bool {
    let lower = value.to_lowercase();
    !["http:", "https:", "www.", ".com", ".cn"].iter().any(|part| lower.contains(part))
}
