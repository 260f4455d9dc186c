//! The register of units: what it knows, what it finds, and how imports travel. Runs natively and in wasm.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::ids::{DatasetId, DocumentId};
use mingcha_core::units::{
    First, MAX_PART_BYTES, MAX_TEXT_BYTES, Packer, Place, Register, UnitOrigin, UnitRow, UnitTable,
    UnitsError, pack, unpack,
};

const CITY: DatasetId = DatasetId([1; 16]);
const LATER: DatasetId = DatasetId([2; 16]);

/// A row: code, name, parents with spaces between, initials with spaces between.
fn row(code: &str, name: &str, parents: &str, initials: &str) -> UnitRow {
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    UnitRow {
        code: code.into(),
        name: name.into(),
        parents: list(parents),
        initials: list(initials),
        ..UnitRow::default()
    }
}

fn chengdu() -> Vec<UnitRow> {
    vec![
        row("51", "四川省", "", "scs"),
        row("5101", "成都市", "51", "cds"),
        row("510104", "锦江区", "5101 51", "jjq"),
        row("510104021", "锦官驿街道", "510104 5101 51", "jgyjd"),
        row("510104022", "东湖街道", "510104 5101 51", "dhjd"),
        row("510104030", "锦江街道", "510104 5101 51", "jjjd"),
        row("510105", "青羊区", "5101 51", "qyq"),
        row("510105001", "草市街道", "510105 5101 51", "csjd"),
        row("HALL-7", "Window A 综合窗口", "510105", "awindowzhck"),
    ]
}

fn register(rows: &[UnitRow]) -> Register {
    let mut register = Register::default();
    register.insert(CITY, 1, UnitTable::from_rows(rows).expect("a small table"));
    register
}

/// The codes that a search finds, best first, and how many match in all.
fn found(register: &Register, text: &str, used: &[&str], limit: u32) -> (Vec<String>, u32) {
    let used: Vec<String> = used.iter().map(|&code| code.to_owned()).collect();
    let view = register.search(text, &First { used: &used, ..First::default() }, limit);
    (view.units.into_iter().map(|unit| unit.code).collect(), view.total)
}

fn all_found(register: &Register, text: &str) -> Vec<String> {
    found(register, text, &[], 100).0
}

#[test]
fn a_unit_is_shown_with_its_ancestors_names_outermost_first() {
    let unit = register(&chengdu()).get("510104030").expect("imported");
    assert_eq!(unit.name, "锦江街道");
    assert_eq!(unit.path, ["四川省", "成都市", "锦江区"]);
    assert_eq!(unit.origin, UnitOrigin::Imported);
    assert_eq!(register(&chengdu()).get("5"), None);
}

#[test]
fn missing_parents_become_placeholders_with_their_own_parents() {
    let register = register(&[row("510104030", "锦江街道", "510104 5101 51", "jjjd")]);
    assert_eq!((register.len(), register.placeholders()), (4, 3));
    let city = register.get("5101").expect("a placeholder");
    assert_eq!((city.name.as_str(), city.origin), ("5101", UnitOrigin::Placeholder));
    assert_eq!(city.path, ["51"]);
    assert_eq!(register.get("510104030").expect("imported").path, ["51", "5101", "510104"]);
}

#[test]
fn a_row_replaces_a_placeholder_and_withdrawing_it_brings_the_placeholder_back() {
    let mut register = register(&[row("510104030", "锦江街道", "510104", "")]);
    register.insert(LATER, 2, UnitTable::from_rows(&[row("510104", "锦江区", "5101", "")]).expect("small"));
    assert_eq!(register.get("510104").expect("imported").name, "锦江区");
    assert_eq!(register.get("510104030").expect("imported").path, ["5101", "锦江区"]);
    register.remove(LATER);
    assert_eq!(register.get("510104").expect("known").origin, UnitOrigin::Placeholder);
    assert_eq!(register.get("5101"), None);
}

