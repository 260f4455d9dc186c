//! Words for figures: charts, agreement between visits, a unit over time.

use super::{Text, plural, text};
use crate::app::i18n::desk::grouped;
use mingcha_core::domain::Language;
use mingcha_core::view::{IsoWeek, Measure};

pub const BY_CATEGORY: Text = text("按类别统计", "Findings by category");
pub const BY_SEVERITY: Text = text("按程度统计", "Findings by severity");
pub const BY_UNIT: Text = text("按单位统计", "Findings by unit");
pub const BY_WEEK: Text = text("按周统计（走访开始的那一周）", "Findings by week in which the visit began");
pub const MEDIANS: Text = text("各环节用时的中位数", "Median time of each step");
pub const NUMBERS: Text = text("查看数据表", "Show the table");
pub const NUMBER: Text = text("个数", "Number");
pub const SHARE: Text = text("占比", "Share");
pub const WEEK: Text = text("周", "Week");
pub const STEP: Text = text("环节", "Step");
pub const MEDIAN: Text = text("中位数", "Median");
pub const CASES: Text = text("例数", "Cases");
pub const NO_CASE: Text = text("还没有", "none yet");
pub const TO_SUBMITTED: Text = text("开始走访 → 提交", "Visit begun → submitted");
pub const TO_READ: Text = text("提交 → 首次阅读", "Submitted → first read");
pub const TO_CONFIRMED: Text = text("首次阅读 → 问题确认", "First read → finding confirmed");
pub const TO_MATTER: Text = text("问题确认 → 并入督办", "Finding confirmed → in a matter");
pub const NO_SEVERITY: Text = text("未定程度", "No severity");
pub const ONLY_THIRTY: Text = text("只列问题最多的三十个单位。", "The thirty units with the most findings.");
pub const LAST_WEEKS: Text =
    text("图上是最近 26 周，表里是全部。", "The chart has the last 26 weeks, the table all.");
pub const MEDIAN_HELP: Text = text(
    "一半的情况比它快，一半比它慢。按各人设备的时钟算。",
    "Half of the cases took less, half took more. By the clocks of people's devices.",
);

pub const AGREEMENT: Text = text("走访之间是否一致", "How far the visits agree");
pub const NO_AGREEMENT: Text = text(
    "要有两条以上用同一份检查单的记录，才能比较。",
    "Two visits or more with the same checklist are needed to compare.",
);
pub const QUESTION: Text = text("题目", "Question");
pub const AGREE: Text = text("一致", "Agree");
pub const SPLIT: Text = text("不一致的题目在前。", "Questions on which they differ come first.");

pub const UNIT_TITLE: Text = text("单位的经过", "A unit over time");
pub const OTHER_UNIT: Text = text("换一个单位", "Another unit");
pub const NO_UNIT: Text = text("先选一个单位。", "Choose a unit first.");
pub const NOTHING_HAPPENED: Text =
    text("这个单位还没有走访，也没有督办。", "No visits and no matters at this unit yet.");
pub const BY_MONTH: Text = text("按月统计", "Findings by month");
pub const MONTH: Text = text("月份", "Month");
pub const VISITED: Text = text("走访", "Visit");
pub const REVIEWED: Text = text("审核", "Review");
pub const MATTER_OPENED: Text = text("建立督办", "Matter created");
pub const BELOW_TOO: Text = text("含下级单位。", "Units below it included.");

/// How many findings of how many visits.
pub fn basis(language: Language, findings: u32, visits: u32) -> String {
    match language {
        Language::Chinese => format!("{} 个问题，出自 {} 次走访", grouped(findings), grouped(visits)),
        Language::English => format!(
            "{} {} from {} {}",
            grouped(findings),
            if findings == 1 { "finding" } else { "findings" },
            grouped(visits),
            if visits == 1 { "visit" } else { "visits" }
        ),
    }
}

/// A week, in full.
pub fn week(language: Language, IsoWeek { year, week }: IsoWeek) -> String {
    match language {
        Language::Chinese => format!("{year} 年第 {week} 周"),
        Language::English => format!("{year}, week {week}"),
    }
}

/// A week, below a column.
pub fn week_short(language: Language, week: IsoWeek) -> String {
    match language {
        Language::Chinese => format!("{}周", week.week),
        Language::English => format!("W{}", week.week),
    }
}

/// A month, below a column: a January says its year.
pub fn month_short(language: Language, (year, month): (u32, u32)) -> String {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    match (language, month) {
        (Language::Chinese, 1) => format!("{year}年"),
        (Language::Chinese, _) => format!("{month}月"),
        (Language::English, 1) => year.to_string(),
        (Language::English, _) => NAMES[(month as usize + 11) % 12].to_owned(),
    }
}

