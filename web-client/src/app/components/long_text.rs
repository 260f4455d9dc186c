//! A long text that is saved as it is typed and takes in what others write, caret and all.

use crate::app::draft::{Draft, carry};
use crate::app::markup::{AnyView, NodeRef, Show as _, view};
use crate::app::{Ui, shown, spawn};
use crate::dom;
use crate::reactive::*;
use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{Answer, VisitView};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;

/// How long after the last keystroke a text is sent.
pub const PAUSE_MILLIS: i32 = 300;

/// How long somebody who types without a pause goes unsaved.
const LONGEST_MILLIS: f64 = 1_500.0;

/// How long to wait for the version that an edit made, before taking it that it changed nothing.
const LANDING_MILLIS: i32 = 1_000;

/// How long an answer may be ahead of the version that it speaks of.
const AHEAD_MILLIS: i32 = 20;

/// Which text of a visit.
#[derive(Clone, Copy)]
pub enum LongText {
    /// The visit's notes.
    Notes,
    /// What was seen, of a finding.
    Seen(ItemId),
}

impl LongText {
    fn read(self, visit: &VisitView) -> Option<&str> {
        match self {
            Self::Notes => Some(&visit.notes),
            Self::Seen(finding) => {
                let found = visit.findings.iter().find(|other| other.finding == finding)?;
                Some(&found.seen)
            }
        }
    }

    fn edit(self, visit: DocumentId, edit: TextEdit) -> Command {
        let edit = match self {
            Self::Notes => VisitEdit::Notes(edit),
            Self::Seen(finding) => VisitEdit::Finding { finding, field: FindingEdit::Seen(edit) },
        };
        Command::EditVisit { visit, edit }
    }
}

/// Shows the text as a labelled field.
pub fn long_text(
    ui: Ui,
    visit: DocumentId,
    answer: ReadSignal<Option<Answer>>,
    which: LongText,
    label: &'static str,
    hint: &'static str,
) -> AnyView {
    let id = dom::fresh_id();
    let writer = Rc::new(Writer::new(ui, visit, which));
    let (node, problem) = (writer.node, writer.problem);
    Effect::new({
        let writer = writer.clone();
        move |_| answer.with(|answer| writer.shown(answer))
    });
    dom::on_window("visibilitychange", {
        let writer = writer.clone();
        move |_: web_sys::Event| writer.send()
    });
    let held = StoredValue::new_local(writer.clone());
    on_cleanup(move || {
        held.with_value(Writer::leave);
    });
    let on = |act: fn(&Rc<Writer>)| {
        let writer = writer.clone();
        move || act(&writer)
    };
    let (input, blur, begin, end) =
        (on(Writer::input), on(Writer::blur), on(Writer::compose), on(Writer::composed));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                node_ref=node
                rows="4"
                placeholder=hint
                on:input=move |_| input()
                on:blur=move |_| blur()
                on:compositionstart=move |_| begin()
                on:compositionend=move |_| end()
            ></textarea>
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        </div>
    }
    .show()
}

struct Writer {
    ui: Ui,
    visit: DocumentId,
    which: LongText,
    node: NodeRef<HtmlTextAreaElement>,
    problem: RwSignal<Option<Problem>>,
    draft: RefCell<Draft>,
    composing: Cell<bool>,
    counted: Cell<bool>,
    /// Whether the field is shown no longer.
    gone: Cell<bool>,
    timer: Cell<Option<dom::Timer>>,
    /// Since when something waits to be sent, by the device's clock.
    unsent_since: Cell<f64>,
}

impl Writer {
    fn new(ui: Ui, visit: DocumentId, which: LongText) -> Self {
        Self {
            ui,
            visit,
            which,
            node: NodeRef::new(),
            problem: RwSignal::new(None),
            draft: RefCell::default(),
            composing: Cell::new(false),
            counted: Cell::new(false),
            gone: Cell::new(false),
            timer: Cell::new(None),
            unsent_since: Cell::new(0.0),
        }
    }

