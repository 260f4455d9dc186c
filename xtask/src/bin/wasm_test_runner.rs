//! Runs a test binary that was built for the browser; cargo calls it, as `.cargo/config.toml` says.

fn main() -> anyhow::Result<()> {
    // The runner knows no `--quiet`, which `cargo test --quiet` passes on.
    let arguments = std::env::args_os().filter(|argument| argument != "--quiet");
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
}
