//! Assignments as cards in columns.

use super::{dates, left, state_class, state_word};
use crate::app::components::desk::{bar, link};
use crate::app::i18n::assign as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use crate::dom::{self, document};
use crate::reactive::*;
use mingcha_core::domain::AssignmentState;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, AssignmentRow};
use wasm_bindgen::JsCast;

const WEEK_MILLIS: u64 = 7 * 86_400_000;

/// The board; `view_as` says what its columns are.
pub fn board(ui: Ui, answer: ReadSignal<Option<Answer>>, view_as: RwSignal<String>) -> AnyView {
    dom::on_window("keydown", step);
    let shown = move || {
        answer.with(|answer| {
            let rows = &shown::assignments(answer)?.rows;
            if rows.is_empty() {
                return Some(view! { <p class="nothing">{ui.t(w::NONE_YET)}</p> }.show());
            }
            let columns =
                if view_as.with(|view| view == "teams") { by_team(rows) } else { by_date(ui, rows) };
            let columns: Vec<AnyView> =
                columns.into_iter().map(|(name, rows)| column(ui, &name, &rows)).collect();
            Some(view! { <div class="board">{columns}</div> }.show())
        })
    };
    view! { <div class="list wide"><p class="hint wide-only">{ui.t(w::KEYS)}</p>{shown}</div> }.show()
}

type Column<'a> = (String, Vec<&'a AssignmentRow>);

fn by_date(ui: Ui, rows: &[AssignmentRow]) -> Vec<Column<'_>> {
    let now = when::now();
    let columns = [w::OPEN, w::THIS_WEEK, w::OVER, w::WITHDRAWN].into_iter().enumerate();
    columns
        .map(|(at, name)| {
            let here = rows.iter().filter(|row| due(row, now) == at).collect();
            (ui.t(name).to_owned(), here)
        })
        .collect()
}

/// In which of the columns by date an assignment stands.
fn due(row: &AssignmentRow, now: Timestamp) -> usize {
    match row.state {
        AssignmentState::Withdrawn => 3,
        _ if row.until <= now => 2,
        _ if row.until <= now.after(WEEK_MILLIS) => 1,
        _ => 0,
    }
}

/// A column for each team, without what was taken back.
fn by_team(rows: &[AssignmentRow]) -> Vec<Column<'_>> {
    let mut columns: Vec<Column<'_>> = Vec::new();
    for row in rows.iter().filter(|row| row.state != AssignmentState::Withdrawn) {
        match columns.iter_mut().find(|(_, rows)| rows[0].team == row.team) {
            Some((_, rows)) => rows.push(row),
            None => columns.push((row.team_name.clone(), vec![row])),
        }
    }
    columns.sort_by(|(a, _), (b, _)| a.cmp(b));
    columns
}

fn column(ui: Ui, name: &str, rows: &[&AssignmentRow]) -> AnyView {
    let cards: Vec<AnyView> = rows.iter().map(|row| card(ui, row)).collect();
    let none = rows.is_empty().then(|| view! { <p class="hint">{ui.t(w::NONE)}</p> });
    view! {
        <section class="column" aria-label=name.to_owned()>
            <h2>{name.to_owned()}" "<small>{rows.len()}</small></h2>
            {none}
            <ul>{cards}</ul>
        </section>
    }
    .show()
}

fn card(ui: Ui, row: &AssignmentRow) -> AnyView {
    let covered = row.covered;
    let progress = w::progress(ui.language, covered.visited, covered.begun, covered.units);
    let about = format!("{} · {}", row.team_name, terms::mode(row.mode, ui.language));
    let dates = [Some(dates(row)), left(ui, row)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let again = (row.again > 0).then(|| view! { <small>{w::again(ui.language, row.again)}</small> });
    let body = view! {
        <b>{row.title.clone()}</b>
        <small>{about}</small>
        <small>{dates}</small>
        {again}
        {bar(progress.clone(), covered.visited, covered.begun, covered.units)}
        <small>{progress}</small>
        <span class=state_class(row)>{state_word(ui, row)}</span>
    };
    view! { <li>{link(ui, Route::Assignment(row.assignment), "task", body)}</li> }.show()
}

/// J and K go through the cards.
fn step(event: web_sys::KeyboardEvent) {
    if dom::is_typing(&event) || dom::has_dialog() || event.ctrl_key() || event.meta_key() || event.alt_key()
    {
        return;
    }
    let by: i64 = match event.key().as_str() {
        "j" | "J" => 1,
        "k" | "K" => -1,
        _ => return,
    };
    let Ok(cards) = document().query_selector_all(".board a.task") else { return };
    let now = document().active_element();
    let at = (0..cards.length()).find(|at| {
        cards.item(*at).is_some_and(|card| now.as_ref().is_some_and(|now| card.is_same_node(Some(now))))
    });
    let next = at.map_or(0, |at| (i64::from(at) + by).clamp(0, i64::from(cards.length()) - 1) as u32);
    if let Some(card) = cards.item(next).and_then(|card| card.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = card.focus();
        event.prevent_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingcha_core::domain::Mode;
    use mingcha_core::ids::{DocumentId, SpaceId};
    use mingcha_core::view::{Tick, Totals};

    fn row(until: u64, state: AssignmentState) -> AssignmentRow {
        AssignmentRow {
            assignment: DocumentId([1; 16]),
            team: SpaceId([2; 16]),
            team_name: String::new(),
            title: String::new(),
            from: Timestamp(0),
            until: Timestamp(until),
            mode: Mode::Undercover,
            checklist: None,
            state,
            again: 0,
            covered: Totals::default(),
            assigned: Timestamp(0),
            assigned_by: String::new(),
            tick: Tick::Saved,
        }
    }

    #[test]
    fn each_assignment_stands_in_one_column() {
        let now = Timestamp(100 * WEEK_MILLIS);
        let assigned = AssignmentState::Assigned;
        assert_eq!(due(&row(102 * WEEK_MILLIS, assigned), now), 0);
        assert_eq!(due(&row(101 * WEEK_MILLIS, assigned), now), 1);
        assert_eq!(due(&row(100 * WEEK_MILLIS, AssignmentState::Disputed), now), 2);
        assert_eq!(due(&row(102 * WEEK_MILLIS, AssignmentState::Withdrawn), now), 3);
    }
}
