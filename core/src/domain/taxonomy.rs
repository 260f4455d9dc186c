//! The taxonomy of findings.

use crate::domain::fact::coded;
use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// 一般.
    #[default]
    Minor,
    /// 较重.
    Serious,
    /// 严重.
    Grave,
}

impl Severity {
    /// All severities, from the least.
    pub const ALL: [Self; 3] = [Self::Minor, Self::Serious, Self::Grave];

    /// The code in documents and views.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Serious => "serious",
            Self::Grave => "grave",
        }
    }

    /// The severity with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code() == code)
    }
}

coded!(Severity);

/// A group of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Stable, stored in documents.
    pub code: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
    /// In English.
    pub english: &'static str,
    /// Its categories.
    pub categories: &'static [Category],
}

/// A category of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Stable, stored in documents: the group's code, a full stop, and its own.
    pub code: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
    /// In English.
    pub english: &'static str,
}

/// The category with a code.
#[must_use]
pub fn category(code: &str) -> Option<&'static Category> {
    GROUPS.iter().flat_map(|group| group.categories).find(|category| category.code == code)
}

/// The group with a code.
#[must_use]
pub fn group(code: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.code == code)
}

/// Whether a category's code is `wanted`, or lies in the group that `wanted` names.
#[must_use]
pub fn is_within(category: &str, wanted: &str) -> bool {
    category == wanted || category.split_once('.').is_some_and(|(group, _)| group == wanted)
}

const fn category_of(code: &'static str, chinese: &'static str, english: &'static str) -> Category {
    Category { code, chinese, english }
}

/// The taxonomy of the templates that the product ships.
pub const GROUPS: [Group; 8] = [
    Group {
        code: "conduct",
        chinese: "四大顽症",
        english: "Conduct: the stubborn ills",
        categories: &[
            category_of("conduct.lazy", "懒惰", "Lazy"),
            category_of("conduct.false", "虚假", "False"),
            category_of("conduct.rash", "浮躁", "Rash"),
            category_of("conduct.buck-passing", "扯皮推诿", "Buck-passing"),
            category_of("conduct.mediocre", "庸", "Mediocre"),
            category_of("conduct.idle", "懒", "Idle"),
            category_of("conduct.loose", "散", "Loose"),
            category_of("conduct.dragging", "拖", "Dragging"),
        ],
    },
    Group {
        code: "power",
        chinese: "用权",
        english: "Use of power",
        categories: &[
            category_of("power.not-acting", "不作为", "Not acting"),
            category_of("power.slow", "慢作为", "Acting slowly"),
            category_of("power.arbitrary", "乱作为", "Acting arbitrarily"),
            category_of("power.obstruction", "中梗阻", "Obstruction in the middle ranks"),
            category_of("power.rough", "粗暴执法", "Rough enforcement"),
            category_of("power.difficulty", "故意刁难", "Deliberate difficulty"),
        ],
    },
    Group {
        code: "integrity",
        chinese: "廉洁",
        english: "Integrity",
        categories: &[
            category_of("integrity.eating", "吃", "Eating at others' cost"),
            category_of("integrity.taking", "拿", "Taking"),
            category_of("integrity.blocking", "卡", "Blocking"),
            category_of("integrity.demanding", "要", "Demanding"),
            category_of("integrity.claiming", "报", "Claiming expenses from others"),
            category_of("integrity.gifts", "收受礼品、礼金、有价证券", "Gifts, cash and securities"),
            category_of("integrity.cars", "公车私用", "Misuse of official cars"),
            category_of("integrity.business", "公职人员经商办企业", "Officials in business"),
            category_of("integrity.private-treasury", "小金库", "Private treasury"),
            category_of(
                "integrity.celebrations",
                "滥办庆典、研讨会、论坛",
                "Excess celebrations, seminars and forums",
            ),
        ],
    },
    Group {
        code: "duty",
        chinese: "制度不落实",
        english: "Duty systems not kept",
        categories: &[
            category_of("duty.first-asked", "首问负责制", "First-asked responsibility"),
            category_of("duty.time-limit", "限时办结制", "Time limit"),
            category_of("duty.one-time-notice", "一次性告知制", "One-time notice"),
            category_of("duty.commitment", "服务承诺制", "Service commitment"),
            category_of("duty.ab-post", "岗位AB角制", "A/B post"),
            category_of("duty.accountability", "责任追究制", "Accountability"),
            category_of("duty.refusal-filing", "否定报告备案制", "Refusal filing"),
            category_of("duty.parallel-approval", "并联审批", "Parallel approval"),
            category_of("duty.not-in-hall", "应进未进大厅", "Not moved into the hall"),
            category_of("duty.outside-hall", "体外循环、未在厅内办理", "Handled outside the hall"),
        ],
    },
    Group {
        code: "openness",
        chinese: "公开",
        english: "Openness",
        categories: &[
            category_of("openness.incomplete", "公开不全面", "Incomplete"),
            category_of("openness.late", "公开不及时", "Late"),
            category_of("openness.untrue", "公开不真实", "Untrue"),
            category_of("openness.fees", "收费未公示", "Fees not shown"),
        ],
    },
    Group {
        code: "companies",
        chinese: "涉企",
        english: "Companies",
        categories: &[
            category_of("companies.charges", "乱收费", "Arbitrary charges"),
            category_of("companies.fines", "乱罚款", "Arbitrary fines"),
            category_of("companies.inspections", "乱检查", "Arbitrary inspections"),
            category_of("companies.levies", "乱摊派", "Arbitrary levies"),
            category_of("companies.quiet-days", "违反安静生产日", "Quiet days broken"),
            category_of("companies.above-lowest-fine", "罚款高于下限", "Fine above the lowest limit"),
            category_of("companies.unfiled-inspection", "检查未备案", "Unfiled inspection"),
            category_of("companies.unfiled-freeze", "冻结账户未备案", "Unfiled freeze of an account"),
            category_of("companies.six-prohibitions", "违反六条禁令", "The six prohibitions broken"),
            category_of("companies.four-prohibitions", "违反四条禁令", "The four prohibitions broken"),
        ],
    },
    Group {
        code: "discipline",
        chinese: "工作纪律",
        english: "Discipline",
        categories: &[
            category_of("discipline.absent", "脱岗、空岗", "Absent"),
            category_of("discipline.late", "迟到、早退", "Late, or gone early"),
            category_of("discipline.games", "玩游戏", "Games"),
            category_of("discipline.chat", "闲聊", "Chatting"),
            category_of("discipline.drink", "工作时间饮酒", "Drinking"),
            category_of("discipline.uniform", "着装不规范", "Uniform"),
            category_of("discipline.badge", "未亮牌上岗", "No sign or badge"),
            category_of("discipline.attitude", "态度生硬", "Attitude"),
        ],
    },
    Group {
        code: "handling",
        chinese: "办理",
        english: "Handling",
        categories: &[
            category_of("handling.no-answer", "投诉无回音", "Complaint without answer"),
            category_of("handling.false-rectification", "虚假整改", "Rectification reported but not done"),
            category_of("handling.clean-up", "专项清理不到位", "Special clean-up not carried out"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted::SortedSet;

    #[test]
    fn codes_are_unique_and_name_their_group() {
        let mut codes = SortedSet::new();
        for group in &GROUPS {
            for category in group.categories {
                assert!(codes.insert(category.code));
                assert!(is_within(category.code, group.code));
                assert!(!is_within(category.code, "x"));
            }
        }
    }
}
