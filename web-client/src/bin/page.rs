//! The page of the first load.

fn main() {
    mingcha_web::shell::page::run(mingcha_web::app::FIRST);
}