    fn input(self: &Rc<Self>) {
        let now = js_sys::Date::now();
        if !self.draft.borrow().is_unsent() {
            self.unsent_since.set(now);
        }
        if let Some(element) = self.node.get_untracked() {
            self.draft.borrow_mut().typed(&element.value());
        }
        self.count();
        if now - self.unsent_since.get() > LONGEST_MILLIS {
            self.send();
        } else {
            self.send_soon();
        }
    }

    fn blur(self: &Rc<Self>) {
        self.composing.set(false);
        self.send();
    }

    fn compose(self: &Rc<Self>) {
        self.composing.set(true);
    }

    fn composed(self: &Rc<Self>) {
        self.composing.set(false);
        self.input();
        self.settle();
    }

    fn send_soon(self: &Rc<Self>) {
        let writer = self.clone();
        self.timer.set(Some(dom::later(PAUSE_MILLIS, move || writer.send())));
    }

    fn send(self: &Rc<Self>) {
        if self.composing.get() {
            return;
        }
        let edit = self.draft.borrow_mut().next_edit();
        self.count();
        let Some(edit) = edit else { return };
        let writer = self.clone();
        let asked = self.ui.client.ask(self.which.edit(self.visit, edit));
        spawn(async move {
            match asked.await {
                Ok(()) => {
                    writer.problem.try_set(None);
                    dom::after(AHEAD_MILLIS, move || writer.landed());
                }
                Err(problem) => {
                    writer.draft.borrow_mut().refused();
                    writer.problem.try_set(Some(problem));
                    writer.count();
                }
            }
        });
    }

    fn landed(self: &Rc<Self>) {
        self.draft.borrow_mut().saved();
        self.settle();
        if self.draft.borrow().is_waiting() {
            let writer = self.clone();
            dom::after(LANDING_MILLIS, move || {
                let is_waiting = writer.draft.borrow().is_waiting();
                if is_waiting && !writer.gone.get() {
                    writer.draft.borrow_mut().landed_nowhere();
                    writer.settle();
                }
            });
        }
    }

    fn shown(self: &Rc<Self>, answer: &Option<Answer>) {
        let Some(visit) = shown::visit(answer) else { return };
        let Some(text) = self.which.read(visit) else { return };
        self.draft.borrow_mut().shown(visit.heads.clone(), text);
        self.settle();
    }

    /// Puts into the field what others wrote, leaving the caret between the same words.
    fn settle(self: &Rc<Self>) {
        if self.composing.get() {
            return;
        }
        let merged = self.draft.borrow_mut().settle();
        if let (Some(text), Some(element)) = (merged, self.node.get_untracked()) {
            let old: Vec<u16> = element.value().encode_utf16().collect();
            let new: Vec<u16> = text.encode_utf16().collect();
            let caret = |at: Option<u32>| carry(&old, &new, at.unwrap_or_default() as usize) as u32;
            let start = caret(element.selection_start().ok().flatten());
            let end = caret(element.selection_end().ok().flatten());
            element.set_value(&text);
            // Only a focused field has a caret; elsewhere this has no effect that is seen.
            let _ = element.set_selection_range(start, end.max(start));
        }
        if self.draft.borrow().is_unsent() {
            self.send_soon();
        }
        self.count();
    }

    /// Keeps the number of fields that are not sent yet.
    fn count(&self) {
        let unsent = !self.gone.get() && self.draft.borrow().is_unsent();
        if self.counted.replace(unsent) != unsent {
            self.ui.typing.update(|count| {
                *count = if unsent { *count + 1 } else { count.saturating_sub(1) };
            });
        }
    }

    /// Sends what is left when the field goes away.
    fn leave(self: &Rc<Self>) {
        self.composing.set(false);
        self.send();
        self.gone.set(true);
        self.count();
    }
}
