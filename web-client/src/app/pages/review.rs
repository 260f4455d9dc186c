//! The review queue: one finding after another, the report it comes from beside it, a decision at a key.

mod deciding;
mod shown_finding;

use crate::app::components::table::key_help;
use crate::app::filter::{Filter, ListState, decode, encode};
use crate::app::i18n::{Text, desk, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown, spawn, when};
use crate::dom;
use crate::reactive::*;
use deciding::{Deciding, actions, dialogs};
use mingcha_core::domain::ReviewState;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Answer, FindingFilter, FindingPlace, Query, VisitView, Window};
pub use shown_finding::review_tag;

/// A finding with its visit.
pub type At = (DocumentId, ItemId);

/// No finding has these numbers.
const NOWHERE: At = (DocumentId([0; 16]), ItemId([0; 16]));

/// What the queue's pieces share.
#[derive(Clone, Copy)]
pub struct Queue {
    ui: Ui,
    /// Which findings.
    filter: StoredValue<FindingFilter>,
    /// The finding shown; none when the queue is at its end, or empty.
    at: RwSignal<Option<At>>,
    /// Where it stands.
    place: Memo<FindingPlace>,
    /// Its visit.
    visit: Memo<Option<VisitView>>,
    /// Whether a finding was shown yet.
    begun: RwSignal<bool>,
}

const KEYS: [(&str, Text); 6] = [
    ("J K", desk::KEY_NEXT),
    ("C", w::KEY_CONFIRM),
    ("R", w::KEY_REJECT),
    ("B", w::KEY_SEND_BACK),
    ("M", w::KEY_MERGE),
    ("Z", w::KEY_UNDO),
];

/// The page, at a finding or at the first of the queue.
pub fn review(ui: Ui, at: Option<At>) -> AnyView {
    let is_read = memo(move || ui.nav.is_read());
    (move || is_read.get().then(|| page(ui, at))).show()
}

fn page(ui: Ui, at: Option<At>) -> AnyView {
    let kept = ui.nav.kept().and_then(|bytes| decode::<ListState>(&bytes));
    let filter = match (&kept, at) {
        (Some(list), _) => list.filter.clone(),
        // A link to a finding stands for itself: among all.
        (None, Some(_)) => Filter::default(),
        (None, None) => waiting(),
    };
    let list = ListState { filter: filter.clone(), ..ListState::default() };
    ui.nav.keep(ui.client, encode(&list));
    let filter = filter.findings(when::today());
    let at = RwSignal::new(at);
    let asked = filter.clone();
    let place = ui.client.watch_with(move || {
        let (visit, finding) = at.get().unwrap_or(NOWHERE);
        Query::FindingPlace { filter: asked.clone(), visit, finding }
    });
    let place = memo(move || place.with(|place| shown::finding_place(place).cloned().unwrap_or_default()));
    let visit = ui.client.watch_with(move || Query::Visit(at.get().unwrap_or(NOWHERE).0));
    let visit = memo(move || {
        let here = at.get().map(|(visit, _)| visit);
        visit.with(|answer| shown::visit(answer).filter(|visit| Some(visit.visit) == here).cloned())
    });
    let queue = Queue { ui, filter: StoredValue::new(filter), at, place, visit, begun: RwSignal::new(false) };
    report::tell_seen(ui, move || visit.get().into_iter().collect());
    effect(move || {
        if let Some(at) = at.get() {
            queue.begun.set(true);
            ui.nav.rename(Route::Review(Some(at)));
        }
    });
    let deciding = Deciding::new(queue);
    let help = RwSignal::new(false);
    keys(deciding, help);
    let title = move || ui.t(w::REVIEW).to_owned();
    let is_over = memo(move || at.with(Option::is_none));
    let body = move || if is_over.get() { over(queue) } else { one(queue, deciding) };
    view! {
        {frame::head_below(ui, Route::Findings, title, steps(queue))}
        {body}
        {dialogs(deciding)}
        {key_help(ui, help, &KEYS)}
    }
    .show()
}

/// What waits for review.
fn waiting() -> Filter {
    Filter { review: Some(ReviewState::Waiting), ..Filter::default() }
}

impl Queue {
    fn next(self) {
        let place = self.place.get_untracked();
        match place.next {
            Some(next) => self.at.set(Some(next)),
            // What is shown is no longer part of the queue, which has others.
            None if place.position.is_none() && place.total > 0 => spawn(async move {
                if let Some(first) = self.first_of(&self.ui.client.read(self.first()).await) {
                    self.at.try_set(Some(first));
                }
            }),
            None => {}
        }
    }

