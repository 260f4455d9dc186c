//! What one's own teams are asked to visit: the open assignments first, the soonest due on top.

use crate::app::i18n::phone as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use mingcha_core::domain::AssignmentState;
use mingcha_core::view::{AssignmentFilter, AssignmentRow, AssignmentStage, Query, Window};

/// How many are shown at most: a team has a handful at a time.
const SHOWN: u32 = 100;
const DAY_MILLIS: u64 = 86_400_000;

/// The list.
pub fn my_assignments(ui: Ui) -> AnyView {
    let window = Window { first: 0, count: SHOWN };
    let answer = ui.client.watch(Query::Assignments(AssignmentFilter::default(), window));
    let list = move || {
        answer.with(|answer| {
            let rows = &shown::assignments(answer)?.rows;
            if rows.is_empty() {
                return Some(view! { <p class="nothing">{ui.t(w::NO_ASSIGNMENTS)}</p> }.show());
            }
            let (open, closed) = rows.iter().partition::<Vec<_>, _>(|row| is_open(row));
            Some(view! { {section(ui, w::OPEN_ONES, &open)}{section(ui, w::CLOSED_ONES, &closed)} })
        })
    };
    view! {
        {frame::head(ui, ui.t(w::ASSIGNMENTS), AnyView::default())}
        <div class="list">{list}</div>
    }
    .show()
}

/// How many open assignments still have units where nobody has begun.
pub fn waiting(ui: Ui) -> Memo<usize> {
    let filter = AssignmentFilter { stage: AssignmentStage::Open, ..AssignmentFilter::default() };
    let answer = ui.client.watch(Query::Assignments(filter, Window { first: 0, count: SHOWN }));
    memo(move || {
        answer.with(|answer| {
            let rows = shown::assignments(answer).map(|rows| rows.rows.as_slice()).unwrap_or_default();
            rows.iter().filter(|row| row.covered.visited + row.covered.begun < row.covered.units).count()
        })
    })
}

fn is_open(row: &AssignmentRow) -> bool {
    row.state != AssignmentState::Withdrawn && when::now() < row.until
}

fn section(ui: Ui, title: crate::app::i18n::Text, rows: &[&AssignmentRow]) -> AnyView {
    if rows.is_empty() {
        return AnyView::default();
    }
    let items: Vec<AnyView> = rows.iter().map(|row| item(ui, row)).collect();
    view! { <section><h2 class="day">{ui.t(title)}</h2><ul class="items">{items}</ul></section> }.show()
}

fn item(ui: Ui, row: &AssignmentRow) -> AnyView {
    let route = Route::MyAssignment(row.assignment);
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    let mut about = vec![
        terms::mode(row.mode, ui.language).to_owned(),
        w::visited(ui.language, row.covered.visited, row.covered.units),
    ];
    if row.again > 0 {
        about.push(w::again(ui.language, row.again));
    }
    if ui.me().with(|me| me.as_ref().is_some_and(|me| me.teams.len() > 1)) {
        about.push(row.team_name.clone());
    }
    view! {
        <li>
            <a class="item" href=route.to_string() on:click=open>
                <b>{row.title.clone()}</b>
                {due(ui, row)}
                <small>{about.join(" · ")}</small>
            </a>
        </li>
    }
    .show()
}

/// How much time is left, or why none.
pub fn due(ui: Ui, row: &AssignmentRow) -> AnyView {
    let (class, words) = due_words(ui, row);
    view! { <span class=class>{words}</span> }.show()
}

fn due_words(ui: Ui, row: &AssignmentRow) -> (&'static str, String) {
    let now = when::now();
    if row.state == AssignmentState::Withdrawn {
        return ("tag", terms::assignment_state(row.state, ui.language).to_owned());
    }
    if now >= row.until {
        let is_done = row.covered.visited >= row.covered.units;
        return if is_done {
            ("tag", ui.t(w::OVER).to_owned())
        } else {
            ("tag grave", ui.t(w::OVERDUE).to_owned())
        };
    }
    if now < row.from {
        return ("tag", w::begins(ui.language, &when::date(ui.language, row.from)));
    }
    match row.until.since(when::today()).div_ceil(DAY_MILLIS) {
        0 | 1 => ("tag serious", ui.t(w::DUE_TODAY).to_owned()),
        2 => ("tag serious", ui.t(w::DUE_TOMORROW).to_owned()),
        days => ("tag", w::days_left(ui.language, days - 1)),
    }
}
