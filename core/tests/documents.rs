//! The bytes of documents: the same on every target, for ever.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::command::{FindingEdit, TextEdit, VisitEdit};
use mingcha_core::document::{Document, Kind, RawChange, pack, unpack};
use mingcha_core::domain::{
    AssignmentDraft, Author, ChecklistDraft, Citation, Language, Mode, Need, People, Question, Reexamined,
    Role, Severity, Stamp, Suggestion, Summary, assignment, checklist, directory, matter, office, summary,
    visit,
};
use mingcha_core::ids::{DatasetId, Digest, DocumentId, ItemId, MemberId, SpaceId, StreamId};
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Heads, Tick};
use sha2::Digest as _;

const ACTOR: StreamId = StreamId([0x17; 16]);

struct Founder;

impl People for Founder {
    fn author(&self, actor: StreamId) -> Option<Author> {
        let roles = vec![Role::Inspector, Role::Supervisor, Role::Coordinator];
        Some(Author { member: MemberId(actor.0), roles })
    }

    fn name(&self, _: MemberId) -> Option<String> {
        None
    }

    fn team_name(&self, _: SpaceId) -> Option<String> {
        None
    }

    fn tick(&self, _: DocumentId, _: bool) -> Tick {
        Tick::Saved
    }
}

fn stamp(number: u8) -> Stamp {
    Stamp { at: Timestamp(1_795_000_000_000 + u64::from(number)), key: ItemId([number; 16]) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(bytes: &[u8]) -> String {
    Digest(sha2::Sha256::digest(bytes).into()).to_string()
}

fn recorded_visit() -> Document {
    let mut document = Document::new(Kind::Visit, ACTOR);
    let finding = ItemId([0xf1; 16]);
    let start = visit::Start {
        mode: Mode::SpotCheck,
        unit: Some("0101"),
        checklist: Some(ItemId([0xc1; 16])),
        assignment: None,
    };
    visit::start(&mut document, stamp(1), start).unwrap();
    let base = document.heads();
    let edits = [
        VisitEdit::Notes(TextEdit { base, text: "窗口 3 无人 😀".into() }),
        VisitEdit::Answer { question: ItemId([0x91; 16]), answer: Some("no".into()) },
        VisitEdit::AddFinding { finding, question: None },
        VisitEdit::Finding { finding, field: FindingEdit::Severity(Severity::Grave) },
        VisitEdit::Choose { path: "unit".into(), value: "0102".into() },
        VisitEdit::StrikeFinding { finding },
    ];
    for (number, edit) in (2..).zip(&edits) {
        visit::edit(&mut document, stamp(number), edit).unwrap();
    }
    visit::void(&mut document, stamp(20), "误录").unwrap();
    visit::submit(&mut document, stamp(21)).unwrap();
    let heads = Heads(vec![[0xab; 32]]);
    assert!(visit::saw(&mut document, stamp(22), &heads, &Founder).is_err());
    let heads = document.heads();
    visit::saw(&mut document, stamp(22), &heads, &Founder).unwrap();
    document
}

#[test]
fn skeletons_are_frozen() {
    let skeleton =
        |kind| Document::new(kind, ACTOR).heads().0.iter().map(|hash| hex(hash)).collect::<Vec<_>>();
    assert_eq!(skeleton(Kind::Office), ["d862d264acfd5ff4f5729b41ffe842fcb26ddc2816589a85295846e8c1162a99"]);
    assert_eq!(
        skeleton(Kind::Directory),
        ["360862a60db51912f5528cf26ddda6f98b07f18adf5c37d4720b0ef76a946d4a"]
    );
    assert_eq!(skeleton(Kind::Visit), ["92ff3ce27ca2cc84e18f5918841e460219727e5f900ec12e55ae9990407d3e40"]);
    assert_eq!(skeleton(Kind::Matter), ["e656485a9146eae6698ee22f8c4d1cb07163a7dbd9b0bc17561e79355bb83270"]);
    assert_eq!(
        skeleton(Kind::Assignment),
        ["fc74320da83e88b0642b0e104536ce2fef042f0e78c886f5018995dcd5e58827"]
    );
}

#[test]
fn a_recorded_visit_gives_the_same_changes_everywhere() {
    let mut document = recorded_visit();
    let heads: Vec<_> = document.heads().0.iter().map(|hash| hex(hash)).collect();
    assert_eq!(heads, ["6005299cbcd2ab9cedcd183d4d32b0be4e9fab2847252090be86fda614c37482"]);
    let changes = document.take_changes();
    let batch = pack(&changes);
    assert_eq!(unpack(&batch).as_ref(), Ok(&changes));
    assert_eq!(digest(&batch), "73e3400b0b67f1667d6b1640a3e93e81c5980ef4d2022d3e22ff92e5062d3a03");
    let mut copy = Document::new(Kind::Visit, StreamId([0x18; 16]));
    assert_eq!(copy.apply(changes).unwrap().new, 10);
    assert_eq!(digest(&copy.snapshot()), "f7cc624008660106b85c135814a3cf0e696f0a75790126398343531eb9acf5f9");
    let row = summary::of(&copy, SpaceId([1; 16]), &Founder).unwrap();
    assert_eq!(Summary::decode(&row.encode()), Some(row));
}

#[test]
fn facts_of_a_visit_are_frozen() {
    let document = recorded_visit();
    let facts: Vec<_> = document.facts().iter().map(|fact| hex(fact.value)).collect();
    let (seen, others) = facts.split_last().unwrap();
    assert_eq!(
        others,
        [
            "01820080",
            "0182048364756e69746430313032816430313031",
            "0182038150f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1",
            "0182028166e8afafe5bd95",
            "01820180"
        ]
    );
    assert!(seen.starts_with("01820581815820"), "{seen}");
}

#[test]
fn facts_of_a_matter_are_frozen() {
    let mut document = Document::new(Kind::Matter, ACTOR);
    let citation =
        Citation { visit: DocumentId([1; 16]), heads: Heads(vec![[2; 32]]), finding: ItemId([3; 16]) };
    let opening = matter::Opening {
        title: "t",
        unit: "u",
        category: "power.slow",
        severity: Severity::Serious,
        citations: core::slice::from_ref(&citation),
    };
    matter::open(&mut document, stamp(1), opening).unwrap();
    matter::cite(&mut document, stamp(2), core::slice::from_ref(&citation)).unwrap();
    let facts: Vec<_> = document.facts().iter().map(|fact| hex(fact.value)).collect();
    assert_eq!(
        facts,
        [
            "01820085617461756a706f7765722e736c6f7767736572696f75738183500101010101010101010101010101010181582002020202020202020202020202020202020202020202020202020202020202025003030303030303030303030303030303",
            "018201818183500101010101010101010101010101010181582002020202020202020202020202020202020202020202020202020202020202025003030303030303030303030303030303"
        ]
    );
}

#[test]
fn facts_of_the_office_are_frozen() {
    let mut document = Document::new(Kind::Office, ACTOR);
    let dataset = DatasetId([4; 16]);
    let mut draft = checklist::builtin(Language::English);
    draft.questions.truncate(1);
    draft.questions[0].choices = vec!["a".into()];
    office::set_name(&mut document, stamp(1), "o").unwrap();
    office::publish_checklist(&mut document, stamp(2), &draft).unwrap();
    office::publish_dataset(&mut document, stamp(3), dataset, "d", (7, 2)).unwrap();
    office::withdraw_dataset(&mut document, stamp(4), dataset).unwrap();
    let facts: Vec<_> = document.facts().iter().map(|fact| hex(fact.value)).collect();
    assert_eq!(
        facts,
        [
            "01820081616f",
            "0182018183506d696e676368612d77696e646f772d007818536572766963652077696e646f7720636865636b6c6973748184506d696e676368612d77696e646f772d01782b4973207468652077696e646f77207374616666656420647572696e6720776f726b696e6720686f7572733f816161716469736369706c696e652e616273656e74",
            "01820284500404040404040404040404040404040461640702",
            "018203815004040404040404040404040404040404"
        ]
    );
}

#[test]
fn facts_of_an_assignment_are_frozen() {
    let mut document = Document::new(Kind::Assignment, ACTOR);
    let content = AssignmentDraft {
        title: "t".into(),
        units: vec!["u".into()],
        from: Timestamp(1),
        until: Timestamp(2),
        mode: Mode::LookBack,
        checklist: Some(ItemId([7; 16])),
        look_at: "l".into(),
        again: vec![Reexamined {
            unit: "u".into(),
            text: "x".into(),
            severity: Severity::Grave,
            citation: None,
        }],
    };
    assignment::assign(&mut document, stamp(1), &content).unwrap();
    assignment::revise(&mut document, stamp(2), &content).unwrap();
    assignment::withdraw(&mut document, stamp(3), "r").unwrap();
    let facts: Vec<_> = document.facts().iter().map(|fact| hex(fact.value)).collect();
    assert_eq!(
        facts,
        [
            "018200818861748161750102696c6f6f6b2d6261636b5007070707070707070707070707070707616c818361756178656772617665",
            "018201818861748161750102696c6f6f6b2d6261636b5007070707070707070707070707070707616c818361756178656772617665",
            "018202816172"
        ]
    );
}

#[test]
fn a_question_says_in_a_fact_only_what_is_not_as_it_always_was() {
    let publish = |question: Question| {
        let mut document = Document::new(Kind::Office, ACTOR);
        let draft = ChecklistDraft { id: ItemId([1; 16]), title: "c".into(), questions: vec![question] };
        office::publish_checklist(&mut document, stamp(1), &draft).unwrap();
        hex(document.facts()[0].value).split_off(48)
    };
    let plain = Question::new(ItemId([2; 16]), "q".into());
    assert_eq!(publish(plain.clone()), "8184500202020202020202020202020202020261718060");
    assert_eq!(
        publish(Question { need: Need::Required, ..plain.clone() }),
        "8187500202020202020202020202020202020261718060667965732d6e6ff6687265717569726564"
    );
    let suggests = Some(Suggestion { severity: Some(Severity::Minor), ..Suggestion::default() });
    assert_eq!(
        publish(Question { suggests, ..plain }),
        "8189500202020202020202020202020202020261718060667965732d6e6ff6686f7074696f6e616cf68380656d696e6f7260"
    );
}

#[test]
fn the_assignment_of_a_visit_is_part_of_how_it_began() {
    let mut document = Document::new(Kind::Visit, ACTOR);
    let assignment = Some(DocumentId([8; 16]));
    visit::start(&mut document, stamp(1), visit::Start { assignment, ..visit::Start::default() }).unwrap();
    assert_eq!(hex(document.facts()[0].value), "018200815008080808080808080808080808080808");
}

#[test]
fn facts_of_a_directory_are_frozen() {
    let mut document = Document::new(Kind::Directory, ACTOR);
    directory::name_member(&mut document, stamp(1), MemberId([5; 16]), "m").unwrap();
    directory::name_team(&mut document, stamp(2), SpaceId([6; 16]), "t").unwrap();
    let facts: Vec<_> = document.facts().iter().map(|fact| hex(fact.value)).collect();
    assert_eq!(
        facts,
        ["018200825005050505050505050505050505050505616d", "0182018250060606060606060606060606060606066174"]
    );
}

#[test]
fn a_change_whose_checksum_is_wrong_is_refused() {
    let mut document = recorded_visit();
    let mut bytes = document.take_changes()[0].bytes().to_vec();
    assert!(RawChange::parse(bytes.clone()).is_ok());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(RawChange::parse(bytes).is_err());
}
