//! A spreadsheet before it is imported: what its columns are taken for, its first rows, and which rows are wrong.

use crate::app::Ui;
use crate::app::components::form::select;
use crate::app::i18n::import as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::dom;
use crate::reactive::*;
use mingcha_core::problem::Problem;
use mingcha_core::sheet::{Mapping, Meaning, Preview, SkipReason};
use mingcha_core::words;

/// How many of the first rows are shown.
const ROWS: usize = 8;
/// How many wrong rows are shown before the list is folded.
const UNFOLDED: usize = 8;

/// What would come of importing a file; looks again when a person says otherwise what its columns hold.
pub fn preview(
    ui: Ui,
    file: web_sys::File,
    chosen: RwSignal<Option<web_sys::File>, LocalStorage>,
) -> AnyView {
    let mapping = RwSignal::new(None::<Mapping>);
    let seen = RwSignal::new(None::<Result<Preview, Problem>>);
    let looking = RwSignal::new(true);
    let looked_at = file.clone();
    effect(move || {
        let look = ui.client.preview_sheet(looked_at.clone(), mapping.get());
        looking.set(true);
        effect(move || {
            if let Some(result) = look.get() {
                seen.set(Some(result));
                looking.set(false);
            }
        });
    });
    let name = file.name();
    let file = StoredValue::new_local(file);
    let import = callback(move |read: Mapping| {
        let Some(file) = file.try_get_value() else { return };
        // The import goes on when another page is opened.
        let progress = ui.root.with_value(|root| root.with(|| ui.client.read_sheet(file, Some(read))));
        ui.import.set(Some(progress));
        chosen.set(None);
    });
    let cancel = callback(move |()| chosen.set(None));
    let shown = move || match seen.get() {
        None => view! { <p class="slow" role="status">{ui.t(w::LOOKING)}</p> }.show(),
        Some(Err(problem)) => view! { <p role="alert" class="wrong">{ui.problem(&problem)}</p> }.show(),
        Some(Ok(preview)) => body(ui, preview, (mapping, looking), import, cancel),
    };
    view! {
        <section class="import" aria-label=ui.t(w::CHECK)>
            <h3>{ui.t(w::CHECK)}" · "{name}</h3>
            {shown}
        </section>
    }
    .show()
}

fn body(
    ui: Ui,
    preview: Preview,
    (mapping, looking): (RwSignal<Option<Mapping>>, RwSignal<bool>),
    import: Callback<Mapping>,
    cancel: Callback<()>,
) -> AnyView {
    let Preview { mapping: now, units, skipped_count, ref skipped, .. } = preview;
    let outcome = if units == 0 {
        view! { <p class="banner" role="status">{ui.t(w::NEEDS_COLUMNS)}</p> }.show()
    } else {
        let class = if skipped_count == 0 { "good" } else { "banner" };
        view! { <p class=class role="status">{w::outcome(ui.language, units, skipped_count)}</p> }.show()
    };
    let read = now.clone();
    let button = || {
        let read = read.clone();
        view! {
            <button
                type="button"
                class="primary"
                disabled=move || units == 0 || looking.get()
                on:click=move |_| import.run(read.clone())
            >
                {w::import(ui.language, units)}
            </button>
        }
    };
    // Below a long table it is out of sight.
    let at_once = (units > 0).then(&button);
    view! {
        <div class="row">{outcome}{at_once}</div>
        <p class="hint">{ui.t(w::COLUMNS_HELP)}</p>
        {columns(ui, &now, &preview.headers, &preview.rows, mapping)}
        {elsewhere(ui, &now, mapping)}
        {skipped_list(ui, skipped, skipped_count)}
        <div class="row">
            {button()}
            <button type="button" on:click=move |_| cancel.run(())>{ui.t(w::CANCEL)}</button>
        </div>
    }
    .show()
}