#[test]
fn the_later_import_wins_in_whatever_order_imports_arrive() {
    let table = |name| UnitTable::from_rows(&[row("1", name, "", "")]).expect("small");
    for order in [[(CITY, 1, "old"), (LATER, 2, "new")], [(LATER, 2, "new"), (CITY, 1, "old")]] {
        let mut register = Register::default();
        for (dataset, imported, name) in order {
            register.insert(dataset, imported, table(name));
        }
        assert_eq!(register.get("1").expect("imported").name, "new");
        register.remove(LATER);
        assert_eq!(register.get("1").expect("imported").name, "old");
        assert_eq!(all_found(&register, "new"), [""; 0]);
    }
}

#[test]
fn the_last_of_equal_codes_in_one_import_wins() {
    let register =
        register(&[row("1", "first", "", ""), row("2", "other", "", ""), row("1", "last", "", "")]);
    assert_eq!(register.len(), 2);
    assert_eq!(register.get("1").expect("imported").name, "last");
}

#[test]
fn being_below_follows_parents_and_excludes_oneself() {
    let register = register(&chengdu());
    assert!(register.is_below("510104030", "510104"));
    assert!(register.is_below("510104030", "51"));
    assert!(!register.is_below("510104030", "510105"));
    assert!(!register.is_below("510104", "510104030"));
    assert!(!register.is_below("51", "51"));
    assert!(!register.is_below("unknown", "51"));
}

#[test]
fn circles_of_parents_end() {
    let rows = [
        row("a", "A", "b c", ""),
        row("b", "B", "c a", ""),
        row("c", "C", "a b", ""),
        row("d", "D", "d", ""),
    ];
    let register = register(&rows);
    assert_eq!(register.get("a").expect("imported").path, ["C", "B"]);
    assert_eq!(register.get("d").expect("imported").path, [""; 0]);
    assert!(register.is_below("a", "c") && register.is_below("c", "a"));
    assert!(!register.is_below("a", "d"));
    assert_eq!(all_found(&register, "a b c"), ["a", "b", "c"]);
}

#[test]
fn a_long_chain_of_parents_is_cut_and_not_followed_for_ever() {
    let rows: Vec<UnitRow> =
        (0..5_000).map(|at| row(&at.to_string(), "u", &(at + 1).to_string(), "")).collect();
    assert!(register(&rows).get("0").expect("imported").path.len() < 100);
}

#[test]
fn units_are_found_by_name_by_initials_and_by_the_beginning_of_the_code() {
    let register = register(&chengdu());
    assert_eq!(all_found(&register, "锦江"), ["510104", "510104030"]);
    assert_eq!(all_found(&register, "JJ"), ["510104", "510104030"]);
    assert_eq!(all_found(&register, "gyjd"), ["510104021"]);
    assert_eq!(all_found(&register, "510105"), ["510105", "510105001"]);
    assert_eq!(all_found(&register, "10105"), [""; 0], "the inside of a code is no match");
    assert_eq!(all_found(&register, "hall"), ["HALL-7"]);
    assert_eq!(all_found(&register, "window"), ["HALL-7"]);
    assert_eq!(all_found(&register, "all-7"), [""; 0], "nor is the inside of a code in lower case");
}

#[test]
fn the_used_come_first_then_whole_fields_then_beginnings_then_the_rest() {
    let rows = [
        row("1", "新锦江", "", ""),
        row("2", "锦江区分局", "", ""),
        row("3", "锦江区", "", ""),
        row("4", "锦江", "", ""),
        row("5", "老锦江所", "", ""),
        row("6", "老锦江站", "", ""),
    ];
    let register = register(&rows);
    assert_eq!(all_found(&register, "锦江"), ["4", "3", "2", "1", "5", "6"]);
    let used = ["6", "unknown", "2"];
    assert_eq!(found(&register, "锦江", &used, 4), (vec!["6".into(), "2".into(), "4".into(), "3".into()], 6));
    assert_eq!(found(&register, "新", &used, 4), (vec!["1".into()], 1));
    assert_eq!(found(&register, "  ", &used, 3), (vec!["6".into(), "2".into(), "1".into()], 6));
    assert_eq!(found(&register, "锦江", &[], 0), (vec![], 6));
}

