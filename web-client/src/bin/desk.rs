//! The page with all that the office does.

fn main() {
    mingcha_web::shell::page::run(mingcha_web::app::ALL);
}
