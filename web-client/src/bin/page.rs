//! The page.

fn main() {
    mingcha_web::shell::page::run();
}
