//! What a look-back or an acceptance examines again: earlier findings and matters, copied in as words.

use super::Form;
use super::units::Chosen;
use crate::app::components::desk::{check, text_area};
use crate::app::components::dialog::dialog;
use crate::app::components::form::{select, text_input};
use crate::app::components::marks;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::assign as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{shown, terms, when};
use crate::reactive::*;
use mingcha_core::domain::{Citation, Reexamined, Severity};
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{
    FindingFilter, FindingRow, MatterFilter, MatterRow, Query, Stage, VisitFilter, Window,
};

/// How many earlier findings are listed.
const SHOWN: u32 = 60;

/// Something to be examined again, as it is written.
#[derive(Clone)]
pub struct Again {
    unit: String,
    severity: Severity,
    citation: Option<Citation>,
    text: RwSignal<String>,
}

impl Again {
    /// As it was written before.
    pub fn new(Reexamined { unit, text, severity, citation }: Reexamined) -> Self {
        Self { unit, severity, citation, text: RwSignal::new(text) }
    }

    /// As it is written now.
    pub fn written(&self) -> Reexamined {
        Reexamined {
            unit: self.unit.clone(),
            text: self.text.get().trim().to_owned(),
            severity: self.severity,
            citation: self.citation.clone(),
        }
    }

    /// Whether it is the one of a citation, or, without one, of these words.
    fn is(&self, citation: Option<&Citation>, unit: &str, text: &str) -> bool {
        match (&self.citation, citation) {
            (Some(mine), Some(other)) => (mine.visit, mine.finding) == (other.visit, other.finding),
            (None, None) => self.unit == unit && untrack(|| self.text.with(|mine| mine == text)),
            _ => false,
        }
    }
}

/// The section.
pub fn again(form: Form) -> AnyView {
    let ui = form.ui;
    let open = RwSignal::new(false);
    let list = move || {
        let all = form.again.get();
        let items: Vec<AnyView> = all.into_iter().map(|one| item(form, one)).collect();
        view! { <ul class="again">{items}</ul> }
    };
    view! {
        <fieldset class="part">
            <legend>{ui.t(w::AGAIN)}</legend>
            <p class="hint">{ui.t(w::AGAIN_HELP)}</p>
            {list}
            <button type="button" on:click=move |_| open.set(true)>{ui.t(w::CHOOSE_AGAIN)}</button>
        </fieldset>
        {dialog(ui, open, ui.t(w::EARLIER_FINDINGS), "sheet", move || chooser(form, open))}
    }
    .show()
}

fn item(form: Form, one: Again) -> AnyView {
    let ui = form.ui;
    let unit = form.units.with_untracked(|all| {
        all.iter()
            .find(|chosen| chosen.code == one.unit)
            .map_or(one.unit.clone(), |chosen| chosen.name.clone())
    });
    let label = format!("{} · {unit}", ui.t(w::REMOVE));
    let text = one.text;
    let remove = move |_| form.again.update(|all| all.retain(|other| other.text != text));
    view! {
        <li>
            <div class="row">
                <b>{unit.clone()}</b>
                {marks::severity(ui, one.severity)}
                <button type="button" class="quiet" aria-label=label on:click=remove>{ui.t(w::REMOVE)}</button>
            </div>
            {text_area(format!("{} · {unit}", ui.t(w::WHAT_WAS_WRONG)), text)}
        </li>
    }
    .show()
}

/// Choosing among what was found before.
fn chooser(form: Form, open: RwSignal<bool>) -> AnyView {
    let ui = form.ui;
    let source = RwSignal::new("findings".to_owned());
    let unit = RwSignal::new(String::new());
    let text = RwSignal::new(String::new());
    let segments =
        vec![Segment::plain("findings", ui.t(w::FINDINGS)), Segment::plain("matters", ui.t(w::MATTERS))];
    let switch = callback(move |code: Option<String>| {
        if let Some(code) = code {
            source.set(code);
        }
    });
    let mut units = vec![(String::new(), ui.t(w::ANYWHERE).to_owned())];
    units.extend(form.units.get_untracked().into_iter().map(|one| (one.code, one.name)));
    let at = callback(move |code| unit.set(code));
    let is_findings = memo(move || source.with(|source| source == "findings"));
    let list = move || if is_findings.get() { findings(form, unit, text) } else { matters(form, unit, text) };
    view! {
        {segmented(ui.t(w::SOURCE).show(), segments, source.into(), switch)}
        <div class="two">
            {select(ui.t(w::AT_UNIT), vec![(String::new(), units)], unit.into(), at)}
            {text_input(ui.t(w::WORDS), "search", text)}
        </div>
        <div class="earlier" tabindex="0" role="region" aria-label=ui.t(w::EARLIER_FINDINGS)>{list}</div>
        <button type="button" class="primary" on:click=move |_| open.set(false)>{ui.t(w::READY)}</button>
    }
    .show()
}