/// The first rows, each column below a choice of what it holds.
fn columns(
    ui: Ui,
    now: &Mapping,
    headers: &[String],
    rows: &[(u32, Vec<String>)],
    mapping: RwSignal<Option<Mapping>>,
) -> AnyView {
    let heads: Vec<AnyView> = (0..now.columns.len())
        .map(|column| {
            let header = headers.get(column).map(String::as_str).unwrap_or_default().trim();
            let label =
                if header.is_empty() { w::column(ui.language, column + 1) } else { header.to_owned() };
            view! { <th scope="col">{meaning_choice(ui, label, now, column, mapping)}</th> }.show()
        })
        .collect();
    let body: Vec<AnyView> = rows
        .iter()
        .take(ROWS)
        .map(|(line, cells)| {
            let cells: Vec<AnyView> = (0..now.columns.len())
                .map(|column| {
                    let text = cells.get(column).cloned().unwrap_or_default();
                    let is_used = now.columns[column] != Meaning::Nothing;
                    view! { <td class:unused=!is_used>{text}</td> }.show()
                })
                .collect();
            view! { <tr><th scope="row">{line.to_string()}</th>{cells}</tr> }.show()
        })
        .collect();
    view! {
        <div class="sideways" tabindex="0" role="region" aria-label=ui.t(w::FIRST_ROWS)>
            <table class="plain preview">
                <thead><tr><th scope="col">{ui.t(w::LINE)}</th>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .show()
}

fn meaning_choice(
    ui: Ui,
    label: String,
    now: &Mapping,
    column: usize,
    mapping: RwSignal<Option<Mapping>>,
) -> AnyView {
    let position = |meaning: Meaning| Meaning::ALL.iter().position(|one| *one == meaning).unwrap_or_default();
    let options = Meaning::ALL
        .into_iter()
        .map(|one| (position(one).to_string(), words::meaning(one, ui.language).to_owned()))
        .collect();
    let now = now.clone();
    let before = now.columns[column];
    let value = derived(move || {
        let chosen = mapping.with(|chosen| chosen.as_ref()?.columns.get(column).copied());
        position(chosen.unwrap_or(before)).to_string()
    });
    let choose = callback(move |code: String| {
        let chosen =
            code.parse().ok().and_then(|at: usize| Meaning::ALL.get(at)).copied().unwrap_or_default();
        // What was chosen while the file was looked at again counts too.
        let mut next = mapping.get_untracked().unwrap_or_else(|| now.clone());
        // Only ancestors can stand in several columns.
        if chosen != Meaning::Ancestor && chosen != Meaning::Nothing {
            for other in &mut next.columns {
                if *other == chosen {
                    *other = Meaning::Nothing;
                }
            }
        }
        next.columns[column] = chosen;
        mapping.set(Some(next));
    });
    select(label, vec![(String::new(), options)], value, choose)
}

/// Where the table is, when it is not where the file seems to have it.
fn elsewhere(ui: Ui, now: &Mapping, mapping: RwSignal<Option<Mapping>>) -> AnyView {
    let number = |label: &'static str, value: u32, set: fn(&mut Mapping, u32)| {
        let id = dom::fresh_id();
        let now = now.clone();
        let change = move |event: web_sys::Event| {
            let mut next = mapping.get_untracked().unwrap_or_else(|| now.clone());
            set(&mut next, dom::typed(&event).trim().parse().unwrap_or(value));
            mapping.set(Some(next));
        };
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input id=id type="number" min="0" value=value on:change=change/>
            </div>
        }
        .show()
    };
    let line: fn(&mut Mapping, u32) = |next, line| next.line = line;
    let sheet: fn(&mut Mapping, u32) = |next, sheet| next.sheet = sheet.saturating_sub(1);
    view! {
        <details class="help">
            <summary>{ui.t(w::OTHER_TABLE)}</summary>
            <div class="two">
                {number(ui.t(w::HEADER_LINE), now.line, line)}
                {number(ui.t(w::WORKSHEET), now.sheet + 1, sheet)}
            </div>
        </details>
    }
    .show()
}

/// The rows with something wrong, each with its line and why, and a way to keep the list.
pub fn skipped_list(ui: Ui, skipped: &[(u32, SkipReason)], count: u32) -> AnyView {
    if skipped.is_empty() {
        return AnyView::default();
    }
    let row = |(line, reason): &(u32, SkipReason)| {
        let why = words::skip_reason(*reason, ui.language);
        view! { <tr><th scope="row">{line.to_string()}</th><td>{why}</td></tr> }.show()
    };
    let rows: Vec<AnyView> = skipped.iter().map(row).collect();
    let title = format!("{} · {count}", ui.t(w::SKIPPED));
    let part = (skipped.len() < count as usize)
        .then(|| view! { <p class="hint">{w::first_of(ui.language, skipped.len(), count)}</p> });
    view! {
        <details class="help" open=skipped.len() <= UNFOLDED>
            <summary>{title}</summary>
            {part}
            <table class="plain wrong-rows">
                <thead><tr><th scope="col">{ui.t(w::LINE)}</th><th scope="col">{ui.t(w::WHY)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p><a href=csv(ui, skipped) download="rows.csv">{ui.t(w::SAVE_LIST)}</a></p>
        </details>
    }
    .show()
}

/// The list as a file, UTF-8 with a byte order mark, in an address of its own.
fn csv(ui: Ui, skipped: &[(u32, SkipReason)]) -> String {
    let mut text = format!("\u{feff}{},{}\r\n", ui.t(w::LINE), ui.t(w::WHY));
    for (line, reason) in skipped {
        let why = words::skip_reason(*reason, ui.language);
        text.push_str(&format!("{line},\"{why}\"\r\n"));
    }
    let text = String::from(js_sys::encode_uri_component(&text));
    format!("data:text/csv;charset=utf-8,{text}")
}
