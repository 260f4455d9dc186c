//! Long lists: only the rows in sight are asked for and drawn, whatever the list's length.

use crate::app::Ui;
use crate::app::filter::Filter;
use crate::app::i18n::{Text, desk as w};
use crate::app::markup::{AnyView, NodeRef, Pace, Part, Show as _, part_of_rows, view};
use crate::app::route::Route;
use crate::dom;
use crate::reactive::*;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Direction, Rows, SortKey, Window};
use std::rc::Rc;
use web_sys::HtmlDivElement;

/// How many rows are asked for at a time, and by how many the window moves.
const WINDOW_ROWS: u32 = 120;
const STEP_ROWS: u32 = 40;

/// The rows in sight are drawn at once, those around them soon after.
const PACE: Pace = Pace { at_first: 40, a_frame: 15 };

/// What a row stands for.
pub type Key = (DocumentId, Option<ItemId>);

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    /// What stands in it.
    pub name: Text,
    /// Its class, which sets its width.
    pub class: &'static str,
    /// What the list is sorted by when its head is pressed.
    pub sort: Option<SortKey>,
}

/// How a list is looked at.
#[derive(Clone, Copy)]
pub struct Look {
    /// All its columns.
    pub columns: &'static [Column],
    /// The positions of those that are not shown.
    pub hidden: RwSignal<Vec<u8>>,
    /// Its filters and its order.
    pub filter: RwSignal<Filter>,
    /// Opens a row.
    pub open: Callback<Route>,
}

/// A row as it is drawn.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// What it stands for.
    pub key: Key,
    /// Where it leads.
    pub route: Route,
    /// What it says, column by column.
    pub cells: Vec<Cell>,
}

/// What stands in a column.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// A text.
    Plain(String),
    /// A text and what it belongs to.
    Named(String, String),
    /// A coloured word: class and word.
    Tag(&'static str, String),
}

impl Cell {
    /// All of it as a text.
    pub fn text(self) -> String {
        match self {
            Self::Plain(text) | Self::Tag(_, text) => text,
            Self::Named(name, path) if path.is_empty() => name,
            Self::Named(name, path) => format!("{name} ({path})"),
        }
    }
}

/// The rows drawn now, and how many there are.
pub type Lines = Rows<Line>;

/// Where in a list a person is.
#[derive(Clone, Copy)]
pub struct Place {
    /// The first row in sight.
    pub top: RwSignal<u32>,
    /// The row selected.
    pub selected: RwSignal<Option<Key>>,
    row_height: u32,
    frame: NodeRef<HtmlDivElement>,
}

impl Place {
    /// A place to start from.
    pub fn new(top: u32, selected: Option<Key>) -> Self {
        Self {
            top: RwSignal::new(top),
            selected: RwSignal::new(selected),
            row_height: if dom::is_wide() { 40 } else { 112 },
            frame: NodeRef::new(),
        }
    }

    /// The window to ask for: it moves in steps, so that scrolling within it asks for nothing.
    pub fn window(self) -> Window {
        let step = self.top.get() / STEP_ROWS;
        Window { first: step.saturating_sub(1) * STEP_ROWS, count: WINDOW_ROWS }
    }

    /// Back to the first row, for another filter.
    pub fn rewind(self) {
        self.selected.set(None);
        self.top.set(0);
        if let Some(frame) = self.frame.get_untracked() {
            frame.set_scroll_top(0);
        }
    }

    fn scrolled(self) {
        let Some(frame) = self.frame.get_untracked() else { return };
        let top = frame.scroll_top().max(0) as u32 / self.row_height;
        if top != self.top.get_untracked() {
            self.top.set(top);
        }
    }

    /// Selects the row `by` further on and brings it into sight.
    fn step(self, lines: &Lines, by: i32) {
        let selected = self.selected.get_untracked();
        let at = lines.rows.iter().position(|line| Some(line.key) == selected);
        let next = match at {
            Some(at) => at as i32 + by,
            None => (self.top.get_untracked().saturating_sub(lines.first)) as i32,
        };
        let next = next.clamp(0, (lines.rows.len() as i32 - 1).max(0)) as usize;
        let Some(line) = lines.rows.get(next) else { return };
        self.selected.set(Some(line.key));
        self.reveal(lines.first + next as u32);
        // So that Enter opens the row, and does not press what was pressed last.
        if let Some(frame) = self.frame.get_untracked() {
            let _ = frame.focus();
        }
    }

