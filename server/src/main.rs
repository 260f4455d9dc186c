//! `mingcha-relay`: see `mingcha-relay --help`.

use clap::Parser;
use mingcha_relay::config::{Cli, Command};

fn main() -> std::process::ExitCode {
    let Command::Serve(config) = Cli::parse().command;
    mingcha_relay::run(&config)
}
