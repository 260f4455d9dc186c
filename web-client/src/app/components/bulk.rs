//! Deciding about the findings that a list's filters show, as one act that can be taken back as one. What somebody
//! has decided about already is left as it is, unless the filters ask for it.

use crate::app::components::dialog::dialog;
use crate::app::components::form::text_input;
use crate::app::filter::{Filter, decode, encode};
use crate::app::i18n::{common, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::{Review, ReviewState};
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, FindingFilter, Query, Window};
use serde::{Deserialize, Serialize};

/// Under what name the last batch is kept, so that it can be undone after a reload too.
const LAST: &str = "batch:last";

/// A batch that can be undone.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Batch {
    batch: ItemId,
    count: u32,
    is_confirmed: bool,
}

/// How a batch stands.
#[derive(Clone, PartialEq)]
enum Stands {
    Idle,
    Working,
    Refused(Problem),
    Undone,
}

/// What a batch is about: of what the filters show those that wait, unless they name another state.
fn about(filter: &Filter, today: Timestamp) -> FindingFilter {
    let filter = filter.findings(today);
    FindingFilter { review: filter.review.or(Some(ReviewState::Waiting)), ..filter }
}

/// The bar above the list of findings.
pub fn bulk(ui: Ui, filter: RwSignal<Filter>, today: Timestamp, total: Memo<u32>) -> AnyView {
    let stands = RwSignal::new(Stands::Idle);
    let answer = ui.client.watch(Query::Kept { prefix: LAST.to_owned() });
    let last = memo(move || {
        answer.with(|answer| {
            let Some(Answer::Kept(all)) = answer else { return None };
            all.first().and_then(|(_, bytes)| decode::<Batch>(bytes))
        })
    });
    let asked = ui.client.watch_with(move || {
        Query::Findings(filter.with(|filter| about(filter, today)), Window { first: 0, count: 0 })
    });
    let count = memo(move || asked.with(|answer| shown::findings(answer).map_or(0, |rows| rows.total)));
    let of = Shown { count, total };
    let act = move |(count, review): (u32, Review)| {
        let batch = Batch { batch: random(), count, is_confirmed: review == Review::Confirm };
        let command = Command::ReviewFindings {
            batch: batch.batch,
            filter: filter.with_untracked(|filter| about(filter, today)),
            expected: batch.count,
            review,
        };
        stands.set(Stands::Working);
        // Kept first: what was done of a batch that is broken off can be undone too.
        keep(ui, Some(&batch));
        ui.ask(command, move |result| {
            if let Err(refused) = result {
                // Of a batch that was refused as a whole there is nothing to undo.
                if matches!(refused, Problem::CountDiffers { .. } | Problem::TooMany { .. }) {
                    keep(ui, None);
                }
                stands.try_set(Stands::Refused(refused));
            } else {
                stands.try_set(Stands::Idle);
            }
        });
    };
    let undo = move |_| {
        let Some(Batch { batch, .. }) = last.get_untracked() else { return };
        stands.set(Stands::Working);
        ui.ask(Command::UndoReview { batch }, move |result| {
            let now = match result {
                Ok(()) => {
                    keep(ui, None);
                    Stands::Undone
                }
                Err(refused) => Stands::Refused(refused),
            };
            stands.try_set(now);
        });
    };
    let status = move || match (stands.get(), last.get()) {
        (Stands::Working, _) => ui.t(w::WORKING).to_owned(),
        (Stands::Refused(problem), _) => ui.problem(&problem),
        (Stands::Undone, None) => ui.t(w::UNDONE).to_owned(),
        (_, Some(batch)) => w::batch_done(ui.language, batch.count, batch.is_confirmed),
        (Stands::Idle, None) => String::new(),
    };
    let is_working = move || stands.with(|stands| *stands == Stands::Working);
    let to_undo = move || {
        last.get().is_some().then(|| {
            let dismiss = move |_| {
                keep(ui, None);
                stands.set(Stands::Idle);
            };
            view! {
                <button type="button" disabled=is_working on:click=undo>{ui.t(w::UNDO)}</button>
                <button type="button" class="quiet" on:click=dismiss>{ui.t(w::DISMISS)}</button>
            }
        })
    };
    view! {
        <div class="bulk" role="group" aria-label=ui.t(w::BATCH_BAR)>
            {choices(ui, of, callback(act), derived(is_working))}
            <span class="said" role="status">{status}</span>
            {to_undo}
        </div>
    }
    .show()
}

