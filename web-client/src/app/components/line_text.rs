//! A short text of a visit, saved as it is typed. Written by two people at once it keeps both values.

use crate::app::components::long_text::PAUSE_MILLIS;
use crate::app::markup::{AnyView, Element, NodeRef, Show as _, view};
use crate::app::{Ui, spawn};
use crate::dom;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::problem::Problem;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::HtmlInputElement;

/// What is written into the field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A few words.
    Line,
    /// A number.
    Number,
    /// Several lines.
    Text,
}

/// Shows the text as a labelled field; `save` makes the command that saves it.
pub fn line_text(
    ui: Ui,
    label: AnyView,
    hint: &'static str,
    kind: Kind,
    value: Memo<String>,
    save: impl Fn(String) -> Command + 'static,
) -> AnyView {
    boxed_line_text(ui, label, hint, kind, value, Box::new(save))
}

#[inline(never)]
fn boxed_line_text(
    ui: Ui,
    label: AnyView,
    hint: &'static str,
    kind: Kind,
    value: Memo<String>,
    save: Box<dyn Fn(String) -> Command>,
) -> AnyView {
    let id = dom::fresh_id();
    let line = Rc::new(Line {
        ui,
        save,
        node: NodeRef::new(),
        problem: RwSignal::new(None),
        typed: RefCell::default(),
        sent: RefCell::default(),
        flights: Cell::new(0),
        counted: Cell::new(false),
        timer: Cell::new(None),
    });
    let (node, problem) = (line.node, line.problem);
    Effect::new({
        let line = line.clone();
        move |_| line.shown(&value.get())
    });
    dom::on_window("visibilitychange", {
        let line = line.clone();
        move |_: web_sys::Event| line.send()
    });
    let held = StoredValue::new_local(line.clone());
    on_cleanup(move || {
        held.with_value(Line::send);
    });
    let (typing, leaving) = (line.clone(), line);
    // A field of several lines has the same properties.
    let name = if kind == Kind::Text { "textarea" } else { "input" };
    let field = Element::new(name)
        .attribute("id", id.clone())
        .attribute("autocomplete", "off")
        .attribute("placeholder", hint)
        .attribute("inputmode", if kind == Kind::Number { "decimal" } else { "text" })
        .kept_in(node)
        .on("input", move |_: web_sys::Event| typing.input())
        .on("blur", move |_: web_sys::Event| leaving.send())
        .done();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {field}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        </div>
    }
    .show()
}

struct Line {
    ui: Ui,
    save: Box<dyn Fn(String) -> Command>,
    node: NodeRef<HtmlInputElement>,
    problem: RwSignal<Option<Problem>>,
    typed: RefCell<String>,
    /// What was sent last, or shown last when nothing was sent since.
    sent: RefCell<String>,
    flights: Cell<u32>,
    counted: Cell<bool>,
    timer: Cell<Option<dom::Timer>>,
}

impl Line {
    fn is_unsent(&self) -> bool {
        *self.typed.borrow() != *self.sent.borrow()
    }

    /// Takes in a value from outside, unless something is being typed or saved here.
    fn shown(&self, value: &str) {
        if self.is_unsent() || self.flights.get() > 0 {
            return;
        }
        self.typed.replace(value.to_owned());
        self.sent.replace(value.to_owned());
        if let Some(element) = self.node.get()
            && element.value() != value
        {
            element.set_value(value);
        }
    }

    fn input(self: &Rc<Self>) {
        if let Some(element) = self.node.get_untracked() {
            self.typed.replace(element.value());
        }
        self.count();
        let line = self.clone();
        self.timer.set(Some(dom::later(PAUSE_MILLIS, move || line.send())));
    }

    fn send(self: &Rc<Self>) {
        if !self.is_unsent() {
            return;
        }
        let text = self.typed.borrow().clone();
        self.sent.replace(text.clone());
        self.flights.set(self.flights.get() + 1);
        let asked = self.ui.client.ask((self.save)(text));
        self.count();
        let line = self.clone();
        spawn(async move {
            let result = asked.await;
            line.flights.set(line.flights.get() - 1);
            line.problem.try_set(result.err());
        });
    }

    /// Keeps the number of fields that are not sent yet.
    fn count(&self) {
        let unsent = self.is_unsent();
        if self.counted.replace(unsent) != unsent {
            self.ui.typing.update(|count| {
                *count = if unsent { *count + 1 } else { count.saturating_sub(1) };
            });
        }
    }
}
