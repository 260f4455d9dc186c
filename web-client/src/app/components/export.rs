//! Exactly what a list's filters let through, all of it and not only what is in sight: as a file for a spreadsheet, or
//! on paper. The engine is asked for it in parts, so that the page stays alive.

use crate::app::components::dialog::dialog;
use crate::app::components::marks;
use crate::app::components::table::{self, Key, Line, Look};
use crate::app::i18n::review as w;
use crate::app::i18n::{Text, tag};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::list::List;
use crate::app::{Ui, shown, spawn, when};
use crate::dom::{self, window};
use crate::reactive::*;
use crate::shell::{file, table_file};
use mingcha_core::domain::limits::MAX_TEXTS;
use mingcha_core::problem::Problem;
use mingcha_core::sheet::export::{Form, Table, Value};
use mingcha_core::time::Timestamp;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{Answer, Query, Rows, Window};

/// How many rows are asked for at once.
const PART_ROWS: u32 = 1_000;
/// How often a list that changes while it is read is read again.
const READINGS: u32 = 5;
/// How many rows are printed; more are better read in a file.
const PRINTED_ROWS: u32 = 2_000;

/// A row of a file.
pub type Values = Vec<Value>;

/// A row of a file with what it stands for.
pub type Keyed = (Key, Values);

/// What a file of a list has.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The heads of its columns.
    pub columns: &'static [Text],
    /// The rows of an answer.
    pub rows: fn(Ui, &Option<Answer>) -> Option<Rows<Keyed>>,
    /// The column whose text stands in the list with its first words only.
    pub in_full: Option<usize>,
}

impl Sheet {
    /// The rows of a window as they go into a file.
    pub fn rows<T>(rows: &Rows<T>, values: impl Fn(&T) -> Keyed) -> Rows<Keyed> {
        Rows { total: rows.total, first: rows.first, rows: rows.rows.iter().map(values).collect() }
    }
}

/// A moment as a file has it: in the person's local time.
pub fn moment(at: Timestamp) -> Value {
    Value::Time(when::local(at))
}

/// A number.
pub fn count(count: u32) -> Value {
    Value::Number(i64::from(count))
}

/// A unit's code, its name, and where it belongs.
pub fn unit(ui: Ui, unit: Option<&UnitSummary>) -> [Value; 3] {
    let code = unit.map(|unit| unit.code.clone()).unwrap_or_default();
    [Value::Text(code), Value::Text(marks::unit_name(ui, unit)), Value::Text(marks::unit_path(unit))]
}

/// How far a file or a print has come.
#[derive(Clone, PartialEq)]
enum Progress {
    Reading(u32, u32),
    Writing,
    Done,
    Moved,
    Failed(Problem),
}

/// The buttons that export and print.
pub fn export(ui: Ui, list: List, look: Look, query: Callback<Window, Query>, total: Memo<u32>) -> AnyView {
    let open = RwSignal::new(false);
    let progress = RwSignal::new(None::<Progress>);
    let paper = RwSignal::new(None::<Paper>);
    let print = move || print(ui, list, query, progress, paper);
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        let wanted = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("p");
        if wanted && !dom::has_dialog() {
            event.prevent_default();
            print();
        }
    });
    // Nothing of the list stays behind once it is on paper.
    dom::on_window("afterprint", move |_: web_sys::Event| {
        paper.try_set(None);
    });
    let status = move || match progress.get() {
        None => String::new(),
        Some(Progress::Reading(done, total)) => w::reading(ui.language, done, total),
        Some(Progress::Writing) => ui.t(w::EXPORTING).to_owned(),
        Some(Progress::Done) => ui.t(w::EXPORTED).to_owned(),
        Some(Progress::Moved) => ui.t(w::EXPORT_MOVED).to_owned(),
        Some(Progress::Failed(problem)) => ui.problem(&problem),
    };
    let is_busy =
        move || progress.with(|progress| matches!(progress, Some(Progress::Reading(..) | Progress::Writing)));
    let body = move || {
        progress.set(None);
        let save = move |form| move |_| save(ui, list, form, query, progress);
        view! {
            <p>{move || w::rows(ui.language, total.get())}</p>
            <p class="hint">{ui.t(w::EXPORT_HELP)}</p>
            <p role="status">{status}</p>
            <div class="row end">
                <button type="button" disabled=is_busy on:click=save(Form::Csv)>{ui.t(w::EXPORT_CSV)}</button>
                <button type="button" class="primary" disabled=is_busy on:click=save(Form::Xlsx)>
                    {ui.t(w::EXPORT_XLSX)}
                </button>
            </div>
        }
        .show()
    };
    view! {
        <button type="button" on:click=move |_| open.set(true)>{ui.t(w::EXPORT)}</button>
        <button type="button" disabled=is_busy on:click=move |_| print()>{ui.t(w::PRINT)}</button>
        {dialog(ui, open, ui.t(w::EXPORT_TITLE), "ask", body)}
        {move || paper.get().map(|paper| on_paper(ui, list, look, &paper))}
    }
    .show()
}