fn keep(ui: Ui, batch: Option<&Batch>) {
    ui.send(Command::Keep { name: LAST.to_owned(), value: batch.map(encode) });
}

/// How many findings a batch is about, and how many the list shows.
#[derive(Clone, Copy)]
struct Shown {
    count: Memo<u32>,
    total: Memo<u32>,
}

impl Shown {
    /// That some of those shown are left as they are.
    fn rest(self, ui: Ui) -> Option<AnyView> {
        let rest = self.total.get_untracked().saturating_sub(self.count.get_untracked());
        (rest > 0).then(|| view! { <p>{w::batch_leaves(ui.language, rest)}</p> }.show())
    }

    fn help(self, ui: Ui) -> AnyView {
        let rest = self.rest(ui);
        let help = ui.t(if rest.is_some() { w::BATCH_WAITING_HELP } else { w::BATCH_HELP });
        view! { <p>{help}</p>{rest} }.show()
    }
}

fn choices(ui: Ui, of: Shown, act: Callback<(u32, Review)>, is_working: Signal<bool>) -> AnyView {
    let [confirming, rejecting] = [RwSignal::new(false), RwSignal::new(false)];
    let is_none = move || is_working.get() || of.count.get() == 0;
    // The number that was read is the number that is meant, whatever arrives meanwhile.
    let asked_to_confirm = move || {
        let count = of.count.get_untracked();
        let act = move |_| {
            confirming.set(false);
            act.run((count, Review::Confirm));
        };
        view! {
            <p><strong>{w::confirm_all(ui.language, count)}</strong></p>
            {of.help(ui)}
            <div class="row end">
                <button type="button" on:click=move |_| confirming.set(false)>{ui.t(common::CANCEL)}</button>
                <button type="button" class="primary" on:click=act>{w::confirm_all(ui.language, count)}</button>
            </div>
        }
        .show()
    };
    let asked_to_reject = move || {
        let count = of.count.get_untracked();
        let reason = RwSignal::new(String::new());
        let is_empty = move || reason.with(|reason| reason.trim().is_empty());
        let act = move |event: web_sys::Event| {
            event.prevent_default();
            rejecting.set(false);
            act.run((count, Review::Reject { reason: reason.get_untracked().trim().to_owned() }));
        };
        view! {
            <form on:submit=act>
                <p><strong>{w::reject_all(ui.language, count)}</strong></p>
                {of.help(ui)}
                {text_input(ui.t(w::REASON), "text", reason)}
                <div class="row end">
                    <button type="button" on:click=move |_| rejecting.set(false)>{ui.t(common::CANCEL)}</button>
                    <button class="primary" disabled=is_empty>{w::reject_all(ui.language, count)}</button>
                </div>
            </form>
        }
        .show()
    };
    view! {
        <button type="button" disabled=is_none on:click=move |_| confirming.set(true)>
            {move || format!("{}…", w::confirm_all(ui.language, of.count.get()))}
        </button>
        <button type="button" disabled=is_none on:click=move |_| rejecting.set(true)>
            {move || format!("{}…", w::reject_all(ui.language, of.count.get()))}
        </button>
        {dialog(ui, confirming, ui.t(w::BATCH_BAR), "ask", asked_to_confirm)}
        {dialog(ui, rejecting, ui.t(w::BATCH_BAR), "ask", asked_to_reject)}
    }
    .show()
}
