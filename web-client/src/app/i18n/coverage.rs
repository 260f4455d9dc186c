//! Words for how far assignments have come, and for the map.

use super::{Text, plural, text};
use mingcha_core::domain::Language;

pub const TITLE: Text = text("进展与地图", "Coverage and map");
pub const PERIOD: Text = text("期间", "Period");
pub const NOW: Text = text("现在进行中的", "Going on now");
pub const MONTH: Text = text("前后 30 天", "30 days before and after");
pub const YEAR: Text = text("前后一年", "A year before and after");
pub const NONE: Text = text(
    "这段时间没有派发，所以没有进展可看。",
    "Nothing was assigned in this time, so there is no progress to show.",
);
pub const BY_AREA: Text = text("按片区和小组", "By area and team");
pub const AREA: Text = text("片区", "Area");
pub const TEAM: Text = text("小组", "Team");
pub const VISITED: Text = text("已走访", "Visited");
pub const BEGUN: Text = text("走访中", "Begun");
pub const WITH_FINDINGS: Text = text("有问题", "With findings");
pub const UNITS: Text = text("单位", "Units");
pub const MAP: Text = text("地图", "Map");
pub const LEGEND: Text = text("图例", "Legend");
pub const WAITING: Text = text("未走访", "Not visited");
pub const FOUND: Text = text("已走访，有问题", "Visited, with findings");
pub const OUTLINE: Text = text("片区范围（由单位位置围成）", "Area (outline of its units)");
pub const ZOOM_IN: Text = text("放大", "Zoom in");
pub const ZOOM_OUT: Text = text("缩小", "Zoom out");
pub const WHOLE: Text = text("全图", "Whole map");
pub const WEST: Text = text("向西", "West");
pub const NORTH: Text = text("向北", "North");
pub const SOUTH: Text = text("向南", "South");
pub const EAST: Text = text("向东", "East");
pub const MAP_HELP: Text = text(
    "点一个单位看名称；用键盘时按方向键走到相邻的单位，Enter 打开记录。",
    "Point at a unit for its name. With the keyboard the arrow keys go to the next unit in that direction, and Enter opens its visit.",
);
pub const NO_PLACES: Text = text(
    "这些单位都没有经纬度，画不出地图。导入带经度、纬度两列的表格即可。",
    "None of these units has a place, so there is no map. Import a spreadsheet with columns for latitude and longitude.",
);
pub const AS_TABLE: Text = text("把地图上的单位列成表", "The units of the map as a table");
pub const HOW_FAR: Text = text("进度", "Progress");
pub const FINDINGS: Text = text("问题", "Findings");
pub const VISIT: Text = text("记录", "Visit");
pub const OPEN_VISIT: Text = text("看记录", "Read the visit");

/// The whole in one sentence.
pub fn totals(language: Language, visited: u32, begun: u32, units: u32, found: u32) -> String {
    match language {
        Language::Chinese => {
            format!("要走访 {units} 个单位：已走访 {visited} 个，走访中 {begun} 个，有问题 {found} 个。")
        }
        Language::English => format!(
            "{} to visit: {visited} visited, {begun} begun, {found} with findings.",
            plural(units, "unit", "units")
        ),
    }
}

/// How many units are not on the map.
pub fn unplaced(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("另有 {count} 个单位没有经纬度，不在图上。"),
        Language::English => {
            format!("{} no place and not on the map.", plural(count, "more unit has", "more units have"))
        }
    }
}

/// How many findings, in a label.
pub fn findings(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{count} 个问题"),
        Language::English => plural(count, "finding", "findings"),
    }
}

/// That a list shows its beginning only.
pub fn first_of(language: Language, shown: usize, all: usize) -> String {
    match language {
        Language::Chinese => format!("共 {all} 个，列出前 {shown} 个。"),
        Language::English => format!("The first {shown} of {all}."),
    }
}
