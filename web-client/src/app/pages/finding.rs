//! Recording a finding.

use crate::app::components::category::category_select;
use crate::app::components::dialog::{Question, confirm};
use crate::app::components::line_text::{Kind, line_text};
use crate::app::components::long_text::{LongText, long_text};
use crate::app::components::marks;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{common, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::record::Open;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms};
use crate::reactive::*;
use mingcha_core::command::{Command, FindingEdit, VisitEdit};
use mingcha_core::domain::Severity;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Field, FindingView, Tick};

/// A finding that is open to be written in.
#[derive(Clone, Copy)]
struct OpenFinding {
    open: Open,
    finding: ItemId,
}

impl OpenFinding {
    fn of<T: Default + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&FindingView) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        let id = self.finding;
        self.open.of(move |visit| {
            visit.findings.iter().find(|finding| finding.finding == id).map(&read).unwrap_or_default()
        })
    }

    fn command(self, field: FindingEdit) -> Command {
        let edit = VisitEdit::Finding { finding: self.finding, field };
        Command::EditVisit { visit: self.open.id, edit }
    }

    /// One line of text with its conflict.
    fn line(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&FindingView) -> &Field,
        edit: fn(String) -> FindingEdit,
    ) -> AnyView {
        let field = self.of(move |finding| read(finding).clone());
        let value = memo(move || field.with(|field| field.value.clone()));
        let save = move |text| self.command(edit(text));
        view! {
            <div>
                {line_text(self.open.ui, label.show(), hint, Kind::Line, value, save)}
                {self.open.conflict(field, str::to_owned)}
            </div>
        }
        .show()
    }
}

/// The page.
pub fn finding(ui: Ui, visit: DocumentId, finding: ItemId) -> AnyView {
    let open = Open::new(ui, visit);
    let here = memo(move || {
        open.answer.with(|answer| {
            shown::visit(answer).is_some_and(|visit| visit.findings.iter().any(|one| one.finding == finding))
        })
    });
    let shown = move || {
        if here.get() {
            writing(OpenFinding { open, finding })
        } else {
            view! {
                {frame::head_below(ui, Route::Record(visit), move || ui.t(w::FINDING).to_owned(), AnyView::default())}
                <p class="nothing slow">{ui.t(common::NOT_HERE)}</p>
            }
            .show()
        }
    };
    shown.show()
}

fn writing(this: OpenFinding) -> AnyView {
    let OpenFinding { open, finding } = this;
    let ui = open.ui;
    let above = Route::Record(open.id);
    let number = open.of(move |visit| visit.findings.iter().position(|one| one.finding == finding));
    let title = move || w::finding_number(ui.language, number.get().unwrap_or_default() + 1);
    let tick = open.of(|visit| Some(visit.tick));
    let tick = derived(move || tick.get().unwrap_or(Tick::Saving));
    let struck = this.of(|finding| finding.struck.is_some());
    let banner =
        move || struck.get().then(|| view! { <p class="banner" role="status">{ui.t(w::STRUCK)}</p> });
    view! {
        {frame::head_below(ui, above, title, marks::saving(ui, tick))}
        <div class="list form">
            {banner}
            {category(this)}
            {severity(this)}
            {this.line(ui.t(w::PLACE), ui.t(w::PLACE_HINT), |one| &one.place, FindingEdit::Place)}
            {this.line(ui.t(w::PERSON), ui.t(w::PERSON_HINT), |one| &one.person, FindingEdit::Person)}
            {long_text(ui, open.id, open.answer, LongText::Seen(finding), ui.t(w::SEEN), "")}
            {this.line(ui.t(w::RULE), "", |one| &one.rule, FindingEdit::Rule)}
            {strike(this, struck)}
        </div>
        <div class="bar">
            <button type="button" class="primary" on:click=move |_| ui.nav.back(above)>{ui.t(w::DONE)}</button>
        </div>
    }
    .show()
}

fn category(this: OpenFinding) -> AnyView {
    let ui = this.open.ui;
    let field = this.of(|finding| finding.category.clone());
    let value = derived(move || field.with(|field| field.value.clone()));
    let choose = callback(move |code: String| ui.send(this.command(FindingEdit::Category(code))));
    view! {
        <div>
            {category_select(ui, ui.t(w::CATEGORY), ui.t(w::NO_CATEGORY), value, choose)}
            {this.open.conflict(field, move |code| terms::category(code, ui.language))}
        </div>
    }
    .show()
}

fn severity(this: OpenFinding) -> AnyView {
    let ui = this.open.ui;
    let field = this.of(|finding| finding.severity.clone());
    let value = derived(move || field.with(|field| field.value.clone()));
    let choose = callback(move |code: Option<String>| {
        // A severity can be changed, not taken back.
        if let Some(severity) = code.as_deref().and_then(Severity::from_code) {
            ui.send(this.command(FindingEdit::Severity(severity)));
        }
    });
    let tones = ["", "warn", "bad"];
    let segments = terms::severities(ui.language)
        .into_iter()
        .zip(tones)
        .map(|((code, label), tone)| Segment { code, label, tone })
        .collect();
    let name = move |code: &str| terms::severity_by_code(ui.language, code);
    view! {
        <div>
            {segmented(ui.t(w::SEVERITY).show(), segments, value, choose)}
            {this.open.conflict(field, name)}
        </div>
    }
    .show()
}

fn strike(this: OpenFinding, struck: Memo<bool>) -> AnyView {
    let ui = this.open.ui;
    let asking = RwSignal::new(false);
    let question =
        Question { title: ui.t(w::STRIKE_ASK), help: ui.t(w::STRIKE_HELP), action: ui.t(w::STRIKE) };
    let act = callback(move |()| {
        this.open.edit(VisitEdit::StrikeFinding { finding: this.finding });
        ui.nav.back(Route::Record(this.open.id));
    });
    let shown = move || {
        (!struck.get()).then(|| {
            view! {
                <button type="button" class="quiet" on:click=move |_| asking.set(true)>
                    {ui.t(w::STRIKE)}
                </button>
            }
        })
    };
    view! { {shown}{confirm(ui, asking, question, act)} }.show()
}
