//! Clocks that are wrong by years, and clocks that are set while the app runs.

use mingcha_core::problem::Problem;
use mingcha_core::view::{Answer, Link, Query, Tick};
use mingcha_tests::World;
use mingcha_tests::world::inviting;

const TEN_YEARS: i64 = 10 * 365 * 24 * 60 * 60 * 1_000;
const DAY: u64 = 24 * 60 * 60 * 1_000;

fn is_clock_wrong(problems: &[Problem]) -> bool {
    matches!(problems, [Problem::ClockWrong { .. }])
}

#[test]
fn a_wrong_clock_is_named_and_keeps_nothing_from_arriving() {
    for off in [-TEN_YEARS, TEN_YEARS] {
        let mut world = World::new();
        let (ana, team, [ben]) = world.office(["王芳"]);
        world.kill(ben);
        world.at(ben).clock_off = off;
        world.start(ben);
        world.run();
        world.unlock(ben).expect("unlocked");
        let visit = world.visit(ben, team, "410305");
        world.run();
        assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
        assert!(world.see(ana, visit).is_some());
        assert!(is_clock_wrong(&world.problems(ben)), "off by {off} ms");
        assert_eq!(world.problems(ana), []);
    }
}

#[test]
fn a_clock_that_is_set_while_the_app_runs_stops_nothing() {
    for off in [-TEN_YEARS, TEN_YEARS] {
        let mut world = World::new();
        let (ana, team, [ben]) = world.office(["王芳"]);
        world.at(ben).clock_off = off;
        let visit = world.visit(ben, team, "410305");
        world.run().run().run();
        assert!(world.see(ana, visit).is_some(), "off by {off} ms");
        assert!(is_clock_wrong(&world.problems(ben)), "off by {off} ms");
        // What waits by the wrong clock, for the line and for freezing, does not wait for years.
        let waiting = world.begin_visit(ben, team);
        world.crash_relay();
        world.run_for(6);
        world.at(ben).clock_off = 0;
        world.note(ben, visit, "钟已校准").expect("saved");
        world.run().run().run();
        assert_eq!(world.see(ana, visit).expect("here").notes, "钟已校准", "off by {off} ms");
        assert!(world.see(ana, waiting).is_some(), "off by {off} ms");
        assert_eq!(world.problems(ben), [], "off by {off} ms");
        assert_eq!(world.access(ben).link, Link::Live);
    }
}

#[test]
fn an_invitation_expires_by_the_relays_time_whatever_the_inviters_clock_says() {
    for off in [-TEN_YEARS, TEN_YEARS] {
        let mut world = World::new();
        let (ana, team, []) = world.office([]);
        world.kill(ana);
        world.at(ana).clock_off = off;
        world.start(ana);
        world.run();
        world.unlock(ana).expect("unlocked");
        world.run();
        world.ask(ana, inviting(team, "王芳")).expect("an invitation");
        let Answer::Invitations(all) = world.look(ana, Query::Invitations) else { panic!("none") };
        let left = all[0].expires.since(world.now);
        assert!(left > 2 * DAY && left <= 3 * DAY, "{left} ms left with a clock off by {off} ms");
        let ben = world.device("ben");
        world.join(ben, &all[0].code).expect("joined");
    }
}