    fn reveal(self, row: u32) {
        let Some(frame) = self.frame.get_untracked() else { return };
        let (top, height) = (frame.scroll_top(), frame.client_height());
        let row_height = self.row_height as i32;
        let at = row as i32 * row_height;
        if at < top {
            frame.set_scroll_top(at);
        } else if at + 2 * row_height > top + height {
            frame.set_scroll_top(at + 2 * row_height - height);
        }
    }
}

/// The table; `none` is said when it is empty.
pub fn table(
    ui: Ui,
    label: &'static str,
    look: Look,
    lines: Memo<Option<Lines>>,
    place: Place,
    none: &'static str,
) -> AnyView {
    let width = move || shown(look).len();
    let head =
        move || shown(look).into_iter().map(|(_, column)| head(ui, look, column)).collect::<Vec<AnyView>>();
    let row_height = place.row_height;
    // Rows that are not drawn have their height kept free.
    let (drawn, tell) = signal(0..0);
    let before = move || drawn.with(|drawn| drawn.start as u32 * row_height);
    let after = move || {
        let total = lines.with(|lines| lines.as_ref().map_or(0, |lines| lines.total));
        total.saturating_sub(drawn.with(|drawn| drawn.end as u32)) * row_height
    };
    let wanted = move || {
        let columns: Rc<[usize]> = shown(look).into_iter().map(|(at, _)| at).collect();
        let top = place.top.get_untracked() as usize;
        lines.with(|lines| {
            let rows = lines.iter().flat_map(|lines| &lines.rows);
            let rows = rows.map(|line| (line.clone(), Rc::clone(&columns))).collect();
            Part { first: lines.as_ref().map_or(0, |lines| lines.first as usize), rows, top }
        })
    };
    let rows = part_of_rows(
        wanted,
        move |(line, columns)| row(line.clone(), place, look, columns),
        PACE,
        move |rows| {
            if drawn.with_untracked(|drawn| *drawn != rows) {
                tell.try_set(rows);
            }
        },
    );
    let is_empty = move || lines.with(|lines| lines.as_ref().is_some_and(|lines| lines.total == 0));
    let start = place.top.get_untracked();
    // Once the rows are there the list is scrolled to where it was left.
    let restored = StoredValue::new(start == 0);
    effect(move || {
        if lines.with(Option::is_some) && !restored.get_value() {
            restored.set_value(true);
            dom::after(0, move || {
                if let Some(frame) = place.frame.get_untracked() {
                    frame.set_scroll_top((start * row_height) as i32);
                }
            });
        }
    });
    view! {
        <div
            class="scroll"
            tabindex="0"
            role="region"
            aria-label=label
            node_ref=place.frame
            on:scroll=move |_| place.scrolled()
        >
            <table aria-rowcount=move || lines.with(|lines| lines.as_ref().map_or(0, |lines| lines.total))>
                <thead><tr>{head}</tr></thead>
                <tbody class="pad" aria-hidden="true">
                    <tr><td colspan=width style:height=move || format!("{}px", before())></td></tr>
                </tbody>
                <tbody>
                    {rows}
                </tbody>
                <tbody class="pad" aria-hidden="true">
                    <tr><td colspan=width style:height=move || format!("{}px", after())></td></tr>
                </tbody>
            </table>
            {move || is_empty().then(|| view! { <p class="nothing">{none}</p> })}
        </div>
    }
    .show()
}

/// The columns that are shown, with their positions.
pub fn shown(look: Look) -> Vec<(usize, Column)> {
    let hidden = look.hidden.get();
    let columns = look.columns.iter().copied().enumerate();
    columns.filter(|(at, _)| !hidden.contains(&(*at as u8))).collect()
}

fn head(ui: Ui, look: Look, column: Column) -> AnyView {
    let Column { name, class, sort } = column;
    let Some(key) = sort else { return view! { <th scope="col" class=class>{ui.t(name)}</th> }.show() };
    let sorted = move || {
        let order = look.filter.with(|filter| filter.order);
        (order.key == key).then_some(match order.direction {
            Direction::Ascending => "ascending",
            Direction::Descending => "descending",
        })
    };
    let mark = move || match sorted() {
        Some("ascending") => " ↑",
        Some(_) => " ↓",
        None => "",
    };
    let sort = move |_| look.filter.update(|filter| filter.sort(key));
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <button type="button" class="sort" on:click=sort>
                {ui.t(name)}
                <span aria-hidden="true">{mark}</span>
            </button>
        </th>
    }
    .show()
}

