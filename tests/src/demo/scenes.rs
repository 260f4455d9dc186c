//! What happens in three weeks: assignments, visits, reviews, matters.

use super::{Office, Team, VISITS, city, open_at, send, set_clock, until};
use crate::live::{Live, now};
use anyhow::{Context, Result, bail};
use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::domain::{
    AssignmentDraft, Citation, MatterField, Mode, Reexamined, Review, ReviewState, Severity, VisitState,
};
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, FindingFilter, Heads, Query, Window};

/// How many days ago the first visit was.
const FIRST_DAY: i64 = 20;
/// Visits of the last days are still to be read.
const UNREAD_DAYS: i64 = 4;
const DAY_MS: u64 = 86_400_000;

/// Something that goes wrong at a counter: the question it answers (from 0), category, severity, place, person, what
/// was seen, and the problem as a supervisor calls it.
struct Ill {
    question: usize,
    category: &'static str,
    severity: Severity,
    place: &'static str,
    person: &'static str,
    seen: &'static str,
    title: &'static str,
}

const ILLS: [Ill; 8] = [
    Ill {
        question: 0,
        category: "discipline.absent",
        severity: Severity::Serious,
        place: "3号窗口",
        person: "工号 0317",
        seen: "14:07 到 14:19 窗口无人，叫号停在 041，大厅里有十一人等候。旁边窗口的工作人员说“去开会了”。",
        title: "3号窗口工作时间无人应答",
    },
    Ill {
        question: 1,
        category: "discipline.games",
        severity: Severity::Minor,
        place: "后排工位",
        person: "",
        seen: "柜台内两人聊天，其中一人在手机上打牌，声音外放，持续约八分钟。",
        title: "柜台内聊天、玩手机游戏",
    },
    Ill {
        question: 5,
        category: "duty.one-time-notice",
        severity: Severity::Serious,
        place: "综合受理窗口",
        person: "工号 1102",
        seen: "第一次被告知只要营业执照和申请表；第二次又要法人授权书；第三次说授权书要公证。没有书面的一次性告知单。",
        title: "申请材料没有一次性告知",
    },
    Ill {
        question: 6,
        category: "duty.time-limit",
        severity: Severity::Serious,
        place: "企业开办窗口",
        person: "",
        seen: "公示承诺一个工作日办结，今天是第四个工作日，答复是“系统的问题，再等等”。",
        title: "企业开办超过承诺时限",
    },
    Ill {
        question: 3,
        category: "discipline.attitude",
        severity: Severity::Minor,
        place: "咨询台",
        person: "胸牌反戴",
        seen: "问有没有样表，回答“墙上自己看”，没有抬头。墙上的样表是去年的。",
        title: "咨询台态度生硬",
    },
    Ill {
        question: 7,
        category: "duty.ab-post",
        severity: Severity::Minor,
        place: "不动产登记窗口",
        person: "",
        seen: "经办人请假，公示的B岗说“我不会操作这个业务，你下周来”。",
        title: "A岗不在，B岗不能顶岗",
    },
    Ill {
        question: 8,
        category: "duty.refusal-filing",
        severity: Severity::Grave,
        place: "食品许可窗口",
        person: "姓刘，中年男性",
        seen: "口头拒绝受理，说“现在不批这个”，要求出具不予受理通知书被拒绝，也没有登记。",
        title: "拒绝受理不出具书面理由、不备案",
    },
    Ill {
        question: 4,
        category: "power.difficulty",
        severity: Severity::Grave,
        place: "施工许可窗口",
        person: "工号 0088",
        seen: "同一份材料上午在隔壁窗口说合格，下午此人说“格式不对”，问哪里不对，回答“你自己琢磨”。随后暗示可以找门口的打印店代办。",
        title: "故意刁难并指向中介代办",
    },
];

const NOTES: [&str; 6] = [
    "大厅秩序正常，引导员主动询问。",
    "上午十点，人不多，等候约五分钟。",
    "下午四点半到，离下班还有一小时，已有两个窗口挂“暂停服务”。",
    "自助机三台坏了一台，没有维修告示。",
    "以办理营业执照变更为由进入，没有亮明身份。",
    "公示栏的收费标准已经更新。",
];

