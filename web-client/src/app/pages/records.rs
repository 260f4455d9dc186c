//! The records of one's own teams, by day, newest first.

use crate::app::components::dialog::dialog;
use crate::app::components::marks;
use crate::app::i18n::{common, phone, record as w};
use crate::app::markup::{AnyView, Show as _, rows, view};
use crate::app::pages::record::start::{self, Begin};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use mingcha_core::domain::{Mode, Role, VisitState};
use mingcha_core::ids::{DocumentId, SpaceId};
use mingcha_core::view::{Query, Since, VisitFilter, VisitRow, Window};

/// How many records are shown at first: some screens full, so few that a slow phone makes them anew within a frame
/// or two while much arrives.
const FIRST_ROWS: u32 = 24;
/// How many more are shown each time.
const MORE_ROWS: u32 = 60;

/// The list with the way to a new record.
pub fn records(ui: Ui) -> AnyView {
    let count = RwSignal::new(FIRST_ROWS);
    let answer = ui
        .client
        .watch_with(move || Query::Visits(VisitFilter::default(), Window { first: 0, count: count.get() }));
    let list = rows(
        move || {
            answer.with(|answer| shown::visits(answer).map(|rows| days(ui, &rows.rows)).unwrap_or_default())
        },
        move |row| match row {
            Row::Day(day) => view! { <li class="day"><h2>{day.as_str()}</h2></li> }.show(),
            Row::Visit(visit) => item(ui, visit, AnyView::default()),
        },
    );
    let is_empty =
        memo(move || answer.with(|answer| shown::visits(answer).is_some_and(|rows| rows.total == 0)));
    let none = move || {
        is_empty.get().then(|| {
            let hints = [w::FIRST_OFFLINE, w::FIRST_HIDE, w::FIRST_TICKS];
            let hints: Vec<AnyView> = hints.map(|hint| view! { <li>{ui.t(hint)}</li> }.show()).into();
            view! { <p class="nothing">{ui.t(w::NO_RECORDS)}</p><ul class="firsts">{hints}</ul> }
        })
    };
    let has_older = memo(move || {
        answer.with(|answer| shown::visits(answer).is_some_and(|rows| rows.total as usize > rows.rows.len()))
    });
    let older = move || {
        has_older.get().then(|| {
            let more = move |_| count.update(|count| *count += MORE_ROWS);
            view! { <button type="button" class="quiet" on:click=more>{ui.t(w::OLDER)}</button> }
        })
    };
    view! {
        {frame::head(ui, ui.t(w::RECORDS), AnyView::default())}
        <div class="list">{none}{sent_back(ui)}<ul class="items">{list}</ul>{older}</div>
        {new_record(ui)}
    }
    .show()
}

/// A row of the list.
#[derive(Clone, PartialEq)]
enum Row {
    Day(String),
    Visit(Box<VisitRow>),
}

fn days(ui: Ui, visits: &[VisitRow]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut heading = String::new();
    // What was sent back stands above all days.
    for visit in visits.iter().filter(|visit| visit.state != VisitState::SentBack) {
        let day = when::day(ui.language, visit.started);
        if day != heading {
            rows.push(Row::Day(day.clone()));
            heading = day;
        }
        rows.push(Row::Visit(Box::new(visit.clone())));
    }
    rows
}

/// What was sent back, each with the reason: first of all.
fn sent_back(ui: Ui) -> AnyView {
    let filter = VisitFilter { state: Some(VisitState::SentBack), ..VisitFilter::default() };
    let answer = ui.client.watch(Query::Visits(filter, Window { first: 0, count: FIRST_ROWS }));
    let list = move || {
        answer.with(|answer| {
            let rows = shown::visits(answer).map(|rows| rows.rows.as_slice()).unwrap_or_default();
            if rows.is_empty() {
                return None;
            }
            let items: Vec<AnyView> = rows.iter().map(|row| item(ui, row, reason(ui, row.visit))).collect();
            Some(view! {
                <section class="returned" aria-label=ui.t(phone::SENT_BACK)>
                    <h2>{ui.t(phone::SENT_BACK)}</h2>
                    <ul class="items">{items}</ul>
                </section>
            })
        })
    };
    list.show()
}

