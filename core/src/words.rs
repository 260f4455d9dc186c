//! The words for everything of the domain that a person sees, in both languages.
//!
//! Every match is exhaustive: a thing without words does not compile. Wording says what is so and what the person
//! can do, never a code alone.

mod problem;
#[cfg(feature = "sheets")]
mod sheet;

pub use problem::{problem, refusal};
#[cfg(feature = "sheets")]
pub use sheet::{meaning, skip_reason};

use crate::domain::fact::FactCode;
use crate::domain::finding::FindingField;
use crate::domain::{
    Asked, AssignmentState, Language, MatterField, Mode, Need, ReviewState, Role, Severity, VisitState,
    taxonomy,
};
use crate::view::{
    AssignmentStage, Covered, Direction, ImportState, InvitationState, Likeness, Merged, Since, SortKey,
    Stage, Standing, Tick,
};

/// The words of one thing.
struct Words(&'static str, &'static str);

impl Words {
    fn say(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.0,
            Language::English => self.1,
        }
    }
}

/// A role.
#[must_use]
pub fn role(role: Role, language: Language) -> &'static str {
    let words = match role {
        Role::Inspector => Words("暗访员", "Inspector"),
        Role::Supervisor => Words("督查员", "Supervisor"),
        Role::Investigator => Words("案件查处员", "Investigator"),
        Role::Coordinator => Words("综合组", "Coordinator"),
        Role::UnitContact => Words("单位联络员", "Unit contact"),
    };
    words.say(language)
}

/// How a visit is made.
#[must_use]
pub fn mode(mode: Mode, language: Language) -> &'static str {
    let words = match mode {
        Mode::Undercover => Words("暗访", "Undercover"),
        Mode::Announced => Words("明查", "Announced"),
        Mode::SpotCheck => Words("抽查", "Spot check"),
        Mode::LookBack => Words("回头看", "Look-back"),
        Mode::Acceptance => Words("验收", "Acceptance"),
    };
    words.say(language)
}

/// How grave a finding is.
#[must_use]
pub fn severity(severity: Severity, language: Language) -> &'static str {
    let words = match severity {
        Severity::Minor => Words("一般", "Minor"),
        Severity::Serious => Words("较重", "Serious"),
        Severity::Grave => Words("严重", "Grave"),
    };
    words.say(language)
}

/// Where a visit stands.
#[must_use]
pub fn visit_state(state: VisitState, language: Language) -> &'static str {
    let words = match state {
        VisitState::Draft => Words("草稿", "Draft"),
        VisitState::Submitted => Words("已提交", "Submitted"),
        VisitState::Voided => Words("已作废", "Voided"),
        VisitState::Disputed => Words("有争议", "Disputed"),
        VisitState::SentBack => Words("已退回", "Sent back"),
    };
    words.say(language)
}

/// What the office says of a finding.
#[must_use]
pub fn review_state(state: ReviewState, language: Language) -> &'static str {
    let words = match state {
        ReviewState::Waiting => Words("待审", "Waiting for review"),
        ReviewState::Confirmed => Words("已确认", "Confirmed"),
        ReviewState::Rejected => Words("不实", "Rejected"),
        ReviewState::Disputed => Words("审核有争议", "Review disputed"),
        ReviewState::Struck => Words("已划掉", "Struck out"),
    };
    words.say(language)
}

/// Whether a finding changed since it was decided on; empty where there is nothing to say.
#[must_use]
pub fn since_review(since: Since, language: Language) -> &'static str {
    let words = match since {
        Since::Unchanged => Words("", ""),
        Since::Changed => Words("审核后有改动", "Changed since it was reviewed"),
    };
    words.say(language)
}

/// Whether a visit changed since it was submitted; empty where there is nothing to say.
#[must_use]
pub fn since_submitted(since: Since, language: Language) -> &'static str {
    let words = match since {
        Since::Unchanged => Words("", ""),
        Since::Changed => Words("提交后有改动", "Changed since it was submitted"),
    };
    words.say(language)
}