    fn first(self) -> Query {
        Query::Findings(self.filter.get_value(), Window { first: 0, count: 1 })
    }

    fn first_of(self, answer: &Option<Answer>) -> Option<At> {
        shown::findings(answer)?.rows.first().map(|row| (row.visit, row.finding))
    }

    fn goes_through_waiting(self) -> bool {
        self.filter.with_value(|filter| filter.review == Some(ReviewState::Waiting))
    }

    /// Where to go when the finding shown is done with: in a queue of what waits also back to what was passed over.
    fn after(self) -> Option<At> {
        self.place
            .with_untracked(|place| place.next.or(place.previous.filter(|_| self.goes_through_waiting())))
    }

    fn previous(self) {
        if let Some(previous) = self.place.with_untracked(|place| place.previous) {
            self.at.set(Some(previous));
        }
    }
}

/// `3 / 17`, and the ways to the neighbours.
fn steps(queue: Queue) -> AnyView {
    let Queue { ui, place, at, .. } = queue;
    let said = move || at.get().map(|_| place.with(|place| w::place(place.position, place.total)));
    let none_before = move || place.with(|place| place.previous.is_none());
    let none_after =
        move || place.with(|place| place.next.is_none() && (place.position.is_some() || place.total == 0));
    view! {
        <div class="steps">
            <span role="status" aria-live="polite">{said}</span>
            <button type="button" class="up" disabled=none_before on:click=move |_| queue.previous()>
                <span>{ui.t(w::PREVIOUS)}</span>" "<kbd aria-hidden="true">"K"</kbd>
            </button>
            <button type="button" class="down" disabled=none_after on:click=move |_| queue.next()>
                <span>{ui.t(w::NEXT)}</span>" "<kbd aria-hidden="true">"J"</kbd>
            </button>
        </div>
    }
    .show()
}

fn one(queue: Queue, deciding: Deciding) -> AnyView {
    let Queue { ui, .. } = queue;
    view! {
        <div class="queue">
            <section class="decided" aria-label=ui.t(w::REVIEW)>
                {shown_finding::finding(queue)}
            </section>
            <section class="report" aria-label=ui.t(w::THE_REPORT)>{shown_finding::beside(queue)}</section>
        </div>
        {actions(deciding)}
    }
    .show()
}

/// The end of the queue, or its beginning before it is known.
fn over(queue: Queue) -> AnyView {
    let ui = queue.ui;
    let is_waiting = queue.goes_through_waiting();
    let first = (is_waiting || !queue.begun.get_untracked()).then(|| ui.client.watch(queue.first()));
    if let Some(first) = first {
        effect(move || {
            if let Some(first) = first.with(|answer| queue.first_of(answer)) {
                queue.at.set(Some(first));
            }
        });
    }
    let words = if is_waiting { w::QUEUE_EMPTY } else { w::QUEUE_DONE };
    // Not before it is known that there is nothing.
    let is_none = |answer: &Option<Answer>| shown::findings(answer).is_some_and(|rows| rows.rows.is_empty());
    let said = move || first.is_none_or(|first| first.with(is_none)).then(|| ui.t(words));
    let all = move |_| ui.go(Route::Findings);
    view! {
        <div class="list">
            <p class="nothing" role="status">{said}</p>
            <button type="button" on:click=all>{ui.t(w::TO_FINDINGS)}</button>
        </div>
    }
    .show()
}

fn keys(deciding: Deciding, help: RwSignal<bool>) {
    let queue = deciding.queue;
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        let is_other = event.ctrl_key() || event.meta_key() || event.alt_key();
        if dom::is_typing(&event) || dom::has_dialog() || is_other {
            return;
        }
        match event.key().as_str() {
            "j" | "J" | "ArrowDown" => queue.next(),
            "k" | "K" | "ArrowUp" => queue.previous(),
            "c" | "C" => deciding.confirm(),
            "r" | "R" => deciding.ask_to_reject(),
            "b" | "B" => deciding.ask_to_send_back(),
            "m" | "M" => deciding.merge(),
            "z" | "Z" => deciding.undo(),
            "?" => help.set(true),
            _ => return,
        }
        event.prevent_default();
    });
}
