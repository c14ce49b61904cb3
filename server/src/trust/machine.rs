//! The same for machines: JSON with everything that is worth watching, and a feed of the authorities' certificates.

use super::Trust;
use crate::fault::Fault;
use app::desk::trust::{AuthorityView, ListView};
use journey::moment::Moment;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
struct Machine {
    authority: String,
    demo: bool,
    statement: Statement,
    authorities: Vec<Authority>,
}

#[derive(Serialize)]
struct Statement {
    version: String,
    effective_on: String,
    sm3: String,
    url: String,
}

#[derive(Serialize)]
struct Authority {
    name: String,
    purpose: app::desk::trust::AuthorityPurpose,
    issuer: Option<String>,
    demo: bool,
    subject: String,
    serial: String,
    key: String,
    not_before: String,
    not_after: String,
    sm3: String,
    sha256: String,
    urls: Vec<String>,
    ocsp_url: Option<String>,
    full_list: Option<List>,
    delta_list: Option<List>,
}

#[derive(Serialize)]
struct List {
    number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    this_update: String,
    next_update: String,
    entries: u32,
    url: String,
}

impl Trust {
    /// `/trust.json`: nothing in it depends on the moment it is asked for.
    ///
    /// # Errors
    /// None that can be.
    pub fn machine(&self) -> Result<String, Fault> {
        let view = self.view();
        let mut authorities = Vec::new();
        for root in &view.chains {
            self.collect(root, None, &mut authorities);
        }
        let facts = view.statement;
        let machine = Machine {
            authority: self.settings.organisation.clone(),
            demo: self.demo,
            statement: Statement {
                version: facts.version,
                effective_on: facts.effective_on,
                sm3: facts.sm3,
                url: format!("{}/trust/cps.txt", self.public_origin),
            },
            authorities,
        };
        serde_json::to_string_pretty(&machine).map_err(|error| Fault::Document(error.to_string()))
    }

    fn collect(&self, view: &AuthorityView, issuer: Option<&str>, into: &mut Vec<Authority>) {
        let file = |ending: &str| format!("{}/authority/{}.{ending}", self.public_origin, view.name);
        let status = view.status.as_ref();
        let list = |list: &ListView| List {
            number: list.number,
            base: list.base,
            this_update: rfc3339(list.this_update),
            next_update: rfc3339(list.next_update),
            entries: list.entries,
            url: format!("{}{}", self.public_origin, list.path),
        };
        into.push(Authority {
            name: view.name.clone(),
            purpose: view.purpose,
            issuer: issuer.map(str::to_owned),
            demo: view.demo,
            subject: view.subject.clone(),
            serial: view.serial.clone(),
            key: view.key.clone(),
            not_before: rfc3339(view.not_before),
            not_after: rfc3339(view.not_after),
            sm3: view.sm3.clone(),
            sha256: view.sha256.clone(),
            urls: ["crt", "pem", "p7b"].map(file).to_vec(),
            ocsp_url: status.map(|status| status.ocsp_url.clone()),
            full_list: status.and_then(|status| status.full.as_ref().map(list)),
            delta_list: status.and_then(|status| status.delta.as_ref().map(list)),
        });
        for below in &view.below {
            self.collect(below, Some(&view.name), into);
        }
    }

    /// `/trust.atom` (RFC 4287): an entry appears when an authority gets a new certificate.
    pub fn feed(&self) -> String {
        let mut all = Vec::new();
        for root in self.view().chains {
            flatten(root, &mut all);
        }
        all.sort_by_key(|authority| std::cmp::Reverse(authority.not_before));
        let updated = all.first().map_or(Moment::from_millis(0), |newest| newest.not_before);
        let origin = escaped(&self.public_origin);
        let mut feed = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n\
             <id>{origin}/trust.atom</id>\n<title>{} 根证书与签发机构证书</title>\n<updated>{}</updated>\n\
             <author><name>{0}</name></author>\n<link rel=\"self\" href=\"{origin}/trust.atom\"/>\n<link href=\"{origin}/trust\"/>\n",
            escaped(&self.settings.organisation),
            rfc3339(updated),
        );
        for authority in all {
            feed.push_str(&format!(
                "<entry>\n<id>urn:sha256:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link href=\"{origin}/authority/{}.crt\"/>\n\
                 <summary>{}；有效期至 {}；SM3 {}；SHA-256 {0}</summary>\n</entry>\n",
                authority.sha256,
                escaped(&authority.common_name),
                rfc3339(authority.not_before),
                escaped(&authority.name),
                escaped(&authority.subject),
                authority.not_after,
                authority.sm3,
            ));
        }
        feed.push_str("</feed>\n");
        feed
    }
}

fn flatten(mut authority: AuthorityView, into: &mut Vec<AuthorityView>) {
    let below = std::mem::take(&mut authority.below);
    into.push(authority);
    below.into_iter().for_each(|authority| flatten(authority, into));
}

fn rfc3339(at: Moment) -> String {
    let utc = at.beijing().to_offset(time::UtcOffset::UTC).replace_nanosecond(0);
    utc.ok().and_then(|utc| utc.format(&Rfc3339).ok()).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
