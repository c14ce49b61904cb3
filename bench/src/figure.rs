//! What is printed.

use crate::load::Turn;

/// One line, as the issue wants it, and what stands behind it.
pub fn print(name: &str, ours: f64, peer: f64, goal: Option<f64>) {
    let ratio = ours / peer;
    let goal = goal.map_or(String::new(), |goal| {
        format!("  (goal {goal}: {})", if ratio >= goal { "met" } else { "missed" })
    });
    println!("bench {name} ours={ours:.0} peer={peer:.0} ratio={ratio:.2}");
    if !goal.is_empty() {
        println!("    {name}{goal}");
    }
}

/// The turns of one side: the line's number is their median.
pub fn explain(name: &str, side: &str, turns: &[Turn]) {
    let rates: Vec<String> = turns.iter().map(|turn| format!("{:.0}", turn.per_core_second())).collect();
    let Some(last) = turns.last() else { return };
    println!(
        "    {name} {side}: {} a core-second; last turn {} calls in {:.1} s, {:.2} s of server CPU, p50 {:.1} ms, p99 {:.1} ms",
        rates.join(" "),
        last.calls,
        last.seconds,
        last.cpu,
        last.p50.as_secs_f64() * 1e3,
        last.p99.as_secs_f64() * 1e3,
    );
}

pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}

pub fn rate(turns: &[Turn]) -> f64 {
    median(turns.iter().map(Turn::per_core_second))
}
