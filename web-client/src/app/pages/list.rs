//! A page that is one long table, with its filters and its keys, and the place in it where a person was.

use crate::app::components::filters::{Kind, filters};
use crate::app::components::table::{self, Line, Lines, Place, table};
use crate::app::filter::{Filter, ListState};
use crate::app::i18n::Text;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, frame, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, Query, Rows, Window};

/// What makes one list another than the others.
#[derive(Clone, Copy)]
pub struct List {
    /// What it is called.
    pub title: Text,
    /// The class of its table, which sets the widths of the columns.
    pub class: &'static str,
    /// The heads of its columns.
    pub columns: [Text; 7],
    /// What is said when it is empty.
    pub none: Text,
    /// How it can be filtered, if it can.
    pub filters: Option<Kind>,
    /// What is asked for.
    pub query: fn(&Filter, Timestamp, Window) -> Query,
    /// The rows of an answer.
    pub lines: fn(Ui, &Option<Answer>) -> Option<Lines>,
}

/// The page.
pub fn list(ui: Ui, list: List) -> AnyView {
    let is_read = memo(move || ui.nav.is_read());
    (move || is_read.get().then(|| page(ui, list))).show()
}

fn page(ui: Ui, list: List) -> AnyView {
    let kept = ui.nav.kept();
    let filter = RwSignal::new(kept.filter);
    let place = Place::new(kept.top, kept.selected);
    let today = when::today();
    let answer =
        ui.client.watch_with(move || filter.with(|filter| (list.query)(filter, today, place.window())));
    let lines = memo(move || answer.with(|answer| (list.lines)(ui, answer)));
    let help = RwSignal::new(false);
    let search = dom::fresh_id();
    table::keys(ui, lines, place, search.clone(), help);
    keep(ui, filter, place);
    let count = (move || table::range(lines, place)).show();
    let (in_head, above) = match list.filters {
        Some(kind) => (AnyView::default(), filters(ui, kind, filter, search, count)),
        None => (view! { <span class="count">{count}</span> }.show(), AnyView::default()),
    };
    let columns = list.columns.map(|text| ui.t(text)).to_vec();
    view! {
        {frame::head(ui, ui.t(list.title), in_head)}
        {above}
        {table(ui, list.class, ui.t(list.title), columns, lines, place, ui.t(list.none))}
        {table::key_help(ui, help)}
    }
    .show()
}

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
        ui.nav.keep(ui.client, &list);
    });
}
