//! What happened at a unit over the months: visits, reviews, matters, and how far its visits agree.

use crate::app::components::chart::{Bar, Numbers, columns, figure};
use crate::app::components::marks;
use crate::app::components::unit_picker::unit_picker;
use crate::app::filter::{Filter, ListState, decode, encode};
use crate::app::i18n::{common, figures as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::findings::review_class;
use crate::app::pages::proposals::follow;
use crate::app::pages::{agreement, matter};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use mingcha_core::ids::DocumentId;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{Compared, Happened, Query, UnitEvent, UnitTimeline};

/// How many months the chart shows.
const MONTHS: usize = 24;

/// A month with what happened in it.
#[derive(Clone, PartialEq)]
struct Month {
    month: (u32, u32),
    visits: u32,
    findings: u32,
    matters: u32,
    events: Vec<UnitEvent>,
}

/// A link to the page of a unit.
pub fn link(ui: Ui, unit: UnitSummary, name: String) -> AnyView {
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        go(ui, unit.clone());
    };
    view! { <a href=Route::Unit.to_string() on:click=open>{name}</a> }.show()
}

/// A button that leads to the page of a unit.
pub fn button(ui: Ui, unit: UnitSummary) -> AnyView {
    view! {
        <button type="button" on:click=move |_| go(ui, unit.clone())>{ui.t(review::UNIT_PAGE)}</button>
    }
    .show()
}

fn go(ui: Ui, unit: UnitSummary) {
    ui.nav.go_with(ui.client, Route::Unit, encode(&kept(unit)));
}

fn kept(unit: UnitSummary) -> ListState {
    ListState { filter: Filter { unit: Some(unit), ..Filter::default() }, ..ListState::default() }
}

/// The page.
pub fn unit(ui: Ui) -> AnyView {
    let is_read = memo(move || ui.nav.is_read());
    (move || is_read.get().then(|| page(ui))).show()
}

fn page(ui: Ui) -> AnyView {
    let before = ui.nav.kept().and_then(|bytes| decode::<ListState>(&bytes));
    let unit = RwSignal::new(before.and_then(|list| list.filter.unit));
    effect(move || {
        if let Some(unit) = unit.get() {
            ui.nav.keep(ui.client, encode(&kept(unit)));
        }
    });
    let title = move || match unit.get() {
        Some(unit) => marks::unit_name(ui, Some(&unit)),
        None => ui.t(w::UNIT_TITLE).to_owned(),
    };
    let choosing = RwSignal::new(false);
    let pick = callback(move |picked| unit.set(Some(picked)));
    let beside = view! {
        <button type="button" on:click=move |_| choosing.set(true)>{ui.t(w::OTHER_UNIT)}</button>
        {matter::print(ui)}
        {unit_picker(ui, choosing, pick)}
    };
    let body = move || match unit.get() {
        Some(unit) => timeline(ui, unit),
        None => view! { <p class="nothing">{ui.t(w::NO_UNIT)}</p> }.show(),
    };
    view! {
        {frame::head_below(ui, Route::Visits, title, beside.show())}
        <div class="list wide report">{body}</div>
    }
    .show()
}

fn timeline(ui: Ui, unit: UnitSummary) -> AnyView {
    let code = unit.code.clone();
    let answer = ui.client.watch(Query::UnitTimeline { unit: code.clone() });
    let body = move || answer.with(|answer| shown::unit_timeline(answer).map(|all| months(ui, all)));
    view! {
        <p class="hint">{marks::unit_path(Some(&unit))}" "{unit.code}" · "{ui.t(w::BELOW_TOO)}</p>
        {body}
        {agreement::agreement(ui, Compared::Unit(code))}
    }
    .show()
}

fn months(ui: Ui, timeline: &UnitTimeline) -> AnyView {
    if timeline.events.is_empty() {
        return view! { <p class="nothing">{ui.t(w::NOTHING_HAPPENED)}</p> }.show();
    }
    let all = by_month(&timeline.events);
    let shown: Vec<AnyView> = all
        .iter()
        .rev()
        .filter(|month| !month.events.is_empty())
        .map(|one| month(ui, one, &timeline.events))
        .collect();
    let newest = (timeline.events.len() < timeline.total as usize).then(|| {
        view! {
            <p class="hint">{w::newest_only(ui.language, timeline.events.len(), timeline.total)}</p>
        }
    });
    view! { {chart(ui, &all)}{newest}{shown} }.show()
}

