//! CPU time that a process used, as the kernel counts it.

use crate::Failure;

/// USER_HZ: the unit of `/proc/PID/stat` on Linux wherever we run.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of CPU time, user and system, of all threads of the process, also of those that have ended.
pub fn seconds(process: u32) -> Result<f64, Failure> {
    let file = format!("/proc/{process}/stat");
    let stat = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    // The name in brackets may hold anything; utime and stime are the 14th and 15th fields.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok());
    match (ticks(), ticks()) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
        _ => Err(format!("{file}: not the fields that were expected").into()),
    }
}

/// Seconds of CPU time of the children of this process that have ended and were waited for.
pub fn children() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    // cutime and cstime, the 16th and 17th.
    let ticks: Vec<f64> =
        fields.split_whitespace().skip(13).take(2).filter_map(|it| it.parse().ok()).collect();
    if ticks.len() == 2 {
        Ok((ticks[0] + ticks[1]) / TICKS_PER_SECOND)
    } else {
        Err("/proc/self/stat".into())
    }
}
