//! From the first module of the page to the one with all pages: the larger one is fetched when it is wanted, and takes
//! the place of the smaller one with its engine, which goes on as it is.

use crate::dom::document;
use crate::reactive::*;
use crate::shell::client::Client;
use crate::shell::link::LinkSecret;
use js_sys::{Array, Function, Promise, Reflect};
use mingcha_core::command::RequestId;
use mingcha_core::view::WatchId;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

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
    if FETCHING.replace(true) {
        return;
    }
    let hand_over = Closure::once_into_js(move || hand_over(client, &page));
    let _ = Reflect::set(&js_sys::global(), &JsValue::from_str(NAME), &hand_over);
    spawn_local(async move {
        // What it looks like comes first, so that it never shows without.
        let styles = add("link", &[("rel", "stylesheet")], "href", "data-desk-styles").await;
        let script = match styles {
            Ok(()) => add("script", &[("type", "module")], "src", "data-desk").await,
            Err(why) => Err(why),
        };
        if script.is_err() {
            FETCHING.set(false);
            failed();
        }
    });
}

/// Adds an element that loads what the page's `<html>` names, and waits until it is there.
async fn add(name: &str, attributes: &[(&str, &str)], source: &str, named_by: &str) -> Result<(), JsValue> {
    let root = document().document_element().ok_or(JsValue::NULL)?;
    let element = document().create_element(name)?;
    for (attribute, value) in attributes {
        element.set_attribute(attribute, value)?;
    }
    element.set_attribute(source, &root.get_attribute(named_by).ok_or(JsValue::NULL)?)?;
    let added = Promise::new(&mut |there, gone| {
        for (event, settle) in [("load", there), ("error", gone)] {
            let _ = element.add_event_listener_with_callback(event, &settle);
        }
    });
    root.append_child(&element)?;
    let added = JsFuture::from(added).await;
    if added.is_err() {
        element.remove();
    }
    added.map(drop)
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
