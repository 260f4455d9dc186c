//! What a person does with a visit, step by step, and how to see that all of it was kept.

use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::domain::{Mode, Severity, VisitState};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::view::{Heads, VisitView};
use mingcha_tests::World;
use mingcha_tests::world::{Who, passphrase};

const FINDING: ItemId = ItemId([7; 16]);

/// Commands in order, each with what a visit then shows.
type Deed = (Command, fn(&VisitView) -> bool);

pub struct Deeds {
    visit: DocumentId,
    all: Vec<Deed>,
}

impl Deeds {
    /// A visit recorded from beginning to end, the device locked and unlocked in between.
    pub fn new(world: &mut World, team: SpaceId) -> Self {
        let visit = DocumentId(world.id());
        let unit = Some("410305".to_owned());
        let edit = |edit| Command::EditVisit { visit, edit };
        let field = |field| edit(VisitEdit::Finding { finding: FINDING, field });
        let notes = TextEdit { base: Heads::default(), text: "窗口无人".into() };
        let all: Vec<Deed> = vec![
            (
                Command::StartVisit {
                    visit,
                    team,
                    mode: Mode::Undercover,
                    unit,
                    checklist: None,
                    assignment: None,
                },
                |view| view.unit.value == "410305",
            ),
            (edit(VisitEdit::Notes(notes)), |view| view.notes == "窗口无人"),
            (edit(VisitEdit::AddFinding { finding: FINDING, question: None }), |view| {
                view.findings.len() == 1
            }),
            (Command::Lock, |_| true),
            (Command::Unlock { passphrase: passphrase() }, |_| true),
            (field(FindingEdit::Severity(Severity::Grave)), |view| {
                view.findings[0].severity.value == Severity::Grave.code()
            }),
            (field(FindingEdit::Place("3号窗口".into())), |view| {
                view.findings[0].place.value == "3号窗口"
            }),
            (Command::SubmitVisit { visit, incomplete: false }, |view| view.state == VisitState::Submitted),
        ];
        Self { visit, all }
    }

    /// Does them until `steps` are used up; how many were answered with success, and how many steps are left.
    pub fn run(&self, world: &mut World, who: Who, steps: usize) -> (usize, usize) {
        let (mut answered, mut left) = (0, steps);
        for (command, _) in &self.all {
            if left == 0 {
                break;
            }
            let request = world.at(who).ask(command.clone());
            left = world.run_for(left);
            answered += usize::from(world.at(who).answer(request) == Some(&Ok(())));
        }
        (answered, left)
    }

    /// Whether the first of them, so many, are to be seen on a device.
    pub fn are_kept(&self, world: &mut World, who: Who, count: usize) -> bool {
        let view = world.see(who, self.visit);
        self.all[..count].iter().all(|(_, kept)| view.as_ref().is_some_and(kept))
    }

    pub fn count(&self) -> usize {
        self.all.len()
    }

    pub fn visit(&self) -> DocumentId {
        self.visit
    }
}