fn row(line: Line, place: Place, look: Look, shown: &[usize]) -> AnyView {
    let Line { key, route, cells } = line;
    let is_selected = move || place.selected.with(|selected| *selected == Some(key));
    let cells: Vec<AnyView> = cells
        .into_iter()
        .enumerate()
        .filter(|(at, _)| shown.contains(at))
        .enumerate()
        .map(|(at, (column, cell))| {
            let class = look.columns.get(column).map_or("", |column| column.class);
            let cell = match cell {
                Cell::Plain(text) => view! { <span>{text}</span> }.show(),
                Cell::Named(name, path) => view! { <b>{name}</b>" "<small>{path}</small> }.show(),
                Cell::Tag(class, word) => view! { <span class=class>{word}</span> }.show(),
            };
            if at > 0 {
                return view! { <td class=class>{cell}</td> }.show();
            }
            let open = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                event.stop_propagation();
                place.selected.set(Some(key));
                look.open.run(route);
            };
            view! { <td class=class><a href=route.to_string() on:click=open>{cell}</a></td> }.show()
        })
        .collect();
    let open = move |_| {
        place.selected.set(Some(key));
        look.open.run(route);
    };
    view! { <tr class:selected=is_selected aria-current=move || is_selected().then_some("true") on:click=open>{cells}</tr> }
        .show()
}

/// Keys of a list: J and K go through it, Enter opens, `/` searches, `?` shows the keys; `other` hears the rest, with
/// the row selected, and says whether it was for it.
pub fn keys(
    lines: Memo<Option<Lines>>,
    place: Place,
    look: Look,
    search: String,
    help: RwSignal<bool>,
    other: impl Fn(&str, Option<Key>) -> bool + 'static,
) {
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        if dom::is_typing(&event)
            || dom::has_dialog()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
        {
            return;
        }
        let none = Lines { total: 0, first: 0, rows: Vec::new() };
        let lines = lines.get_untracked().unwrap_or(none);
        match event.key().as_str() {
            "j" | "J" | "ArrowDown" => place.step(&lines, 1),
            "k" | "K" | "ArrowUp" => place.step(&lines, -1),
            "Enter" => {
                let selected = place.selected.get_untracked();
                match lines.rows.iter().find(|line| Some(line.key) == selected) {
                    // A button or a link that has the focus is pressed, as anywhere.
                    Some(_) if dom::is_pressable(&event) => return,
                    Some(line) => look.open.run(line.route),
                    None => return,
                }
            }
            "/" => dom::focus(&search),
            "?" => help.set(true),
            key => {
                if !other(key, place.selected.get_untracked()) {
                    return;
                }
            }
        }
        event.prevent_default();
    });
}

/// `1–50 / 1,284`.
pub fn range(lines: Memo<Option<Lines>>, place: Place) -> Option<String> {
    let top = place.top.get();
    let in_sight = place
        .frame
        .get()
        .map_or(0, |frame| frame.client_height().max(0) as u32 / place.row_height)
        .saturating_sub(1)
        .max(1);
    lines.with(|lines| {
        let total = lines.as_ref()?.total;
        let first = top.min(total.saturating_sub(1));
        Some(w::range(first, (first + in_sight).min(total), total))
    })
}

/// The dialogue that shows the keys.
pub fn key_help(ui: Ui, open: RwSignal<bool>, keys: &'static [(&'static str, Text)]) -> AnyView {
    crate::app::components::dialog::dialog(ui, open, ui.t(w::KEYS), "ask", move || {
        let rows: Vec<AnyView> = keys
            .iter()
            .copied()
            .chain([("?", w::KEY_HELP), ("Esc Esc Esc", w::KEY_HIDE)])
            .map(|(keys, what)| view! { <dt><kbd>{keys}</kbd></dt><dd>{ui.t(what)}</dd> }.show())
            .collect();
        view! { <dl class="keys">{rows}</dl> }.show()
    })
}
