use super::*;
use crate::domain::{Language, checklist, directory, office};
use crate::ids::DatasetId;
use crate::problem::Problem;
use crate::view::ImportState;

#[test]
fn the_office_has_the_name_that_a_coordinator_gave_it_last() {
    let (mut sue, mut ana) = (Copy::new(Kind::Office, SUE), Copy::new(Kind::Office, ANA));
    let (first, second) = (sue.stamp(), sue.stamp());
    office::set_name(&mut sue.document, first, "效能办").unwrap();
    office::set_name(&mut sue.document, second, "市效能办").unwrap();
    exchange([&mut sue, &mut ana]);
    let stamp = ana.stamp();
    office::set_name(&mut ana.document, stamp, "forged").unwrap();
    assert_eq!(office::set_name(&mut ana.document, stamp, "  "), Err(Problem::Empty));
    exchange([&mut sue, &mut ana]);
    assert_eq!(office::name(&ana.document, &Everybody).as_deref(), Some("市效能办"));
}

#[test]
fn a_checklist_published_again_is_a_new_version() {
    let mut sue = Copy::new(Kind::Office, SUE);
    let mut draft = checklist::builtin(Language::Chinese);
    let (first, second) = (sue.stamp(), sue.stamp());
    office::publish_checklist(&mut sue.document, first, &draft).unwrap();
    draft.questions.truncate(1);
    office::publish_checklist(&mut sue.document, second, &draft).unwrap();
    let told: Vec<_> = office::checklists(&sue.document, &Everybody)
        .iter()
        .map(|checklist| (checklist.id, checklist.version, checklist.questions.len()))
        .collect();
    assert_eq!(told, [(draft.id, 1, 12), (draft.id, 2, 1)]);
    draft.questions.clear();
    let stamp = sue.stamp();
    assert_eq!(office::publish_checklist(&mut sue.document, stamp, &draft), Err(Problem::Empty));
}

#[test]
fn an_import_is_in_use_until_it_is_withdrawn() {
    let mut sue = Copy::new(Kind::Office, SUE);
    let (one, two) = (DatasetId([1; 16]), DatasetId([2; 16]));
    let stamps = [sue.stamp(), sue.stamp(), sue.stamp()];
    office::publish_dataset(&mut sue.document, stamps[0], one, "areas.csv", (3000, 3)).unwrap();
    office::publish_dataset(&mut sue.document, stamps[1], two, "streets.csv", (40_000, 30)).unwrap();
    office::withdraw_dataset(&mut sue.document, stamps[2], one).unwrap();
    let told: Vec<_> = office::imports(&sue.document, &Everybody)
        .into_iter()
        .map(|import| (import.name, import.rows, import.parts, import.at, import.state))
        .collect();
    assert_eq!(
        told,
        [
            ("areas.csv".into(), 3000, 3, Timestamp(1000), ImportState::Withdrawn),
            ("streets.csv".into(), 40_000, 30, Timestamp(2000), ImportState::Done),
        ]
    );
}

#[test]
fn people_and_teams_have_the_names_that_a_coordinator_gave_them() {
    let (mut sue, mut eve) = (Copy::new(Kind::Directory, SUE), Copy::new(Kind::Directory, EVE));
    let stamps = [sue.stamp(), sue.stamp(), sue.stamp()];
    directory::name_member(&mut sue.document, stamps[0], member(ANA), "Anna").unwrap();
    directory::name_team(&mut sue.document, stamps[1], TEAM, "第一组").unwrap();
    directory::name_member(&mut sue.document, stamps[2], member(ANA), "安娜").unwrap();
    exchange([&mut sue, &mut eve]);
    let stamp = eve.stamp();
    directory::name_member(&mut eve.document, stamp, member(ANA), "nobody").unwrap();
    exchange([&mut sue, &mut eve]);
    let names = directory::names(&sue.document, &Everybody);
    assert_eq!(names.get(&member(ANA)).map(String::as_str), Some("安娜"));
    assert_eq!(directory::team_names(&sue.document, &Everybody).len(), 1);
}
