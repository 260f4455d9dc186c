//! What is decided about the finding shown, and taking the last decision back.

use super::{At, Queue};
use crate::app::components::dialog::{Question, confirm_with_reason};
use crate::app::i18n::review as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::{Review, ReviewState, VisitState};
use mingcha_core::problem::Problem;
use mingcha_core::view::{FindingView, Heads, ReviewView, VisitView};

/// A decision that can be taken back.
#[derive(Clone)]
struct Decided {
    at: At,
    heads: Heads,
    /// What stands again when it is taken back.
    before: Review,
}

/// What can be decided.
#[derive(Clone, Copy)]
pub struct Deciding {
    /// About which finding.
    pub queue: Queue,
    rejecting: RwSignal<bool>,
    sending_back: RwSignal<bool>,
    said: RwSignal<Option<Said>>,
    done: RwSignal<Vec<Decided>>,
}

/// What is said below the buttons.
#[derive(Clone)]
enum Said {
    Refused(Problem),
    Undone,
    Words(&'static str),
}

impl Deciding {
    /// Nothing is decided yet.
    pub fn new(queue: Queue) -> Self {
        Self {
            queue,
            rejecting: RwSignal::new(false),
            sending_back: RwSignal::new(false),
            said: RwSignal::new(None),
            done: RwSignal::new(Vec::new()),
        }
    }

    /// It is so.
    pub fn confirm(self) {
        self.decide(Review::Confirm);
    }

    /// Asks why it is not so.
    pub fn ask_to_reject(self) {
        if self.shown().is_some() {
            self.rejecting.set(true);
        }
    }

    /// Asks why the visit is sent back.
    pub fn ask_to_send_back(self) {
        let state = self.queue.visit.with_untracked(|visit| visit.as_ref().map(|visit| visit.state));
        match state {
            Some(VisitState::Submitted | VisitState::Disputed) => self.sending_back.set(true),
            Some(_) => self.said.set(Some(Said::Words(self.queue.ui.t(w::NOT_SUBMITTED_NOW)))),
            None => {}
        }
    }

    /// Goes to the reports on the unit, side by side.
    pub fn merge(self) {
        let has_unit = self
            .queue
            .visit
            .with_untracked(|visit| visit.as_ref().is_some_and(|visit| !visit.unit.value.is_empty()));
        match self.queue.at.get_untracked() {
            Some((visit, finding)) if has_unit => self.queue.ui.go(Route::Compare(visit, Some(finding))),
            Some(_) => self.said.set(Some(Said::Words(self.queue.ui.t(w::NO_UNIT)))),
            None => {}
        }
    }

    /// Takes the last decision back, and shows what it was about.
    pub fn undo(self) {
        let Some(Decided { at, heads, before }) = self.done.try_update(Vec::pop).flatten() else { return };
        self.queue.at.set(Some(at));
        self.review(at, heads, before, Some(Said::Undone));
    }

    fn decide(self, review: Review) {
        let Some((at, heads, finding)) = self.shown() else { return };
        let next = self.queue.after();
        self.done.update(|done| {
            done.push(Decided { at, heads: heads.clone(), before: standing(&finding.review) });
        });
        self.review(at, heads, review, None);
        self.queue.at.set(next);
    }

    fn send_back(self, reason: String) {
        let Some(((visit, _), ..)) = self.shown() else { return };
        let next = self.queue.after();
        let (ui, at, said) = (self.queue.ui, self.queue.at, self.said);
        let before = at.get_untracked();
        said.set(None);
        ui.ask(
            Command::SendVisitBack { visit, reason: reason.trim().to_owned() },
            move |result| match result {
                // With it go all its findings: the next one of another visit.
                Ok(()) if at.try_get_untracked() == Some(before) => {
                    at.try_set(next.filter(|(other, _)| *other != visit));
                }
                Ok(()) => {}
                Err(refused) => {
                    said.try_set(Some(Said::Refused(refused)));
                }
            },
        );
    }

