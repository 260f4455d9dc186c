//! A city that does not exist, and its units with their places.

use super::UNITS;

const DISTRICTS: [(&str, i32, i32); 8] = [
    ("城关区", 33_620_000, 114_640_000),
    ("东湖区", 33_640_000, 114_760_000),
    ("西岭区", 33_600_000, 114_520_000),
    ("南港区", 33_540_000, 114_650_000),
    ("北原区", 33_710_000, 114_630_000),
    ("青河县", 33_780_000, 114_820_000),
    ("石桥县", 33_480_000, 114_480_000),
    ("平湖县", 33_450_000, 114_800_000),
];

/// The kinds of units in a district, with the windows of those that have some.
const OFFICES: [(&str, &str, &[&str]); 12] = [
    ("政务服务中心", "大厅", &["综合受理窗口", "企业开办窗口", "社保窗口", "不动产登记窗口", "投资项目窗口"]),
    ("税务局办税服务厅", "大厅", &["1号窗口", "2号窗口", "自助区", "咨询台"]),
    ("公安分局户籍大厅", "大厅", &["户籍窗口", "出入境窗口", "身份证窗口"]),
    ("市场监督管理局", "局", &["注册登记窗口", "食品许可窗口", "投诉举报窗口"]),
    ("人力资源和社会保障局", "局", &["就业登记窗口", "劳动保障窗口"]),
    ("住房和城乡建设局", "局", &["施工许可窗口", "房屋租赁窗口"]),
    ("生态环境分局", "局", &["行政许可科"]),
    ("自然资源和规划局", "局", &["规划审批窗口"]),
    ("民政局婚姻登记处", "处", &[]),
    ("卫生健康委员会", "局", &["医师注册窗口"]),
    ("交通运输局", "局", &["客货运输窗口"]),
    ("供电营业厅", "站所", &[]),
];

/// The register as a spreadsheet: codes, names, what is above, kinds, places.
pub fn register() -> String {
    let mut lines = vec![
        "单位编码,单位名称,上级编码,类型,纬度,经度".to_owned(),
        "4190,安州市,,市,33.620000,114.640000".into(),
    ];
    let mut chance = 7_u32;
    let mut near = |middle: i32, spread: u32| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        middle + (chance >> 8).rem_euclid(2 * spread) as i32 - spread as i32
    };
    for (district, (name, north, east)) in (1..).zip(DISTRICTS) {
        let code = format!("4190{district:02}");
        lines.push(line(&code, name, "4190", "区县", (north, east)));
        for (number, (office, kind, windows)) in (1..).zip(OFFICES) {
            let place = (near(north, 30_000), near(east, 36_000));
            let own = format!("{code}{number:02}");
            lines.push(line(&own, &format!("{name}{office}"), &code, kind, place));
            for (number, window) in (1..).zip(windows) {
                lines.push(line(&format!("{own}{number:02}"), window, &own, "窗口", place));
            }
        }
    }
    // Streets make the number full.
    let mut number = 0;
    while lines.len() <= UNITS {
        let (district, (name, north, east)) = (number % 8 + 1, DISTRICTS[number % 8]);
        let street =
            ["人民路", "解放街", "建设路", "和平街", "新华路", "文昌街", "胜利路", "光明街", "中山路"];
        let office = format!("{name}{}街道办事处", street[number / 8 % street.len()]);
        let (code, above) = (format!("4190{district:02}9{:02}", number / 8), format!("4190{district:02}"));
        lines.push(line(&code, &office, &above, "街道", (near(north, 40_000), near(east, 44_000))));
        number += 1;
    }
    lines.join("\n")
}

fn line(code: &str, name: &str, above: &str, kind: &str, (north, east): (i32, i32)) -> String {
    format!("{code},{name},{above},{kind},{:.6},{:.6}", f64::from(north) / 1e6, f64::from(east) / 1e6)
}

/// The code of a district, counted from 0.
pub fn district(at: usize) -> String {
    format!("4190{:02}", at % DISTRICTS.len() + 1)
}

/// The code of an office of a district, both counted from 0.
pub fn office(of: usize, at: usize) -> String {
    format!("{}{:02}", district(of), at % OFFICES.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingcha_core::sheet;
    use std::collections::BTreeSet;

    #[test]
    fn the_register_has_as_many_units_as_it_should_each_once_and_all_with_a_place() {
        let sheet = sheet::read(register().as_bytes(), "units.csv").expect("a register");
        assert_eq!((sheet.rows.len(), sheet.skipped.len()), (UNITS, 0));
        let codes: BTreeSet<_> = sheet.rows.iter().map(|row| &row.code).collect();
        assert_eq!(codes.len(), UNITS);
        assert!(sheet.rows.iter().all(|row| row.place.is_some()));
        assert!(codes.contains(&office(7, 11)));
    }
}
