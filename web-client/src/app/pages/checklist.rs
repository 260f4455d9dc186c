//! Writing a checklist: its title and its questions, tried as the phone shows them, published as a whole.

mod draft;
mod preview;
mod question;

use crate::app::components::form::text_input;
use crate::app::i18n::{office as w, writing};
use crate::app::kept::{Keeping, Kind};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown};
use crate::dom;
use crate::reactive::*;
use draft::Draft;
use mingcha_core::command::Command;
use mingcha_core::domain::{Checklist, ChecklistDraft};
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::view::Query;

/// Checklists that are written and not published.
pub const DRAFTS: Kind<ChecklistDraft> = Kind::new("checklist");

/// Where the editor starts: what was left unpublished, and what is published.
#[derive(Clone, PartialEq)]
struct Start {
    kept: Option<ChecklistDraft>,
    known: Option<Checklist>,
}

/// The editor for a new checklist or a new version of one.
pub fn checklist(ui: Ui, id: ItemId) -> AnyView {
    let answer = ui.client.watch(Query::Checklists);
    let kept = DRAFTS.one(ui, id.to_string());
    // What is being written does not change under one's hands when another version arrives.
    let start = Memo::new(move |before: Option<&Option<Start>>| {
        before.cloned().flatten().or_else(|| {
            let kept = kept.get()?;
            answer.with(|answer| {
                let known = shown::checklists(answer)?.iter().find(|one| one.id == id).cloned();
                Some(Start { kept, known })
            })
        })
    });
    let discarded = RwSignal::new(false);
    let shown = move || {
        let start = start.get()?;
        let kept = start.kept.filter(|_| !discarded.get());
        Some(editor(ui, id, start.known, kept, discarded))
    };
    let title = move || {
        let word = start.with(|start| match start {
            None => w::CHECKLISTS,
            Some(Start { known: None, .. }) => w::WRITE_ONE,
            Some(Start { known: Some(_), .. }) => w::EDIT_ONE,
        });
        ui.t(word).to_owned()
    };
    view! { {frame::head_below(ui, Route::Checklists, title, AnyView::default())}{shown} }.show()
}

/// What is being written.
#[derive(Clone, Copy)]
struct Editor {
    ui: Ui,
    questions: RwSignal<Vec<Draft>>,
    /// The question deleted last, and where it stood.
    removed: RwSignal<Option<(usize, Draft)>>,
}

fn editor(
    ui: Ui,
    id: ItemId,
    known: Option<Checklist>,
    kept: Option<ChecklistDraft>,
    discarded: RwSignal<bool>,
) -> AnyView {
    let version = known.as_ref().map(|known| known.version);
    let is_restored = kept.is_some();
    let published = known.map(|Checklist { title, questions, .. }| ChecklistDraft { id, title, questions });
    let ChecklistDraft { title, questions, .. } =
        kept.or(published).unwrap_or(ChecklistDraft { id, title: String::new(), questions: Vec::new() });
    let title = RwSignal::new(title);
    let mut drafts: Vec<Draft> = questions.into_iter().map(Draft::new).collect();
    if drafts.is_empty() {
        drafts.push(Draft::empty());
    }
    let questions = RwSignal::new(drafts);
    let editor = Editor { ui, questions, removed: RwSignal::new(None) };
    let written = memo(move || ChecklistDraft {
        id,
        title: title.get().trim().to_owned(),
        questions: questions.get().into_iter().map(Draft::question).collect(),
    });
    let keeping = DRAFTS.keep(ui, id.to_string(), written);
    let problem = RwSignal::new(None::<String>);
    let restored = is_restored.then(|| {
        let discard = move |_| {
            keeping.done();
            discarded.set(true);
        };
        view! {
            <div class="banner row">
                <span>{ui.t(writing::RESTORED)}</span>
                <button type="button" on:click=discard>{ui.t(writing::DISCARD)}</button>
            </div>
        }
    });
    let about = match version {
        Some(version) => writing::next_version(ui.language, version),
        None => ui.t(writing::FIRST_VERSION).to_owned(),
    };
    let fields = move || {
        let all = questions.get();
        let count = all.len();
        (0..).zip(all).map(|(at, one)| question::question(editor, at, count, one)).collect::<Vec<_>>()
    };
    view! {
        <div class="list wide writing">
            <form class="of-questions" on:submit=move |event| publish(ui, event, written, keeping, problem)>
                {restored}
                {text_input(ui.t(w::CHECKLIST_TITLE), "text", title)}
                <p class="hint">{ui.t(writing::KEYS)}</p>
                <ol class="drafts">{fields}</ol>
                {undo(editor)}
                <button type="button" on:click=move |_| editor.add()>{ui.t(w::ADD_QUESTION)}</button>
                <p class="wrong" role="alert">{move || problem.get()}</p>
                <p class="hint">{about}</p>
                <button class="primary big">{ui.t(w::PUBLISH)}</button>
            </form>
            {preview::preview(ui, written)}
        </div>
    }
    .show()
}

