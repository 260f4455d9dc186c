//! What every worker does: listen to the page, answer it, and tell when it breaks.

use crate::shell::wire;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use mingcha_core::view::View;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Calls `on_message` with each message of the page, as long as the worker lives.
pub fn listen(mut on_message: impl FnMut(&[u8]) + 'static) {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
            on_message(&Uint8Array::new(&buffer).to_vec());
        }
    });
    scope().set_onmessage(Some(heard.into_js_value().unchecked_ref()));
}

/// Sends the page a message.
pub fn post<T: Serialize>(message: &T) {
    send(&wire::encode(message));
}

/// Sends the page what the engine shows.
pub fn show(view: &View) {
    let mut bytes = wire::encode(view);
    bytes.insert(0, wire::VIEW);
    send(&bytes);
}

fn send(bytes: &[u8]) {
    let buffer = Uint8Array::from(bytes).buffer();
    // A buffer that was just made can always be moved.
    let _ = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

/// Tells the page of a defect of the program that breaks off a task. The page hears of all others as errors of
/// its worker.
pub fn report_broken_tasks(tell: impl Fn() + 'static) {
    let heard = Closure::<dyn Fn()>::new(tell).into_js_value();
    // Every browser of the product knows the event.
    let _ = scope().add_event_listener_with_callback("unhandledrejection", heard.unchecked_ref());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
