//! The fuzz targets' promises over their seeds: what was once found stays mended.

#[path = "../../../fuzz/promises.rs"]
mod promises;

use std::path::Path;

fn keep(target: &str, promise: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    for seed in seeds {
        let octets = std::fs::read(seed).unwrap();
        promise(&octets);
        // And what a slip of the wire makes of it.
        for length in 0..octets.len().min(300) {
            promise(&octets[..length]);
        }
    }
}

#[test]
fn seeds_keep_their_promises() {
    keep("request", promises::request);
    keep("certificate", promises::certificate);
    keep("status_request", promises::status_request);
    keep("status_response", promises::status_response);
    keep("revocation_list", promises::revocation_list);
    keep("envelope", promises::envelope);
    keep("csr_response", promises::csr_response);
    keep("delivery", promises::delivery);
    keep("skf_blob", promises::skf_blob);
}
