//! A page that is one long table, with its filters and its keys, and the place in it where a person was.

use crate::app::components::bulk::bulk;
use crate::app::components::columns::{self, columns};
use crate::app::components::export::{self, Sheet};
use crate::app::components::filters::{Kind, filters};
use crate::app::components::table::{self, Column, Key, Line, Lines, Look, Place, table};
use crate::app::components::views::views;
use crate::app::filter::{Filter, ListState, decode, encode};
use crate::app::i18n::{Text, desk as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, Query, Rows, Window};

/// What makes one list another than the others.
#[derive(Clone, Copy)]
pub struct List {
    /// Under what name its views and columns are kept on the device.
    pub name: &'static str,
    /// What it is called.
    pub title: Text,
    /// Its columns.
    pub columns: &'static [Column],
    /// What is said when it is empty.
    pub none: Text,
    /// How it can be filtered.
    pub kind: Kind,
    /// What is asked for.
    pub query: fn(&Filter, Timestamp, Window) -> Query,
    /// The rows of an answer.
    pub lines: fn(Ui, &Option<Answer>) -> Option<Lines>,
    /// What a file of it has.
    pub sheet: Sheet,
}

/// The page.
pub fn list(ui: Ui, list: List) -> AnyView {
    let is_read = memo(move || ui.nav.is_read());
    (move || is_read.get().then(|| page(ui, list))).show()
}

fn page(ui: Ui, list: List) -> AnyView {
    let kept = ui.nav.kept().and_then(|bytes| decode::<ListState>(&bytes)).unwrap_or_default();
    let filter = RwSignal::new(kept.filter);
    let place = Place::new(kept.top, kept.selected);
    let today = when::today();
    let answer =
        ui.client.watch_with(move || filter.with(|filter| (list.query)(filter, today, place.window())));
    let lines = memo(move || answer.with(|answer| (list.lines)(ui, answer)));
    let total = memo(move || lines.with(|lines| lines.as_ref().map_or(0, |lines| lines.total)));
    let help = RwSignal::new(false);
    let search = dom::fresh_id();
    let open = callback(move |route| {
        // The queue goes through the list as it is filtered here.
        let left = ListState { filter: filter.get_untracked(), ..ListState::default() };
        match route {
            Route::Review(_) => ui.nav.go_with(ui.client, route, encode(&left)),
            route => ui.go(route),
        }
    });
    let look = Look { columns: list.columns, hidden: columns::hidden(ui, list.name), filter, open };
    let other = move |key: &str, selected: Option<Key>| {
        let ("m" | "M", Some((visit, finding @ Some(_)))) = (key, selected) else { return false };
        ui.go(Route::Compare(visit, finding));
        true
    };
    table::keys(lines, place, look, search.clone(), help, other);
    keep(ui, filter, place);
    let count = (move || table::range(lines, place)).show();
    let query = callback(move |window| filter.with_untracked(|filter| (list.query)(filter, today, window)));
    let tools = view! {
        <div class="tools">
            {views(ui, list.name, list.kind, filter)}
            {columns(ui, list.name, look)}
            {export::export(ui, list, look, query, total)}
        </div>
    };
    let batch = (list.kind == Kind::Findings).then(|| bulk(ui, filter, today, total));
    let keys: &[(&str, Text)] = match list.kind {
        Kind::Findings => &KEYS_OF_FINDINGS,
        Kind::Visits | Kind::Matters => &KEYS,
    };
    view! {
        {frame::head(ui, ui.t(list.title), tools.show())}
        {filters(ui, list.kind, filter, search, count)}
        {batch}
        {table(ui, ui.t(list.title), look, lines, place, ui.t(list.none))}
        {table::key_help(ui, help, keys)}
    }
    .show()
}

const KEYS: [(&str, Text); 4] =
    [("J K", w::KEY_NEXT), ("Enter", w::KEY_OPEN), ("/", w::KEY_SEARCH), ("Tab", review::KEY_SORT)];
const KEYS_OF_FINDINGS: [(&str, Text); 5] = [
    ("J K", w::KEY_NEXT),
    ("Enter", w::KEY_OPEN),
    ("M", review::KEY_MERGE),
    ("/", w::KEY_SEARCH),
    ("Tab", review::KEY_SORT),
];

/// The rows of a window as they are drawn.
pub fn lines<T>(rows: &Rows<T>, line: impl Fn(&T) -> Line) -> Lines {
    Lines { total: rows.total, first: rows.first, rows: rows.rows.iter().map(line).collect() }
}

/// Remembers the list in the history; another filter begins at its first row.
fn keep(ui: Ui, filter: RwSignal<Filter>, place: Place) {
    Effect::new(move |before: Option<Filter>| {
        let filter = filter.get();
        if before.is_some_and(|before| before != filter) {
            place.rewind();
        }
        filter
    });
    effect(move || {
        let list = ListState { filter: filter.get(), top: place.top.get(), selected: place.selected.get() };
        ui.nav.keep(ui.client, encode(&list));
    });
}
