//! What a person sees.

use crate::shell::client::Client;
use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App(
    /// The way to the engine.
    client: Client,
) -> impl IntoView {
    let access = client.watch(mingcha_core::view::Query::Access);
    view! { <main>{move || format!("{:?} {:?}", client.tab().get(), access.get())}</main> }
}
