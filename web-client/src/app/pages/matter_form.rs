//! What becomes of the findings selected: a new matter, or more to rest one on.

use super::compare::{Selection, letter};
use crate::app::components::category::category_select;
use crate::app::components::form::{select, text_input};
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{desk as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, report, shown, terms};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::{Citation, Severity};
use mingcha_core::ids::DocumentId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{FindingView, MatterFilter, Query, VisitView, Window};

/// How many of the newest matters are looked through for those of the unit.
const MATTERS_LOOKED_AT: u32 = 500;

/// A finding selected, with the letter of its report.
#[derive(Clone, PartialEq)]
struct Picked {
    letter: char,
    citation: Citation,
    finding: FindingView,
}

/// The pane at the right.
pub fn matter_form(ui: Ui, unit: String, visits: Memo<Vec<VisitView>>, selection: Selection) -> AnyView {
    let picked = memo(move || picked(&visits.get(), &selection.get()));
    let count = move || {
        let picked = picked.get();
        if picked.is_empty() {
            return ui.t(w::PICK_FINDINGS).to_owned();
        }
        let mut reports: Vec<char> = picked.iter().map(|one| one.letter).collect();
        reports.dedup();
        w::selected(ui.language, picked.len(), reports.len(), visits.with(Vec::len))
    };
    let is_empty = memo(move || picked.with(Vec::is_empty));
    let form = move || (!is_empty.get()).then(|| form(ui, unit.clone(), picked));
    view! {
        <section class="becomes" aria-label=ui.t(w::NEW_MATTER)>
            <h2>{ui.t(w::NEW_MATTER)}</h2>
            <p class="hint" role="status">{count}</p>
            {form}
        </section>
    }
    .show()
}

fn form(ui: Ui, unit: String, picked: Memo<Vec<Picked>>) -> AnyView {
    let first = picked.with_untracked(|picked| picked.first().map(|one| one.finding.clone()));
    let first_seen = first.as_ref().map(|finding| report::excerpt(&finding.seen)).unwrap_or_default();
    let title = RwSignal::new(first_seen);
    let category = RwSignal::new(first.map(|finding| finding.category.value).unwrap_or_default());
    let severity = RwSignal::new(gravest(&picked.get_untracked()));
    let into = RwSignal::new(None::<DocumentId>);
    // Until somebody chooses, the gravest severity of the findings is proposed.
    let is_chosen = RwSignal::new(false);
    effect(move || {
        let proposed = picked.with(|picked| gravest(picked));
        if !is_chosen.get_untracked() {
            severity.set(proposed);
        }
    });
    let problem = RwSignal::new(None::<Problem>);
    let is_ready = move || {
        into.get().is_some()
            || (title.with(|title| !title.trim().is_empty())
                && category.with(|category| !category.is_empty())
                && severity.with(|severity| !severity.is_empty()))
    };
    let unit_code = unit.clone();
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let citations: Vec<Citation> =
            picked.with_untracked(|picked| picked.iter().map(|one| one.citation.clone()).collect());
        let (matter, command) = match (into.get_untracked(), Severity::from_code(&severity.get_untracked())) {
            (Some(matter), _) => (matter, Command::CiteInMatter { matter, citations }),
            (None, Some(severity)) => {
                let matter = random::<DocumentId>();
                let title = title.get_untracked().trim().to_owned();
                let (unit, category) = (unit_code.clone(), category.get_untracked());
                (matter, Command::OpenMatter { matter, title, unit, category, severity, citations })
            }
            (None, None) => return,
        };
        ui.ask(command, move |result| match result {
            Ok(()) => ui.go(Route::Matter(matter)),
            Err(refused) => {
                problem.try_set(Some(refused));
            }
        });
    };
    let is_new = memo(move || into.get().is_none());
    let fields = move || is_new.get().then(|| fields(ui, title, category, (severity, is_chosen), picked));
    let action = move || ui.t(if is_new.get() { w::OPEN_MATTER } else { w::ADD_TO_MATTER });
    view! {
        <form on:submit=submit>
            {into_which(ui, unit, into)}
            {fields}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=move || !is_ready()>{action}</button>
        </form>
    }
    .show()
}

