//! Assignments: as a list with its keys, or on a board by date or by team.

mod board;

use crate::app::components::desk::link;
use crate::app::components::form::select;
use crate::app::components::marks;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::components::table::{self, Cell, Column, Line, Lines, Look, Place, table};
use crate::app::filter::Filter;
use crate::app::i18n::{Text, assign as w, desk, office, phone};
use crate::app::kept::Kind;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::assign::DRAFTS;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::dom;
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::domain::AssignmentState;
use mingcha_core::ids::{DocumentId, SpaceId};
use mingcha_core::view::{AssignmentFilter, AssignmentRow, Query, Window};
use mingcha_core::words;
use serde::{Deserialize, Serialize};

/// How many assignments a board shows.
const MOST: u32 = 500;
const DAY_MILLIS: u64 = 86_400_000;
/// How the page was left.
const LEFT: Kind<Left> = Kind::new("assignments");

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Left {
    view: String,
    team: Option<SpaceId>,
}

/// The page.
pub fn assignments(ui: Ui) -> AnyView {
    let left = LEFT.one(ui, "page".to_owned());
    // As it was left, once; what is chosen since stays.
    let start = Memo::new(move |before: Option<&Option<Left>>| {
        before.cloned().flatten().or_else(|| left.get().map(Option::unwrap_or_default))
    });
    (move || start.get().map(|start| page(ui, start))).show()
}

const COLUMNS: [Column; 7] = [
    Column { name: w::ENDS, class: "c-dates", sort: None },
    Column { name: w::TITLE, class: "c-lead", sort: None },
    Column { name: w::TEAM, class: "c-category", sort: None },
    Column { name: w::MODE, class: "c-word", sort: None },
    Column { name: w::VISITED, class: "c-severity", sort: None },
    Column { name: w::STATE, class: "c-state", sort: None },
    Column { name: w::DELIVERED, class: "c-tick", sort: None },
];
const KEYS: [(&str, Text); 2] = [("J K", desk::KEY_NEXT), ("Enter", desk::KEY_OPEN)];

fn page(ui: Ui, left: Left) -> AnyView {
    let view_as = RwSignal::new(if left.view.is_empty() { "list".to_owned() } else { left.view });
    let team = RwSignal::new(left.team);
    LEFT.keep(ui, "page".to_owned(), memo(move || Left { view: view_as.get(), team: team.get() }));
    let place = Place::new(0, None);
    let is_list = memo(move || view_as.with(|view| view == "list"));
    let answer = ui.client.watch_with(move || {
        let filter = AssignmentFilter { team: team.get(), ..AssignmentFilter::default() };
        let window = if is_list.get() { place.window() } else { Window { first: 0, count: MOST } };
        Query::Assignments(filter, window)
    });
    let lines = memo(move || {
        answer.with(|answer| {
            let rows = shown::assignments(answer)?;
            let lines = rows.rows.iter().map(|row| line(ui, row)).collect();
            Some(Lines { total: rows.total, first: rows.first, rows: lines })
        })
    });
    let help = RwSignal::new(false);
    let search = dom::fresh_id();
    let look = Look {
        columns: &COLUMNS,
        hidden: RwSignal::new(Vec::new()),
        filter: RwSignal::new(Filter::default()),
        open: callback(move |route| ui.go(route)),
    };
    let list = move || match is_list.get() {
        true => {
            table::keys(lines, place, look, search.clone(), help, |_, _| false);
            table(ui, ui.t(office::ASSIGNMENTS), look, lines, place, ui.t(w::NONE_YET))
        }
        false => board::board(ui, answer, view_as),
    };
    let begin = move |_| ui.go(Route::Assign(random::<DocumentId>()));
    let new = view! {
        {link(ui, Route::Coverage, "button", ui.t(w::COVERAGE).show())}
        <button type="button" class="primary" on:click=begin>{ui.t(w::NEW)}</button>
    };
    view! {
        {frame::head(ui, ui.t(office::ASSIGNMENTS), new)}
        <div class="filters">
            {views(ui, view_as)}
            {team_choice(ui, team)}
            <span class="count">{move || is_list.get().then(|| table::range(lines, place)).flatten()}</span>
        </div>
        {unfinished(ui)}
        {list}
        {table::key_help(ui, help, &KEYS)}
    }
    .show()
}

fn views(ui: Ui, view_as: RwSignal<String>) -> AnyView {
    let segments = vec![
        Segment::plain("list", ui.t(w::LIST)),
        Segment::plain("dates", ui.t(w::BOARD)),
        Segment::plain("teams", ui.t(w::BY_TEAM)),
    ];
    let choose = callback(move |code: Option<String>| {
        if let Some(code) = code {
            view_as.set(code);
        }
    });
    segmented(ui.t(w::VIEW).show(), segments, view_as.into(), choose)
}

