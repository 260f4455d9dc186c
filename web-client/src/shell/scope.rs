//! What every worker does: listen to the page, answer it, and tell of its own death.

use crate::shell::wire;
use js_sys::{Array, ArrayBuffer, Uint8Array};
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
    let buffer = Uint8Array::from(wire::encode(message).as_slice()).buffer();
    // A buffer that was just made can always be moved.
    let _ = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

/// Writes a defect of the program to the console and tells the page.
pub fn report_panics(tell: impl Fn() + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        web_sys::console::error_1(&panic.to_string().into());
        tell();
    }));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
