//! Writing a checklist: its title and its questions, published as a whole.

use crate::app::components::category::category_select;
use crate::app::components::form::text_input;
use crate::app::i18n::{common, office as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::{Asked, Checklist, ChecklistDraft, Question};
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::view::Query;

/// A question while it is being written.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Draft {
    id: ItemId,
    text: RwSignal<String>,
    choices: RwSignal<String>,
    category: RwSignal<String>,
    /// What is not edited here is published as it was.
    rest: RwSignal<Question>,
}

impl Draft {
    fn new(question: Question) -> Self {
        Self {
            id: question.id,
            rest: RwSignal::new(question.clone()),
            text: RwSignal::new(question.text),
            choices: RwSignal::new(question.choices.join("、")),
            category: RwSignal::new(question.category),
        }
    }

    fn empty() -> Self {
        Self::new(Question::new(random(), String::new()))
    }

    fn question(self) -> Question {
        let rest = self.rest.get_untracked();
        let choices = self.choices.with_untracked(|choices| choices_of(choices));
        let is_choice = rest.asked == Asked::Choice && choices.is_empty();
        Question {
            id: self.id,
            text: self.text.get_untracked().trim().to_owned(),
            asked: if is_choice { Asked::YesNo } else { rest.asked },
            choices,
            category: self.category.get_untracked(),
            ..rest
        }
    }
}

/// The editor for a new checklist or a new version of one.
pub fn checklist(ui: Ui, id: ItemId) -> AnyView {
    let answer = ui.client.watch(Query::Checklists);
    // What is being written does not change under one's hands when another version arrives.
    let start = Memo::new(move |before: Option<&Option<Option<Checklist>>>| {
        before.cloned().flatten().map(Some).unwrap_or_else(|| {
            answer.with(|answer| {
                let known = shown::checklists(answer)?;
                Some(known.iter().find(|one| one.id == id).cloned())
            })
        })
    });
    let shown = move || start.get().map(|known| editor(ui, id, known));
    let title = move || ui.t(w::CHECKLISTS).to_owned();
    view! { {frame::head_below(ui, Route::Checklists, title, AnyView::default())}{shown} }.show()
}

fn editor(ui: Ui, id: ItemId, known: Option<Checklist>) -> AnyView {
    let (title, questions) = known.map(|known| (known.title, known.questions)).unwrap_or_default();
    let title = RwSignal::new(title);
    let mut drafts: Vec<Draft> = questions.into_iter().map(Draft::new).collect();
    if drafts.is_empty() {
        drafts.push(Draft::empty());
    }
    let drafts = RwSignal::new(drafts);
    let problem = RwSignal::new(None::<String>);
    let publish = move |event: web_sys::Event| {
        event.prevent_default();
        let questions: Vec<Question> = drafts.get_untracked().into_iter().map(Draft::question).collect();
        let title = title.get_untracked().trim().to_owned();
        if title.is_empty() || questions.is_empty() || questions.iter().any(|one| one.text.is_empty()) {
            problem.set(Some(ui.t(w::CHECKLIST_INCOMPLETE).to_owned()));
            return;
        }
        let checklist = ChecklistDraft { id, title, questions };
        ui.ask(Command::PublishChecklist { checklist }, move |result| match result {
            Ok(()) => ui.nav.back(Route::Checklists),
            Err(refused) => {
                let refused: Problem = refused;
                problem.try_set(Some(ui.problem(&refused)));
            }
        });
    };
    let fields = move || {
        let drafts = drafts;
        drafts.get().into_iter().enumerate().map(|(at, one)| field(ui, drafts, at, one)).collect::<Vec<_>>()
    };
    let add = move |_| drafts.update(|drafts| drafts.push(Draft::empty()));
    view! {
        <form class="list wide form" on:submit=publish>
            {text_input(ui.t(w::CHECKLIST_TITLE), "text", title)}
            <ol class="drafts">{fields}</ol>
            <button type="button" on:click=add>{ui.t(w::ADD_QUESTION)}</button>
            <p class="wrong" role="alert">{move || problem.get()}</p>
            <button class="primary big">{ui.t(w::PUBLISH)}</button>
        </form>
    }
    .show()
}

fn field(ui: Ui, drafts: RwSignal<Vec<Draft>>, at: usize, draft: Draft) -> AnyView {
    let remove = move |_| drafts.update(|drafts| drafts.retain(|other| other.id != draft.id));
    let up = move |_| {
        drafts.update(|drafts| {
            if at > 0 && at < drafts.len() {
                drafts.swap(at - 1, at);
            }
        });
    };
    let heading = w::question_number(ui.language, at + 1);
    let choose = callback(move |code| draft.category.set(code));
    view! {
        <li>
            <fieldset>
                <legend>{heading}</legend>
                {text_input(ui.t(w::QUESTION), "text", draft.text)}
                {text_input(ui.t(w::CHOICES), "text", draft.choices)}
                <p class="hint">{ui.t(w::CHOICES_HELP)}</p>
                {category_select(ui, ui.t(w::SUGGESTS), ui.t(common::NONE), draft.category.into(), choose)}
                <div class="row">
                    <button type="button" class="quiet" disabled=at == 0 on:click=up>{ui.t(w::MOVE_UP)}</button>
                    <button type="button" class="quiet" on:click=remove>{ui.t(w::REMOVE_QUESTION)}</button>
                </div>
            </fieldset>
        </li>
    }
    .show()
}

/// The answers in a line of them.
fn choices_of(line: &str) -> Vec<String> {
    let parts = line.split(['、', '\u{ff0c}', ',', '\u{ff1b}', ';']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_by_any_comma() {
        assert_eq!(choices_of("好、一般\u{ff0c}差, "), ["好", "一般", "差"]);
        assert!(choices_of(" ").is_empty());
    }
}
