//! One assignment: what it asks, how far it has come unit by unit, what was done to it.

use crate::app::components::desk::{bar, link, wrong};
use crate::app::components::dialog::{Question, confirm_with_reason};
use crate::app::components::marks;
use crate::app::i18n::{Text, assign as w, common};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::assign::last_day;
use crate::app::pages::assignments::{left, state_class, state_word};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown, terms, when};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::{AssignmentDraft, AssignmentState};
use mingcha_core::ids::DocumentId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{
    Answer, AssignmentVersion, AssignmentView, Covered, Query, ReexaminedView, UnitCoverage,
};
use mingcha_core::words;

/// The page.
pub fn assignment(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Assignment(id));
    let checklists = ui.client.watch(Query::Checklists);
    let title = move || {
        answer.with(|answer| shown::assignment(answer).map(|it| it.row.title.clone())).unwrap_or_default()
    };
    let asking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let withdraw = callback(move |reason: String| {
        ui.ask(Command::WithdrawAssignment { assignment: id, reason }, move |result| {
            problem.try_set(result.err());
        });
    });
    let question =
        Question { title: ui.t(w::WITHDRAW_ASK), help: ui.t(w::WITHDRAW_HELP), action: ui.t(w::WITHDRAW) };
    let state = memo(move || answer.with(|answer| shown::assignment(answer).map(|it| it.row.state)));
    let actions = move || {
        state.get().map(|state| {
            let word = if state == AssignmentState::Withdrawn { w::GIVE_AGAIN } else { w::CHANGE };
            let take_back = (state != AssignmentState::Withdrawn).then(|| {
                view! {
                    <button type="button" on:click=move |_| asking.set(true)>{ui.t(w::WITHDRAW)}</button>
                }
            });
            view! {
                {take_back}
                <button type="button" class="primary" on:click=move |_| ui.go(Route::Assign(id))>
                    {ui.t(word)}
                </button>
            }
        })
    };
    let shown = move || {
        answer.with(|answer| match shown::assignment(answer) {
            Some(assignment) => body(ui, assignment, checklists, problem),
            None if shown::is_missing(answer) => {
                view! { <p class="nothing">{ui.t(common::NOT_HERE)}</p> }.show()
            }
            None => AnyView::default(),
        })
    };
    view! {
        {frame::head_below(ui, Route::Assignments, title, actions.show())}
        <div class="list wide" tabindex="0" role="region" aria-label=ui.t(w::DETAILS)>
            {wrong(ui, problem)}
            {shown}
        </div>
        {confirm_with_reason(ui, asking, question, ui.t(w::REASON), withdraw)}
    }
    .show()
}

fn body(
    ui: Ui,
    assignment: &AssignmentView,
    checklists: ReadSignal<Option<Answer>>,
    problem: RwSignal<Option<Problem>>,
) -> AnyView {
    let row = &assignment.row;
    let covered = row.covered;
    let progress = w::progress(ui.language, covered.visited, covered.begun, covered.units);
    let by = format!("{} · {}", row.assigned_by, when::moment(ui.language, row.assigned));
    let content = match assignment.versions.as_slice() {
        [one] => {
            let facts = facts(ui, &one.content, left(ui, row), checklists);
            view! {
                <section>
                    <h2>{ui.t(w::DETAILS)}</h2>
                    <dl class="facts">
                        {fact(ui, w::TEAM, row.team_name.clone())}
                        {facts}
                        {fact(ui, w::BY, by)}
                    </dl>
                </section>
            }
            .show()
        }
        several => disputed(ui, row.assignment, several, checklists, problem),
    };
    let again = (!assignment.again.is_empty()).then(|| again(ui, &assignment.again));
    view! {
        <div class="row">
            <span class=state_class(row)>{state_word(ui, row)}</span>
            {marks::tick(ui, row.tick)}
        </div>
        {content}
        {again}
        <section>
            <h2>{ui.t(w::PROGRESS)}" "<small>{progress.clone()}</small></h2>
            {bar(progress, covered.visited, covered.begun, covered.units)}
            {units(ui, &assignment.units)}
        </section>
        {report::timeline(ui, &assignment.timeline)}
    }
    .show()
}

fn fact(ui: Ui, name: Text, value: String) -> AnyView {
    if value.is_empty() {
        return AnyView::default();
    }
    view! { <dt>{ui.t(name)}</dt><dd class="seen">{value}</dd> }.show()
}

