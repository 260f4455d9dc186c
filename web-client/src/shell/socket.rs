//! The socket to the relay that served the client.

use js_sys::{ArrayBuffer, Uint8Array};
use mingcha_core::engine::io::Input;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, Event, MessageEvent, WebSocket, WorkerGlobalScope};

/// One connection; it is closed, and silent, when this is dropped.
pub struct Socket {
    socket: WebSocket,
    _open: Closure<dyn FnMut(Event)>,
    _closed: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl Socket {
    /// Opens a connection. `Input::Disconnected` is reported exactly once, `Input::Connected` at most once before it.
    ///
    /// # Errors
    ///
    /// When the browser refuses at once; nothing is reported then.
    pub fn connect(report: impl Fn(Input) + Clone + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new(&address())?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let open = Closure::new({
            let report = report.clone();
            move |_: Event| report(Input::Connected)
        });
        let message = Closure::new({
            let report = report.clone();
            move |event: MessageEvent| {
                if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                    report(Input::Received(Uint8Array::new(&buffer).to_vec()));
                }
            }
        });
        let over = Rc::new(Cell::new(false));
        let closed = Closure::new(move |_: Event| {
            if !over.replace(true) {
                report(Input::Disconnected);
            }
        });
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        socket.set_onerror(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { socket, _open: open, _closed: closed, _message: message })
    }

    /// Sends a binary message; one for a socket that is closing is lost, as on any network.
    pub fn send(&self, message: &[u8]) {
        let _ = self.socket.send_with_u8_array(message);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        self.socket.set_onerror(None);
        let _ = self.socket.close();
    }
}

fn address() -> String {
    let location = js_sys::global().unchecked_into::<WorkerGlobalScope>().location();
    let scheme = if location.protocol() == "https:" { "wss" } else { "ws" };
    format!("{scheme}://{}/socket", location.host())
}
