//! One assignment, to be carried out: what to look at, and its units, each a tap away from a visit.

use crate::app::components::marks;
use crate::app::components::near::near;
use crate::app::i18n::{common, phone as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::my_assignments::due;
use crate::app::pages::record::start;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use mingcha_core::domain::AssignmentState;
use mingcha_core::ids::DocumentId;
use mingcha_core::time::Timestamp;
use mingcha_core::units::Place;
use mingcha_core::view::{AssignmentRow, AssignmentView, Covered, Query, UnitCoverage};

/// The page.
pub fn my_assignment(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Assignment(id));
    let place = RwSignal::new(None::<Place>);
    let title = memo(move || {
        answer.with(|answer| shown::assignment(answer).map(|it| it.row.title.clone()).unwrap_or_default())
    });
    let missing = memo(move || answer.with(shown::is_missing));
    let body = move || {
        if missing.get() {
            return Some(view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show());
        }
        answer.with(|answer| {
            let assignment = shown::assignment(answer)?;
            Some(view! { {about(ui, assignment)}{units(ui, assignment, place.get())} }.show())
        })
    };
    let has_places = memo(move || {
        answer.with(|answer| {
            shown::assignment(answer).is_some_and(|it| it.units.iter().any(|one| one.unit.place.is_some()))
        })
    });
    let bar = move || has_places.get().then(|| view! { <div class="bar">{near(ui, place)}</div> });
    view! {
        {frame::head_below(ui, Route::MyAssignments, move || title.get(), AnyView::default())}
        <div class="list">{body}</div>
        {bar}
    }
    .show()
}

fn about(ui: Ui, assignment: &AssignmentView) -> AnyView {
    let AssignmentView { row, versions, again, timeline, .. } = assignment;
    let content = versions.last().map(|version| &version.content);
    let banner = match row.state {
        AssignmentState::Assigned => None,
        AssignmentState::Disputed => Some(ui.t(w::DISPUTED).to_owned()),
        AssignmentState::Withdrawn => {
            let why = timeline.iter().rev().find(|fact| fact.what == "assignment-withdrawn");
            let why = why.map(|fact| fact.detail.as_str()).unwrap_or_default();
            let state = terms::assignment_state(row.state, ui.language);
            Some([state, why].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
        }
    };
    let banner = banner.map(|words| view! { <p class="banner" role="status">{words}</p> });
    let last_day = Timestamp(row.until.0.saturating_sub(1));
    let period =
        w::period(ui.language, &when::date(ui.language, row.from), &when::date(ui.language, last_day));
    let by = (!row.assigned_by.is_empty()).then(|| {
        view! { <dt>{ui.t(w::ASSIGNED_BY)}</dt><dd>{row.assigned_by.clone()}</dd> }
    });
    let look_at = content.map(|content| content.look_at.as_str()).filter(|text| !text.is_empty());
    let look_at = look_at.map(|text| {
        view! { <section class="look-at"><h2>{ui.t(w::LOOK_AT)}</h2><p class="seen">{text}</p></section> }
    });
    let again = (!again.is_empty()).then(|| {
        view! { <section><h2 class="day">{ui.t(w::AGAIN)}</h2>{marks::re_examined(ui, again)}</section> }
    });
    view! {
        {banner}
        <dl class="facts">
            <dt>{ui.t(w::PERIOD)}</dt><dd>{period}" "{due(ui, row)}</dd>
            <dt>{ui.t(record::MODE)}</dt><dd>{terms::mode(row.mode, ui.language)}</dd>
            {checklist(ui, row)}
            {by}
        </dl>
        {look_at}
        {again}
    }
    .show()
}

fn checklist(ui: Ui, row: &AssignmentRow) -> AnyView {
    let Some(id) = row.checklist else { return AnyView::default() };
    let answer = ui.client.watch(Query::Checklists);
    let title = move || {
        answer.with(|answer| {
            let known = shown::checklists(answer)?.iter().find(|one| one.id == id)?;
            Some(known.title.clone())
        })
    };
    view! { <dt>{ui.t(record::CHECKLIST)}</dt><dd>{title}</dd> }.show()
}

/// The units: those that wait first, of these the nearest, as soon as it is known where the person is.
fn units(ui: Ui, assignment: &AssignmentView, near: Option<Place>) -> AnyView {
    let row = &assignment.row;
    let away = |unit: &UnitCoverage| Some(near?.metres_to(unit.unit.place?));
    let place = |unit: &UnitCoverage| (unit.covered, away(unit).unwrap_or(u32::MAX));
    // One after the other: the standard library's sorting weighs more than all of this page.
    let mut units: Vec<&UnitCoverage> = Vec::new();
    for unit in &assignment.units {
        units.insert(units.partition_point(|other| place(other) <= place(unit)), unit);
    }
    let items: Vec<AnyView> = units.into_iter().map(|unit| item(ui, row, unit, away(unit))).collect();
    view! {
        <section>
            <h2 class="day">{w::units(ui.language, row.covered.visited, row.covered.units)}</h2>
            <ul class="items">{items}</ul>
        </section>
    }
    .show()
}

fn item(ui: Ui, row: &AssignmentRow, unit: &UnitCoverage, away: Option<u32>) -> AnyView {
    let name = marks::unit_name(ui, Some(&unit.unit));
    let mut about: Vec<String> = unit.unit.path.last().cloned().into_iter().collect();
    about.extend(away.map(|metres| w::distance(ui.language, metres)));
    if unit.covered == Covered::Visited {
        about.push(common::findings(ui.language, unit.findings));
    }
    let covered = (unit.covered != Covered::Waiting).then(|| {
        let class = if unit.covered == Covered::Visited { "tag done" } else { "tag" };
        view! { <span class=class>{terms::covered(unit.covered, ui.language)}</span> }
    });
    let action = match unit.visits.last() {
        None => {
            let begin = start::Begin {
                mode: row.mode,
                unit: Some(unit.unit.code.clone()),
                checklist: row.checklist,
                assignment: Some(row.assignment),
            };
            let team = row.team;
            let label = format!("{} {name}", ui.t(w::START));
            view! {
                <button
                    type="button"
                    class="primary"
                    aria-label=label
                    disabled=row.state == AssignmentState::Withdrawn
                    on:click=move |_| start::start(ui, team, begin.clone())
                >
                    {ui.t(w::START)}
                </button>
            }
            .show()
        }
        Some(&visit) => {
            let word = ui.t(if unit.covered == Covered::Visited { w::OPEN_IT } else { w::GO_ON });
            let label = format!("{word} {name}");
            view! {
                <button type="button" aria-label=label on:click=move |_| ui.go(Route::Record(visit))>
                    {word}
                </button>
            }
            .show()
        }
    };
    view! {
        <li class="item to-visit">
            <div><b>{name}</b>" "{covered}<small>{about.join(" · ")}</small></div>
            {action}
        </li>
    }
    .show()
}