/// A choice of one team, or all.
pub fn team_choice(ui: Ui, team: RwSignal<Option<SpaceId>>) -> AnyView {
    let teams = ui.client.watch(Query::Teams);
    let options = memo(move || {
        teams.with(|answer| {
            let teams = shown::teams(answer).map(Vec::as_slice).unwrap_or_default();
            teams.iter().map(|team| (team.team.to_string(), team.name.clone())).collect::<Vec<_>>()
        })
    });
    let value = derived(move || team.get().map(|team| team.to_string()).unwrap_or_default());
    let choose = callback(move |code: String| team.set(code.parse().ok()));
    let shown = move || {
        let mut all = vec![(String::new(), ui.t(desk::ANY_TEAM).to_owned())];
        all.extend(options.get());
        select(ui.t(w::TEAM), vec![(String::new(), all)], value, choose)
    };
    shown.show()
}

fn line(ui: Ui, row: &AssignmentRow) -> Line {
    let mut title = row.title.clone();
    if row.again > 0 {
        title = format!("{title} · {}", w::again(ui.language, row.again));
    }
    let covered = row.covered;
    Line {
        key: (row.assignment, None),
        route: Route::Assignment(row.assignment),
        cells: vec![
            Cell::Plain(dates(row)),
            Cell::Plain(title),
            Cell::Plain(row.team_name.clone()),
            Cell::Plain(terms::mode(row.mode, ui.language).to_owned()),
            Cell::Plain(format!("{} / {}", covered.visited, covered.units)),
            Cell::Tag(state_class(row), state_word(ui, row).to_owned()),
            Cell::Tag(marks::tick_class(row.tick), terms::tick(row.tick, ui.language).to_owned()),
        ],
    }
}

/// From the first day to the last, in short.
pub fn dates(row: &AssignmentRow) -> String {
    let day = |at| when::short(at).split(' ').next().unwrap_or_default().to_owned();
    w::dates(&day(row.from), &day(crate::app::pages::assign::last_day(row.until)))
}

/// How an assignment's state looks.
pub fn state_class(row: &AssignmentRow) -> &'static str {
    match row.state {
        AssignmentState::Disputed => "tag grave",
        AssignmentState::Withdrawn => "tag",
        AssignmentState::Assigned if row.covered.visited >= row.covered.units => "tag done",
        AssignmentState::Assigned if row.until <= when::now() => "tag serious",
        AssignmentState::Assigned => "tag",
    }
}

/// How many days are left to visit what is not visited yet.
pub fn left(ui: Ui, row: &AssignmentRow) -> Option<String> {
    let now = when::now();
    let is_going_on = row.state != AssignmentState::Withdrawn
        && row.covered.visited < row.covered.units
        && (row.from..row.until).contains(&now);
    is_going_on.then(|| match row.until.since(when::today()).div_ceil(DAY_MILLIS) {
        0 | 1 => ui.t(phone::DUE_TODAY).to_owned(),
        2 => ui.t(phone::DUE_TOMORROW).to_owned(),
        days => phone::days_left(ui.language, days - 1),
    })
}

/// An assignment's state, that all of it is visited, or that it is over.
pub fn state_word(ui: Ui, row: &AssignmentRow) -> &'static str {
    match row.state {
        AssignmentState::Assigned if row.covered.visited >= row.covered.units => ui.t(w::ALL_VISITED),
        AssignmentState::Assigned if row.until <= when::now() => ui.t(w::OVER),
        state => words::assignment_state(state, ui.language),
    }
}

/// What was begun and not given yet.
fn unfinished(ui: Ui) -> AnyView {
    let drafts = DRAFTS.all(ui);
    let shown = move || {
        let drafts = drafts.get().unwrap_or_default();
        (!drafts.is_empty()).then(|| {
            let items: Vec<AnyView> = drafts
                .into_iter()
                .filter_map(|(name, draft)| {
                    let id: DocumentId = name.parse().ok()?;
                    let title = draft.content.title.trim().to_owned();
                    let title = if title.is_empty() { ui.t(w::UNTITLED).to_owned() } else { title };
                    let label = format!("{} · {title}", ui.t(w::DISCARD));
                    let discard = move |_| DRAFTS.forget(ui, &name);
                    Some(
                        view! {
                            <li class="row">
                                <b>{title}</b>
                                {link(ui, Route::Assign(id), "button", ui.t(w::GO_ON).show())}
                                <button type="button" class="quiet" aria-label=label on:click=discard>
                                    {ui.t(w::DISCARD)}
                                </button>
                            </li>
                        }
                        .show(),
                    )
                })
                .collect();
            view! {
                <section class="unfinished">
                    <h2>{ui.t(w::UNFINISHED)}</h2>
                    <ul>{items}</ul>
                </section>
            }
        })
    };
    shown.show()
}
