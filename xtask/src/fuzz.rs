//! Looks for bytes that break what reads foreign bytes.

use crate::cargo::{cargo, root, run, target};
use crate::machine;
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

/// See `fuzz/src/lib.rs`.
const TARGETS: [&str; 6] = ["document", "engine", "log", "relay", "sheet", "wire"];
/// How long each target runs when nobody says.
const MINUTES: u64 = 15;
/// The longest input: longer ones are tried by tests that know what they want.
const MAX_LEN: usize = 4_096;
/// How long one input may take.
const PATIENCE_SECONDS: usize = 20;
/// How much memory the program may take.
const MEMORY_MB: usize = 3_000;

/// Runs one target or all of them, one after the other.
pub fn run_all(options: &[&str]) -> Result<()> {
    let (targets, options) = match options {
        [name, rest @ ..] if TARGETS.contains(name) => (vec![*name], rest),
        rest => (TARGETS.to_vec(), rest),
    };
    let minutes = match options {
        [] => MINUTES,
        ["--minutes", minutes] => minutes.parse().context("how many minutes?")?,
        _ => bail!("cargo xtask fuzz [{}] [--minutes N]", TARGETS.join(" | ")),
    };
    let program = machine::cargo_fuzz()?;
    for name in targets {
        eprintln!("== {name}: {minutes} minutes");
        // What is found goes into the first folder; what is in the repository is only read.
        let found = target().join("fuzz/found").join(name);
        fs::create_dir_all(&found)?;
        let mut fuzz = Command::new(&program);
        fuzz.current_dir(root()).env("CARGO", cargo(["fuzz"]).get_program());
        // Coverage is a flag of the compiler that it does not call stable.
        fuzz.env("RUSTC_BOOTSTRAP", "1").env_remove("CARGO_TARGET_DIR");
        fuzz.args(["fuzz", "run", name, "--sanitizer", "none", "--features", "libfuzzer"]);
        fuzz.arg("--target-dir").arg(target().join("fuzz"));
        fuzz.arg(found).arg(root().join("fuzz/corpus").join(name)).arg("--");
        fuzz.arg(format!("-max_total_time={}", minutes * 60)).arg(format!("-max_len={MAX_LEN}"));
        fuzz.arg(format!("-timeout={PATIENCE_SECONDS}")).arg(format!("-rss_limit_mb={MEMORY_MB}"));
        run(&mut fuzz).with_context(|| format!("{name}: the input that breaks it is named above"))?;
    }
    Ok(())
}
