//! The service worker, by which the app opens without a network.

use crate::dom::window;
use crate::shell::client::Client;
use crate::shell::page::on;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

/// Installs the service worker; without one, as on an insecure address, the app works with a network only.
pub(super) fn install(client: Client) {
    let container = window().navigator().service_worker();
    if container.is_undefined() {
        return;
    }
    spawn_local(async move {
        // A refusal leaves the app as it is.
        let _ = register(client, container).await;
    });
}

/// Lets the new version take over from the one that this page is of, and loads it.
pub(super) fn use_new_version() {
    let container = window().navigator().service_worker();
    on(&container, "controllerchange", |_| {
        let _ = window().location().reload();
    });
    spawn_local(async move {
        let registration = container.get_registration();
        if let Ok(registration) = JsFuture::from(registration).await
            && let Some(waiting) = registration.unchecked_ref::<ServiceWorkerRegistration>().waiting()
        {
            let _ = waiting.post_message(&"activate".into());
        }
    });
}

async fn register(client: Client, container: ServiceWorkerContainer) -> Result<(), JsValue> {
    let registered = JsFuture::from(container.register("/sw.js")).await?;
    let registration: ServiceWorkerRegistration = registered.unchecked_into();
    if registration.waiting().is_some() {
        client.tell_new_version();
    }
    let (found, first) = (registration.clone(), container.controller().is_none());
    if let (Some(installing), false) = (registration.installing(), first) {
        tell_when_installed(client, installing);
    }
    on(&registration, "updatefound", move |_| {
        if let (Some(installing), false) = (found.installing(), first) {
            tell_when_installed(client, installing);
        }
    });
    let ready: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.unchecked_into();
    let active = ready.active().ok_or(JsValue::NULL)?;
    active.post_message(&"later".into())
}

fn tell_when_installed(client: Client, installing: ServiceWorker) {
    let worker = installing.clone();
    on(&installing, "statechange", move |_| {
        if worker.state() == web_sys::ServiceWorkerState::Installed {
            client.tell_new_version();
        }
    });
}
