//! Recording a visit: everything is saved as it is typed, nothing is lost by going back.

mod again;
mod basics;
mod closing;
mod examine;
mod findings;
mod questions;
mod sent_back;
pub mod start;

use crate::app::components::long_text::{LongText, long_text};
use crate::app::components::marks;
use crate::app::i18n::{common, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms};
use crate::dom::{self, document};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::domain::{Question, Severity, VisitState};
use mingcha_core::ids::{DocumentId, ItemId, MemberId};
use mingcha_core::view::{Answer, Field, Heads, Query, Tick, VisitView};
use wasm_bindgen::JsCast;

/// A visit that is open to be written in.
#[derive(Clone, Copy)]
pub struct Open {
    /// What every page needs.
    pub ui: Ui,
    /// Which visit.
    pub id: DocumentId,
    /// The visit as it is now.
    pub answer: ReadSignal<Option<Answer>>,
}

/// What a finding may begin with.
#[derive(Clone, Default)]
pub struct Suggested {
    /// The category's code.
    pub category: String,
    /// How grave.
    pub severity: Option<Severity>,
    /// Which window or place.
    pub place: String,
    /// What was seen.
    pub seen: String,
}

impl Suggested {
    /// What a bad answer to a question suggests.
    fn by(question: &Question) -> Self {
        let more = question.suggests.clone().unwrap_or_default();
        let category = question.category.clone();
        Self { category, severity: more.severity, seen: more.text, ..Self::default() }
    }

    fn edits(self) -> Vec<FindingEdit> {
        let Self { category, severity, place, seen } = self;
        let given = |text: &String| !text.is_empty();
        let mut edits = Vec::new();
        edits.extend(Some(category).filter(given).map(FindingEdit::Category));
        edits.extend(severity.map(FindingEdit::Severity));
        edits.extend(Some(place).filter(given).map(FindingEdit::Place));
        let seen = Some(seen).filter(given);
        edits.extend(seen.map(|text| FindingEdit::Seen(TextEdit { base: Heads::default(), text })));
        edits
    }
}

impl Open {
    /// Opens a visit.
    pub fn new(ui: Ui, id: DocumentId) -> Self {
        Self { ui, id, answer: ui.client.watch(Query::Visit(id)) }
    }

    /// Something of the visit, told again only when it is something else.
    pub fn of<T: Default + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&VisitView) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        memo(move || self.answer.with(|answer| shown::visit(answer).map(&read).unwrap_or_default()))
    }

    /// Who wrote in it.
    pub fn authors(self) -> Memo<Vec<(MemberId, String)>> {
        self.of(|visit| visit.authors.clone())
    }

    /// The words of a field's two values, and the choice between them.
    pub fn conflict(self, field: Memo<Field>, name: impl Fn(&str) -> String + 'static) -> AnyView {
        let choose = callback(move |(path, value)| self.edit(VisitEdit::Choose { path, value }));
        crate::app::components::conflict::conflict(self.ui, field, self.authors(), name, choose)
    }

    /// Changes it.
    pub fn edit(self, edit: VisitEdit) {
        self.ui.send(Command::EditVisit { visit: self.id, edit });
    }

    /// Begins a finding and goes to it.
    pub fn add_finding(self, question: Option<ItemId>, suggested: Suggested) {
        let finding = random::<ItemId>();
        self.edit(VisitEdit::AddFinding { finding, question });
        for field in suggested.edits() {
            self.edit(VisitEdit::Finding { finding, field });
        }
        self.ui.go(Route::Finding(self.id, finding));
    }
}

/// The page.
pub fn record(ui: Ui, id: DocumentId) -> AnyView {
    let open = Open::new(ui, id);
    let here = memo(move || open.answer.with(|answer| shown::visit(answer).is_some()));
    let missing = memo(move || open.answer.with(shown::is_missing));
    let shown = move || match (here.get(), missing.get()) {
        (true, _) => writing(open),
        (false, true) => view! {
            {frame::head_below(ui, Route::Records, move || ui.t(w::RECORDS).to_owned(), AnyView::default())}
            <p class="nothing slow">{ui.t(common::NOT_HERE)}</p>
        }
        .show(),
        (false, false) => AnyView::default(),
    };
    shown.show()
}

fn writing(open: Open) -> AnyView {
    let ui = open.ui;
    let unit = open.of(|visit| visit.unit_summary.clone());
    let title = move || unit.with(|unit| marks::unit_name(ui, unit.as_ref()));
    let tick = open.of(|visit| Some(visit.tick));
    let tick = derived(move || tick.get().unwrap_or(Tick::Saving));
    let state = open.of(|visit| visit.state);
    let banner = move || {
        let state = state.get();
        matches!(state, VisitState::Voided | VisitState::Disputed).then(|| {
            view! { <p class="banner" role="status">{terms::visit_state(state, ui.language)}</p> }
        })
    };
    // An assignment has set mode and checklist: they stand with what is seldom done.
    let assigned = open.of(|visit| visit.assignment.is_some());
    if open.answer.with_untracked(|answer| shown::visit(answer).is_some_and(is_blank)) {
        dom::after(0, focus_notes);
    }
    let notes = move |_| {
        dom::scroll_to("notes");
        focus_notes();
    };
    view! {
        {frame::head_below(ui, Route::Records, title, marks::saving(ui, tick))}
        <div class="list">
            {banner}
            {sent_back::sent_back(open)}
            {basics::about(open)}
            {basics::unit(open)}
            {again::again(open)}
            <section id="notes">
                {long_text(ui, open.id, open.answer, LongText::Notes, ui.t(w::NOTES), ui.t(w::NOTES_HINT))}
            </section>
            {move || (!assigned.get()).then(|| basics::manner(open))}
            {questions::questions(open)}
            {findings::findings(open)}
            {closing::more(open, assigned)}
        </div>
        <div class="bar">
            <button type="button" on:click=notes>{ui.t(w::NOTES)}</button>
            <button
                type="button"
                class="primary"
                on:click=move |_| open.add_finding(None, Suggested::default())
            >
                {ui.t(w::NEW_FINDING)}
            </button>
            {closing::submit(open)}
        </div>
    }
    .show()
}

/// Whether nothing is known yet, so that a note comes first.
fn is_blank(visit: &VisitView) -> bool {
    visit.state == VisitState::Draft
        && visit.unit.value.is_empty()
        && visit.notes.is_empty()
        && visit.findings.is_empty()
}

/// The field of the notes.
fn notes_field() -> Option<web_sys::HtmlTextAreaElement> {
    document().query_selector("#notes textarea").ok().flatten()?.dyn_into().ok()
}

fn focus_notes() {
    if let Some(field) = notes_field() {
        let _ = field.focus();
    }
}

/// Writes a line at the end of the notes, as if the person had typed it: what they are typing stays.
fn add_to_notes(line: &str) {
    rewrite_notes(|before| {
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        format!("{before}{gap}{line}")
    });
}

/// Takes a line out of the notes again, wherever it stands.
fn remove_from_notes(line: &str) {
    rewrite_notes(|before| match before.split_once(line) {
        Some((head, tail)) => format!("{head}{}", tail.strip_prefix('\n').unwrap_or(tail)),
        None => before.to_owned(),
    });
}

fn rewrite_notes(write: impl FnOnce(&str) -> String) {
    let Some(field) = notes_field() else { return };
    field.set_value(&write(&field.value()));
    if let Ok(event) = web_sys::Event::new("input") {
        let _ = field.dispatch_event(&event);
    }
}