    fn review(self, (visit, finding): At, heads: Heads, review: Review, then: Option<Said>) {
        let (ui, said, at) = (self.queue.ui, self.said, self.queue.at);
        said.set(None);
        let command = Command::ReviewFinding { visit, heads, finding, review };
        ui.ask(command, move |result| match result {
            Ok(()) => {
                if then.is_some() {
                    said.try_set(then);
                }
            }
            Err(refused) => {
                // Back to what could not be decided.
                at.try_set(Some((visit, finding)));
                said.try_set(Some(Said::Refused(refused)));
            }
        });
    }

    /// The finding shown, with the version of its visit.
    fn shown(self) -> Option<(At, Heads, FindingView)> {
        let at = self.queue.at.get_untracked()?;
        self.queue.visit.with_untracked(|visit| {
            let VisitView { heads, findings, .. } = visit.as_ref()?;
            let finding = findings.iter().find(|one| one.finding == at.1)?;
            Some((at, heads.clone(), finding.clone()))
        })
    }
}

/// The decision that stands: what is stated again when a later one is taken back.
fn standing(review: &ReviewView) -> Review {
    match (review.state, review.decisions.last()) {
        (ReviewState::Confirmed, _) => Review::Confirm,
        (ReviewState::Rejected, Some(decision)) => Review::Reject { reason: decision.reason.clone() },
        _ => Review::Withdraw,
    }
}

/// The buttons, each with its key, where the thumb is.
pub fn actions(deciding: Deciding) -> AnyView {
    let Deciding { queue, said, done, .. } = deciding;
    let ui = queue.ui;
    let is_none = move || queue.visit.with(Option::is_none);
    let no_undo = move || done.with(Vec::is_empty);
    let words = move || {
        said.get().map(|said| match said {
            Said::Refused(problem) => ui.problem(&problem),
            Said::Undone => ui.t(w::UNDONE).to_owned(),
            Said::Words(words) => words.to_owned(),
        })
    };
    let class = move || match said.get() {
        Some(Said::Refused(_)) => "wrong",
        Some(Said::Undone | Said::Words(_)) | None => "hint",
    };
    let button = |word, key: &'static str, act: Callback<()>| {
        view! {
            <button type="button" disabled=is_none on:click=move |_| act.run(())>
                {ui.t(word)}" "<kbd aria-hidden="true">{key}</kbd>
            </button>
        }
    };
    view! {
        <div class="bar decide" role="group" aria-label=ui.t(w::REVIEW)>
            <p class=class role="status">{words}</p>
            <button type="button" class="primary" disabled=is_none on:click=move |_| deciding.confirm()>
                {ui.t(w::CONFIRM)}" "<kbd aria-hidden="true">"C"</kbd>
            </button>
            {button(w::REJECT, "R", callback(move |()| deciding.ask_to_reject()))}
            {button(w::SEND_BACK, "B", callback(move |()| deciding.ask_to_send_back()))}
            {button(w::MERGE, "M", callback(move |()| deciding.merge()))}
            <button type="button" disabled=no_undo on:click=move |_| deciding.undo()>
                {ui.t(w::UNDO)}" "<kbd aria-hidden="true">"Z"</kbd>
            </button>
        </div>
    }
    .show()
}

/// What asks why.
pub fn dialogs(deciding: Deciding) -> AnyView {
    let ui = deciding.queue.ui;
    let reject =
        Question { title: ui.t(w::REJECT_TITLE), help: ui.t(w::REJECT_HELP), action: ui.t(w::REJECT) };
    let send_back = Question {
        title: ui.t(w::SEND_BACK_TITLE),
        help: ui.t(w::SEND_BACK_HELP),
        action: ui.t(w::SEND_BACK),
    };
    let rejected =
        callback(move |reason: String| deciding.decide(Review::Reject { reason: reason.trim().to_owned() }));
    let sent_back = callback(move |reason| deciding.send_back(reason));
    view! {
        {confirm_with_reason(ui, deciding.rejecting, reject, ui.t(w::REASON), rejected)}
        {confirm_with_reason(ui, deciding.sending_back, send_back, ui.t(w::REASON), sent_back)}
    }
    .show()
}
