//! The plan and the memory, cell by cell. What the desk does with them is tested in `server/tests/office/status.rs`.

use super::cache::{Cache, Key};
use super::plan::{HANDY_BYTES, Heard, Kind, Plan, Standing as Known};
use super::settings::StatusSettings;
use certificate::status::{Answer, CertificateId, Hash, Packed, Standing};

const T: i64 = 1_800_000_000;
const HOUR: i64 = 3600;

fn plan() -> Plan {
    Plan::new(&StatusSettings::default()).unwrap()
}

/// A list that knows the first ten changes.
fn known(kind: Kind, this_update: i64) -> Option<Known> {
    let next_update = plan().next_update(kind, this_update);
    Some(Known { this_update, next_update, sequence: 10, bytes: 500 })
}

#[test]
fn lists_are_due_by_the_clock() {
    let (full, delta) = (known(Kind::Full, T), known(Kind::Delta, T + 1));
    let quiet = Heard { last_change: 10, ..Heard::default() };
    let due = |now, full, delta| plan().due(now, full, delta, &quiet, false);
    assert_eq!(due(T, None, None), Some(Kind::Full), "first the full list");
    assert_eq!(due(T, full, None), None, "full and delta never share their second");
    assert_eq!(due(T + 1, full, None), Some(Kind::Delta));
    assert_eq!(due(T + HOUR, full, delta), None);
    assert_eq!(due(T + HOUR + 1, full, delta), Some(Kind::Delta));
    assert_eq!(due(T + 24 * HOUR - 1, full, known(Kind::Delta, T + 23 * HOUR + 1)), None);
    assert_eq!(due(T + 24 * HOUR, full, known(Kind::Delta, T + 24 * HOUR)), None, "not in one second");
    assert_eq!(due(T + 24 * HOUR + 1, full, known(Kind::Delta, T + 24 * HOUR)), Some(Kind::Full));
}

#[test]
fn an_office_that_opens_makes_a_new_list_past_the_middle_of_the_last() {
    let (full, delta) = (known(Kind::Full, T), known(Kind::Delta, T + 17 * HOUR + 1800));
    let quiet = Heard { last_change: 10, ..Heard::default() };
    let due = |now, opening| plan().due(now, full, delta, &quiet, opening);
    assert_eq!(due(T + 18 * HOUR - 1, true), None);
    assert_eq!(due(T + 18 * HOUR, true), Some(Kind::Full));
    assert_eq!(due(T + 18 * HOUR, false), None);
}

#[test]
fn r162_a_change_is_told_within_the_minute() {
    let (full, delta) = (known(Kind::Full, T), known(Kind::Delta, T + 1));
    let since = Some(T + 100);
    let heard = Heard { last_change: 11, delta_waits_since: since, full_waits_since: since };
    let due = |now, full, delta| plan().due(now, full, delta, &heard, false);
    assert_eq!(due(T + 104, full, delta), None, "gathers");
    assert_eq!(due(T + 105, full, delta), Some(Kind::Delta));
    let told = Some(Known { sequence: 11, ..known(Kind::Delta, T + 105).unwrap() });
    assert_eq!(due(T + 129, full, told), None);
    assert_eq!(due(T + 130, full, told), Some(Kind::Full));
    let large = Some(Known { bytes: HANDY_BYTES + 1, ..full.unwrap() });
    assert_eq!(due(T + 160, large, told), None, "a list of many thousands waits for its hour");
    let all = Some(Known { sequence: 11, ..known(Kind::Full, T + 130).unwrap() });
    assert_eq!(due(T + 200, all, told), None);
}

#[test]
fn a_clock_that_was_ahead_stops_nothing() {
    let quiet = Heard { last_change: 10, ..Heard::default() };
    let ahead = T + 10 * 24 * HOUR;
    let (mut full, mut delta) = (known(Kind::Full, ahead), known(Kind::Delta, ahead + 1));
    let mut made = Vec::new();
    for second in 0..5 {
        match plan().due(T + second, full, delta, &quiet, false) {
            Some(Kind::Full) => full = known(Kind::Full, T + second),
            Some(Kind::Delta) => delta = known(Kind::Delta, T + second),
            None => continue,
        }
        made.push(second);
    }
    assert_eq!(made, [0, 1], "each once, in a second of its own");
    assert!(full.unwrap().this_update < ahead && delta.unwrap().this_update < ahead);
    // Changes that waited under that clock wait no longer.
    let heard = Heard { last_change: 11, delta_waits_since: Some(ahead), full_waits_since: Some(ahead) };
    assert!(plan().due(T + 60, full, delta, &heard, false).is_some());
}

