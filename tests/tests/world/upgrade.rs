//! Stores that earlier releases wrote are opened by this one, with everything that is in them, sent or not.
//!
//! `KEEP=1.2.3 cargo test -p mingcha-tests --test world upgrade` writes what this release writes into `tests/stores`:
//! done once for each release, by its own code. The files stay for ever.

use mingcha_core::command::{Command, FindingEdit, ImportPart, TextEdit, VisitEdit};
use mingcha_core::domain::{ChecklistDraft, Citation, Question, Severity, VisitState};
use mingcha_core::ids::{DatasetId, DocumentId, ItemId};
use mingcha_core::units::UnitRow;
use mingcha_core::view::{Access, Answer, Heads, MatterFilter, Query, Since, Stage, Tick, Window};
use mingcha_tests::World;
use mingcha_tests::snapshot::Snapshot;
use mingcha_tests::world::{Network, Who};
use std::path::{Path, PathBuf};

const ANA: &str = "ana";
const BEN: &str = "王芳";
const FINDING: ItemId = ItemId([7; 16]);
const HELD: &str = "柜台内两人聊天";
const FROZEN: &str = "没有网络,已经锁上";
const PENDING: &str = "没有网络,还没打包";
const LATER: &str = "升级以后写的";

fn stores() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stores")
}

/// An office at work, stopped in the middle of it.
fn world() -> World {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office([BEN]);
    let row = |code: &str, name: &str| UnitRow { code: code.into(), name: name.into(), ..UnitRow::default() };
    let rows = vec![row("410305", "市行政服务中心"), row("410306", "环保局")];
    let (dataset, name, part) = (DatasetId(world.id()), "units.csv".into(), ImportPart::Last);
    world.ask(ana, Command::ImportUnits { dataset, name, rows, part }).expect("imported");
    let question = Question::new(ItemId([1; 16]), "在岗?".into());
    let checklist = ChecklistDraft { id: ItemId([2; 16]), title: "窗口".into(), questions: vec![question] };
    world.ask(ana, Command::PublishChecklist { checklist }).expect("published");
    world.run();

    let visit = world.visit(ben, team, "410305");
    let edit = |edit| Command::EditVisit { visit, edit };
    let seen = TextEdit { base: Heads::default(), text: HELD.into() };
    world.ask(ben, edit(VisitEdit::Checklist(ItemId([2; 16])))).expect("chosen");
    world.ask(ben, edit(VisitEdit::AddFinding { finding: FINDING, question: None })).expect("a finding");
    for field in [FindingEdit::Severity(Severity::Grave), FindingEdit::Seen(seen)] {
        world.ask(ben, edit(VisitEdit::Finding { finding: FINDING, field })).expect("said");
    }
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    world.run();
    let heads = world.see(ana, visit).expect("read").heads;
    let citations = vec![Citation { visit, heads: heads.clone(), finding: FINDING }];
    let (matter, title, unit) = (DocumentId(world.id()), "无人应答".into(), "410305".into());
    let (category, severity) = ("discipline.absent".into(), Severity::Grave);
    world.ask(ana, Command::SawVisit { visit, heads }).expect("seen");
    let open = Command::OpenMatter { matter, title, unit, category, severity, citations };
    world.ask(ana, open).expect("opened");
    world.run();

    world.set_online(ben, Network::Gone);
    for text in [FROZEN, PENDING] {
        let visit = world.visit(ben, team, "410306");
        world.note(ben, visit, text).expect("noted");
        if text == FROZEN {
            world.ask(ben, Command::Lock).expect("locked");
            world.unlock(ben).expect("unlocked");
        }
    }
    world.kill(ben);
    world.kill(ana);
    world
}

/// Takes a world up and looks whether all of it is there and can be gone on with.
fn check(name: &str, snapshot: Snapshot) {
    let (mut world, names) = World::load(snapshot);
    let who = |name: &str| -> Who { names.iter().find(|(other, _)| other == name).expect("somebody").1 };
    let (ana, ben) = (who(ANA), who(BEN));
    world.set_online(ben, Network::Gone);
    for device in [ana, ben] {
        world.start(device);
        world.run();
        world.unlock(device).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        world.run();
    }
    let ticks = |world: &mut World| -> Vec<Tick> {
        let mut rows = world.visits(ben, Stage::All);
        rows.sort_by_key(|row| row.started);
        rows.into_iter().map(|row| row.tick).collect()
    };
    assert_eq!(ticks(&mut world), [Tick::Read, Tick::Saved, Tick::Saved], "{name}");
    assert_eq!(world.access(ben).unsent, 2, "{name}");

    world.set_online(ben, Network::There);
    // It may take a while until it dials again.
    world.run().run();
    assert_eq!(ticks(&mut world), [Tick::Read, Tick::Held, Tick::Held], "{name}");
    let rows = world.visits(ana, Stage::All);
    let mut notes: Vec<_> = rows.iter().filter_map(|row| Some(world.see(ana, row.visit)?.notes)).collect();
    notes.retain(|notes| !notes.is_empty());
    notes.sort();
    assert_eq!(notes, [FROZEN, PENDING], "{name}");

    let submitted = world.visits(ana, Stage::Submitted);
    let visit = submitted[0].visit;
    let view = world.see(ben, visit).expect("there");
    assert_eq!(view.state, VisitState::Submitted, "{name}");
    assert_eq!(view.questions.as_ref().map(|list| list.title.as_str()), Some("窗口"), "{name}");
    assert_eq!(view.unit_summary.map(|unit| unit.name).as_deref(), Some("市行政服务中心"), "{name}");
    assert_eq!(view.findings[0].seen, HELD, "{name}");
    let Answer::Matters(matters) =
        world.look(ana, Query::Matters(MatterFilter::default(), Window { first: 0, count: 9 }))
    else {
        panic!("no matters")
    };
    let Answer::Matter(Some(matter)) = world.look(ana, Query::Matter(matters.rows[0].matter)) else {
        panic!("{name}: no matter")
    };
    let cited = &matter.citations[0];
    assert_eq!(cited.finding.as_ref().map(|one| one.seen.as_str()), Some(HELD), "{name}");
    assert_eq!(cited.since, Since::Unchanged, "{name}");
    let Access::Open(me) = world.access(ana).access else { panic!("{name}: closed") };
    assert_eq!((me.units, me.checklists), (2, 1), "{name}");

    let pending = rows.iter().find(|row| row.excerpt == PENDING).expect("a row with its words").visit;
    world.note(ben, pending, LATER).expect("noted");
    world.run();
    assert_eq!(world.see(ana, pending).expect("there").notes, LATER, "{name}");
    for device in [ana, ben] {
        assert_eq!(world.problems(device), [], "{name}");
    }
}

#[test]
fn what_earlier_releases_stored_is_all_there_and_is_sent() {
    if let Ok(release) = std::env::var("KEEP") {
        let file = stores().join(format!("{release}.world"));
        std::fs::write(file, world().save().encode()).expect("written");
    }
    let files = std::fs::read_dir(stores()).expect("stores");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "world"));
    files.sort();
    assert!(!files.is_empty(), "no release was kept");
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let snapshot = Snapshot::decode(&std::fs::read(&file).expect("readable"));
        check(&name, snapshot.unwrap_or_else(|| panic!("{name} is no snapshot")));
    }
}

#[test]
fn what_this_release_stores_is_all_there_and_is_sent() {
    let bytes = world().save().encode();
    check("this one", Snapshot::decode(&bytes).expect("what was written"));
}
