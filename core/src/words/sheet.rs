//! Spreadsheets in words: what a column holds, and why a row was left out.

use super::Words;
use crate::domain::Language;
use crate::sheet::{Meaning, SkipReason};

/// What a column holds.
#[must_use]
pub fn meaning(meaning: Meaning, language: Language) -> &'static str {
    let words = match meaning {
        Meaning::Nothing => Words("不导入", "Not imported"),
        Meaning::Code => Words("单位代码", "Code"),
        Meaning::Name => Words("单位名称", "Name"),
        Meaning::Kind => Words("类型", "Kind"),
        Meaning::Parent => Words("上级单位（代码或名称）", "Unit above (code or name)"),
        Meaning::Ancestor => Words("更上级单位的代码", "Code of a unit further above"),
        Meaning::Latitude => Words("纬度", "Latitude"),
        Meaning::Longitude => Words("经度", "Longitude"),
    };
    words.say(language)
}

/// Why a row was left out, or what of it was.
#[must_use]
pub fn skip_reason(reason: SkipReason, language: Language) -> &'static str {
    let words = match reason {
        SkipReason::NoCode => Words("没有代码，未导入", "No code: left out"),
        SkipReason::NoName => Words("没有名称，未导入", "No name: left out"),
        SkipReason::Replaced => {
            Words("后面的行代码相同，以后面的为准", "A later row has the same code and replaces it")
        }
        SkipReason::TooLong => Words("内容太长，未导入", "A value is too long: left out"),
        SkipReason::NoPlace => {
            Words("经纬度不对，已导入但没有位置", "Invalid coordinates: imported without a location")
        }
    };
    words.say(language)
}
