//! Small steps in the document that Leptos has no words for.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// An id for an element, to tie a label to its field.
pub fn fresh_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("e{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Puts the focus on an element by its id.
pub fn focus(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// Brings an element into sight by its id.
pub fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
    }
}

/// Does something a little later.
pub fn later(millis: u64, then: impl FnOnce() + 'static) -> Option<TimeoutHandle> {
    set_timeout_with_handle(then, Duration::from_millis(millis)).ok()
}

/// Whether the screen is wide enough for tables.
pub fn is_wide() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width >= 900.0)
}

/// Whether an event comes from where a person types, so that letters are text and no shortcuts.
pub fn is_typing(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Whether a dialogue is open, which then has the keyboard to itself.
pub fn has_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}