/// Whether findings are part of a matter.
#[must_use]
pub fn merged(merged: Merged, language: Language) -> &'static str {
    let words = match merged {
        Merged::Any => Words("不限", "Any"),
        Merged::Not => Words("未并入督办", "In no matter yet"),
        Merged::Yes => Words("已并入督办", "Part of a matter"),
    };
    words.say(language)
}

/// What a list is sorted by.
#[must_use]
pub fn sort_key(key: SortKey, language: Language) -> &'static str {
    let words = match key {
        SortKey::Time => Words("时间", "Time"),
        SortKey::Unit => Words("单位", "Unit"),
        SortKey::Category => Words("类别", "Category"),
        SortKey::Severity => Words("程度", "Severity"),
        SortKey::State => Words("状态", "State"),
    };
    words.say(language)
}

/// In which direction a list is sorted.
#[must_use]
pub fn direction(direction: Direction, language: Language) -> &'static str {
    let words = match direction {
        Direction::Descending => Words("降序", "Descending"),
        Direction::Ascending => Words("升序", "Ascending"),
    };
    words.say(language)
}

/// Why something is proposed to be merged.
#[must_use]
pub fn likeness(likeness: Likeness, language: Language) -> String {
    let words = match (likeness, language) {
        (Likeness::DaysApart(0), _) => Words("同一天", "Same day").say(language),
        (Likeness::DaysApart(days), Language::Chinese) => return format!("相隔 {days} 天"),
        (Likeness::DaysApart(1), Language::English) => "1 day apart",
        (Likeness::DaysApart(days), Language::English) => return format!("{days} days apart"),
        (Likeness::SimilarText(percent), Language::Chinese) => return format!("文字相似 {percent}%"),
        (Likeness::SimilarText(percent), Language::English) => return format!("Similar words, {percent}%"),
        (Likeness::SameUnit, _) => Words("同一单位", "Same unit").say(language),
        (Likeness::NearUnit, _) => Words("上下级单位", "A unit above or below").say(language),
        (Likeness::SameCategory, _) => Words("同一类别", "Same category").say(language),
        (Likeness::SameGroup, _) => Words("同一大类", "Same group of categories").say(language),
        (Likeness::SamePlace, _) => Words("同一地点", "Same place").say(language),
        (Likeness::SamePerson, _) => Words("同一人员", "Same person").say(language),
    };
    words.to_owned()
}

/// The name of what a matter says.
#[must_use]
pub fn matter_field(field: MatterField, language: Language) -> &'static str {
    let field = match field {
        MatterField::Category => FindingField::Category,
        MatterField::Severity => FindingField::Severity,
        MatterField::Place => FindingField::Place,
    };
    finding_field(field, language)
}

/// How far something has come.
#[must_use]
pub fn tick(tick: Tick, language: Language) -> &'static str {
    let words = match tick {
        Tick::Saving => Words("正在保存", "Saving"),
        Tick::Saved => Words("已存本机", "Saved on this device"),
        Tick::Held => Words("已送达", "Held by the relay"),
        Tick::Read => Words("已阅", "Read by the office"),
    };
    words.say(language)
}