#[test]
fn several_words_may_be_spread_over_a_unit_and_its_ancestors() {
    let register = register(&chengdu());
    let best_first = ["510104030", "510104022", "510104021"];
    assert_eq!(
        all_found(&register, "锦江 街道"),
        best_first,
        "the unit that has both words itself comes first"
    );
    assert_eq!(all_found(&register, "街道\u{3000}jjq"), ["510104022", "510104030", "510104021"]);
    assert_eq!(all_found(&register, "四川 青羊 草市"), ["510105001"]);
    assert_eq!(all_found(&register, "锦江 草市"), [""; 0]);
}

#[test]
fn characters_that_cannot_be_typed_are_dropped_and_break_nothing() {
    let register =
        register(&[row("1\u{1f}2", "a\u{1e}b\u{0}c", "9\u{1f}9", "x\u{1f}y"), row("\u{1e}", "none", "", "")]);
    let unit = register.get("12").expect("cleaned");
    assert_eq!((unit.name.as_str(), unit.path), ("abc", vec!["99".to_owned()]));
    assert_eq!(register.len(), 2);
    assert_eq!(all_found(&register, "b\u{1e}c"), ["12"]);
    assert_eq!(all_found(&register, "\u{1f}"), ["12", "99"], "no visible word finds all");
}

#[test]
fn rows_survive_packing_in_pieces_as_well_as_at_once() {
    let rows = streets(5_000);
    let unpacked: Vec<UnitRow> = pack(&rows).iter().flat_map(|part| unpack(part).expect("a part")).collect();
    assert_eq!(unpacked, rows);
    let mut packer = Packer::default();
    let mut parts: Vec<Vec<u8>> = rows.chunks(777).flat_map(|piece| packer.push(piece)).collect();
    parts.extend(packer.finish());
    assert_eq!(parts, pack(&rows));
    assert_eq!(pack(&[]), Vec::<Vec<u8>>::new());
}

#[test]
fn a_country_of_streets_comes_to_a_few_parts_and_is_found() {
    let rows = streets(41_352);
    let parts = pack(&rows);
    assert!(parts.len() <= 8, "{} parts", parts.len());
    assert!(parts.iter().all(|part| part.len() <= MAX_PART_BYTES));
    let mut register = Register::default();
    register.insert(CITY, 1, UnitTable::from_parts(&parts).expect("parts"));
    let last = rows.last().expect("rows");
    assert_eq!(register.get(&last.code).expect("imported").name, last.name);
    assert_eq!(register.len() - register.placeholders(), rows.len());
    assert!(found(&register, "街道", &[], 20).1 > 1_000);
}

#[test]
fn rows_that_deflate_badly_are_spread_over_more_parts() {
    let mut state = 7_u64;
    let mut noise = || {
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32(0x4e00 + (state >> 33) as u32 % 0x5000).unwrap_or('一')
        };
        core::iter::repeat_with(next).take(300).collect::<String>()
    };
    let rows: Vec<UnitRow> = (0..2_000).map(|at| row(&at.to_string(), &noise(), "", "")).collect();
    let parts = pack(&rows);
    assert!(parts.len() > 5 && parts.iter().all(|part| part.len() <= MAX_PART_BYTES));
    let unpacked: Vec<UnitRow> = parts.iter().flat_map(|part| unpack(part).expect("a part")).collect();
    assert_eq!(unpacked, rows);
}

#[test]
fn a_row_beyond_the_limits_is_left_out() {
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    let rows = [row("1", &long, "", ""), row("2", "fits", "", ""), row("3", "many", &"p ".repeat(17), "")];
    assert_eq!(unpack(&pack(&rows)[0]), Ok(vec![row("2", "fits", "", "")]));
}

#[test]
fn a_part_of_another_version_or_cut_or_extended_is_refused() {
    let part = pack(&chengdu()).remove(0);
    assert!(unpack(&part).is_ok());
    for end in 0..part.len() - 1 {
        assert_eq!(unpack(&part[..end]), Err(UnitsError::Malformed), "cut at {end}");
    }
    assert_eq!(unpack(&[part.as_slice(), b"!"].concat()), Err(UnitsError::Malformed));
    assert_eq!(unpack(&vec![0; MAX_PART_BYTES + 1]), Err(UnitsError::TooLarge));
}