fn facts(
    ui: Ui,
    content: &AssignmentDraft,
    left: Option<String>,
    checklists: ReadSignal<Option<Answer>>,
) -> AnyView {
    let dates =
        w::dates(&when::date(ui.language, content.from), &when::date(ui.language, last_day(content.until)));
    let dates = [Some(dates), left].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let which = content.checklist;
    let checklist = move || {
        let title = checklists.with(|answer| {
            let all = shown::checklists(answer)?;
            all.iter().find(|one| Some(one.id) == which).map(|one| one.title.clone())
        });
        title.unwrap_or_else(|| ui.t(w::NO_CHECKLIST).to_owned())
    };
    view! {
        {fact(ui, w::ENDS, dates)}
        {fact(ui, w::MODE, terms::mode(content.mode, ui.language).to_owned())}
        <dt>{ui.t(w::CHECKLIST)}</dt><dd>{checklist}</dd>
        {fact(ui, w::LOOK_AT, content.look_at.clone())}
    }
    .show()
}

/// Several versions that nobody has settled: all of them, and a choice.
fn disputed(
    ui: Ui,
    id: DocumentId,
    versions: &[AssignmentVersion],
    checklists: ReadSignal<Option<Answer>>,
    problem: RwSignal<Option<Problem>>,
) -> AnyView {
    let columns: Vec<AnyView> = versions
        .iter()
        .map(|version| {
            let AssignmentVersion { by, at, content } = version.clone();
            let by = if by.is_empty() { ui.t(common::UNKNOWN_PERSON).to_owned() } else { by };
            let name = w::version(ui.language, &by, &when::moment(ui.language, at));
            let label = format!("{} · {name}", ui.t(w::CHOOSE_VERSION));
            let units = w::progress(ui.language, 0, 0, content.units.len() as u32);
            let title = content.title.clone();
            let facts = facts(ui, &content, None, checklists);
            let choose = move |_| {
                let revise = Command::ReviseAssignment { assignment: id, content: content.clone() };
                ui.ask(revise, move |result| {
                    problem.try_set(result.err());
                });
            };
            view! {
                <li class="team">
                    <h3>{name}</h3>
                    <button type="button" aria-label=label on:click=choose>{ui.t(w::CHOOSE_VERSION)}</button>
                    <dl class="facts">
                        {fact(ui, w::TITLE, title)}
                        {facts}
                        {fact(ui, w::UNITS, units)}
                    </dl>
                </li>
            }
            .show()
        })
        .collect();
    view! { <section><p class="banner">{ui.t(w::DISPUTED)}</p><ul class="teams">{columns}</ul></section> }
        .show()
}

fn again(ui: Ui, all: &[ReexaminedView]) -> AnyView {
    view! { <section><h2>{ui.t(w::AGAIN)}</h2>{marks::re_examined(ui, all)}</section> }.show()
}

/// How a unit's progress looks.
pub fn covered_class(covered: Covered) -> &'static str {
    match covered {
        Covered::Waiting => "mark",
        Covered::Begun => "mark held",
        Covered::Visited => "mark read",
    }
}

fn units(ui: Ui, units: &[UnitCoverage]) -> AnyView {
    let rows: Vec<AnyView> = units
        .iter()
        .map(|one| {
            let visits: Vec<AnyView> =
                one.visits.iter().map(|visit| link(ui, Route::Visit(*visit), "", ui.t(w::VISIT).show())).collect();
            let findings = if one.findings > 0 { one.findings.to_string() } else { String::new() };
            view! {
                <tr>
                    <th scope="row">
                        {marks::unit_name(ui, Some(&one.unit))}" "
                        <small>{marks::unit_path(Some(&one.unit))}</small>
                    </th>
                    <td><span class=covered_class(one.covered)>{words::covered(one.covered, ui.language)}</span></td>
                    <td>{visits}</td>
                    <td>{findings}</td>
                </tr>
            }
            .show()
        })
        .collect();
    view! {
        <table class="plain">
            <thead>
                <tr>
                    <th scope="col">{ui.t(w::UNIT)}</th>
                    <th scope="col">{ui.t(w::HOW_FAR)}</th>
                    <th scope="col">{ui.t(w::VISITS)}</th>
                    <th scope="col">{ui.t(w::FINDINGS_SHORT)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .show()
}
