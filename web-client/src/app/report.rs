//! A visit as a report to be read: nothing in it can be changed.

use crate::app::components::marks;
use crate::app::i18n::common::aside;
use crate::app::i18n::{desk as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, terms, when};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::{Role, Severity};
use mingcha_core::ids::ItemId;
use mingcha_core::view::{FactView, Field, FindingView, Heads, ReviewView, Standing, Tick, VisitView};

/// How many characters of a text stand in a line about it.
const EXCERPT_CHARS: usize = 40;

/// The beginning of a text.
pub fn excerpt(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut out: String = line.chars().take(EXCERPT_CHARS).collect();
    if line.chars().count() > EXCERPT_CHARS {
        out.push('…');
    }
    out
}

/// An answer for people: a code's word, or the choice as it was written.
pub fn answer_name(ui: Ui, code: &str) -> String {
    match code {
        "yes" => ui.t(record::YES).to_owned(),
        "no" => ui.t(record::NO).to_owned(),
        "na" => ui.t(record::NOT_APPLICABLE).to_owned(),
        other => other.to_owned(),
    }
}

/// Who wrote it, when, how: the line below a report's heading.
pub fn about(ui: Ui, visit: &VisitView) -> String {
    let authors: Vec<&str> = visit.authors.iter().map(|(_, name)| name.as_str()).collect();
    [
        when::moment(ui.language, visit.started),
        terms::mode_by_code(ui.language, &visit.mode.value),
        visit.team_name.clone(),
        w::joined(ui.language, &authors),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(" · ")
}

/// The answers, question by question; `differs` says which to mark.
pub fn answers(ui: Ui, visit: &VisitView, differs: impl Fn(ItemId) -> bool) -> AnyView {
    let Some(checklist) = &visit.questions else { return AnyView::default() };
    let rows: Vec<AnyView> = checklist
        .questions
        .iter()
        .map(|question| {
            let answer = visit.answers.iter().find(|(id, _)| *id == question.id).map(|(_, field)| field);
            let said =
                answer.map(|field| values(ui, field, |code| answer_name(ui, code))).unwrap_or_default();
            let value = if said.is_empty() {
                view! { <span class="unanswered">{ui.t(w::NOT_ANSWERED)}</span> }.show()
            } else if differs(question.id) {
                view! { <mark class="differs">{said}</mark> }.show()
            } else {
                said.show()
            };
            view! { <dt>{question.text.clone()}</dt><dd>{value}</dd> }.show()
        })
        .collect();
    view! {
        <h3>{checklist.title.clone()}</h3>
        <dl class="answers">{rows}</dl>
    }
    .show()
}

/// A field's value, or both where there are two.
pub fn values(ui: Ui, field: &Field, name: impl Fn(&str) -> String) -> String {
    if field.conflict.len() > 1 {
        let both: Vec<String> = field.conflict.iter().map(|(value, _)| name(value)).collect();
        return format!("{}{}", both.join(" / "), aside(ui.language, ui.t(w::DIFFERENT)));
    }
    if field.value.is_empty() { String::new() } else { name(&field.value) }
}

/// What is said about a finding, field by field. `differs` says which fields to mark.
pub fn finding_facts(ui: Ui, finding: &FindingView, differs: impl Fn(Aspect) -> bool) -> AnyView {
    let rows: Vec<AnyView> = Aspect::ALL
        .into_iter()
        .filter_map(|aspect| {
            let said = aspect.say(ui, finding);
            (!said.is_empty()).then(|| {
                let value = match aspect.severity(finding) {
                    _ if differs(aspect) => view! { <mark class="differs">{said}</mark> }.show(),
                    Some(severity) => marks::severity(ui, severity),
                    None => said.show(),
                };
                view! { <dt>{ui.t(aspect.label())}</dt><dd>{value}</dd> }.show()
            })
        })
        .collect();
    let struck = finding.struck.is_some().then(|| view! { <span class="tag">{ui.t(record::STRUCK)}</span> });
    view! {
        {struck}
        <p class="seen">{finding.seen.clone()}</p>
        <dl class="facts">{rows}</dl>
    }
    .show()
}

/// A side of a finding that can be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Its category.
    Category,
    /// Its severity.
    Severity,
    /// Where.
    Place,
    /// Who.
    Person,
    /// Which rule.
    Rule,
}