/// What a timeline says of a fact, by the code that a [`crate::view::FactView`] carries.
#[must_use]
pub fn fact(code: &str, language: Language) -> &'static str {
    let words = match FactCode::from_code(code) {
        FactCode::VisitStarted => Words("开始走访", "Began the visit"),
        FactCode::VisitSubmitted => Words("提交", "Submitted it"),
        FactCode::VisitVoided => Words("作废", "Voided it"),
        FactCode::FindingStruck => Words("划掉一个问题", "Struck out a finding"),
        FactCode::ValueChosen => Words("选定一个值", "Chose a value"),
        FactCode::VisitSeen => Words("已阅", "Read it"),
        FactCode::MatterOpened => Words("建立督办", "Opened the matter"),
        FactCode::FindingsCited => Words("并入问题", "Added findings"),
        FactCode::OfficeNamed => Words("命名机构", "Named the office"),
        FactCode::ChecklistPublished => Words("发布检查单", "Published a checklist"),
        FactCode::DatasetPublished => Words("导入表格", "Imported a table"),
        FactCode::DatasetWithdrawn => Words("撤回导入", "Took an import back"),
        FactCode::MemberNamed => Words("登记人员姓名", "Named a person"),
        FactCode::TeamNamed => Words("命名小组", "Named a team"),
        FactCode::VisitsAssigned => Words("派发", "Assigned the visits"),
        FactCode::AssignmentRevised => Words("修改派发", "Changed the assignment"),
        FactCode::AssignmentWithdrawn => Words("撤回派发", "Withdrew the assignment"),
        FactCode::VisitSentBack => Words("退回", "Sent it back"),
        FactCode::VisitReopened => Words("重新打开", "Reopened it"),
        FactCode::FindingConfirmed => Words("确认一个问题", "Confirmed a finding"),
        FactCode::FindingRejected => Words("认定一个问题不实", "Rejected a finding"),
        FactCode::ReviewWithdrawn => Words("撤回审核意见", "Withdrew a review"),
        FactCode::ReviewUndone => Words("撤销一批审核", "Undid a batch of reviews"),
        FactCode::ExaminesNamed => Words("注明复查内容", "Said what is re-examined"),
        FactCode::FindingsTaken => Words("移出问题", "Took findings out"),
        FactCode::ValueSettled => Words("选定说法", "Settled what it says"),
        FactCode::Unknown => Words("本版本不认识的记录", "Something that this version does not know"),
    };
    words.say(language)
}

/// Whether a fact counts; empty where there is nothing to say.
#[must_use]
pub fn standing(standing: Standing, language: Language) -> &'static str {
    let words = match standing {
        Standing::Counts => Words("", ""),
        Standing::NoRight => Words("无权作出，不算数", "No right to state this: it does not count"),
        Standing::Attacked => {
            Words("有人试图改写或删除，未生效", "Somebody tried to overwrite or delete this, without effect")
        }
    };
    words.say(language)
}

/// How a cited finding relates to the finding now.
#[must_use]
pub fn since(since: Since, language: Language) -> &'static str {
    let words = match since {
        Since::Unchanged => Words("引用后未改动", "Unchanged since it was cited"),
        Since::Changed => Words("引用后有改动", "Changed since it was cited"),
    };
    words.say(language)
}

/// A stage of visits to look at.
#[must_use]
pub fn stage(stage: Stage, language: Language) -> &'static str {
    let words = match stage {
        Stage::All => Words("全部", "All"),
        Stage::Submitted => Words("已提交", "Submitted"),
    };
    words.say(language)
}

/// How an import stands.
#[must_use]
pub fn import_state(state: ImportState, language: Language) -> String {
    match (state, language) {
        (ImportState::Running(rows), Language::Chinese) => format!("正在导入，已读 {rows} 行"),
        (ImportState::Running(rows), Language::English) => format!("Importing, {rows} rows so far"),
        (ImportState::Done, _) => Words("使用中", "In use").say(language).to_owned(),
        (ImportState::Withdrawn, _) => Words("已撤回", "Taken back").say(language).to_owned(),
    }
}

/// Where an assignment stands.
#[must_use]
pub fn assignment_state(state: AssignmentState, language: Language) -> &'static str {
    let words = match state {
        AssignmentState::Assigned => Words("已派发", "Assigned"),
        AssignmentState::Withdrawn => Words("已撤回", "Withdrawn"),
        AssignmentState::Disputed => Words("有争议", "Disputed"),
    };
    words.say(language)
}

/// A stage of assignments to look at.
#[must_use]
pub fn assignment_stage(stage: AssignmentStage, language: Language) -> &'static str {
    let words = match stage {
        AssignmentStage::All => Words("全部", "All"),
        AssignmentStage::Open => Words("进行中", "Open"),
        AssignmentStage::Over => Words("已到期", "Over"),
        AssignmentStage::Withdrawn => Words("已撤回", "Withdrawn"),
    };
    words.say(language)
}

