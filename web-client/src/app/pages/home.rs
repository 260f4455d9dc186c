//! The desk's first page: how much there is, the first steps until they are done, and what came in last.

use crate::app::components::marks;
use crate::app::i18n::{Text, common, desk, office as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use mingcha_core::domain::{ReviewState, Role};
use mingcha_core::view::{
    Answer, AssignmentFilter, FindingFilter, MatterFilter, Myself, Query, Stage, Tick, VisitFilter, VisitRow,
    Window,
};

/// How many of the newest visits are shown.
const NEWEST_ROWS: u32 = 8;

/// What a supervisor does first.
const READING_STEPS: [(Route, Text, Text); 3] = [
    (Route::Visits, w::STEP_READ, w::STEP_READ_HELP),
    (Route::Review(None), w::STEP_REVIEW, w::STEP_REVIEW_HELP),
    (Route::Findings, w::STEP_MATTER, w::STEP_MATTER_HELP),
];

/// The page.
pub fn home(ui: Ui) -> AnyView {
    let newest = ui.client.watch(Query::Visits(
        VisitFilter { stage: Stage::Submitted, ..VisitFilter::default() },
        Window { first: 0, count: NEWEST_ROWS },
    ));
    let findings = ui.client.watch(Query::Findings(FindingFilter::default(), Window { first: 0, count: 0 }));
    let matters = ui.client.watch(Query::Matters(MatterFilter::default(), Window { first: 0, count: 0 }));
    let waiting = FindingFilter { review: Some(ReviewState::Waiting), ..FindingFilter::default() };
    let waiting = ui.client.watch(Query::Findings(waiting, Window { first: 0, count: 0 }));
    let to_review = move || waiting.with(|answer| shown::findings(answer).map_or(0, |rows| rows.total));
    let visits = move || newest.with(|answer| shown::visits(answer).map_or(0, |rows| rows.total));
    let found = move || findings.with(|answer| shown::findings(answer).map_or(0, |rows| rows.total));
    let opened = move || matters.with(|answer| shown::matters(answer).map_or(0, |rows| rows.total));
    let office = move || ui.me().with(|me| me.as_ref().map(|me| me.office.clone()));
    let begun = memo(move || [visits() > 0, found() > to_review(), opened() > 0]);
    view! {
        <header class="head numbers">
            <h1>{ui.t(w::DESK)}</h1>
            {number(ui, Route::Review(None), review::VIEW_WAITING, derived(to_review))}
            {number(ui, Route::Visits, desk::VISITS, derived(visits))}
            {number(ui, Route::Findings, desk::FINDINGS, derived(found))}
            {number(ui, Route::Matters, desk::MATTERS, derived(opened))}
            <span class="office">{office}</span>
            {frame::pending(ui)}
        </header>
        <div class="list wide">
            {ui.has(Role::Coordinator).then(|| steps(ui, derived(visits)))}
            {ui.has(Role::Supervisor).then(|| cards(ui, w::READING_STEPS, READING_STEPS, begun))}
            {latest(ui, newest)}
        </div>
    }
    .show()
}

fn number(ui: Ui, route: Route, name: Text, value: Signal<u32>) -> AnyView {
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! {
        <a class="number" href=route.to_string() on:click=open>
            <b>{move || desk::grouped(value.get())}</b>
            {ui.t(name)}
        </a>
    }
    .show()
}

/// Cards for a coordinator's first steps, until all are done.
fn steps(ui: Ui, visits: Signal<u32>) -> AnyView {
    let teams = ui.client.watch(Query::Teams);
    let has_people = move || {
        teams.with(|answer| {
            let teams = shown::teams(answer).map(Vec::as_slice).unwrap_or_default();
            teams.iter().any(|team| !team.members.is_empty())
        })
    };
    let assigned =
        ui.client.watch(Query::Assignments(AssignmentFilter::default(), Window { first: 0, count: 0 }));
    let has_assigned =
        move || assigned.with(|answer| shown::assignments(answer).is_some_and(|rows| rows.total > 0));
    let done = memo(move || {
        let (units, checklists) =
            ui.me().with(|me| me.as_ref().map_or((0, 0), |me: &Myself| (me.units, me.checklists)));
        [units > 0, checklists > 0, has_people(), has_assigned(), visits.get() > 0]
    });
    let steps = [
        (Route::Units, w::STEP_UNITS, w::STEP_UNITS_HELP),
        (Route::Checklists, w::STEP_CHECKLIST, w::STEP_CHECKLIST_HELP),
        (Route::People, w::STEP_PEOPLE, w::STEP_PEOPLE_HELP),
        (Route::Assignments, w::STEP_ASSIGN, w::STEP_ASSIGN_HELP),
        (Route::Visits, w::STEP_VISIT, w::STEP_VISIT_HELP),
    ];
    cards(ui, w::FIRST_STEPS, steps, done)
}

/// Cards until all of it is done.
fn cards<const N: usize>(
    ui: Ui,
    title: Text,
    steps: [(Route, Text, Text); N],
    done: Memo<[bool; N]>,
) -> AnyView {
    let cards = move || {
        let done = done.get();
        (!done.iter().all(|done| *done)).then(|| {
            let cards: Vec<AnyView> = steps
                .into_iter()
                .zip(done)
                .enumerate()
                .map(|(at, (step, done))| card(ui, at + 1, step, done))
                .collect();
            view! {
                <section>
                    <h2>{ui.t(title)}</h2>
                    <ol class="cards">{cards}</ol>
                </section>
            }
        })
    };
    cards.show()
}

fn card(ui: Ui, number: usize, (route, title, help): (Route, Text, Text), done: bool) -> AnyView {
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    let ready = done.then(|| view! { <span class="mark read">{ui.t(w::DONE)}</span> });
    view! {
        <li>
            <a class="card" class:ready=done href=route.to_string() on:click=open>
                <span class="number" aria-hidden="true">{number}</span>
                <b>{ui.t(title)}</b>
                <small>{ui.t(help)}</small>
                {ready}
            </a>
        </li>
    }
    .show()
}

fn latest(ui: Ui, newest: ReadSignal<Option<Answer>>) -> AnyView {
    let list = move || {
        newest.with(|answer| {
            let rows = &shown::visits(answer)?.rows;
            (!rows.is_empty()).then(|| {
                let items: Vec<AnyView> = rows.iter().map(|row| item(ui, row)).collect();
                view! {
                    <section>
                        <h2>{ui.t(w::LATEST)}</h2>
                        <ul class="items">{items}</ul>
                    </section>
                }
            })
        })
    };
    list.show()
}

fn item(ui: Ui, row: &VisitRow) -> AnyView {
    let route = Route::Visit(row.visit);
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    let about = format!(
        "{} · {} · {} · {}",
        when::moment(ui.language, row.started),
        terms::mode(row.mode, ui.language),
        row.team_name,
        common::findings(ui.language, row.findings)
    );
    // Until the relay has it, the tick would tell of what is unsent of one's own: that one has read it.
    let tick = matches!(row.tick, Tick::Held | Tick::Read).then(|| marks::tick(ui, row.tick));
    let gravest = row.gravest.map(|severity| marks::severity(ui, severity));
    view! {
        <li>
            <a class="item" href=route.to_string() on:click=open>
                <b>{marks::unit_name(ui, row.unit.as_ref())}</b>
                <span class="how-far">{tick}</span>
                <small>{about}</small>
                <span class="tags">{gravest}</span>
            </a>
        </li>
    }
    .show()
}
