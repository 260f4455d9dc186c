//! What becomes of the findings selected: a new matter, or more to rest one on.

use super::compare::{FORM, Selection, letter};
use super::proposals::{Joining, proposals};
use crate::app::components::category::category_select;
use crate::app::components::form::{select, text_input};
use crate::app::components::marks;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{desk as w, record, review as r};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, report, shown, terms};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::{Citation, MatterField, Severity};
use mingcha_core::ids::DocumentId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{FindingRow, MatterFilter, Query, VisitView, Window};

/// How many of a unit's matters are offered to add to.
const MATTERS_OFFERED: u32 = 200;
/// No matter has this number.
const NO_MATTER: DocumentId = DocumentId([0; 16]);

/// A finding selected, with the letter of its report or the name of its unit.
#[derive(Clone, PartialEq)]
struct Picked {
    from: String,
    citation: Citation,
    category: String,
    severity: String,
    seen: String,
}

/// What a new matter will say.
#[derive(Clone, Copy)]
struct Draft {
    title: RwSignal<String>,
    category: RwSignal<String>,
    severity: RwSignal<String>,
    /// Whether somebody chose the severity; until then the gravest one is proposed.
    is_chosen: RwSignal<bool>,
    reason: RwSignal<String>,
    into: RwSignal<Option<DocumentId>>,
}

/// The pane at the right.
pub fn matter_form(ui: Ui, unit: String, visits: Memo<Vec<VisitView>>, selection: Selection) -> AnyView {
    let picked = memo(move || picked(ui, &visits.get(), &selection));
    let count = move || {
        let picked = picked.get();
        if picked.is_empty() {
            return ui.t(w::PICK_FINDINGS).to_owned();
        }
        let mut reports: Vec<DocumentId> = picked.iter().map(|one| one.citation.visit).collect();
        reports.sort_unstable();
        reports.dedup();
        let elsewhere = selection.elsewhere.with(Vec::len);
        w::selected(ui.language, picked.len(), reports.len(), visits.with(Vec::len) + elsewhere)
    };
    let is_empty = memo(move || picked.with(Vec::is_empty));
    let into = RwSignal::new(None::<DocumentId>);
    let form = move || (!is_empty.get()).then(|| form(ui, unit.clone(), picked, into));
    view! {
        <section class="becomes" aria-label=ui.t(w::NEW_MATTER)>
            <h2>{ui.t(w::NEW_MATTER)}</h2>
            <p class="hint" role="status">{count}</p>
            {form}
            {alike(ui, visits, selection, into)}
        </section>
    }
    .show()
}

/// What is likely the same problem as the finding selected first.
fn alike(
    ui: Ui,
    visits: Memo<Vec<VisitView>>,
    selection: Selection,
    into: RwSignal<Option<DocumentId>>,
) -> AnyView {
    let first = memo(move || selection.here.with(|here| here.first().copied()));
    let toggle = callback(move |row: FindingRow| {
        let is_here = visits.with_untracked(|visits| visits.iter().any(|visit| visit.visit == row.visit));
        if is_here {
            selection.toggle((row.visit, row.finding));
        } else {
            selection.toggle_elsewhere(row);
        }
    });
    let all = memo(move || {
        let mut all = selection.here.get();
        all.extend(
            selection
                .elsewhere
                .with(|rows| rows.iter().map(|row| (row.visit, row.finding)).collect::<Vec<_>>()),
        );
        all
    });
    let in_view = memo(move || selection.here.get());
    let joining = Joining { picked: all, in_view, toggle, into };
    (move || first.get().map(|(visit, finding)| proposals(ui, visit, finding, Some(joining)))).show()
}

fn form(ui: Ui, unit: String, picked: Memo<Vec<Picked>>, into: RwSignal<Option<DocumentId>>) -> AnyView {
    let first = picked.with_untracked(|picked| picked.first().cloned());
    let (seen, category) = first.map(|one| (report::excerpt(&one.seen), one.category)).unwrap_or_default();
    let draft = Draft {
        title: RwSignal::new(seen),
        category: RwSignal::new(category),
        severity: RwSignal::new(gravest(&picked.get_untracked())),
        is_chosen: RwSignal::new(false),
        reason: RwSignal::new(String::new()),
        into,
    };
    effect(move || {
        let proposed = picked.with(|picked| gravest(picked));
        if !draft.is_chosen.get_untracked() {
            draft.severity.set(proposed);
        }
    });
    let problem = RwSignal::new(None::<Problem>);
    let is_ready = move || {
        into.get().is_some()
            || (draft.title.with(|title| !title.trim().is_empty())
                && draft.category.with(|category| !category.is_empty())
                && draft.severity.with(|severity| !severity.is_empty()))
    };
    let unit_code = unit.clone();
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if untrack(is_ready) {
            open_or_add(ui, unit_code.clone(), draft, &picked.get_untracked(), problem);
        }
    };
    let is_new = memo(move || into.get().is_none());
    let fields = move || is_new.get().then(|| fields(ui, draft, picked));
    let action = move || ui.t(if is_new.get() { w::OPEN_MATTER } else { w::ADD_TO_MATTER });
    view! {
        <form id=FORM on:submit=submit>
            {into_which(ui, unit, into)}
            {fields}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=move || !is_ready()>{action}</button>
        </form>
    }
    .show()
}

