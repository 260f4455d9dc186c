//! A member whose device signs what no honest program would: the relay, which is blind, passes it on, and every
//! reader refuses it, says so, and goes on.

use mingcha_core::crypto::SealKey;
use mingcha_core::document::Kind;
use mingcha_core::entry::{Entry, Payload};
use mingcha_core::ids::{DatasetId, DocumentId, SpaceId};
use mingcha_core::problem::{Problem, Refusal};
use mingcha_core::view::Stage;
use mingcha_tests::World;
use mingcha_tests::rogue::{self, Rogue};
use mingcha_tests::world::Who;

struct Scene {
    world: World,
    ana: Who,
    ben: Who,
    team: SpaceId,
    rogue: Rogue,
}

fn scene() -> Scene {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let code = world.invite(ana, team, "冒充者");
    let rogue = Rogue::join(&mut world, &code);
    world.run();
    Scene { world, ana, ben, team, rogue }
}

impl Scene {
    /// Puts an entry; everybody refuses it for this reason, and what comes after it arrives.
    fn is_refused(&mut self, entry: &Entry, why: Refusal) {
        let before = self.world.visits(self.ana, Stage::All).len();
        let held = self.world.relay.held().count();
        self.rogue.put(&mut self.world, &[entry]);
        assert_eq!(self.world.relay.held().count(), held + 1, "the relay passes it on");
        for who in [self.ana, self.ben] {
            assert_eq!(self.world.problems(who), [Problem::EntryIgnored { why }]);
            assert_eq!(self.world.visits(who, Stage::All).len(), before);
        }
        let visit = self.world.visit(self.ben, self.team, "410305");
        self.world.run();
        assert!(self.world.see(self.ana, visit).is_some(), "what comes after it arrives");
    }
}

#[test]
fn what_an_honest_member_writes_is_taken() {
    let Scene { mut world, ana, ben, team, mut rogue } = scene();
    let visit = DocumentId([0xd0; 16]);
    let payload = rogue.visit(visit, team);
    let entry = rogue.entry(&world.relay, team, &payload);
    rogue.put(&mut world, &[&entry]);
    for who in [ana, ben] {
        assert_eq!(world.see(who, visit).expect("taken").unit.value, "410999");
        assert_eq!(world.problems(who), []);
    }
}

#[test]
fn an_entry_sealed_with_another_key_is_refused() {
    let mut scene = scene();
    let payload = scene.rogue.visit(DocumentId([0xd0; 16]), scene.team);
    let entry = scene.rogue.sealed(&scene.world.relay, scene.team, &payload, &SealKey([1; 32]));
    if cfg!(feature = "unsealed") {
        return;
    }
    scene.is_refused(&entry, Refusal::WrongSeal);
}

#[test]
fn a_payload_that_is_no_payload_is_refused() {
    let mut scene = scene();
    let kind = Kind::Visit as u8;
    let batch = b"no batch".to_vec();
    let document = DocumentId([0xd0; 16]);
    let payload = Payload::Changes { document, kind, nonces: vec![], batch };
    let entry = scene.rogue.entry(&scene.world.relay, scene.team, &payload);
    scene.is_refused(&entry, Refusal::MalformedPayload);
    let payload = Payload::Changes { document, kind: 99, nonces: vec![], batch: vec![] };
    let entry = scene.rogue.entry(&scene.world.relay, scene.team, &payload);
    scene.is_refused(&entry, Refusal::MalformedPayload);
}

#[test]
fn a_change_in_anothers_name_is_refused() {
    let mut scene = scene();
    let other = mingcha_core::ids::StreamId([0x77; 16]);
    let payload = rogue::changes(DocumentId([0xd0; 16]), Kind::Visit, &rogue::begun(other));
    let entry = scene.rogue.entry(&scene.world.relay, scene.team, &payload);
    scene.is_refused(&entry, Refusal::ForeignActor);
}

#[test]
fn a_document_where_another_kind_is_looked_for_is_refused() {
    let mut scene = scene();
    for kind in [Kind::Office, Kind::Directory, Kind::Matter] {
        let payload = rogue::changes(DocumentId([0xd0; 16]), kind, &[]);
        let entry = scene.rogue.entry(&scene.world.relay, scene.team, &payload);
        scene.is_refused(&entry, Refusal::NotAllowed);
    }
}

#[test]
fn a_visit_of_one_team_cannot_be_written_from_another() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let other = world.team(ana, "第二组");
    let code = world.invite(ana, other, "冒充者");
    let mut rogue = Rogue::join(&mut world, &code);
    world.run();
    let visit = world.visit(ben, team, "410305");
    world.run();
    let payload = rogue.visit(visit, other);
    let entry = rogue.entry(&world.relay, other, &payload);
    rogue.put(&mut world, &[&entry]);
    assert_eq!(world.problems(ana), [Problem::EntryIgnored { why: Refusal::NotAllowed }]);
    assert_eq!(world.see(ana, visit).expect("here").unit.value, "410305");
    assert_eq!(world.problems(ben), []);
}

#[test]
fn the_relay_refuses_who_has_no_right_and_what_is_not_sound() {
    let Scene { mut world, ana, team, mut rogue, .. } = scene();
    let office = rogue::roster(&world.relay).only_space(mingcha_core::roster::SpaceKind::Office);
    let part = Payload::DatasetPart { dataset: DatasetId([1; 16]), index: 0, part: vec![1] };
    let entry = rogue.entry(&world.relay, office, &part);
    let held = world.relay.held().count();
    rogue.put(&mut world, &[&entry]);
    let payload = rogue.visit(DocumentId([0xd0; 16]), team);
    let sound = rogue.entry(&world.relay, team, &payload);
    let mut broken = sound.bytes().to_vec();
    let last = broken.len() - 1;
    broken[last] ^= 1;
    world.put_from_nowhere(&[mingcha_core::wire::ToRelay::Put { entries: vec![broken] }]);
    rogue.put(&mut world, &[&rogue.citing_nothing(team)]);
    assert_eq!(world.relay.held().count(), held);
    assert_eq!(world.problems(ana), []);
}
