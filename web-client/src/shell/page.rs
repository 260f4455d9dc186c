//! What the page itself does for the engine: it says when the app is hidden, and what the browser says of storage.

use crate::app;
use crate::dom::{self, document, window};
use crate::reactive::*;
use crate::shell::client::{Client, Tab};
use crate::shell::offline;
use crate::shell::wire::ToEngine;
use mingcha_core::engine::io::{Persistence, StorageFacts};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, EventTarget, PageTransitionEvent, StorageEstimate, StorageManager, VisibilityState};

/// Shows the app with the pages that this module has.
pub fn run(pages: app::Pages) {
    for_ever(|| {
        let client = Client::start(pages.read);
        watch_window(client);
        Effect::new(move || {
            if client.tab().get() == Tab::Live {
                spawn_local(tell_storage(client));
            }
        });
        offline::install(client);
        app::open(client, pages);
    });
}

/// Asks the browser to keep the data; called when there is something to keep, since some browsers ask the person.
pub(super) fn ask_to_keep(client: Client) {
    spawn_local(async move {
        if let Ok(asked) = storage().persist() {
            // A refusal is told like everything else.
            let _ = JsFuture::from(asked).await;
            tell_storage(client).await;
        }
    });
}

fn watch_window(client: Client) {
    let hiding = move || client.post(&ToEngine::Hiding);
    dom::on_window("pagehide", move |event| {
        hiding();
        // A page that a browser keeps for going back must not keep others from being the live tab.
        if is_kept(&event) {
            client.end();
        }
    });
    dom::on_window("pageshow", |event| {
        if is_kept(&event) {
            let _ = window().location().reload();
        }
    });
    dom::on_document("freeze", move |_| hiding());
    dom::on_document("visibilitychange", move |_| match document().visibility_state() {
        VisibilityState::Hidden => hiding(),
        _ => spawn_local(tell_storage(client)),
    });
    dom::on_window("hashchange", move |_: Event| client.open_link());
}

/// Listens as long as the page lives.
pub(super) fn on(target: &EventTarget, event: &str, heard: impl FnMut(Event) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(heard).into_js_value();
    // Listening to an event that a browser does not know is no error.
    let _ = target.add_event_listener_with_callback(event, heard.unchecked_ref());
}

fn is_kept(event: &Event) -> bool {
    event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted)
}

async fn tell_storage(client: Client) {
    let storage = storage();
    let mut facts = StorageFacts::default();
    if let Ok(asked) = storage.persisted()
        && let Ok(kept) = JsFuture::from(asked).await
    {
        let kept = kept.as_bool().unwrap_or_default();
        facts.persistent = Some(if kept { Persistence::Granted } else { Persistence::Refused });
    }
    if let Ok(asked) = storage.estimate()
        && let Ok(estimate) = JsFuture::from(asked).await
    {
        let estimate: StorageEstimate = estimate.unchecked_into();
        facts.used = estimate.get_usage().unwrap_or_default() as u64;
        facts.quota = estimate.get_quota().unwrap_or_default() as u64;
    }
    client.post(&ToEngine::Storage(facts));
}

/// Some browsers have none: then its methods fail, and nothing is known.
fn storage() -> StorageManager {
    window().navigator().storage()
}