fn some(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn findings(form: Form, unit: RwSignal<String>, text: RwSignal<String>) -> AnyView {
    let ui = form.ui;
    let answer = ui.client.watch_with(move || {
        let visit = VisitFilter {
            stage: Stage::Submitted,
            unit: some(unit.get()),
            text: text.get().trim().to_owned(),
            ..VisitFilter::default()
        };
        Query::Findings(
            FindingFilter { visit, ..FindingFilter::default() },
            Window { first: 0, count: SHOWN },
        )
    });
    let list = move || {
        answer.with(|answer| {
            let rows = shown::findings(answer)?;
            let items: Vec<AnyView> = rows.rows.iter().filter_map(|row| finding(form, row)).collect();
            Some(listed(form, items, rows.total))
        })
    };
    list.show()
}

fn listed(form: Form, items: Vec<AnyView>, total: u32) -> AnyView {
    let ui = form.ui;
    if items.is_empty() {
        return view! { <p class="nothing">{ui.t(w::NOTHING_EARLIER)}</p> }.show();
    }
    let rest = (total > SHOWN).then(|| w::first_of(ui.language, SHOWN as usize, total));
    view! { <ul>{items}</ul><p class="hint">{rest}</p> }.show()
}

/// A finding to tick; nothing where nobody knows at which unit it was.
fn finding(form: Form, row: &FindingRow) -> Option<AnyView> {
    let ui = form.ui;
    let unit = row.unit.clone()?;
    let citation = Citation { visit: row.visit, heads: row.heads.clone(), finding: row.finding };
    let words = if row.excerpt.is_empty() {
        terms::category(&row.category, ui.language)
    } else {
        row.excerpt.clone()
    };
    let one = Earlier {
        unit,
        severity: row.severity.unwrap_or(Severity::Minor),
        citation: Some(citation),
        text: words,
        about: format!("{} · {}", when::moment(ui.language, row.started), row.team_name),
    };
    Some(one.tick(form))
}

fn matters(form: Form, unit: RwSignal<String>, text: RwSignal<String>) -> AnyView {
    let ui = form.ui;
    let answer = ui.client.watch_with(move || {
        let filter = MatterFilter {
            unit: some(unit.get()),
            text: text.get().trim().to_owned(),
            ..MatterFilter::default()
        };
        Query::Matters(filter, Window { first: 0, count: SHOWN })
    });
    let list = move || {
        answer.with(|answer| {
            let rows = shown::matters(answer)?;
            let items: Vec<AnyView> = rows.rows.iter().filter_map(|row| matter(form, row)).collect();
            Some(listed(form, items, rows.total))
        })
    };
    list.show()
}

fn matter(form: Form, row: &MatterRow) -> Option<AnyView> {
    let one = Earlier {
        unit: row.unit.clone()?,
        severity: row.severity,
        citation: None,
        text: row.title.clone(),
        about: when::moment(form.ui.language, row.opened),
    };
    Some(one.tick(form))
}

/// What was found earlier.
#[derive(Clone)]
struct Earlier {
    unit: UnitSummary,
    severity: Severity,
    citation: Option<Citation>,
    text: String,
    about: String,
}

impl Earlier {
    fn tick(self, form: Form) -> AnyView {
        let label = view! {
            <b>{self.text.clone()}</b>" "
            {marks::severity(form.ui, self.severity)}" "
            <small>{marks::unit_name(form.ui, Some(&self.unit))}" · "{self.about.clone()}</small>
        };
        let here = self.clone();
        let value = derived(move || form.again.with(|all| all.iter().any(|one| here.is(one))));
        let choose = callback(move |on: bool| self.choose(form, on));
        view! { <li>{check(label, value, choose)}</li> }.show()
    }

    fn is(&self, one: &Again) -> bool {
        one.is(self.citation.as_ref(), &self.unit.code, &self.text)
    }

    /// Takes it in, with its unit; or leaves it again.
    fn choose(&self, form: Form, on: bool) {
        if !on {
            form.again.update(|all| all.retain(|one| !self.is(one)));
            return;
        }
        form.choose([Chosen::of(&self.unit)]);
        let one = Again::new(Reexamined {
            unit: self.unit.code.clone(),
            text: self.text.clone(),
            severity: self.severity,
            citation: self.citation.clone(),
        });
        if let Some(citation) = &self.citation {
            fill(form, citation, one.text);
        }
        form.again.update(|all| all.push(one));
    }
}

/// Puts the whole of what was seen in place of its first words, as soon as it was read.
fn fill(form: Form, citation: &Citation, text: RwSignal<String>) {
    let Citation { visit, heads, finding } = citation.clone();
    form.owner.with_value(|owner| {
        owner.child().with(|| {
            let answer = form.ui.client.watch(Query::VisitAt(visit, heads));
            let mut is_filled = false;
            effect(move || {
                let seen = answer.with(|answer| {
                    let visit = shown::visit(answer)?;
                    let found = visit.findings.iter().find(|one| one.finding == finding)?;
                    some(found.seen.clone())
                });
                if let Some(seen) = seen.filter(|_| !is_filled) {
                    is_filled = true;
                    text.try_set(seen);
                }
            });
        });
    });
}