/// Rows of the shape of a country's streets, in a scrambled order.
fn streets(count: u32) -> Vec<UnitRow> {
    const ENDS: [(&str, &str); 4] = [("街道", "jd"), ("镇", "z"), ("乡", "x"), ("管理委员会", "glwyh")];
    let syllables: Vec<char> = "东南西北安宁平和兴隆新华石桥城关河口大山王家李庄杨柳泉水".chars().collect();
    let street = |at: u32| {
        let (area, number) = (110_101 + at / 14 * 3, at % 14);
        let at = at.wrapping_mul(2_654_435_761);
        let (end, initials) = ENDS[at as usize % 4];
        let name: String =
            (0..2 + at % 2).map(|place| syllables[(at >> (place * 5)) as usize % syllables.len()]).collect();
        let parents = format!("{area} {} {}", area / 100, area / 10_000);
        row(&format!("{area}{number:03}"), &format!("{name}{end}"), &parents, &format!("ab{initials}"))
    };
    let mut rows: Vec<UnitRow> = (0..count).map(street).collect();
    rows.sort_by_key(|row| row.code.bytes().rev().collect::<Vec<_>>());
    rows
}

#[test]
fn assigned_units_come_first_then_the_nearest_then_those_used() {
    let here = Place::new(34_619_700, 112_454_000);
    let place =
        |unit: UnitRow, north: i32| UnitRow { place: Place::new(34_619_700 + north, 112_454_000), ..unit };
    let rows = [
        place(row("1", "东城所", "", ""), 90_000),
        place(row("2", "西城所", "", ""), 1_000),
        place(row("3", "南城所", "", ""), 10_000),
        row("4", "北城所", "", ""),
        row("5", "中城所", "", ""),
    ];
    let register = register(&rows);
    let assigned = [("1".to_owned(), vec![DocumentId([7; 16])]), ("9".to_owned(), vec![])];
    let used = ["5".to_owned(), "2".to_owned()];
    let found = |text: &str, near| {
        let view = register.search(text, &First { used: &used, assigned: &assigned, near }, 10);
        view.units.into_iter().map(|unit| (unit.code, unit.distance)).collect::<Vec<_>>()
    };
    let told = |codes: [(&str, Option<u32>); 5]| codes.map(|(code, metres)| (code.to_owned(), metres));
    let near = [("1", Some(10_007)), ("2", Some(111)), ("3", Some(1_111)), ("5", None), ("4", None)];
    assert_eq!(found("", here), told(near));
    assert_eq!(found("城所", here), told(near));
    assert_eq!(found("", None), told([("1", None), ("5", None), ("2", None), ("3", None), ("4", None)]));
    assert_eq!(found("3", here), [("3".to_owned(), Some(1_111))]);
    let first = register.search("", &First { assigned: &assigned, ..First::default() }, 2).units;
    assert_eq!((first[0].assignments.len(), first[1].assignments.len()), (1, 0));
    assert_eq!(first[0].place, rows[0].place);
}

#[test]
fn areas_are_units_with_others_below_them_and_say_how_many() {
    let rows = [
        row("1", "市", "", ""),
        row("11", "区", "1", ""),
        row("111", "所", "11 1", ""),
        row("112", "所", "11 1", ""),
        row("12", "局", "1", ""),
        row("7", "环", "8", ""),
        row("8", "环", "7", ""),
    ];
    let register = register(&rows);
    let areas = register.areas(10).into_iter().map(|area| (area.unit.code, area.children, area.below));
    let expected = [("1", 2, 4), ("11", 2, 2), ("7", 1, 1), ("8", 1, 1)];
    assert_eq!(areas.collect::<Vec<_>>(), expected.map(|(code, n, all)| (code.to_owned(), n, all)));
    let below = register.below("1", 3);
    let codes: Vec<_> = below.units.iter().map(|unit| unit.code.as_str()).collect();
    assert_eq!((below.total, codes), (4, vec!["11", "111", "112"]));
    assert_eq!(register.below("112", 3).total, 0);
    assert_eq!(register.areas(1).len(), 1);
    assert_eq!(register.parent("111").as_deref(), Some("11"));
    assert_eq!(register.parent("1"), None);
}
