//! The engine's worker.

fn main() {
    mingcha_web::shell::host::run();
}