#[test]
fn a_plan_that_cannot_be_kept_is_refused() {
    for settings in [
        StatusSettings { full_hours: 0, ..StatusSettings::default() },
        StatusSettings { delta_minutes: 0, ..StatusSettings::default() },
        // Six times as long would be more than the minute of R162.
        StatusSettings { gather_seconds: 9, ..StatusSettings::default() },
        StatusSettings { answer_minutes: 1, ..StatusSettings::default() },
    ] {
        assert!(Plan::new(&settings).is_err());
    }
    assert!(!plan().is_overdue(Kind::Full, T, T + 29 * HOUR));
    assert!(plan().is_overdue(Kind::Full, T, T + 30 * HOUR));
}

fn packed(serial: &[u8], hash: Hash, this_update: i64) -> Packed {
    let id = CertificateId {
        hash,
        null: true,
        name_hash: vec![1; 20],
        key_hash: vec![2; 20],
        serial: serial.to_vec(),
    };
    let answer =
        Answer { id, standing: Standing::Good, this_update, next_update: Some(this_update + 4 * HOUR) };
    Packed::new(this_update, &answer, &[7; 71]).unwrap()
}

fn key(serial: &[u8], hash: Hash) -> Key<'_> {
    Key { hash, null: true, serial }
}

fn holds(cache: &Cache, serial: &[u8], hash: Hash, now: i64) -> bool {
    cache.find(key(serial, hash), now, |_| ()).is_some()
}

#[test]
fn an_answer_is_kept_by_serial_and_form_and_given_in_its_time() {
    let cache = Cache::new(100);
    assert!(cache.put(packed(b"one", Hash::Sha1, T), cache.epoch(b"one")));
    assert!(cache.put(packed(b"one", Hash::Sm3, T), cache.epoch(b"one")));
    assert!(holds(&cache, b"one", Hash::Sha1, T) && holds(&cache, b"one", Hash::Sm3, T));
    assert!(!holds(&cache, b"one", Hash::Sha256, T) && !holds(&cache, b"two", Hash::Sha1, T));
    assert!(holds(&cache, b"one", Hash::Sha1, T + 4 * HOUR - 61));
    assert!(!holds(&cache, b"one", Hash::Sha1, T + 4 * HOUR - 60), "about to end");
    assert!(!holds(&cache, b"one", Hash::Sha1, T - 61), "made under a clock that was ahead");
    assert_eq!(cache.len(), 2);
}

#[test]
fn r162_what_was_read_before_a_change_is_not_kept_after_it() {
    let cache = Cache::new(100);
    let epoch = cache.epoch(b"one");
    assert!(cache.put(packed(b"one", Hash::Sha1, T), epoch));
    cache.forget(b"one");
    assert!(!holds(&cache, b"one", Hash::Sha1, T));
    assert!(!cache.put(packed(b"one", Hash::Sha1, T), epoch), "read before the change");
    assert!(cache.put(packed(b"one", Hash::Sha1, T), cache.epoch(b"one")));
    cache.forget_all();
    assert_eq!((cache.len(), holds(&cache, b"one", Hash::Sha1, T)), (0, false));
}

#[test]
fn the_memory_has_an_end() {
    let cache = Cache::new(100);
    for serial in 0..1000_u32 {
        let serial = serial.to_be_bytes();
        assert!(cache.put(packed(&serial, Hash::Sha1, T), cache.epoch(&serial)));
    }
    // A shard that was empty may take one more.
    assert!(cache.len() <= 164, "{}", cache.len());
    let kept = (0..1000_u32).filter(|serial| holds(&cache, &serial.to_be_bytes(), Hash::Sha1, T)).count();
    assert_eq!(kept, cache.len());
}

#[test]
fn answers_are_due_after_three_quarters_and_gone_at_their_end() {
    let cache = Cache::new(10_000);
    for serial in 0..500_u32 {
        let serial = serial.to_be_bytes();
        cache.put(packed(&serial, Hash::Sha1, T + i64::from(serial[3] & 1) * HOUR), cache.epoch(&serial));
    }
    assert!(cache.take_due(T + 3 * HOUR - 1, 1000).is_empty());
    assert_eq!(cache.take_due(T + 3 * HOUR, 100).len(), 100, "as many as are asked for");
    assert_eq!(cache.take_due(T + 3 * HOUR, 1000).len(), 250, "still due: nobody signed them again");
    for serial in 0..500_u32 {
        let serial = serial.to_be_bytes();
        cache.put(packed(&serial, Hash::Sha1, T + 3 * HOUR), cache.epoch(&serial));
    }
    assert!(cache.take_due(T + 3 * HOUR, 1000).is_empty());
    assert_eq!(cache.len(), 500);
    assert!(cache.take_due(T + 7 * HOUR, 1000).is_empty(), "too late for all of them");
    assert_eq!(cache.len(), 0);
}