/// How far a unit of an assignment has come.
#[must_use]
pub fn covered(covered: Covered, language: Language) -> &'static str {
    let words = match covered {
        Covered::Waiting => Words("未走访", "Not visited"),
        Covered::Begun => Words("走访中", "Begun"),
        Covered::Visited => Words("已走访", "Visited"),
    };
    words.say(language)
}

/// What kind of answer a question wants.
#[must_use]
pub fn asked(asked: Asked, language: Language) -> &'static str {
    let words = match asked {
        Asked::YesNo => Words("是、否、不适用", "Yes, no, not applicable"),
        Asked::Choice => Words("选择", "Choice"),
        Asked::Number => Words("数字", "Number"),
        Asked::Line => Words("短文字", "A few words"),
        Asked::Text => Words("长文字", "Text"),
    };
    words.say(language)
}

/// Whether a visit is complete without an answer.
#[must_use]
pub fn need(need: Need, language: Language) -> &'static str {
    let words = match need {
        Need::Optional => Words("选答", "Optional"),
        Need::Required => Words("必答", "Required"),
    };
    words.say(language)
}

/// How an invitation stands.
#[must_use]
pub fn invitation_state(state: InvitationState, language: Language) -> &'static str {
    let words = match state {
        InvitationState::Sending => Words("正在送往中继", "On its way to the relay"),
        InvitationState::Open => Words("可以使用", "Can be used"),
        InvitationState::Used => Words("已有人使用", "Used"),
        InvitationState::Expired => Words("已过期", "Expired"),
        InvitationState::Withdrawn => Words("已收回", "Taken back"),
    };
    words.say(language)
}

/// The name of a finding's field.
#[must_use]
pub fn finding_field(field: FindingField, language: Language) -> &'static str {
    let words = match field {
        FindingField::Category => Words("类别", "Category"),
        FindingField::Severity => Words("程度", "Severity"),
        FindingField::Place => Words("何处", "Where"),
        FindingField::Person => Words("何人", "Who"),
        FindingField::Rule => Words("违反的规定", "Rule broken"),
    };
    words.say(language)
}

/// What a value of a field means, by the field's path; a text that a person typed stands for itself.
#[must_use]
pub fn value(path: &str, value: &str, language: Language) -> String {
    let field = path.rsplit('/').next().unwrap_or_default();
    let known = match field {
        "mode" => Mode::from_code(value).map(|known| mode(known, language)),
        "severity" => Severity::from_code(value).map(|known| severity(known, language)),
        "category" => return category(value, language),
        _ if path.starts_with("answers/") => return answer(value, language),
        _ => None,
    };
    known.map_or_else(|| value.to_owned(), str::to_owned)
}

/// An answer to a question; what is not one of the common answers stands for itself.
#[must_use]
pub fn answer(answer: &str, language: Language) -> String {
    let words = match answer {
        "yes" => Words("是", "Yes"),
        "no" => Words("否", "No"),
        "na" => Words("不适用", "Not applicable"),
        other => return other.to_owned(),
    };
    words.say(language).to_owned()
}

/// A category or group of the taxonomy, by its code; an unknown code stands for itself.
#[must_use]
pub fn category(code: &str, language: Language) -> String {
    let words = (taxonomy::category(code).map(|category| Words(category.chinese, category.english)))
        .or_else(|| taxonomy::group(code).map(|group| Words(group.chinese, group.english)));
    words.map_or_else(|| code.to_owned(), |words| words.say(language).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_said_in_both_languages_and_typed_text_stands_for_itself() {
        assert_eq!(value("mode", "undercover", Language::Chinese), "暗访");
        assert_eq!(value("findings/00/severity", "grave", Language::English), "Grave");
        assert_eq!(value("findings/00/category", "power.slow", Language::Chinese), "慢作为");
        assert_eq!(value("answers/00", "na", Language::English), "Not applicable");
        assert_eq!(value("findings/00/person", "mode", Language::English), "mode");
        assert_eq!(category("power", Language::English), "Use of power");
    }

    #[test]
    fn every_fact_has_its_own_code() {
        for code in FactCode::ALL {
            assert_eq!(FactCode::from_code(code.as_str()), code);
        }
    }
}
