//! IndexedDB's requests and transactions as futures.

use futures::channel::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{DomException, Event, IdbDatabase, IdbRequest, IdbTransaction};

/// The exception with which the browser refused something, when it names one.
pub type Refused = Option<DomException>;

/// The result of a request.
///
/// # Errors
///
/// The browser's exception.
pub async fn result(request: &IdbRequest) -> Result<JsValue, Refused> {
    let (settle, settled) = oneshot::channel();
    // Only one of the two events comes.
    let on_event = Closure::once(move |_: Event| {
        let _ = settle.send(());
    });
    request.set_onsuccess(Some(on_event.as_ref().unchecked_ref()));
    request.set_onerror(Some(on_event.as_ref().unchecked_ref()));
    let _ = settled.await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    match request.error() {
        Ok(None) => request.result().map_err(refused),
        Ok(error) => Err(error),
        Err(error) => Err(refused(error)),
    }
}

/// Waits until a transaction is complete or aborted.
///
/// # Errors
///
/// Why it was aborted; `None` when that was asked for.
pub async fn settled(transaction: &IdbTransaction) -> Result<(), Refused> {
    let (settle, settled) = oneshot::channel();
    let on_event = Closure::once(move |event: Event| {
        let _ = settle.send(event.type_() == "complete");
    });
    transaction.set_oncomplete(Some(on_event.as_ref().unchecked_ref()));
    transaction.set_onabort(Some(on_event.as_ref().unchecked_ref()));
    let complete = settled.await;
    transaction.set_oncomplete(None);
    transaction.set_onabort(None);
    match complete {
        Ok(true) => Ok(()),
        _ => Err(transaction.error()),
    }
}

/// Begins a transaction that is complete only when its writes are on the disk.
///
/// # Errors
///
/// The browser's exception, such as that the connection is closed.
pub fn begin_strict(db: &IdbDatabase, stores: &JsValue) -> Result<IdbTransaction, Refused> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(refused)?;
    db.unchecked_ref::<StrictDatabase>().transaction(stores, "readwrite", &options).map_err(refused)
}

/// An exception as this module reports it.
pub fn refused(error: JsValue) -> Refused {
    error.dyn_into().ok()
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the options that web-sys counts as unstable.
    type StrictDatabase;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &StrictDatabase,
        stores: &JsValue,
        mode: &str,
        options: &js_sys::Object,
    ) -> Result<IdbTransaction, JsValue>;
}