/// From the first month in which something happened to the last, those in which nothing did included.
fn by_month(events: &[UnitEvent]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    let empty = |month| Month { month, visits: 0, findings: 0, matters: 0, events: Vec::new() };
    for event in events.iter().rev() {
        let month = when::month_of(event.at);
        if months.is_empty() {
            months.push(empty(month));
        }
        while let Some(last) = months.last().map(|last| last.month).filter(|last| *last < month) {
            let (year, number) = last;
            months.push(empty(if number == 12 { (year + 1, 1) } else { (year, number + 1) }));
        }
        let Some(last) = months.last_mut() else { continue };
        match &event.what {
            Happened::Visited { visit, .. } => {
                last.visits += 1;
                last.findings += visit.findings;
            }
            Happened::Reviewed { .. } => {}
            Happened::MatterOpened(_) => last.matters += 1,
        }
        last.events.insert(0, event.clone());
    }
    months
}

fn chart(ui: Ui, all: &[Month]) -> AnyView {
    let shown = &all[all.len().saturating_sub(MONTHS)..];
    let bars: Vec<Bar> = shown
        .iter()
        .map(|month| Bar {
            label: w::month_short(ui.language, month.month),
            value: u64::from(month.findings),
            number: month.findings.to_string(),
            class: "",
        })
        .collect();
    let rows = all
        .iter()
        .rev()
        .map(|month| {
            let number = |number: u32| number.to_string().show();
            vec![
                when::month(ui.language, month.month).show(),
                number(month.visits),
                number(month.findings),
                number(month.matters),
            ]
        })
        .collect();
    let heads =
        [w::MONTH, w::VISITED, review::COUNT_FINDINGS, w::MATTER_OPENED].map(|text| ui.t(text)).to_vec();
    let sum = |of: fn(&Month) -> u32| all.iter().map(of).sum();
    let words =
        w::in_month(ui.language, sum(|one| one.visits), sum(|one| one.findings), sum(|one| one.matters));
    let title = ui.t(w::BY_MONTH);
    figure(ui, title, words, columns(title, &bars), AnyView::default(), Numbers { heads, rows })
}

fn month(ui: Ui, month: &Month, all: &[UnitEvent]) -> AnyView {
    let events: Vec<AnyView> = month.events.iter().map(|one| event(ui, one, all)).collect();
    view! {
        <section class="month">
            <h2>{when::month(ui.language, month.month)}</h2>
            <p class="hint">{w::in_month(ui.language, month.visits, month.findings, month.matters)}</p>
            <ul class="timeline">{events}</ul>
        </section>
    }
    .show()
}

/// Which team's visit it was and what it begins with, where the visit is among what happened.
fn named(visit: DocumentId, all: &[UnitEvent]) -> String {
    let row = all.iter().find_map(|event| match &event.what {
        Happened::Visited { visit: row, .. } if row.visit == visit => Some(row),
        _ => None,
    });
    let parts = row.map(|row| [row.team_name.as_str(), row.excerpt.as_str()]).unwrap_or_default();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn event(ui: Ui, event: &UnitEvent, all: &[UnitEvent]) -> AnyView {
    let (what, route, words, tags): (_, _, String, Vec<AnyView>) = match &event.what {
        Happened::Visited { visit, severities } => {
            let about = [
                marks::unit_name(ui, visit.unit.as_ref()),
                terms::mode(visit.mode, ui.language).to_owned(),
                visit.team_name.clone(),
                common::findings(ui.language, visit.findings),
            ];
            let tag = |(severity, count): &(Option<_>, u32)| {
                let severity = (*severity)?;
                let word = format!("{} {count}", terms::severity(severity, ui.language));
                Some(view! { <span class=marks::severity_class(severity)>{word}</span> }.show())
            };
            let tags = severities.iter().filter_map(tag).collect();
            (w::VISITED, Route::Visit(visit.visit), about.join(" · "), tags)
        }
        Happened::Reviewed { visit, states } => {
            let tag = |(state, count): &(_, u32)| {
                let word = format!("{} {count}", terms::review_state(*state, ui.language));
                view! { <span class=review_class(*state)>{word}</span> }.show()
            };
            (w::REVIEWED, Route::Visit(*visit), named(*visit, all), states.iter().map(tag).collect())
        }
        Happened::MatterOpened(row) => {
            let tags = vec![marks::severity(ui, row.severity)];
            (w::MATTER_OPENED, Route::Matter(row.matter), row.title.clone(), tags)
        }
    };
    view! {
        <li class="event">
            <small>{when::moment(ui.language, event.at)}</small>
            <a href=route.to_string() on:click=follow(ui, route)>{ui.t(what)}</a>
            <span>{words}</span>
            <span class="tags">{tags}</span>
        </li>
    }
    .show()
}
