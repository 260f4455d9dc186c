//! One live tab: whoever holds a Web Lock.

use crate::shell::clock;
use crate::shell::wire::Claim;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

const LOCK: &str = "mingcha";
const ASK: &str = "mingcha-give-way";

/// How long the live tab may take to freeze its work before the lock is taken from it.
const PATIENCE_MS: i32 = 3_000;

/// This tab is the live one until this is dropped.
pub struct Held {
    release: Function,
    asked: BroadcastChannel,
    _on_asked: Closure<dyn FnMut(MessageEvent)>,
}

/// What happens to the live tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another tab asks this one to freeze its work and let go.
    Asked,
    /// Another tab took the lock away.
    Lost,
}

/// Waits until this tab is the live one. Calls `elsewhere` when another is at present.
///
/// # Errors
///
/// When the browser has no locks.
pub async fn claim(
    claim: Claim,
    elsewhere: impl FnOnce(),
    report: impl Fn(Change) + Clone + 'static,
) -> Result<Held, JsValue> {
    let release = match request(&[("ifAvailable", JsValue::TRUE)], report.clone())?.await {
        Ok(Some(release)) => release,
        _ => {
            elsewhere();
            match claim {
                Claim::Wait => wait(&[], report.clone()).await?,
                Claim::TakeOver => take_over(report.clone()).await?,
            }
        }
    };
    let asked = BroadcastChannel::new(ASK)?;
    let on_asked = Closure::new(move |_: MessageEvent| report(Change::Asked));
    asked.set_onmessage(Some(on_asked.as_ref().unchecked_ref()));
    Ok(Held { release, asked, _on_asked: on_asked })
}

impl Drop for Held {
    fn drop(&mut self) {
        self.asked.set_onmessage(None);
        self.asked.close();
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Asks the live tab to let go, and takes the lock from it when it does not.
async fn take_over(report: impl Fn(Change) + Clone + 'static) -> Result<Function, JsValue> {
    let ask = BroadcastChannel::new(ASK)?;
    ask.post_message(&JsValue::NULL)?;
    ask.close();
    let giving_up = AbortController::new()?;
    let options = [("signal", giving_up.signal().into())];
    let queued = pin!(wait(&options, report.clone()));
    match select(queued, pin!(clock::pause(PATIENCE_MS))).await {
        Either::Left((held, _)) => held,
        Either::Right(_) => {
            giving_up.abort();
            wait(&[("steal", JsValue::TRUE)], report).await
        }
    }
}

async fn wait(options: &[(&str, JsValue)], report: impl Fn(Change) + 'static) -> Result<Function, JsValue> {
    let granted = request(options, report)?.await;
    granted.ok().flatten().ok_or(JsValue::NULL)
}

/// Requests the lock. The answer is the function that releases it, or `None` when it is not to be had; it is
/// dropped when the request was given up.
fn request(
    options: &[(&str, JsValue)],
    report: impl Fn(Change) + 'static,
) -> Result<oneshot::Receiver<Option<Function>>, JsValue> {
    let bag = Object::new();
    for (key, value) in options {
        Reflect::set(&bag, &JsValue::from_str(key), value)?;
    }
    let (grant, granted) = oneshot::channel();
    let held = Rc::new(Cell::new(false));
    let on_grant = Closure::once({
        let held = Rc::clone(&held);
        move |lock: JsValue| -> Promise {
            if lock.is_null() {
                let _ = grant.send(None);
                return Promise::resolve(&JsValue::UNDEFINED);
            }
            held.set(true);
            // The lock is held until this promise is resolved.
            let mut grant = Some(grant);
            Promise::new(&mut |release, _| {
                if let Some(grant) = grant.take() {
                    let _ = grant.send(Some(release));
                }
            })
        }
    });
    let locks = js_sys::global().unchecked_into::<Global>().navigator().locks().ok_or(JsValue::NULL)?;
    let over = locks.request(LOCK, &bag, &on_grant.into_js_value())?;
    spawn_local(async move {
        if JsFuture::from(over).await.is_err() && held.get() {
            report(Change::Lost);
        }
    });
    Ok(granted)
}

#[wasm_bindgen]
extern "C" {
    type Global;
    #[wasm_bindgen(method, getter)]
    fn navigator(this: &Global) -> Navigator;
    type Navigator;
    #[wasm_bindgen(method, getter)]
    fn locks(this: &Navigator) -> Option<Locks>;
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, granted: &JsValue) -> Result<Promise, JsValue>;
}
