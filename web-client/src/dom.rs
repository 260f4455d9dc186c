//! Small steps in the document.

use crate::reactive::StoredValue;
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Event, EventTarget, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Window,
};

/// The window.
pub fn window() -> Window {
    web_sys::window().unwrap_or_else(|| unreachable!("only the page's module calls this"))
}

/// The document.
pub fn document() -> Document {
    window().document().unwrap_or_else(|| unreachable!("a window has a document"))
}

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

/// Puts the focus on something drawn by its id.
pub fn focus_drawn(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<web_sys::SvgElement>().focus();
    }
}

/// Puts the focus on the first field inside an element.
pub fn focus_inside(id: &str) {
    let field = document().query_selector(&format!("#{id} input, #{id} select, #{id} button")).ok().flatten();
    if let Some(field) = field.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// Brings an element into sight by its id, no further than it must.
pub fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&options, &"block".into(), &"nearest".into());
        let _ = js_sys::Reflect::set(&options, &"inline".into(), &"nearest".into());
        element.scroll_into_view_with_scroll_into_view_options(options.unchecked_ref());
    }
}

/// Brings an element into sight by its id.
pub fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
    }
}

/// What will be done after a time, unless this is dropped before.
pub struct Timer {
    id: i32,
    _act: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Does something after a time.
pub fn after(millis: i32, then: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(then);
    set_timeout(act.unchecked_ref(), millis);
}

fn set_timeout(act: &js_sys::Function, millis: i32) -> i32 {
    let set = window().set_timeout_with_callback_and_timeout_and_arguments_0(act, millis);
    set.unwrap_or_else(|_| unreachable!("a function can be called later"))
}

/// Does something after a time, unless the timer is dropped before.
pub fn later(millis: i32, then: impl FnOnce() + 'static) -> Timer {
    let act = Closure::once(then);
    Timer { id: set_timeout(act.as_ref().unchecked_ref(), millis), _act: act }
}

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    act: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens to an event.
    pub fn new(target: EventTarget, event: &'static str, act: Box<dyn FnMut(Event)>) -> Self {
        let act = Closure::wrap(act);
        // Listening to an event that a browser does not know is no error.
        let _ = target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
        Self { target, event, act }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let act = self.act.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, act);
    }
}

/// Listens to an event of the window as long as the owner lives.
pub fn on_window<E: JsCast + 'static>(event: &'static str, mut act: impl FnMut(E) + 'static) {
    let act = Box::new(move |event: Event| act(event.unchecked_into()));
    StoredValue::new_local(Listener::new(window().into(), event, act));
}

/// Listens to an event of the document as long as the owner lives.
pub fn on_document(event: &'static str, act: impl FnMut(Event) + 'static) {
    StoredValue::new_local(Listener::new(document().into(), event, Box::new(act)));
}

/// What a field holds, as text.
pub fn typed(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        target.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default()
    }
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

/// Whether an event comes from something that the keyboard presses.
pub fn is_pressable(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY"))
}

/// Whether a dialogue is open, which then has the keyboard to itself.
pub fn has_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}
