//! Runs the simulator: `SEED=n` plays one seed and shortens it when it fails, `--seeds N` plays many, `--defects N`
//! looks for each deliberate defect among so many seeds.

use mingcha_tests::sim::{describe, find_defects, play_all};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const USAGE: &str = "\
SEED=n sim          play one seed; when it fails, show the shortest way there
sim --seeds N       play N seeds that nobody has played before
sim --first N       play the first N seeds
sim --defects N     look for each deliberate defect among the first N seeds";

fn main() -> ExitCode {
    // A panic is what a run came to, and told as such.
    std::panic::set_hook(Box::new(|_| {}));
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    match (seed, words.as_slice()) {
        (Some(seed), _) => one(seed),
        (None, [what, count]) => match (*what, count.parse()) {
            ("--seeds", Ok(count)) => many(fresh(), count),
            ("--first", Ok(count)) => many(0, count),
            ("--defects", Ok(count)) => defects(count),
            _ => usage(),
        },
        (None, []) => many(fresh(), 1_000),
        (None, _) => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::FAILURE
}

/// A seed that follows from the time, so that no two runs play the same.
fn fresh() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() << 20)
}

fn one(seed: u64) -> ExitCode {
    let told = describe(seed);
    println!("{told}");
    if told.starts_with("SEED") { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn many(from: u64, count: u64) -> ExitCode {
    println!("seeds {from} to {}", from + count - 1);
    let begun = Instant::now();
    let table = play_all(from..from + count, |seed, outcome| {
        if let Some(violation) = &outcome.violation {
            println!("SEED={seed}: {:?}: {}", violation.checker, violation.what);
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!("\n{table}\n{:.0} seeds a minute", count as f64 / seconds * 60.0);
    for (seed, _) in table.failed().iter().take(3) {
        println!("\n{}", describe(*seed));
    }
    if table.failed().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn defects(seeds: u64) -> ExitCode {
    let found = find_defects(seeds);
    for one in &found {
        match &one.by {
            Some((seed, violation)) => {
                println!("{:<24} seed {seed:>4}  {:?}", format!("{:?}", one.defect), violation.checker);
            }
            None => println!("{:<24} not found", format!("{:?}", one.defect)),
        }
    }
    if found.iter().all(|one| one.by.is_some()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