fn open_or_add(ui: Ui, unit: String, draft: Draft, picked: &[Picked], problem: RwSignal<Option<Problem>>) {
    let citations: Vec<Citation> = picked.iter().map(|one| one.citation.clone()).collect();
    let severity = draft.severity.get_untracked();
    let mut settled = Vec::new();
    let (matter, command) = match (draft.into.get_untracked(), Severity::from_code(&severity)) {
        (Some(matter), _) => (matter, Command::CiteInMatter { matter, citations }),
        (None, Some(chosen)) => {
            let matter = random::<DocumentId>();
            let title = draft.title.get_untracked().trim().to_owned();
            let category = draft.category.get_untracked();
            let reason = draft.reason.get_untracked().trim().to_owned();
            let fields = [
                (MatterField::Category, values(picked, |one| &one.category), category.clone()),
                (MatterField::Severity, values(picked, |one| &one.severity), severity),
            ];
            for (field, values, chosen) in fields {
                // Where the findings differ it is on record who chose, and why.
                if values.len() > 1 {
                    let over = values.into_iter().filter(|value| *value != chosen).collect();
                    let reason = reason.clone();
                    settled.push(Command::SettleInMatter { matter, field, chosen, over, reason });
                }
            }
            (matter, Command::OpenMatter { matter, title, unit, category, severity: chosen, citations })
        }
        (None, None) => return,
    };
    ui.ask(command, move |result| match result {
        Ok(()) => {
            settled.into_iter().for_each(|command| ui.send(command));
            ui.go(Route::Matter(matter));
        }
        Err(refused) => {
            problem.try_set(Some(refused));
        }
    });
}

/// The different values that the findings give.
fn values(picked: &[Picked], of: impl Fn(&Picked) -> &String) -> Vec<String> {
    let mut values: Vec<String> = picked.iter().map(of).filter(|value| !value.is_empty()).cloned().collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn fields(ui: Ui, draft: Draft, picked: Memo<Vec<Picked>>) -> AnyView {
    let Draft { title, category, severity, is_chosen, reason, .. } = draft;
    let said = move || {
        let all: Vec<String> = picked.with(|picked| {
            picked
                .iter()
                .filter(|one| !one.category.is_empty())
                .map(|one| format!("{} {}", one.from, terms::category(&one.category, ui.language)))
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
                let by: Vec<String> = picked.with(|picked| {
                    picked.iter().filter(|one| one.severity == code).map(|one| one.from.clone()).collect()
                });
                let label = if by.is_empty() { name } else { format!("{name} ({})", by.join(" ")) };
                Segment { code, label, tone }
            })
            .collect();
        segmented(ui.t(w::SEVERITY).show(), segments, severity.into(), choose_severity)
    };
    let differ = memo(move || {
        picked.with(|picked| {
            values(picked, |one| &one.category).len() > 1 || values(picked, |one| &one.severity).len() > 1
        })
    });
    let why = move || {
        differ.get().then(|| {
            view! {
                <p class="banner">{ui.t(r::THEY_DIFFER)}</p>
                {text_input(ui.t(r::WHY_CHOSEN), "text", reason)}
            }
        })
    };
    view! {
        {text_input(ui.t(w::PROBLEM), "text", title)}
        {category_select(ui, ui.t(w::CATEGORY), ui.t(record::NO_CATEGORY), category.into(), choose)}
        <p class="hint">{said}</p>
        {severities}
        {why}
    }
    .show()
}

/// Whether to open a new matter or add to one of the unit's, or to the one proposed.
fn into_which(ui: Ui, unit: String, into: RwSignal<Option<DocumentId>>) -> AnyView {
    let filter = MatterFilter { unit: Some(unit), ..MatterFilter::default() };
    let answer = ui.client.watch(Query::Matters(filter, Window { first: 0, count: MATTERS_OFFERED }));
    let chosen = ui.client.watch_with(move || Query::Matter(into.get().unwrap_or(NO_MATTER)));
    let matters = memo(move || {
        let mut all: Vec<(String, String)> = answer.with(|answer| {
            let rows = shown::matters(answer).map(|rows| rows.rows.as_slice()).unwrap_or_default();
            rows.iter().map(|row| (row.matter.to_string(), row.title.clone())).collect()
        });
        chosen.with(|answer| {
            if let Some(matter) = shown::matter(answer).filter(|matter| Some(matter.row.matter) == into.get())
            {
                let id = matter.row.matter.to_string();
                if all.iter().all(|(other, _)| *other != id) {
                    all.push((id, matter.row.title.clone()));
                }
            }
        });
        all
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

fn picked(ui: Ui, visits: &[VisitView], selection: &Selection) -> Vec<Picked> {
    let here = selection.here.get();
    let mut picked = Vec::new();
    for (at, visit) in visits.iter().enumerate() {
        for finding in &visit.findings {
            if here.contains(&(visit.visit, finding.finding)) {
                picked.push(Picked {
                    from: letter(at).to_string(),
                    citation: Citation {
                        visit: visit.visit,
                        heads: visit.heads.clone(),
                        finding: finding.finding,
                    },
                    category: finding.category.value.clone(),
                    severity: finding.severity.value.clone(),
                    seen: finding.seen.clone(),
                });
            }
        }
    }
    selection.elsewhere.with(|rows| {
        picked.extend(rows.iter().map(|row| Picked {
            from: marks::unit_name(ui, row.unit.as_ref()),
            citation: Citation { visit: row.visit, heads: row.heads.clone(), finding: row.finding },
            category: row.category.clone(),
            severity: row.severity.map(|severity| severity.code().to_owned()).unwrap_or_default(),
            seen: row.excerpt.clone(),
        }));
    });
    picked
}

/// The code of the gravest severity among the findings.
fn gravest(picked: &[Picked]) -> String {
    let severities = picked.iter().filter_map(|one| Severity::from_code(&one.severity));
    severities.max().map(|severity| severity.code().to_owned()).unwrap_or_default()
}
