//! Long lists: only the rows in sight are asked for and drawn, whatever the list's length.

use crate::app::Ui;
use crate::app::i18n::desk as w;
use crate::app::markup::{AnyView, NodeRef, Show as _, view};
use crate::app::route::Route;
use crate::dom;
use crate::reactive::*;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::Window;
use web_sys::HtmlDivElement;

/// How many rows are asked for at a time, and by how many the window moves.
const WINDOW_ROWS: u32 = 120;
const STEP_ROWS: u32 = 40;

/// What a row stands for.
pub type Key = (DocumentId, Option<ItemId>);

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

/// The rows drawn now, and how many there are.
#[derive(Clone, Default, PartialEq)]
pub struct Lines {
    /// How many rows match in all.
    pub total: u32,
    /// The position of the first of `rows`.
    pub first: u32,
    /// The rows of the window.
    pub rows: Vec<Line>,
}

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
            row_height: if dom::is_wide() { 40 } else { 88 },
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

/// The table. `class` sets the widths of its columns; `none` is said when it is empty.
pub fn table(
    ui: Ui,
    class: &'static str,
    label: &'static str,
    columns: Vec<&'static str>,
    lines: Memo<Option<Lines>>,
    place: Place,
    none: &'static str,
) -> AnyView {
    let width = columns.len();
    let head: Vec<AnyView> =
        columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }.show()).collect();
    let row_height = place.row_height;
    let before = move || lines.with(|lines| lines.as_ref().map_or(0, |lines| lines.first * row_height));
    let after = move || {
        lines.with(|lines| {
            lines.as_ref().map_or(0, |lines| {
                let left = lines.total.saturating_sub(lines.first + lines.rows.len() as u32);
                left * row_height
            })
        })
    };
    let rows = move || {
        let rows = lines.with(|lines| lines.as_ref().map(|lines| lines.rows.clone()).unwrap_or_default());
        rows.into_iter().map(|line| row(ui, line, place)).collect::<Vec<AnyView>>()
    };
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
            <table class=class aria-rowcount=move || lines.with(|lines| lines.as_ref().map_or(0, |lines| lines.total))>
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

fn row(ui: Ui, line: Line, place: Place) -> AnyView {
    let Line { key, route, cells } = line;
    let is_selected = move || place.selected.with(|selected| *selected == Some(key));
    let cells: Vec<AnyView> = cells
        .into_iter()
        .enumerate()
        .map(|(at, cell)| {
            let cell = match cell {
                Cell::Plain(text) => view! { <span>{text}</span> }.show(),
                Cell::Named(name, path) => view! { <b>{name}</b>" "<small>{path}</small> }.show(),
                Cell::Tag(class, word) => view! { <span class=class>{word}</span> }.show(),
            };
            if at > 0 {
                return view! { <td>{cell}</td> }.show();
            }
            let open = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                event.stop_propagation();
                ui.go(route);
            };
            view! { <td><a href=route.to_string() on:click=open>{cell}</a></td> }.show()
        })
        .collect();
    let open = move |_| {
        place.selected.set(Some(key));
        ui.go(route);
    };
    view! { <tr class:selected=is_selected aria-current=move || is_selected().then_some("true") on:click=open>{cells}</tr> }
        .show()
}

/// Keys of a list: J and K go through it, Enter opens, `/` searches, `?` shows the keys.
pub fn keys(ui: Ui, lines: Memo<Option<Lines>>, place: Place, search: String, help: RwSignal<bool>) {
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        if dom::is_typing(&event)
            || dom::has_dialog()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
        {
            return;
        }
        let lines = lines.get_untracked().unwrap_or_default();
        match event.key().as_str() {
            "j" | "J" | "ArrowDown" => place.step(&lines, 1),
            "k" | "K" | "ArrowUp" => place.step(&lines, -1),
            "Enter" => {
                let selected = place.selected.get_untracked();
                match lines.rows.iter().find(|line| Some(line.key) == selected) {
                    Some(line) => ui.go(line.route),
                    None => return,
                }
            }
            "/" => dom::focus(&search),
            "?" => help.set(true),
            _ => return,
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
pub fn key_help(ui: Ui, open: RwSignal<bool>) -> AnyView {
    crate::app::components::dialog::dialog(ui, open, ui.t(w::KEYS), "ask", move || {
        let rows: Vec<AnyView> = [
            ("J K", w::KEY_NEXT),
            ("Enter", w::KEY_OPEN),
            ("/", w::KEY_SEARCH),
            ("?", w::KEY_HELP),
            ("Esc Esc Esc", w::KEY_HIDE),
        ]
        .into_iter()
        .map(|(keys, what)| view! { <dt><kbd>{keys}</kbd></dt><dd>{ui.t(what)}</dd> }.show())
        .collect();
        view! { <dl class="keys">{rows}</dl> }.show()
    })
}
