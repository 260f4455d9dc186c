//! Going from page to page: the browser's history, and what each of its entries remembers.
//!
//! Addresses and the history hold opaque numbers only. What a list showed says what somebody looks for: it is kept
//! on the device, sealed, under the number of its entry.

use crate::app::route::Route;
use crate::dom::{self, window};
use crate::reactive::*;
use crate::shell::client::Client;
use mingcha_core::command::Command;
use mingcha_core::view::{Answer, Query};
use wasm_bindgen::JsValue;

/// How names begin under which lists are kept.
const LISTS: &str = "list:";
/// How many lists are kept; the oldest are forgotten.
const MAX_LISTS: usize = 30;
/// How long a list must rest before it is kept.
const REST_MILLIS: i32 = 400;

/// What an entry, by its name, showed when it was left.
type Left = (u64, Vec<u8>);

/// The way through the app. An entry of the history remembers the list shown on it.
#[derive(Clone, Copy)]
pub struct Nav {
    route: RwSignal<Route>,
    /// Lists by the names of their entries; none before they have been read.
    lists: RwSignal<Option<Vec<Left>>>,
    entry: StoredValue<Entry>,
    resting: StoredValue<Option<dom::Timer>, LocalStorage>,
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
            lists: RwSignal::new(None),
            entry: StoredValue::new(Entry::default()),
            resting: StoredValue::new_local(None),
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
        self.enter(entry, route);
    }

    fn enter(self, entry: Entry, route: Route) {
        self.entry.set_value(entry);
        // Without a history the app still works; only going back does not.
        let _ = history().push_state_with_url(&state(entry), "", Some(&route.to_string()));
        self.route.set(route);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Goes to a page that begins as if it had been left like this.
    pub fn go_with(self, client: Client, route: Route, left: Vec<u8>) {
        if route != self.route.get_untracked() {
            let entry = Entry { name: new_name(), depth: self.entry.get_value().depth + 1 };
            self.lists
                .try_update_untracked(|lists| lists.get_or_insert_default().push((entry.name, left.clone())));
            keep(client, entry.name, Some(left));
            self.enter(entry, route);
        }
    }

    /// Says what the page shown is at now, without showing it anew.
    pub fn rename(self, route: Route) {
        let entry = self.entry.get_value();
        let _ = history().replace_state_with_url(&state(entry), "", Some(&route.to_string()));
        self.route.try_update_untracked(|shown| *shown = route);
    }

    /// Goes to a page that takes the place of the one shown.
    pub fn replace(self, route: Route) {
        let entry = self.entry.get_value();
        let _ = history().replace_state_with_url(&state(entry), "", Some(&route.to_string()));
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

    /// Reads the lists that are kept on this device, as long as the app is open.
    pub fn open(self, client: Client) {
        let answer = client.watch(Query::Kept { prefix: LISTS.to_owned() });
        effect(move || {
            let read = answer.with(|answer| {
                let Some(Answer::Kept(all)) = answer else { return None };
                let lists = all.iter().filter_map(|(name, bytes)| {
                    Some((name.strip_prefix(LISTS)?.parse().ok()?, bytes.clone()))
                });
                Some(lists.collect())
            });
            // Later answers say what this page itself has kept.
            if read.is_some() && self.lists.with_untracked(Option::is_none) {
                self.lists.set(read);
            }
        });
        on_cleanup(move || {
            self.lists.try_set(None);
            self.resting.try_set_value(None);
        });
    }

    /// Whether the lists have been read.
    pub fn is_read(self) -> bool {
        self.lists.with(Option::is_some)
    }

    /// Remembers the list shown on this page.
    pub fn keep(self, client: Client, list: Vec<u8>) {
        let Entry { name, .. } = self.entry.get_value();
        let forgotten = self.lists.try_update_untracked(|lists| {
            let lists = lists.get_or_insert_default();
            let before = lists.iter().position(|(other, _)| *other == name).map(|at| lists.remove(at));
            lists.push((name, list.clone()));
            let forgotten = (lists.len() > MAX_LISTS).then(|| lists.remove(0).0);
            (before.is_none_or(|(_, before)| before != list), forgotten)
        });
        let (is_new, forgotten) = forgotten.unwrap_or_default();
        if let Some(name) = forgotten {
            keep(client, name, None);
        }
        if !is_new {
            return;
        }
        let rested = move || keep(client, name, Some(list));
        self.resting.set_value(Some(dom::later(REST_MILLIS, rested)));
    }

    /// The list that this page showed before.
    pub fn kept(self) -> Option<Vec<u8>> {
        let Entry { name, .. } = self.entry.get_value();
        self.lists.with_untracked(|lists| {
            let mut lists = lists.iter().flatten();
            lists.find(|(other, _)| *other == name).map(|(_, list)| list.clone())
        })
    }

    fn arrive(self) {
        let mut entry = entry_now();
        if entry == Entry::default() {
            entry.name = new_name();
            let _ = history().replace_state_with_url(&state(entry), "", None);
        }
        self.entry.set_value(entry);
    }
}

fn keep(client: Client, entry: u64, value: Option<Vec<u8>>) {
    client.send(Command::Keep { name: format!("{LISTS}{entry}"), value });
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

fn state(Entry { name, depth }: Entry) -> JsValue {
    JsValue::from_str(&format!("{name}|{depth}"))
}

fn entry_now() -> Entry {
    let state = history().state().ok().and_then(|state| state.as_string()).unwrap_or_default();
    let parts =
        state.split_once('|').and_then(|(name, depth)| Some((name.parse().ok()?, depth.parse().ok()?)));
    parts.map(|(name, depth)| Entry { name, depth }).unwrap_or_default()
}
