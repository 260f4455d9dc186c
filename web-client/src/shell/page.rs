//! What the page itself does for the engine: it tells when the app is hidden, asks the browser to keep the
//! data, and installs the service worker.

use crate::shell::client::Client;

/// Shows the app.
pub fn run() {
    leptos::mount::mount_to_body(|| {
        let client = Client::start();
        leptos::view! { <crate::app::App client/> }
    });
}