/// A length of time with one decimal, in the largest fitting unit.
pub fn duration(language: Language, millis: u64) -> String {
    let minutes = millis / 60_000;
    let tenth = |part: u64, whole: u64| format!("{}.{}", part / whole, part % whole * 10 / whole);
    match (language, minutes) {
        (Language::Chinese, 0..60) => format!("{minutes} 分钟"),
        (Language::Chinese, 60..2_880) => format!("{} 小时", tenth(minutes, 60)),
        (Language::Chinese, _) => format!("{} 天", tenth(minutes, 1_440)),
        (Language::English, 0..60) => format!("{minutes} min"),
        (Language::English, 60..2_880) => format!("{} h", tenth(minutes, 60)),
        (Language::English, _) => format!("{} days", tenth(minutes, 1_440)),
    }
}

/// How many cases something rests on.
pub fn cases(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{} 例", grouped(count)),
        Language::English => format!("{} {}", grouped(count), if count == 1 { "case" } else { "cases" }),
    }
}

/// Thousandths as per cent.
pub fn percent(thousandths: u32) -> String {
    format!("{}%", (thousandths + 5) / 10)
}

/// What share of the answers agree.
pub fn agreement(language: Language, thousandths: u32, visits: usize) -> String {
    let share = percent(thousandths);
    match language {
        Language::Chinese => format!("{visits} 次走访，两两比较，{share} 的答案一致。"),
        Language::English => {
            format!("{visits} visits, compared in pairs: {share} of the answers are the same.")
        }
    }
}

/// Agreement beyond chance, in words, and what it rests on.
pub fn kappa(language: Language, measure: Measure, value: i32, questions: u32) -> String {
    let words = match value {
        ..0 => text("比碰巧还不一致", "less than chance would give"),
        0..200 => text("几乎只是碰巧", "hardly more than chance"),
        200..400 => text("略有一致", "fair"),
        400..600 => text("中等", "moderate"),
        600..800 => text("较好", "good"),
        _ => text("很好", "very good"),
    };
    let words = words.say(language);
    let sign = if value < 0 { "−" } else { "" };
    let number = format!("{sign}{}.{:02}", value.unsigned_abs() / 1_000, value.unsigned_abs() % 1_000 / 10);
    let few = questions < 10;
    match (language, measure) {
        (Language::Chinese, measure) => {
            let name = if measure == Measure::Cohen { "Cohen" } else { "Fleiss" };
            let basis = format!("依据每次走访都答了的 {questions} 题");
            let few = if few { "，题目太少，只能参考" } else { "" };
            format!("扣除碰巧后的一致程度：{words}（{name} κ = {number}，{basis}{few}）。")
        }
        (Language::English, measure) => {
            let name = if measure == Measure::Cohen { "Cohen’s" } else { "Fleiss’" };
            let basis = plural(questions, "question", "questions");
            let few = if few { ": too few to say much" } else { "" };
            format!(
                "Agreement beyond chance: {words} ({name} κ = {number}, from the {basis} answered in every visit{few})."
            )
        }
    }
}

/// That kappa is not defined.
pub const NO_KAPPA: Text = text(
    "扣除碰巧后的一致程度算不出：没有每次都答了的题，或答案全都一样。",
    "Agreement beyond chance is not defined here: no question was answered in every visit, or all answers are alike.",
);

/// What happened in a month.
pub fn in_month(language: Language, visits: u32, findings: u32, matters: u32) -> String {
    match language {
        Language::Chinese => format!("{visits} 次走访 · {findings} 个问题 · {matters} 件督办"),
        Language::English => format!(
            "{} · {} · {}",
            plural(visits, "visit", "visits"),
            plural(findings, "finding", "findings"),
            plural(matters, "matter", "matters")
        ),
    }
}

/// That only the newest events are shown.
pub fn newest_only(language: Language, shown: usize, total: u32) -> String {
    match language {
        Language::Chinese => format!("共 {} 件事，这里是最近的 {shown} 件。", grouped(total)),
        Language::English => format!("The newest {shown} of {} events.", grouped(total)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_people_say_them() {
        assert_eq!(duration(Language::English, 59 * 60_000), "59 min");
        assert_eq!(duration(Language::English, 90 * 60_000), "1.5 h");
        assert_eq!(duration(Language::Chinese, 60 * 3_600_000), "2.5 天");
    }

    #[test]
    fn kappa_says_what_it_rests_on() {
        let said = kappa(Language::English, Measure::Cohen, -125, 4);
        assert!(
            said.contains("κ = −0.12") && said.contains("4 questions") && said.contains("too few"),
            "{said}"
        );
        assert_eq!(percent(835), "84%");
    }
}