/// Lets it all happen.
pub async fn play(live: &mut Live, office: &Office) -> Result<()> {
    let given = assign(live, office).await?;
    let mut handed_in = Vec::new();
    for number in 0..VISITS {
        let team = &office.teams[number % office.teams.len()];
        let assignment = given[number % office.teams.len()];
        let days_ago = FIRST_DAY - FIRST_DAY * number as i64 / VISITS as i64;
        let visit = Visit { number, days_ago, assignment };
        let played = visit.play(live, office, team).await;
        if let Some(id) = played.with_context(|| format!("visit {number}"))? {
            handed_in.push((id, days_ago));
        }
    }
    review(live, office, &handed_in).await.context("review")?;
    quarrel(live, office, &handed_in).await.context("quarrel")?;
    matters(live, office).await
}

/// Each team gets an assignment that runs, each but the last one that is over, and the first a look-back.
async fn assign(live: &mut Live, office: &Office) -> Result<Vec<DocumentId>> {
    let today = now().0 / DAY_MS * DAY_MS;
    let day = |ago: i64| Timestamp((today as i64 - ago * DAY_MS as i64) as u64);
    let mut given = Vec::new();
    set_clock(live, office.supervisor, FIRST_DAY + 1, (9, 0)).await?;
    for (at, team) in office.teams.iter().enumerate() {
        let units = |from: usize| {
            let all =
                (0..3).flat_map(|of| (0..6).map(move |office| city::office(3 * at + of, office + from)));
            all.collect::<Vec<_>>()
        };
        let running = AssignmentDraft {
            title: format!("窗口作风暗访·第{}片", ["一", "二", "三"][at]),
            units: units(0),
            from: day(FIRST_DAY + 1),
            until: day(-10),
            mode: Mode::Undercover,
            checklist: office.checklists.first().copied(),
            look_at: "重点看午休前后和下班前一小时；以普通群众身份办一件真实的事；不与窗口人员争执。".into(),
            again: Vec::new(),
        };
        given.push(give(live, office, team, running.clone()).await?);
        if at + 1 < office.teams.len() {
            let over = AssignmentDraft {
                title: format!("企业开办时限抽查·第{}片", ["一", "二"][at]),
                units: units(6)[..6].to_vec(),
                until: day(8),
                mode: Mode::SpotCheck,
                look_at: "核对公示的承诺时限与实际办结时间。".into(),
                ..running
            };
            give(live, office, team, over).await?;
        }
    }
    let again = [(city::office(0, 0), &ILLS[0]), (city::office(1, 1), &ILLS[1])];
    let look_back = AssignmentDraft {
        title: "第一批问题回头看".into(),
        units: again.iter().map(|(unit, _)| unit.clone()).collect(),
        from: day(1),
        until: day(-14),
        mode: Mode::LookBack,
        checklist: office.checklists.get(1).copied(),
        look_at: "看整改是不是真的，不看台账看窗口。".into(),
        again: again
            .iter()
            .map(|(unit, ill)| Reexamined {
                unit: unit.clone(),
                text: ill.seen.into(),
                severity: ill.severity,
                citation: None,
            })
            .collect(),
    };
    set_clock(live, office.supervisor, 1, (17, 0)).await?;
    give(live, office, &office.teams[0], look_back).await?;
    send(live, office.supervisor);
    live.rest(office.supervisor).await?;
    Ok(given)
}

async fn give(live: &mut Live, office: &Office, team: &Team, content: AssignmentDraft) -> Result<DocumentId> {
    let assignment = DocumentId(live.bytes());
    live.ask(office.supervisor, Command::AssignVisits { assignment, team: team.space, content }).await?;
    Ok(assignment)
}

struct Visit {
    number: usize,
    days_ago: i64,
    assignment: DocumentId,
}

impl Visit {
    /// Makes the visit; its id when it was handed in.
    async fn play(&self, live: &mut Live, office: &Office, team: &Team) -> Result<Option<DocumentId>> {
        let Self { number, days_ago, .. } = *self;
        let round = number / office.teams.len();
        let [who, other] = team.inspectors;
        let hour = [9, 10, 11, 14, 15, 16][number % 6];
        set_clock(live, who, days_ago, (hour, 7 * (number as i64 % 8))).await?;
        let unit = city::office(3 * (number % office.teams.len()) + round % 3, round * 5 / 3);
        let mode = match number % 9 {
            4 => Mode::Announced,
            7 => Mode::SpotCheck,
            _ => Mode::Undercover,
        };
        let checklist = office.checklists.first().copied();
        let visit = DocumentId(live.bytes());
        let assignment = (mode == Mode::Undercover).then_some(self.assignment);
        let start =
            Command::StartVisit { visit, team: team.space, mode, unit: Some(unit), checklist, assignment };
        live.ask(who, start).await?;
        let notes = TextEdit { base: Heads::default(), text: NOTES[number % NOTES.len()].into() };
        edit(live, who, visit, VisitEdit::Notes(notes)).await?;
        // The same ill shows at one unit again and again, as different teams see it.
        let mut ills = vec![&ILLS[(round * 5 / 3 + number / 7) % ILLS.len()]];
        match number % 5 {
            0 => ills.push(&ILLS[(number + 3) % ILLS.len()]),
            3 => ills.clear(),
            _ => {}
        }
        self.answer(live, office, (who, visit), &ills).await?;
        for ill in &ills {
            found(live, who, visit, ill).await?;
        }
        if number % 20 == 11 {
            together(live, (who, other), visit).await?;
        }
        self.hand_in(live, who, visit).await
    }