fn reason(ui: Ui, visit: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Visit(visit));
    let said = move || answer.with(|answer| shown::visit(answer).map(|it| it.sent_back.clone()));
    said.show()
}

fn item(ui: Ui, row: &VisitRow, said: AnyView) -> AnyView {
    let route = Route::Record(row.visit);
    let mut about = vec![when::clock(row.started)];
    // Whoever looks over the shoulder need not read what most visits are.
    if row.mode != Mode::Undercover {
        about.push(terms::mode(row.mode, ui.language).to_owned());
    }
    // As long as somebody writes, that nothing was found is no verdict.
    let is_over = !matches!(row.state, VisitState::Draft | VisitState::Voided);
    if row.findings > 0 || is_over {
        about.push(common::findings(ui.language, row.findings));
    }
    if !row.excerpt.is_empty() {
        about.push(row.excerpt.clone());
    }
    let is_plain = matches!(row.state, VisitState::Submitted | VisitState::SentBack);
    let state = (!is_plain).then(|| {
        view! { <span class=marks::state_class(row.state)>{terms::visit_state(row.state, ui.language)}</span> }
    });
    let conflicts = (row.conflicts > 0).then(|| {
        view! { <span class="tag serious">{common::conflicts(ui.language, row.conflicts)}</span> }
    });
    let is_changed = row.state == VisitState::Submitted && row.since_submitted == Since::Changed;
    let changed = is_changed.then(|| view! { <span class="tag serious">{ui.t(phone::CHANGED_SINCE)}</span> });
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! {
        <li>
            <a class="item" href=route.to_string() on:click=open>
                <b>{marks::unit_name(ui, row.unit.as_ref())}</b>
                {marks::tick(ui, row.tick)}
                <small>{about.join(" · ")}</small>
                <span class="tags">{state}{changed}{conflicts}</span>
                <span class="why">{said}</span>
            </a>
        </li>
    }
    .show()
}

fn new_record(ui: Ui) -> AnyView {
    let checklists = ui.client.watch(Query::Checklists);
    let asking = RwSignal::new(false);
    let teams = memo(move || ui.me().get().map(|me| me.teams).unwrap_or_default());
    let start = move |team: SpaceId| {
        let checklist =
            checklists.with_untracked(|answer| match shown::checklists(answer).map(Vec::as_slice) {
                Some([only]) => Some(only.id),
                _ => None,
            });
        start::start(ui, team, Begin { checklist, ..Begin::default() });
    };
    let begin = move |_| match teams.get_untracked().as_slice() {
        [(team, _)] => start(*team),
        _ => asking.set(true),
    };
    let may_record =
        move || ui.me().with(|me| me.as_ref().is_some_and(|me| me.roles.contains(&Role::Inspector)));
    let button = move || {
        (may_record() && !teams.with(Vec::is_empty)).then(|| {
            view! {
                <div class="fab">
                    <button type="button" class="primary" on:click=begin>
                        <span aria-hidden="true">"＋ "</span>
                        {ui.t(w::NEW)}
                    </button>
                </div>
            }
        })
    };
    let which = dialog(ui, asking, ui.t(w::WHICH_TEAM), "ask", move || {
        let choices: Vec<AnyView> = teams
            .get()
            .into_iter()
            .map(|(team, name)| {
                let choose = move |_| {
                    asking.set(false);
                    start(team);
                };
                view! { <li><button type="button" class="big" on:click=choose>{name}</button></li> }.show()
            })
            .collect();
        view! { <ul class="choices">{choices}</ul> }.show()
    });
    view! { {button}{which} }.show()
}
