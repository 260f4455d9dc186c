//! How far assignments have come: by area and team, on a map, and as a table.

mod hull;
mod map;

use crate::app::components::desk::{bar, link};
use crate::app::components::form::select;
use crate::app::components::marks;
use crate::app::i18n::{assign, coverage as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::assignment::covered_class;
use crate::app::pages::assignments::team_choice;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, when};
use crate::reactive::*;
use mingcha_core::ids::SpaceId;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{CoverageRow, CoverageView, Query, Totals, UnitCoverage};
use mingcha_core::words;

const DAY_MILLIS: u64 = 86_400_000;
/// How many units the table lists.
const ROWS: usize = 500;

/// The page.
pub fn coverage(ui: Ui) -> AnyView {
    let days = RwSignal::new("0".to_owned());
    let team = RwSignal::new(None::<SpaceId>);
    let now = when::now();
    let answer = ui.client.watch_with(move || {
        let around = days.with(|days| days.parse::<u64>().unwrap_or_default()) * DAY_MILLIS;
        let from = Timestamp(now.0.saturating_sub(around));
        Query::Coverage { from, until: now.after(around.max(1)) }
    });
    let periods = [("0", w::NOW), ("30", w::MONTH), ("365", w::YEAR)]
        .map(|(code, word)| (code.to_owned(), ui.t(word).to_owned()))
        .to_vec();
    let choose = callback(move |code| days.set(code));
    let shown = memo(move || {
        let team = team.get();
        answer.with(|answer| shown::coverage(answer).map(|all| of_team(all, team)))
    });
    let content = move || shown.get().map(|coverage| body(ui, &coverage));
    let title = move || ui.t(w::TITLE).to_owned();
    view! {
        {frame::head_below(ui, Route::Assignments, title, AnyView::default())}
        <div class="filters">
            {select(ui.t(w::PERIOD), vec![(String::new(), periods)], days.into(), choose)}
            {team_choice(ui, team)}
        </div>
        <div class="list wide coverage">{content}</div>
    }
    .show()
}

/// What concerns one team; the number of units without a place is that of all.
fn of_team(all: &CoverageView, team: Option<SpaceId>) -> CoverageView {
    let Some(team) = team else { return all.clone() };
    let areas: Vec<CoverageRow> = all.areas.iter().filter(|row| row.team == team).cloned().collect();
    let units: Vec<UnitCoverage> = all.units.iter().filter(|unit| unit.team == team).cloned().collect();
    let totals = areas.iter().fold(Totals::default(), |sum, row| Totals {
        units: sum.units + row.totals.units,
        visited: sum.visited + row.totals.visited,
        begun: sum.begun + row.totals.begun,
        with_findings: sum.with_findings + row.totals.with_findings,
    });
    let unplaced = totals.units.saturating_sub(units.len() as u32);
    CoverageView { totals, areas, units, unplaced }
}

fn body(ui: Ui, coverage: &CoverageView) -> AnyView {
    let Totals { units, visited, begun, with_findings } = coverage.totals;
    if units == 0 {
        return view! { <p class="nothing">{ui.t(w::NONE)}</p> }.show();
    }
    let totals = w::totals(ui.language, visited, begun, units, with_findings);
    view! {
        <div>
            <p>{totals.clone()}</p>
            {bar(totals, visited, begun, units)}
        </div>
        <section>
            <h2>{ui.t(w::BY_AREA)}</h2>
            {areas(ui, &coverage.areas)}
        </section>
        <section>
            <h2>{ui.t(w::MAP)}</h2>
            {map_or_why(ui, coverage)}
        </section>
    }
    .show()
}

fn areas(ui: Ui, rows: &[CoverageRow]) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let Totals { units, visited, begun, with_findings } = row.totals;
            let said = assign::progress(ui.language, visited, begun, units);
            view! {
                <tr>
                    <th scope="row">{marks::unit_name(ui, Some(&row.area))}</th>
                    <td>{row.team_name.clone()}</td>
                    <td class="bar-cell">{bar(said, visited, begun, units)}</td>
                    <td>{format!("{visited} / {units}")}</td>
                    <td>{begun.to_string()}</td>
                    <td>{with_findings.to_string()}</td>
                </tr>
            }
            .show()
        })
        .collect();
    let heads = [w::AREA, w::TEAM, w::VISITED, w::UNITS, w::BEGUN, w::WITH_FINDINGS];
    let heads: Vec<AnyView> =
        heads.into_iter().map(|head| view! { <th scope="col">{ui.t(head)}</th> }.show()).collect();
    view! {
        <table class="plain">
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .show()
}

fn map_or_why(ui: Ui, coverage: &CoverageView) -> AnyView {
    if coverage.units.is_empty() {
        return view! { <p class="nothing">{ui.t(w::NO_PLACES)}</p> }.show();
    }
    let unplaced = (coverage.unplaced > 0)
        .then(|| view! { <p class="hint">{w::unplaced(ui.language, coverage.unplaced)}</p> });
    let units = coverage.units.clone();
    let open = RwSignal::new(false);
    let unfold = move |event: web_sys::Event| {
        let is_open = event.target().is_some_and(|target| {
            js_sys::Reflect::get(&target, &"open".into()).is_ok_and(|open| open.is_truthy())
        });
        open.set(is_open);
    };
    let table = move || open.get().then(|| table(ui, &units));
    view! {
        {map::map(ui, &coverage.units)}
        {unplaced}
        <details class="help" on:toggle=unfold><summary>{ui.t(w::AS_TABLE)}</summary>{table}</details>
    }
    .show()
}

fn table(ui: Ui, units: &[UnitCoverage]) -> AnyView {
    let rows: Vec<AnyView> = units
        .iter()
        .take(ROWS)
        .map(|one| {
            let visit = one.visits.last().map(|visit| link(ui, Route::Visit(*visit), "", ui.t(w::OPEN_VISIT).show()));
            view! {
                <tr>
                    <th scope="row">
                        {marks::unit_name(ui, Some(&one.unit))}" "
                        <small>{marks::unit_path(Some(&one.unit))}</small>
                    </th>
                    <td><span class=covered_class(one.covered)>{words::covered(one.covered, ui.language)}</span></td>
                    <td>{one.findings.to_string()}</td>
                    <td>{visit}</td>
                </tr>
            }
            .show()
        })
        .collect();
    let part = (units.len() > ROWS).then(|| w::first_of(ui.language, ROWS, units.len()));
    let heads = [w::UNITS, w::HOW_FAR, w::FINDINGS, w::VISIT];
    let heads: Vec<AnyView> =
        heads.into_iter().map(|head| view! { <th scope="col">{ui.t(head)}</th> }.show()).collect();
    view! {
        <p class="hint">{part}</p>
        <table class="plain"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
    }
    .show()
}