fn fields(
    ui: Ui,
    title: RwSignal<String>,
    category: RwSignal<String>,
    (severity, is_chosen): (RwSignal<String>, RwSignal<bool>),
    picked: Memo<Vec<Picked>>,
) -> AnyView {
    let said = move || {
        let all: Vec<String> = picked.with(|picked| {
            picked
                .iter()
                .filter(|one| !one.finding.category.value.is_empty())
                .map(|one| {
                    format!("{} {}", one.letter, terms::category(&one.finding.category.value, ui.language))
                })
                .collect()
        });
        all.join(" · ")
    };
    let choose = callback(move |code| category.set(code));
    let choose_severity = callback(move |code: Option<String>| {
        if let Some(code) = code {
            is_chosen.set(true);
            severity.set(code);
        }
    });
    let severities = move || {
        let segments = terms::severities(ui.language)
            .into_iter()
            .zip(["", "warn", "bad"])
            .map(|((code, name), tone)| {
                let by: String = picked.with(|picked| {
                    picked
                        .iter()
                        .filter(|one| one.finding.severity.value == code)
                        .map(|one| one.letter)
                        .collect()
                });
                let label = if by.is_empty() { name } else { format!("{name} ({by})") };
                Segment { code, label, tone }
            })
            .collect();
        segmented(ui.t(w::SEVERITY).show(), segments, severity.into(), choose_severity)
    };
    view! {
        {text_input(ui.t(w::PROBLEM), "text", title)}
        {category_select(ui, ui.t(w::CATEGORY), ui.t(record::NO_CATEGORY), category.into(), choose)}
        <p class="hint">{said}</p>
        {severities}
    }
    .show()
}

/// Whether to open a new matter or add to one of the unit's.
fn into_which(ui: Ui, unit: String, into: RwSignal<Option<DocumentId>>) -> AnyView {
    let answer = ui
        .client
        .watch(Query::Matters(MatterFilter::default(), Window { first: 0, count: MATTERS_LOOKED_AT }));
    let matters = memo(move || {
        answer.with(|answer| {
            let rows = shown::matters(answer).map(|rows| rows.rows.as_slice()).unwrap_or_default();
            rows.iter()
                .filter(|row| row.unit.as_ref().is_some_and(|other| other.code == unit))
                .map(|row| (row.matter.to_string(), row.title.clone()))
                .collect::<Vec<_>>()
        })
    });
    let value = derived(move || into.get().map(|matter| matter.to_string()).unwrap_or_default());
    let choose = callback(move |code: String| into.set(code.parse().ok()));
    let shown = move || {
        let matters = matters.get();
        (!matters.is_empty()).then(|| {
            let mut options = vec![(String::new(), ui.t(w::INTO_NEW).to_owned())];
            options.extend(matters);
            select(ui.t(w::INTO), vec![(String::new(), options)], value, choose)
        })
    };
    shown.show()
}

fn picked(visits: &[VisitView], selection: &[(DocumentId, mingcha_core::ids::ItemId)]) -> Vec<Picked> {
    let mut picked = Vec::new();
    for (at, visit) in visits.iter().enumerate() {
        for finding in &visit.findings {
            if selection.contains(&(visit.visit, finding.finding)) {
                let citation =
                    Citation { visit: visit.visit, heads: visit.heads.clone(), finding: finding.finding };
                picked.push(Picked { letter: letter(at), citation, finding: finding.clone() });
            }
        }
    }
    picked
}

/// The code of the gravest severity among the findings.
fn gravest(picked: &[Picked]) -> String {
    let severities = picked.iter().filter_map(|one| Severity::from_code(&one.finding.severity.value));
    severities.max().map(|severity| severity.code().to_owned()).unwrap_or_default()
}