fn publish(
    ui: Ui,
    event: web_sys::Event,
    written: Memo<ChecklistDraft>,
    keeping: Keeping<ChecklistDraft>,
    problem: RwSignal<Option<String>>,
) {
    event.prevent_default();
    let checklist = written.get_untracked();
    let is_incomplete = checklist.title.is_empty()
        || checklist.questions.is_empty()
        || checklist.questions.iter().any(|one| one.text.is_empty());
    if is_incomplete {
        problem.set(Some(ui.t(w::CHECKLIST_INCOMPLETE).to_owned()));
        return;
    }
    ui.ask(Command::PublishChecklist { checklist }, move |result| match result {
        Ok(()) => {
            keeping.done();
            ui.nav.back(Route::Checklists);
        }
        Err(refused) => {
            let refused: Problem = refused;
            problem.try_set(Some(ui.problem(&refused)));
        }
    });
}

/// The way back for a question that was deleted.
fn undo(editor: Editor) -> AnyView {
    let ui = editor.ui;
    let shown = move || {
        editor.removed.get().map(|(at, draft)| {
            let put_back = move |_| {
                editor.removed.set(None);
                editor.questions.update(|all| all.insert(at.min(all.len()), draft));
                dom::after(0, move || dom::focus(&draft.anchor("text")));
            };
            view! {
                <div class="banner row" role="status">
                    <span>{writing::removed(ui.language, at + 1)}</span>
                    <button type="button" on:click=put_back>{ui.t(writing::UNDO)}</button>
                </div>
            }
        })
    };
    shown.show()
}

impl Editor {
    fn add(self) {
        let draft = Draft::empty();
        self.questions.update(|all| all.push(draft));
        dom::after(0, move || dom::focus(&draft.anchor("text")));
    }

    /// Moves a question by one place; the focus stays where it was in it.
    fn step(self, at: usize, draft: Draft, down: Step, focus: &'static str) {
        let to = match down {
            Step::Up => at.checked_sub(1),
            Step::Down => Some(at + 1).filter(|to| *to < self.questions.with_untracked(Vec::len)),
        };
        let Some(to) = to else { return };
        self.questions.update(|all| all.swap(at, to));
        dom::after(0, move || dom::focus(&draft.anchor(focus)));
    }

    fn duplicate(self, at: usize, draft: Draft) {
        let copy = draft.copy();
        self.questions.update(|all| all.insert((at + 1).min(all.len()), copy));
        dom::after(0, move || dom::focus(&copy.anchor("text")));
    }

    fn remove(self, at: usize, draft: Draft) {
        self.questions.update(|all| all.retain(|other| other.id != draft.id));
        self.removed.set(Some((at, draft)));
    }
}

/// Which way a question is moved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Up,
    Down,
}