impl Aspect {
    const ALL: [Self; 5] = [Self::Category, Self::Severity, Self::Place, Self::Person, Self::Rule];

    fn label(self) -> crate::app::i18n::Text {
        match self {
            Self::Category => w::CATEGORY,
            Self::Severity => w::SEVERITY,
            Self::Place => record::PLACE,
            Self::Person => record::PERSON,
            Self::Rule => record::RULE,
        }
    }

    fn of(self, finding: &FindingView) -> &Field {
        match self {
            Self::Category => &finding.category,
            Self::Severity => &finding.severity,
            Self::Place => &finding.place,
            Self::Person => &finding.person,
            Self::Rule => &finding.rule,
        }
    }

    /// The severity, where it is the one that is told and there is one only.
    fn severity(self, finding: &FindingView) -> Option<Severity> {
        let is_one = self == Self::Severity && finding.severity.conflict.len() < 2;
        Severity::from_code(&finding.severity.value).filter(|_| is_one)
    }

    fn say(self, ui: Ui, finding: &FindingView) -> String {
        values(ui, self.of(finding), |value| match self {
            Self::Category => terms::category(value, ui.language),
            Self::Severity => terms::severity_by_code(ui.language, value),
            Self::Place | Self::Person | Self::Rule => value.to_owned(),
        })
    }

    /// Whether these findings do not all say the same.
    pub fn differs(self, findings: &[FindingView]) -> bool {
        findings.windows(2).any(|pair| self.of(&pair[0]).value != self.of(&pair[1]).value)
    }
}

/// What was done, oldest first.
pub fn timeline(ui: Ui, facts: &[FactView]) -> AnyView {
    if facts.is_empty() {
        return AnyView::default();
    }
    let rows: Vec<AnyView> = facts
        .iter()
        .map(|fact| {
            let standing = match fact.standing {
                Standing::Counts => None,
                Standing::NoRight => Some(ui.t(w::NO_RIGHT)),
                Standing::Attacked => Some(ui.t(w::ATTACKED)),
            };
            let standing = standing.map(|word| view! { <span class="tag serious">{word}</span> });
            let said = [fact.name.as_str(), terms::fact(&fact.what, ui.language), fact.detail.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ");
            view! { <li><small>{when::moment(ui.language, fact.at)}</small>" "{said}" "{standing}</li> }
                .show()
        })
        .collect();
    view! { <section><h3>{ui.t(w::TIMELINE)}</h3><ul class="timeline">{rows}</ul></section> }.show()
}

/// The state of a visit, and its tick once the relay has it. Until then the tick would tell a reader of what is
/// unsent of their own: that they have read it.
pub fn standing(ui: Ui, visit: &VisitView) -> AnyView {
    let tick = matches!(visit.tick, Tick::Held | Tick::Read).then(|| marks::tick(ui, visit.tick));
    view! {
        <span class="tags">
            <span class=marks::state_class(visit.state)>{terms::visit_state(visit.state, ui.language)}</span>
            {tick}
        </span>
    }
    .show()
}

/// Tells the engine, once per version, that a supervisor has these visits open. That this was told is no new
/// version to be told again.
pub fn tell_seen(ui: Ui, visits: impl Fn() -> Vec<VisitView> + 'static) {
    if !ui.has(Role::Supervisor) {
        return;
    }
    let told = StoredValue::new(Vec::<VisitView>::new());
    effect(move || {
        for visit in visits() {
            let (id, heads) = (visit.visit, visit.heads.clone());
            let content = content(visit);
            let is_new = told.with_value(|told| !told.contains(&content));
            if is_new {
                told.update_value(|told| {
                    told.retain(|other| other.visit != id);
                    told.push(content);
                });
                ui.send(Command::SawVisit { visit: id, heads });
            }
        }
    });
}

/// What a reader reads of a visit: without what being read adds to it.
fn content(mut visit: VisitView) -> VisitView {
    visit.heads = Heads::default();
    visit.tick = Tick::Saved;
    visit.timeline.clear();
    for finding in &mut visit.findings {
        finding.matters.clear();
        finding.review = ReviewView::default();
    }
    visit
}
