//! What the office of the phone's day has prepared.

use anyhow::Result;
use mingcha_core::command::Command;
use mingcha_core::domain::{
    Asked, AssignmentDraft, ChecklistDraft, Condition, Language, Mode, Need, Question, Reexamined, Severity,
    Suggestion,
};
use mingcha_core::time::Timestamp;
use mingcha_core::units::{Place, UnitRow};
use mingcha_tests::browser::{Backroom, Word};
use mingcha_tests::live::now;

pub const DAY: u64 = 86_400_000;
pub const HALL: &str = "市政务服务中心";
pub const TAX: &str = "税务局办税大厅";
pub const BUREAU: &str = "环保局行政许可科";
pub const STATION: &str = "南关派出所";
pub const STAFFED: Word = Word("窗口有人在岗吗", "Is the window staffed");
pub const HOW_LONG: Word = Word("等了多久", "How long was the wait");
pub const WHO_SAID: Word = Word("谁答复的", "Who answered");
pub const WHY: Word = Word("说了什么理由", "What reason was given");
pub const SIGNED: Word = Word("流程公示在哪里", "Where is the procedure shown");
pub const SUGGESTED: Word = Word("工作时间窗口无人。", "The window was left alone.");
pub const STILL: Word = Word("七月时收费标准没有公示", "In July the fees were not shown");
pub const MENDED_BEFORE: Word = Word("七月时没有叫号机", "In July there was no queue machine");
pub const LOOK_AT: Word =
    Word("看窗口是否有人，问一次办证要带什么。", "See whether windows are staffed; ask what to bring.");
pub const FIRST: Word = Word("政务大厅暗访", "Service halls, undercover");
pub const SECOND: Word = Word("七月问题回头看", "Look-back on July");

/// A hall, an office, a bureau and a station of one city, each somewhere.
pub fn units() -> Vec<UnitRow> {
    let unit = |code: &str, name: &str, initials: &str, parent: &str, north: i32| UnitRow {
        code: code.into(),
        name: name.into(),
        initials: vec![initials.into()],
        parents: Some(parent).filter(|parent| !parent.is_empty()).map(str::to_owned).into_iter().collect(),
        place: Place::new(34_600_000 + north, 112_450_000),
        ..UnitRow::default()
    };
    vec![
        unit("41", "洛河市", "lhs", "", 0),
        unit("4101", HALL, "szwfwzx", "41", 20_000),
        unit("4102", TAX, "swjbsdt", "41", 3_000),
        unit("4103", BUREAU, "hbjxzxkk", "41", 9_000),
        unit("4104", STATION, "ngpcs", "41", 1_000),
    ]
}

/// Publishes two checklists and assigns two rounds of visits: halls to see, and a look-back.
pub async fn assign(office: &mut Backroom, language: Language) -> Result<()> {
    let say = |word: Word| word.say(language).to_owned();
    let [staffed, long, said, why, signed] = [(); 5].map(|()| office.item());
    let questions = vec![
        Question {
            category: "discipline.absent".into(),
            need: Need::Required,
            suggests: Some(Suggestion {
                answers: Vec::new(),
                severity: Some(Severity::Serious),
                text: say(SUGGESTED),
            }),
            ..Question::new(staffed, say(STAFFED))
        },
        Question {
            asked: Asked::Number,
            unit: Some(Word("分钟", "minutes").say(language).to_owned()),
            need: Need::Required,
            ..Question::new(long, say(HOW_LONG))
        },
        Question { asked: Asked::Line, ..Question::new(said, say(WHO_SAID)) },
        Question {
            asked: Asked::Text,
            condition: Some(Condition { question: staffed, answers: vec!["no".into()] }),
            ..Question::new(why, say(WHY))
        },
        Question {
            asked: Asked::Choice,
            choices: [
                Word("大厅入口的电子屏", "On the screen at the entrance"),
                Word("窗口旁的纸质告示", "On paper beside the window"),
                Word("没有公示", "Nowhere"),
            ]
            .map(&say)
            .to_vec(),
            need: Need::Required,
            ..Question::new(signed, say(SIGNED))
        },
    ];
    let checklist = office.item();
    let title = Word("大厅检查单", "Hall checklist").say(language).to_owned();
    office
        .ask(Command::PublishChecklist { checklist: ChecklistDraft { id: checklist, title, questions } })
        .await?;
    let other = office.item();
    let question = Question::new(office.item(), say(STAFFED));
    let title = Word("短检查单", "Short checklist").say(language).to_owned();
    let short = ChecklistDraft { id: other, title, questions: vec![question] };
    office.ask(Command::PublishChecklist { checklist: short }).await?;

    let today = Timestamp(now().0 / DAY * DAY);
    let first = AssignmentDraft {
        title: say(FIRST),
        units: ["4101", "4103", "4104"].map(str::to_owned).to_vec(),
        from: Timestamp(today.0 - DAY),
        until: today.after(5 * DAY),
        mode: Mode::Undercover,
        checklist: Some(checklist),
        look_at: say(LOOK_AT),
        again: Vec::new(),
    };
    let earlier =
        |word: Word, severity| Reexamined { unit: "4102".into(), text: say(word), severity, citation: None };
    let second = AssignmentDraft {
        title: say(SECOND),
        units: vec!["4102".into()],
        from: Timestamp(today.0 - DAY),
        until: today.after(3 * DAY),
        mode: Mode::LookBack,
        checklist: None,
        look_at: String::new(),
        again: vec![earlier(STILL, Severity::Serious), earlier(MENDED_BEFORE, Severity::Minor)],
    };
    for content in [first, second] {
        let (assignment, team) = (office.document(), office.team);
        office.ask(Command::AssignVisits { assignment, team, content }).await?;
    }
    Ok(())
}