    async fn answer(
        &self,
        live: &mut Live,
        office: &Office,
        (who, visit): (usize, DocumentId),
        ills: &[&Ill],
    ) -> Result<()> {
        let Answer::Checklists(all) = live.look(who, Query::Checklists).await? else {
            bail!("no checklists")
        };
        let first = office.checklists.first().context("a checklist")?;
        let checklist = all.into_iter().find(|list| list.id == *first).context("the checklist")?;
        for (at, question) in checklist.questions.iter().enumerate() {
            let answer = match (ills.iter().any(|ill| ill.question == at), (self.number + at) % 6) {
                (true, _) => "no",
                (false, 5) => "na",
                (false, _) => "yes",
            };
            let answer = VisitEdit::Answer { question: question.id, answer: Some(answer.into()) };
            edit(live, who, visit, answer).await?;
        }
        Ok(())
    }

    /// Most are handed in, some are a mistake, and the last ones are still being written.
    async fn hand_in(&self, live: &mut Live, who: usize, visit: DocumentId) -> Result<Option<DocumentId>> {
        let is_mistake = self.number % 29 == 14;
        let is_draft = self.number + 4 >= VISITS;
        if is_mistake {
            let reason = "走错了单位，记录作废".into();
            live.ask(who, Command::VoidVisit { visit, reason }).await?;
        } else if !is_draft {
            live.ask(who, Command::SubmitVisit { visit, incomplete: true }).await?;
        }
        send(live, who);
        live.rest(who).await?;
        Ok((!is_mistake && !is_draft).then_some(visit))
    }
}

async fn edit(live: &mut Live, who: usize, visit: DocumentId, edit: VisitEdit) -> Result<()> {
    live.ask(who, Command::EditVisit { visit, edit }).await
}

async fn found(live: &mut Live, who: usize, visit: DocumentId, ill: &Ill) -> Result<ItemId> {
    let finding = ItemId(live.bytes());
    edit(live, who, visit, VisitEdit::AddFinding { finding, question: None }).await?;
    for field in [
        FindingEdit::Category(ill.category.into()),
        FindingEdit::Severity(ill.severity),
        FindingEdit::Place(ill.place.into()),
        FindingEdit::Person(ill.person.into()),
        FindingEdit::Seen(TextEdit { base: Heads::default(), text: ill.seen.into() }),
    ] {
        edit(live, who, visit, VisitEdit::Finding { finding, field }).await?;
    }
    Ok(finding)
}

/// Both inspectors of a team write the same visit without a network, and set a field differently.
async fn together(live: &mut Live, (who, other): (usize, usize), visit: DocumentId) -> Result<()> {
    send(live, who);
    let clock_off = live.device(who).clock_off;
    open_at(live, other, clock_off).await?;
    let seen = until(live, other, visit, |view| !view.findings.is_empty()).await?;
    let (finding, before) = (seen.findings[0].finding, &seen.findings[0].severity.value);
    let others = Severity::ALL.into_iter().filter(|severity| severity.code() != before);
    for (at, severity) in [who, other].into_iter().zip(others) {
        live.device(at).online = false;
        live.cut(at);
        let field = FindingEdit::Severity(severity);
        edit(live, at, visit, VisitEdit::Finding { finding, field }).await?;
        send(live, at);
    }
    for at in [who, other] {
        live.device(at).online = true;
        open_at(live, at, clock_off).await?;
    }
    until(live, who, visit, |view| !view.findings[0].severity.conflict.is_empty()).await?;
    Ok(())
}

