//! The heavy worker.

fn main() {
    mingcha_web::shell::heavy::run();
}
