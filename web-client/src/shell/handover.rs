//! From the first module of the page to the one with all pages: the larger one is fetched when it is wanted, and takes
//! the place of the smaller one with its engine, which goes on as it is.

use crate::dom::document;
use crate::reactive::*;
use crate::shell::client::Client;
use crate::shell::link::LinkSecret;
use js_sys::{Array, Function, Reflect};
use mingcha_core::command::RequestId;
use mingcha_core::view::WatchId;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// Under what name the page's window holds the function that hands over.
const NAME: &str = "mingchaHandOver";

/// What one module leaves to the next.
pub struct Left {
    /// The engine's worker.
    pub engine: web_sys::Worker,
    /// The first number that no command has yet.
    pub next_request: RequestId,
    /// The first number that no query has yet.
    pub next_watch: WatchId,
    /// Commands that are not answered yet.
    pub unanswered: Vec<RequestId>,
    /// The secret of the link that opened the app.
    pub link: Option<LinkSecret>,
}

/// Takes over from the module that runs; `None` when there is none.
#[must_use]
pub fn take_over() -> Option<Left> {
    let window = js_sys::global();
    let name = JsValue::from_str(NAME);
    let hand_over: Function = Reflect::get(&window, &name).ok()?.dyn_into().ok()?;
    let _ = Reflect::delete_property(&window, &name);
    let left: Array = hand_over.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()?;
    let number = |value: JsValue| value.as_f64().unwrap_or_default() as u64;
    let unanswered: Array = left.get(3).dyn_into().ok()?;
    Some(Left {
        engine: left.get(0).dyn_into().ok()?,
        next_request: number(left.get(1)),
        next_watch: number(left.get(2)) as WatchId,
        unanswered: unanswered.iter().map(number).collect(),
        link: left.get(4).as_string().and_then(|link| LinkSecret::parse(&link)),
    })
}

/// Fetches the module with all pages, which then takes over. Told to `failed` when it cannot be had now.
pub fn fetch(client: Client, page: Owner, failed: impl FnOnce() + 'static) {
    thread_local! {
        static FETCHING: Cell<bool> = const { Cell::new(false) };
    }
    let url = document().document_element().and_then(|root| root.get_attribute("data-desk"));
    let (Some(url), Some(root), Ok(script)) =
        (url, document().document_element(), document().create_element("script"))
    else {
        return failed();
    };
    if FETCHING.replace(true) {
        return;
    }
    let hand_over = Closure::once_into_js(move || hand_over(client, &page));
    let _ = Reflect::set(&js_sys::global(), &JsValue::from_str(NAME), &hand_over);
    let gone = script.clone();
    let not_fetched = Closure::once_into_js(move || {
        FETCHING.set(false);
        gone.remove();
        failed();
    });
    let _ = script.add_event_listener_with_callback("error", not_fetched.unchecked_ref());
    let _ = script.set_attribute("type", "module");
    let _ = script.set_attribute("src", &url);
    let _ = root.append_child(&script);
}

/// Ends everything that this module shows and does, and leaves the rest to the next.
fn hand_over(client: Client, page: &Owner) -> JsValue {
    let left = client.leave();
    page.cleanup();
    if let Some(body) = document().body() {
        body.set_text_content(None);
    }
    let Some(Left { engine, next_request, next_watch, unanswered, link }) = left else {
        return JsValue::NULL;
    };
    let unanswered: Array = unanswered.into_iter().map(|request| JsValue::from(request as f64)).collect();
    let link = link.map_or(JsValue::NULL, |link| JsValue::from_str(&link.fragment()));
    let (next_request, next_watch) = (JsValue::from(next_request as f64), JsValue::from(next_watch));
    Array::of5(&engine, &next_request, &next_watch, &unanswered, &link).into()
}
