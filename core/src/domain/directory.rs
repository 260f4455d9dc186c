//! The directory of a space: the names of people and teams, which the roster does not hold.

use crate::cbor::decode_variants;
use crate::document::Document;
use crate::domain::fact::{FactCode, Stated, Statement, stated};
use crate::domain::{People, Role, Stamp, limits};
use crate::ids::{MemberId, SpaceId};
use crate::problem::Problem;
use crate::sorted::SortedMap;
use minicbor::Encode;

/// What can be stated in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub enum DirectoryFact {
    /// A person's name.
    #[n(0)]
    MemberNamed {
        /// Who.
        #[n(0)]
        member: MemberId,
        /// The name.
        #[n(1)]
        name: String,
    },
    /// A team's name.
    #[n(1)]
    TeamNamed {
        /// Which.
        #[n(0)]
        team: SpaceId,
        /// The name.
        #[n(1)]
        name: String,
    },
}

decode_variants!(DirectoryFact {
    0 MemberNamed { member, name },
    1 TeamNamed { team, name },
});

impl Statement for DirectoryFact {
    fn stated_by(&self) -> &'static [Role] {
        &[Role::Coordinator]
    }

    fn code(&self) -> FactCode {
        match self {
            Self::MemberNamed { .. } => FactCode::MemberNamed,
            Self::TeamNamed { .. } => FactCode::TeamNamed,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::MemberNamed { name, .. } | Self::TeamNamed { name, .. } => name.clone(),
        }
    }
}

/// Names a person.
///
/// # Errors
///
/// [`Problem`] if the name is empty or too long.
pub fn name_member(
    document: &mut Document,
    stamp: Stamp,
    member: MemberId,
    name: &str,
) -> Result<(), Problem> {
    limits::name(name)?;
    state(document, stamp, &DirectoryFact::MemberNamed { member, name: name.to_owned() })
}

/// Names a team.
///
/// # Errors
///
/// [`Problem`] if the name is empty or too long.
pub fn name_team(document: &mut Document, stamp: Stamp, team: SpaceId, name: &str) -> Result<(), Problem> {
    limits::name(name)?;
    state(document, stamp, &DirectoryFact::TeamNamed { team, name: name.to_owned() })
}

fn state(document: &mut Document, stamp: Stamp, fact: &DirectoryFact) -> Result<(), Problem> {
    let bytes = fact.encode_fact();
    document.edit(stamp.at, |edit| edit.state(stamp.key, bytes)).map_err(limits::refused)
}

/// People's names, the latest of each.
#[must_use]
pub fn names(document: &Document, people: &dyn People) -> SortedMap<MemberId, String> {
    newest(document, people, |fact| match fact {
        DirectoryFact::MemberNamed { member, name } => Some((*member, name.clone())),
        DirectoryFact::TeamNamed { .. } => None,
    })
}

/// Teams' names, the latest of each.
#[must_use]
pub fn team_names(document: &Document, people: &dyn People) -> SortedMap<SpaceId, String> {
    newest(document, people, |fact| match fact {
        DirectoryFact::TeamNamed { team, name } => Some((*team, name.clone())),
        DirectoryFact::MemberNamed { .. } => None,
    })
}

/// The last name of each: facts come in an order that fits who knew what.
fn newest<K: Ord>(
    document: &Document,
    people: &dyn People,
    pick: impl Fn(&DirectoryFact) -> Option<(K, String)>,
) -> SortedMap<K, String> {
    let facts: Vec<Stated<DirectoryFact>> = stated(document, &document.now(), people);
    facts.iter().filter_map(|fact| pick(fact.counting()?)).collect()
}
