//! Proposals for merging: findings and matters that are likely the same problem, from rows alone.

use crate::domain::lists::{self, Found};
use crate::domain::summary::FindingSummary;
use crate::domain::visit::cited_by;
use crate::domain::{Context, MatterSummary, ReviewState, Summary, limits, matter};
use crate::ids::{DocumentId, ItemId};
use crate::time::Timestamp;
use crate::view::{FindingFilter, Likeness, Proposal, Proposed};
use core::cmp::Reverse;

/// The least score that is proposed.
const LEAST_SCORE: u32 = 50;
/// How far back and ahead is looked.
const MOST_DAYS: u32 = 90;
/// How many characters of a text are compared.
const MOST_CHARS: usize = 400;
const DAY_MS: u64 = 86_400_000;

/// What two things weigh for being the same problem.
mod weight {
    pub const SAME_UNIT: u32 = 35;
    pub const NEAR_UNIT: u32 = 20;
    pub const SAME_CATEGORY: u32 = 20;
    pub const SAME_GROUP: u32 = 10;
    pub const WITHIN_A_WEEK: u32 = 10;
    pub const WITHIN_A_MONTH: u32 = 5;
    pub const SAME_PLACE: u32 = 10;
    pub const SAME_PERSON: u32 = 10;
    pub const SAME_TEXT: u32 = 25;
}

/// What is likely the same problem as a finding, likeliest first: nothing that shares a matter with it already, and
/// nothing that was rejected.
#[must_use]
pub fn proposals(visit: DocumentId, finding: ItemId, context: &Context<'_>) -> Vec<Proposal> {
    let own = context.summaries.get(&visit).and_then(Summary::visit).and_then(|row| {
        let own = row.findings.iter().find(|other| other.finding == finding)?;
        Some(Found { id: visit, visit: row, finding: own })
    });
    let Some(own) = own else { return Vec::new() };
    let own_text = pairs(&own.finding.text);
    let own_matters = cited_by(context, visit, finding);
    let mut all = Vec::new();
    for other in lists::matching_findings(&FindingFilter::default(), context) {
        let is_own = (other.id, other.finding.finding) == (visit, finding);
        if is_own || other.finding.review == ReviewState::Rejected {
            continue;
        }
        let Some(near) = near(&own, &other.visit.unit, other.visit.started, context) else { continue };
        let scored = compare(near, own.finding, Side::of(other.finding), &own_text);
        if let Some((score, reasons)) = scored {
            let shares = cited_by(context, other.id, other.finding.finding);
            if !shares.iter().any(|matter| own_matters.contains(matter)) {
                all.push((score, other.visit.started, other.id, reasons, Choice::Finding(other)));
            }
        }
    }
    for (id, row) in lists::all_matters(context).filter(|(id, _)| !own_matters.contains(id)) {
        let Some(near) = near(&own, &row.unit, row.opened, context) else { continue };
        let text = matter_text(row, context);
        let side = Side { category: &row.category, place: &row.place, person: "", text: &text };
        if let Some((score, reasons)) = compare(near, own.finding, side, &own_text) {
            all.push((score, row.opened, id, reasons, Choice::Matter(row)));
        }
    }
    all.sort_by_key(|(score, at, id, ..)| (Reverse(*score), Reverse(*at), *id));
    all.truncate(limits::MAX_PROPOSALS);
    let proposal = |(score, _, id, reasons, choice): (u8, _, _, _, Choice<'_>)| {
        let what = match choice {
            Choice::Finding(found) => Proposed::Finding(lists::finding_row(&found, context)),
            Choice::Matter(row) => Proposed::Matter(matter::row(id, row, context)),
        };
        Proposal { what, score, reasons }
    };
    all.into_iter().map(proposal).collect()
}

enum Choice<'a> {
    Finding(Found<'a>),
    Matter(&'a MatterSummary),
}

/// What is compared with a finding.
struct Side<'a> {
    category: &'a str,
    place: &'a str,
    person: &'a str,
    text: &'a str,
}

impl<'a> Side<'a> {
    fn of(finding: &'a FindingSummary) -> Self {
        let FindingSummary { category, place, person, text, .. } = finding;
        Self { category, place, person, text }
    }
}

