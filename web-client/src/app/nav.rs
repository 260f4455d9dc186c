//! Going from page to page: the browser's history, and what each of its entries remembers.

use crate::app::filter::ListState;
use crate::app::route::Route;
use crate::dom::{self, window};
use crate::reactive::*;
use wasm_bindgen::JsValue;

/// The way through the app. An entry of the history remembers the list shown on it: wholly as long as the app
/// is open, without its texts beyond that.
#[derive(Clone, Copy)]
pub struct Nav {
    route: RwSignal<Route>,
    lists: StoredValue<Vec<(u64, ListState)>>,
    entry: StoredValue<Entry>,
}

/// An entry of the browser's history.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Entry {
    /// When it was made: its name.
    name: u64,
    /// How many entries of the app lie before it.
    depth: u32,
}

impl Nav {
    /// Starts at the address that the browser shows and follows it from there.
    pub fn start() -> Self {
        let nav = Self {
            route: RwSignal::new(route_now()),
            lists: StoredValue::new(Vec::new()),
            entry: StoredValue::new(Entry::default()),
        };
        nav.arrive();
        dom::on_window("popstate", move |_: web_sys::Event| {
            nav.arrive();
            nav.route.set(route_now());
        });
        nav
    }

    /// The page shown.
    pub fn route(self) -> Route {
        self.route.get()
    }

    /// Goes to a page.
    pub fn go(self, route: Route) {
        if route == self.route.get_untracked() {
            return;
        }
        let entry = Entry { name: new_name(), depth: self.entry.get_value().depth + 1 };
        self.entry.set_value(entry);
        // Without a history the app still works; only going back does not.
        let _ = history().push_state_with_url(&state(entry, ""), "", Some(&route.to_string()));
        self.route.set(route);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Goes to a page that takes the place of the one shown.
    pub fn replace(self, route: Route) {
        let entry = self.entry.get_value();
        let _ = history().replace_state_with_url(&state(entry, ""), "", Some(&route.to_string()));
        self.route.set(route);
    }

    /// Goes back, or to `otherwise` when the app was opened on this page.
    pub fn back(self, otherwise: Route) {
        if self.entry.get_value().depth > 0 {
            let _ = history().back();
        } else {
            self.replace(otherwise);
        }
    }

    /// Remembers the list shown on this page.
    pub fn keep(self, list: &ListState) {
        let entry = self.entry.get_value();
        let _ = history().replace_state_with_url(&state(entry, &list.filter.without_text()), "", None);
        self.lists.update_value(|lists| {
            lists.retain(|(name, _)| *name != entry.name);
            lists.push((entry.name, list.clone()));
        });
    }

    /// The list that this page showed before.
    pub fn kept(self) -> ListState {
        let entry = self.entry.get_value();
        let remembered = self.lists.with_value(|lists| {
            lists.iter().find(|(name, _)| *name == entry.name).map(|(_, list)| list.clone())
        });
        remembered.unwrap_or_else(|| ListState::from_code(&split_state().1))
    }

    fn arrive(self) {
        let (mut entry, _) = split_state();
        if entry == Entry::default() {
            entry.name = new_name();
            let _ = history().replace_state_with_url(&state(entry, ""), "", None);
        }
        self.entry.set_value(entry);
    }
}

fn history() -> web_sys::History {
    // A window always has a history; only a worker has none.
    window().history().unwrap_or_else(|_| unreachable!("a window has a history"))
}

fn route_now() -> Route {
    Route::parse(&window().location().pathname().unwrap_or_default())
}

fn new_name() -> u64 {
    js_sys::Date::now() as u64
}

fn state(Entry { name, depth }: Entry, list: &str) -> JsValue {
    JsValue::from_str(&format!("{name}|{depth}|{list}"))
}

fn split_state() -> (Entry, String) {
    let state = history().state().ok().and_then(|state| state.as_string()).unwrap_or_default();
    let mut parts = state.splitn(3, '|');
    let name = parts.next().and_then(|name| name.parse().ok()).unwrap_or_default();
    let depth = parts.next().and_then(|depth| depth.parse().ok()).unwrap_or_default();
    (Entry { name, depth }, parts.next().unwrap_or_default().to_owned())
}