/// A supervisor reads the visits that were handed in, and decides about most of what they found.
async fn review(live: &mut Live, office: &Office, visits: &[(DocumentId, i64)]) -> Result<()> {
    let who = office.supervisor;
    for (number, (visit, days_ago)) in visits.iter().enumerate() {
        if *days_ago < UNREAD_DAYS {
            continue;
        }
        let (visit, days_ago) = (*visit, *days_ago - 1 - number as i64 % 2);
        let view = until(live, who, visit, |view| view.state == VisitState::Submitted).await?;
        set_clock(live, who, days_ago.max(0), (10, number as i64 % 60)).await?;
        live.ask(who, Command::SawVisit { visit, heads: view.heads.clone() }).await?;
        if number % 14 == 5 {
            let reason = "第二个问题没有写清是哪个窗口，请补充后再报。".into();
            live.ask(who, Command::SendVisitBack { visit, reason }).await?;
            continue;
        }
        for (at, finding) in view.findings.iter().enumerate() {
            let review = match (number + at) % 8 {
                3 => Review::Reject {
                    reason: "现场监控显示该工作人员在办理特殊业务，不属于脱岗。".into()
                },
                // Some wait.
                6 => continue,
                _ => Review::Confirm,
            };
            let (heads, finding) = (view.heads.clone(), finding.finding);
            live.ask(who, Command::ReviewFinding { visit, heads, finding, review }).await?;
        }
    }
    send(live, who);
    live.rest(who).await
}

/// Two people of the office decide differently about one of the newest findings without knowing of each other.
async fn quarrel(live: &mut Live, office: &Office, visits: &[(DocumentId, i64)]) -> Result<()> {
    let pair = [office.founder, office.supervisor];
    let mut newest = None;
    for (visit, _) in visits.iter().rev().filter(|(_, days_ago)| *days_ago < UNREAD_DAYS) {
        let view = until(live, pair[0], *visit, |view| view.state == VisitState::Submitted).await?;
        newest = newest.or(Some(view).filter(|view| !view.findings.is_empty()));
    }
    let view = newest.context("a new finding")?;
    for at in pair {
        open_at(live, at, 0).await?;
        until(live, at, view.visit, |view| view.state == VisitState::Submitted).await?;
    }
    for at in pair {
        live.device(at).online = false;
        live.cut(at);
    }
    let decisions = [Review::Confirm, Review::Reject { reason: "证据不足。".into() }];
    for (at, review) in pair.into_iter().zip(decisions) {
        let (heads, finding) = (view.heads.clone(), view.findings[0].finding);
        live.ask(at, Command::ReviewFinding { visit: view.visit, heads, finding, review }).await?;
        send(live, at);
    }
    for at in pair {
        live.device(at).online = true;
        open_at(live, at, 0).await?;
    }
    Ok(())
}

/// Confirmed findings of the same ill at the same unit become a matter; where they differ, some are settled.
async fn matters(live: &mut Live, office: &Office) -> Result<()> {
    let who = office.supervisor;
    open_at(live, who, 0).await?;
    let filter = FindingFilter { review: Some(ReviewState::Confirmed), ..FindingFilter::default() };
    let window = Window { first: 0, count: 500 };
    let Answer::Findings(rows) = live.look(who, Query::Findings(filter, window)).await? else {
        bail!("no findings")
    };
    let mut opened: Vec<(String, String, DocumentId)> = Vec::new();
    for row in rows.rows {
        let Some(ill) = ILLS.iter().find(|ill| ill.category == row.category) else { continue };
        let unit = row.unit.as_ref().map(|unit| unit.code.clone()).unwrap_or_default();
        let citations = vec![Citation { visit: row.visit, heads: row.heads.clone(), finding: row.finding }];
        let same = opened.iter().find(|(at, category, _)| (at, category) == (&unit, &row.category));
        match same.map(|(.., matter)| *matter) {
            Some(matter) => live.ask(who, Command::CiteInMatter { matter, citations }).await?,
            None if opened.len() < 9 => {
                let (matter, title, category) =
                    (DocumentId(live.bytes()), ill.title.into(), row.category.clone());
                let severity = row.severity.unwrap_or(ill.severity);
                opened.push((unit.clone(), row.category, matter));
                let open = Command::OpenMatter { matter, title, unit, category, severity, citations };
                live.ask(who, open).await?;
            }
            None => {}
        }
    }
    if let Some((.., matter)) = opened.first() {
        let settle = Command::SettleInMatter {
            matter: *matter,
            field: MatterField::Severity,
            chosen: Severity::Serious.code().into(),
            over: vec![Severity::Minor.code().into()],
            reason: "同类问题已是第二次发现。".into(),
        };
        live.ask(who, settle).await?;
    }
    send(live, who);
    live.rest(who).await
}