/// Weights with their reasons, as they gather.
type Weighed = Vec<(u32, Likeness)>;

/// How near something is in place and time; `None` when it is too far to be the same problem.
fn near(own: &Found<'_>, unit: &str, at: Timestamp, context: &Context<'_>) -> Option<Weighed> {
    let mine = own.visit.unit.as_str();
    if mine.is_empty() || unit.is_empty() {
        return None;
    }
    let units = context.units;
    let by_unit = if mine == unit {
        (weight::SAME_UNIT, Likeness::SameUnit)
    } else if units.is_below(mine, unit) || units.is_below(unit, mine) {
        (weight::NEAR_UNIT, Likeness::NearUnit)
    } else {
        return None;
    };
    let apart = own.visit.started.since(at).max(at.since(own.visit.started)) / DAY_MS;
    let days = u32::try_from(apart).ok().filter(|days| *days <= MOST_DAYS)?;
    let by_time = match days {
        0..=7 => weight::WITHIN_A_WEEK,
        8..=31 => weight::WITHIN_A_MONTH,
        _ => 0,
    };
    Some(vec![by_unit, (by_time, Likeness::DaysApart(days))])
}

/// The score and the reasons; `None` below what is proposed.
fn compare(
    mut weighed: Weighed,
    own: &FindingSummary,
    other: Side<'_>,
    own_text: &[u64],
) -> Option<(u8, Vec<Likeness>)> {
    let group = |category: &str| category.split_once('.').map(|(group, _)| group.to_owned());
    if !own.category.is_empty() && own.category == other.category {
        weighed.push((weight::SAME_CATEGORY, Likeness::SameCategory));
    } else if group(&own.category).is_some_and(|own| group(other.category) == Some(own)) {
        weighed.push((weight::SAME_GROUP, Likeness::SameGroup));
    }
    if !own.place.is_empty() && own.place == other.place {
        weighed.push((weight::SAME_PLACE, Likeness::SamePlace));
    }
    if !own.person.is_empty() && own.person == other.person {
        weighed.push((weight::SAME_PERSON, Likeness::SamePerson));
    }
    let similar = likeness(own_text, &pairs(other.text));
    if similar > 0 {
        weighed.push((weight::SAME_TEXT * similar / 100, Likeness::SimilarText(similar as u8)));
    }
    let score: u32 = weighed.iter().map(|(weight, _)| weight).sum();
    if score < LEAST_SCORE {
        return None;
    }
    weighed.retain(|(weight, _)| *weight > 0);
    weighed.sort_by_key(|(weight, _)| Reverse(*weight));
    Some((score.min(100) as u8, weighed.into_iter().map(|(_, reason)| reason).collect()))
}

/// What a matter is about: its title, and what the findings say that it cites.
fn matter_text(matter: &MatterSummary, context: &Context<'_>) -> String {
    let mut text = matter.title.to_lowercase();
    for citation in &matter.citations {
        let visit = context.summaries.get(&citation.visit).and_then(Summary::visit);
        let mut findings = visit.into_iter().flat_map(|visit| &visit.findings);
        if let Some(finding) = findings.find(|finding| finding.finding == citation.finding) {
            text.push('\n');
            text.push_str(&finding.text);
        }
    }
    text
}

/// The pairs of neighbouring characters of a text, each once, sorted. Works for Chinese and English alike.
fn pairs(text: &str) -> Vec<u64> {
    let signs: Vec<char> = text.chars().filter(|sign| sign.is_alphanumeric()).take(MOST_CHARS).collect();
    let pair = |pair: &[char]| u64::from(u32::from(pair[0])) << 32 | u64::from(u32::from(pair[1]));
    let mut pairs: Vec<u64> = signs.windows(2).map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// How many per cent of the pairs of two texts are common (Dice's coefficient).
fn likeness(one: &[u64], other: &[u64]) -> u32 {
    let common = one.iter().filter(|pair| other.binary_search(pair).is_ok()).count();
    (200 * common).checked_div(one.len() + other.len()).unwrap_or_default() as u32
}