/// Reads all rows in parts; `None` when they kept changing or this tab is no longer at work.
async fn read<T>(
    ui: Ui,
    query: Callback<Window, Query>,
    rows: impl Fn(&Option<Answer>) -> Option<Rows<T>>,
    most: u32,
    progress: RwSignal<Option<Progress>>,
) -> Option<(u32, Vec<T>)> {
    'again: for _ in 0..READINGS {
        let mut all: Vec<T> = Vec::new();
        let mut total = None;
        loop {
            let first = all.len() as u32;
            let window = Window { first, count: PART_ROWS.min(most - first) };
            // The page may be left meanwhile, and its filters with it.
            let part = rows(&ui.client.read(query.try_run(window)?).await)?;
            if *total.get_or_insert(part.total) != part.total {
                continue 'again;
            }
            let is_over = part.rows.is_empty();
            all.extend(part.rows);
            progress.try_set(Some(Progress::Reading(all.len() as u32, part.total)));
            if is_over || all.len() as u32 >= part.total.min(most) {
                return Some((part.total, all));
            }
        }
    }
    None
}

fn save(
    ui: Ui,
    list: List,
    form: Form,
    query: Callback<Window, Query>,
    progress: RwSignal<Option<Progress>>,
) {
    progress.set(Some(Progress::Reading(0, 0)));
    spawn(async move {
        let rows = match read(ui, query, |answer| (list.sheet.rows)(ui, answer), u32::MAX, progress).await {
            None => None,
            Some((_, rows)) => {
                progress.try_set(Some(Progress::Writing));
                in_full(ui, list.sheet.in_full, rows).await
            }
        };
        let end = match rows {
            None => Progress::Moved,
            Some(rows) => {
                let columns = list.sheet.columns.iter().map(|text| ui.t(*text).to_owned()).collect();
                let table = Table { title: ui.t(list.title).to_owned(), columns, rows };
                let now = when::local(when::now());
                match table_file::write(table, form, now).await {
                    Ok(bytes) => {
                        let name =
                            format!("{}-{}.{}", ui.t(w::FILE_NAME), when::stamp(when::now()), form.ending());
                        file::save(&name, kind(form), &bytes);
                        Progress::Done
                    }
                    Err(problem) => Progress::Failed(problem),
                }
            }
        };
        progress.try_set(Some(end));
    });
}

/// The rows with the whole text of the column that has only its first words; `None` when the engine does not give
/// them all, since nobody would see in the file that some were cut.
async fn in_full(ui: Ui, column: Option<usize>, mut rows: Vec<Keyed>) -> Option<Vec<Values>> {
    for part in rows.chunks_mut(MAX_TEXTS as usize) {
        let Some(column) = column else { break };
        let asked = part.iter().map(|(key, _)| *key).collect();
        let answer = ui.client.read(Query::Texts(asked)).await;
        let texts = shown::texts(&answer).filter(|texts| texts.len() == part.len())?;
        for ((_, values), text) in part.iter_mut().zip(texts) {
            // What is no longer there keeps the words that the row had.
            if let Some(value) = values.get_mut(column).filter(|_| !text.is_empty()) {
                *value = Value::Text(text.clone());
            }
        }
    }
    Some(rows.into_iter().map(|(_, values)| values).collect())
}

fn kind(form: Form) -> &'static str {
    match form {
        Form::Csv => "text/csv;charset=utf-8",
        Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// A list as it goes on paper.
#[derive(Clone, PartialEq)]
struct Paper {
    total: u32,
    lines: Vec<Line>,
}

fn print(
    ui: Ui,
    list: List,
    query: Callback<Window, Query>,
    progress: RwSignal<Option<Progress>>,
    paper: RwSignal<Option<Paper>>,
) {
    progress.set(Some(Progress::Reading(0, 0)));
    spawn(async move {
        let read = read(ui, query, |answer| (list.lines)(ui, answer), PRINTED_ROWS, progress).await;
        progress.try_set(None);
        if let Some((total, lines)) = read
            && paper.try_set(Some(Paper { total, lines })).is_none()
        {
            dom::after(0, || {
                let _ = window().print();
            });
        }
    });
}

/// What only the printer sees: the whole table, under what it is.
fn on_paper(ui: Ui, list: List, look: Look, paper: &Paper) -> AnyView {
    let columns = table::shown(look);
    let heads: Vec<AnyView> = columns
        .iter()
        .map(|(_, column)| view! { <th scope="col" class=column.class>{ui.t(column.name)}</th> }.show())
        .collect();
    let rows: Vec<AnyView> = paper
        .lines
        .iter()
        .map(|line| {
            let cells: Vec<AnyView> = columns
                .iter()
                .filter_map(|(at, _)| line.cells.get(*at).cloned())
                .map(|cell| view! { <td>{cell.text()}</td> }.show())
                .collect();
            view! { <tr>{cells}</tr> }.show()
        })
        .collect();
    let (office, name) = ui
        .me()
        .with_untracked(|me| me.as_ref().map(|me| (me.office.clone(), me.name.clone())))
        .unwrap_or_default();
    let only = (paper.lines.len() < paper.total as usize)
        .then(|| view! { <p>{w::first_only(ui.language, paper.lines.len() as u32, paper.total)}</p> });
    view! {
        <section class="paper" lang=tag(ui.language)>
            <p>{office}</p>
            <h1>{ui.t(list.title)}" · "{crate::app::i18n::desk::grouped(paper.total)}</h1>
            <p>{w::printed(ui.language, &when::moment(ui.language, when::now()), &name)}</p>
            {only}
            <table>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .show()
}
