//! Agreement: how far visits that used the same checklist answered alike.

use crate::domain::{Checklist, Context, Summary, VisitSummary, limits, lists};
use crate::ids::{DocumentId, ItemId};
use crate::sorted::{SortedMap, SortedSet};
use crate::view::{AgreementView, Compared, Kappa, Measure, QuestionAgreement};

/// How far the newest visits agree, one answer for each checklist that more than one of them used.
#[must_use]
pub fn agreement(compared: &Compared, context: &Context<'_>) -> Vec<AgreementView> {
    let mut ids: Vec<DocumentId> = match compared {
        Compared::Unit(unit) => lists::visits_of_unit(unit, context),
        Compared::Matter(matter) => {
            let matter = context.summaries.get(matter).and_then(Summary::matter);
            let cited = matter.into_iter().flat_map(|matter| &matter.citations);
            cited.map(|citation| citation.visit).collect::<SortedSet<_>>().into_iter().collect()
        }
    };
    let row = |id: &DocumentId| context.summaries.get(id).and_then(Summary::visit);
    ids.sort_by_key(|id| (row(id).map(|visit| visit.started), *id));
    let mut groups: SortedMap<&str, Vec<(DocumentId, &VisitSummary)>> = SortedMap::new();
    for id in ids {
        if let Some(visit) = row(&id).filter(|visit| !visit.checklist.is_empty()) {
            groups.entry(&visit.checklist).or_default().push((id, visit));
        }
    }
    let groups = groups.into_iter().filter(|(_, visits)| visits.len() > 1);
    groups.filter_map(|(checklist, visits)| view(checklist.parse().ok()?, visits, context)).collect()
}

fn view(
    checklist: ItemId,
    mut visits: Vec<(DocumentId, &VisitSummary)>,
    context: &Context<'_>,
) -> Option<AgreementView> {
    let visits = visits.split_off(visits.len().saturating_sub(limits::MAX_COMPARED));
    let versions = || context.checklists.iter().filter(|other| other.id == checklist);
    let newest: Option<&Checklist> = versions().max_by_key(|other| other.version);
    let asked = versions().flat_map(|version| &version.questions);
    let texts: SortedMap<ItemId, &str> = asked.map(|asked| (asked.id, asked.text.as_str())).collect();
    let answered: SortedSet<ItemId> =
        visits.iter().flat_map(|(_, visit)| visit.answers.iter().map(|(question, _)| *question)).collect();
    let answer = |visit: &VisitSummary, question: ItemId| {
        let found = visit.answers.iter().find(|(other, _)| *other == question);
        found.map(|(_, answer)| answer.clone()).unwrap_or_default()
    };
    let questions: Vec<_> = answered
        .into_iter()
        .map(|question| {
            let answers: Vec<_> = visits.iter().map(|(_, visit)| answer(visit, question)).collect();
            let text = texts.get(&question).copied().unwrap_or_default().to_owned();
            let Pairs { alike, all } = pairs(&answers);
            QuestionAgreement { question, text, answers, agreement: thousandths(alike, all) }
        })
        .collect();
    if questions.is_empty() {
        return None;
    }
    let all = questions.iter().map(|question| pairs(&question.answers));
    let (alike, all) = all.fold((0, 0), |(alike, all), pairs| (alike + pairs.alike, all + pairs.all));
    Some(AgreementView {
        checklist,
        title: newest.map(|newest| newest.title.clone()).unwrap_or_default(),
        kappa: kappa(&questions, visits.len()),
        visits: visits.iter().map(|&(id, visit)| lists::visit_row(id, visit, context)).collect(),
        questions,
        agreement: thousandths(alike, all),
    })
}

/// Pairs of answers to one question.
struct Pairs {
    alike: u64,
    all: u64,
}

fn pairs(answers: &[String]) -> Pairs {
    let of = |count: u64| count * count.saturating_sub(1) / 2;
    let counts = counts(answers);
    Pairs { alike: counts.values().map(|count| of(*count)).sum(), all: of(counts.values().sum()) }
}

