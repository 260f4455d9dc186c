//! Builds, runs and tests everything.

mod cargo;
mod check;
mod client;
mod crash;
mod demo;
mod fuzz;
mod licences;
mod machine;
mod soak;

use anyhow::{Result, bail};
use client::{Build, Verdict};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run          build everything, start the relay on localhost, print the set-up link
cargo xtask demo         the same with an office, people and visits already there; a link for each role
cargo xtask test         every check there is
cargo xtask test quick   formatting, lints and tests of what needs no browser
cargo xtask crash [N]    kill the relay N times under load, cut its power, fill its disk (root, Linux)
cargo xtask fuzz         look for bytes that break what reads foreign bytes: [TARGET] [--minutes N]
cargo xtask soak         many devices at the real relay for long: [--devices N] [--minutes N]
cargo xtask sim          play 1,000 fresh seeds of the simulator (--seeds N, --first N, --defects N; SEED=n plays one)
cargo xtask client       build the client into target/client and print its sizes
cargo xtask lab          build the client with its safeguards off, for tests, into target/client-lab";

fn main() -> ExitCode {
    match act() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", options @ ..] => run(options),
        ["demo", options @ ..] => demo::run_all(options),
        ["test"] => check::all(),
        ["test", "quick"] => check::quick(),
        ["crash", options @ ..] => crash::run_all(options),
        ["fuzz", options @ ..] => fuzz::run_all(options),
        ["soak", options @ ..] => soak::run_all(options),
        ["sim", options @ ..] => sim(options),
        ["client"] => client::build(Build::Shipped)?.require(),
        ["lab"] => client::build(Build::Lab)?.require(),
        _ => bail!("what to do?\n{USAGE}"),
    }
}

/// Plays the simulator; `options` go to it.
fn sim(options: &[&str]) -> Result<()> {
    let mut sim = cargo::cargo(["run", "--quiet", "--locked", "--package", "mingcha-tests", "--bin", "sim"]);
    sim.args(cargo::SIM).arg("--").args(options);
    cargo::run(&mut sim)
}

/// Builds the client and becomes the relay that serves it; `options` go to the relay.
fn run(options: &[&str]) -> Result<()> {
    if let Verdict::TooLarge(bytes) = client::build(Build::Shipped)? {
        eprintln!("not fit to ship: the first load is {bytes} bytes too large");
    }
    let data = cargo::target().join("data");
    let served = Build::Shipped.folder();
    let mut relay = cargo::cargo(["run", "--quiet", "--package", "mingcha-relay", "--", "serve"]);
    relay.arg("--data").arg(data).arg("--client").arg(served);
    if !options.contains(&"--listen") {
        relay.args(["--listen", "127.0.0.1:8080"]);
    }
    relay.args(options);
    cargo::run(&mut relay)
}
