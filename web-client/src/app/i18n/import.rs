//! Words for looking at a spreadsheet before it is imported.

use super::desk::grouped;
use super::{Text, text};
use mingcha_core::domain::Language;

pub const PICK: Text = text("选择表格…", "Choose a spreadsheet…");
pub const LOOKING: Text = text("正在看表格", "Looking at the spreadsheet");
pub const CHECK: Text = text("核对后导入", "Check, then import");
pub const COLUMNS_HELP: Text = text(
    "每一列是什么已经按列名猜好，不对就改。必须有一列代码、一列名称。",
    "What each column holds was guessed from its header; change what is wrong. One column must hold codes and one names.",
);
pub const NEEDS_COLUMNS: Text = text(
    "还认不出单位：请在下面指定哪一列是代码、哪一列是名称。",
    "No units recognised yet: say below which column holds codes and which names.",
);
pub const SKIPPED: Text = text("有问题的行", "Rows with something wrong");
pub const LINE: Text = text("行", "Line");
pub const WHY: Text = text("原因", "Why");
pub const SAVE_LIST: Text = text("把这份清单存成 CSV", "Save this list as CSV");
pub const CANCEL: Text = text("不导入", "Do not import");
pub const OTHER_TABLE: Text =
    text("表头不在这里，或在另一张工作表？", "Headers elsewhere, or on another worksheet?");
pub const HEADER_LINE: Text = text("列名在第几行（0 表示没有）", "Line of the headers (0: none)");
pub const WORKSHEET: Text = text("第几张工作表", "Which worksheet");
pub const UNDO: Text = text("撤销导入", "Undo import");
pub const UNDO_DONE: Text = text("这次导入已撤销。", "This import was undone.");
pub const FIRST_ROWS: Text = text("前几行", "The first rows");
pub const HELP: Text = text("表格要什么样？", "What should the spreadsheet look like?");
pub const HELP_1: Text = text(
    "XLSX，或用逗号、分号、制表符分开的文本；UTF-8（有没有 BOM 都行）、GB18030、UTF-16。",
    "XLSX, or text with commas, semicolons or tabs; UTF-8 with or without a BOM, GB18030, UTF-16.",
);
pub const HELP_2: Text = text(
    "至少两列：代码和名称。还可以有类型、上级（写代码或名称都行）、纬度和经度。列的先后不限。",
    "At least two columns: code and name. Besides: kind, the unit above (by code or by name), latitude and longitude. In any order.",
);
pub const HELP_3: Text = text(
    "行的先后也不限；同一代码再导入一次就是更新；缺少的上级标为“待补”。",
    "Rows may be in any order. Importing a code again updates it. Missing units above are marked as placeholders.",
);

/// How a column without a header is called.
pub fn column(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("第 {number} 列"),
        Language::English => format!("Column {number}"),
    }
}

/// What would come of it.
pub fn outcome(language: Language, units: u32, wrong: u32) -> String {
    let (many, rows) = (grouped(units), grouped(wrong));
    let noun = if units == 1 { "unit" } else { "units" };
    let verb = if wrong == 1 { "row has" } else { "rows have" };
    match (language, wrong) {
        (Language::Chinese, 0) => format!("可导入 {many} 个单位，没有问题行。"),
        (Language::Chinese, _) => format!("可导入 {many} 个单位；{rows} 行有问题，列在下面。"),
        (Language::English, 0) => format!("{many} {noun} can be imported; nothing is wrong."),
        (Language::English, _) => {
            format!("{many} {noun} can be imported; {rows} {verb} something wrong, listed below.")
        }
    }
}

/// The word on the button that imports.
pub fn import(language: Language, units: u32) -> String {
    match language {
        Language::Chinese => format!("导入 {} 个单位", grouped(units)),
        Language::English => {
            format!("Import {} {}", grouped(units), if units == 1 { "unit" } else { "units" })
        }
    }
}

/// That a list shows its beginning only.
pub fn first_of(language: Language, shown: usize, all: u32) -> String {
    match language {
        Language::Chinese => format!("共 {} 行，列出前 {shown} 行。", grouped(all)),
        Language::English => format!("The first {shown} of {} rows.", grouped(all)),
    }
}