fn counts(answers: &[String]) -> SortedMap<&str, u64> {
    let mut counts = SortedMap::new();
    for answer in answers.iter().filter(|answer| !answer.is_empty()) {
        *counts.entry(answer.as_str()).or_insert(0) += 1;
    }
    counts
}

fn thousandths(part: u64, whole: u64) -> Option<u32> {
    (1000 * part + whole / 2).checked_div(whole).map(|share| share as u32)
}

/// Cohen's kappa of two visits, Fleiss' of more, over the questions that all of them answered. Not defined when chance
/// alone would make them agree.
fn kappa(questions: &[QuestionAgreement], visits: usize) -> Option<Kappa> {
    let complete =
        questions.iter().filter(|question| question.answers.iter().all(|answer| !answer.is_empty()));
    let complete: Vec<&[String]> = complete.map(|question| question.answers.as_slice()).collect();
    let (questions, raters) = (complete.len() as i64, visits as i64);
    if questions == 0 {
        return None;
    }
    // Observed agreement is `same` of `pairs`, that of chance `chance` of `whole`.
    let same: u64 = complete.iter().map(|answers| pairs(answers).alike).sum();
    let pairs = questions * raters * (raters - 1) / 2;
    let (measure, chance, whole) = if raters == 2 {
        let by = |rater: usize| complete.iter().map(|answers| answers[rater].clone()).collect::<Vec<_>>();
        let (first, second) = (by(0), by(1));
        let (first, second) = (counts(&first), counts(&second));
        let both = |(answer, count): (&&str, &u64)| count * second.get(answer).copied().unwrap_or_default();
        (Measure::Cohen, first.iter().map(both).sum::<u64>(), questions * questions)
    } else {
        let all: Vec<String> = complete.concat();
        let squares = counts(&all).values().map(|count| count * count).sum::<u64>();
        (Measure::Fleiss, squares, (questions * raters) * (questions * raters))
    };
    let (same, chance) = (same as i64, chance as i64);
    let beyond = same * whole - chance * pairs;
    let value = (1000 * beyond).checked_div(pairs * (whole - chance))?;
    Some(Kappa { measure, value: value as i32, questions: questions as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &[&str]) -> Vec<QuestionAgreement> {
        let question = |column: &&str| QuestionAgreement {
            question: ItemId([1; 16]),
            text: String::new(),
            answers: column.chars().map(|sign| sign.to_string().trim().to_owned()).collect(),
            agreement: None,
        };
        answers.iter().map(question).collect()
    }

    #[test]
    fn cohen_gives_the_textbook_answer() {
        // 20 both yes, 5 and 10 apart, 15 both no: 0.4.
        let table = [vec!["yy"; 20], vec!["yn"; 5], vec!["ny"; 10], vec!["nn"; 15]].concat();
        let kappa = kappa(&asked(&table), 2);
        assert_eq!(kappa, Some(Kappa { measure: Measure::Cohen, value: 400, questions: 50 }));
    }

    #[test]
    fn fleiss_gives_the_textbook_answer() {
        // Fleiss' own example of fourteen raters, ten subjects and five categories: 0.210.
        let table = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ];
        let row =
            |row: &[usize; 5]| "abcde".chars().zip(row).flat_map(|(c, n)| vec![c; *n]).collect::<String>();
        let rows: Vec<String> = table.iter().map(row).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let kappa = kappa(&asked(&rows), 14);
        assert_eq!(kappa, Some(Kappa { measure: Measure::Fleiss, value: 209, questions: 10 }));
    }

    #[test]
    fn without_variety_or_common_questions_kappa_is_not_defined() {
        assert_eq!(kappa(&asked(&["yy", "yy"]), 2), None);
        assert_eq!(kappa(&asked(&["y ", " n"]), 2), None);
        assert_eq!(thousandths(pairs(&asked(&["yyn"])[0].answers).alike, 3), Some(333));
    }
}
