//! The statements of a roster and their encoding: the clear parts of the roster's entries.
//!
//! ```text
//! statement = [ number, [ fields … ] ]      deterministic CBOR; numbers below
//! ```

use crate::cbor;
use crate::cbor::decode_in_order;
use crate::code::MAX_BUNDLE_BYTES;
use crate::crypto::WRAP_LEN;
use crate::ids::{BoxKey, DeviceKey, Digest, EntryId, MemberId, RelayKey, SpaceId, StreamId};
use crate::problem::Refusal;
use crate::time::Timestamp;
use minicbor::bytes;
use minicbor::{Decode, Encode};

/// The longest statement.
pub const MAX_STATEMENT_BYTES: usize = 64 * 1024;

/// The most wraps, spaces or roles that one statement names.
pub const MAX_LIST: usize = 512;

/// The most streams of which an expulsion names the last entry.
pub const MAX_ENDS: usize = 900;

/// A kind of space; the discriminant is its number in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum SpaceKind {
    /// The roster itself.
    #[n(0)]
    Roster = 0,
    /// What all members but unit contacts read.
    #[n(1)]
    Office = 1,
    /// An inspection team's.
    #[n(2)]
    Team = 2,
    /// The supervisors' and coordinators'.
    #[n(3)]
    Desk = 3,
    /// The investigators'.
    #[n(4)]
    Cases = 4,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Statement {
    /// Founds an office.
    #[n(0)]
    Genesis(#[n(0)] Box<Genesis>),
    /// Forms a team with its space.
    #[n(1)]
    FormTeam(#[n(0)] FormTeam),
    /// Invites a person.
    #[n(2)]
    Invite(#[n(0)] Box<Invite>),
    /// Admits a device by an invitation.
    #[n(3)]
    Join(#[n(0)] Join),
    /// Lets a device into spaces that its member may read.
    #[n(4)]
    LetIn(#[n(0)] LetIn),
    /// Expels a device.
    #[n(5)]
    Expel(#[n(0)] Expel),
    /// Takes an open invitation back.
    #[n(6)]
    Withdraw(#[n(0)] Withdraw),
}

/// The first statement; its hash is the office's id.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Genesis {
    /// Random: makes every office's id its own.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
    /// The office's relay.
    #[n(1)]
    pub relay: RelayKey,
    /// The founder.
    #[n(2)]
    pub member: MemberId,
    /// The numbers of the founder's roles.
    #[n(3)]
    pub roles: Vec<u8>,
    /// The founder's device.
    #[n(4)]
    pub device: Device,
    /// The recovery kit's keys.
    #[n(5)]
    pub kit: Kit,
    /// The first epochs of the office's only spaces.
    #[n(6)]
    pub spaces: Vec<FirstEpoch>,
}

decode_in_order!(Genesis { nonce with bytes, relay, member, roles, device, kit, spaces });

/// A device's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Device {
    /// Signs.
    #[n(0)]
    pub key: DeviceKey,
    /// Keys are wrapped to it.
    #[n(1)]
    pub boxed: BoxKey,
}

decode_in_order!(Device { key, boxed });

/// The recovery kit's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Kit {
    /// Signs the kit's one admission.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sign: [u8; 32],
    /// Every epoch key is wrapped to it.
    #[n(1)]
    pub boxed: BoxKey,
}

decode_in_order!(Kit { sign with bytes, boxed });

/// The first epoch of a space.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct FirstEpoch {
    /// The space's kind.
    #[n(0)]
    pub kind: SpaceKind,
    /// The commitment to the key.
    #[n(1)]
    pub commitment: Digest,
    /// The public key that follows from the key, for the desk and for cases.
    #[n(2)]
    pub public: Option<BoxKey>,
    /// The key, wrapped.
    #[n(3)]
    pub wraps: Vec<Wrap>,
}

decode_in_order!(FirstEpoch { kind, commitment, public, wraps });

/// A key wrapped to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Wrap {
    /// To whom.
    #[n(0)]
    pub to: BoxKey,
    /// The wrapped key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub wrapped: [u8; WRAP_LEN],
}

decode_in_order!(Wrap { to, wrapped with bytes });

/// A space's key wrapped to the one whom the statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct SpaceWrap {
    /// The space.
    #[n(0)]
    pub space: SpaceId,
    /// The epoch.
    #[n(1)]
    pub epoch: u32,
    /// The wrapped key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub wrapped: [u8; WRAP_LEN],
}

decode_in_order!(SpaceWrap { space, epoch, wrapped with bytes });

/// Forms a team.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct FormTeam {
    /// The team's space: random.
    #[n(0)]
    pub space: SpaceId,
    /// Its first epoch, wrapped to the desk and the kit.
    #[n(1)]
    pub epoch: FirstEpoch,
}

decode_in_order!(FormTeam { space, epoch });

/// Invites a person.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Invite {
    /// The key that will sign the join.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sign: [u8; 32],
    /// Under what the relay finds the invitation.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub locator: [u8; 16],
    /// What the invited person needs to know, sealed under the invitation's secret.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bundle: Vec<u8>,
    /// The person.
    #[n(3)]
    pub member: MemberId,
    /// The numbers of their roles.
    #[n(4)]
    pub roles: Vec<u8>,
    /// The teams they will be in.
    #[n(5)]
    pub teams: Vec<SpaceId>,
    /// Until when, by the relay's time.
    #[n(6)]
    pub expires: Timestamp,
    /// Keys, wrapped to the invitation: the office's and the teams' current ones.
    #[n(7)]
    pub wraps: Vec<SpaceWrap>,
}

decode_in_order!(Invite { sign with bytes, locator with bytes, bundle with bytes, member, roles, teams, expires, wraps });

/// Admits a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Join {
    /// The invitation, by its signing key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub invitation: [u8; 32],
    /// The device.
    #[n(1)]
    pub device: Device,
    /// The invitation's signature over the device's keys, for [`crate::crypto::Purpose::SignJoin`].
    #[cbor(n(2), with = "minicbor::bytes")]
    pub proof: [u8; 64],
    /// The invitation's keys, wrapped to the device.
    #[n(3)]
    pub wraps: Vec<SpaceWrap>,
}

decode_in_order!(Join { invitation with bytes, device, proof with bytes, wraps });

/// Lets a device into spaces that its member may read: wraps their epochs to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct LetIn {
    /// The device.
    #[n(0)]
    pub device: DeviceKey,
    /// The spaces' keys, wrapped to the device.
    #[n(1)]
    pub wraps: Vec<SpaceWrap>,
}

decode_in_order!(LetIn { device, wraps });

/// Expels a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Expel {
    /// The device.
    #[n(0)]
    pub device: DeviceKey,
    /// Where its streams end, as far as the one who states it knows.
    #[n(1)]
    pub ends: Vec<StreamEnd>,
}

decode_in_order!(Expel { device, ends });

/// The last known entry of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct StreamEnd {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// Its last entry's place in it.
    #[n(1)]
    pub sequence: u64,
    /// Its last entry.
    #[n(2)]
    pub entry: EntryId,
}

decode_in_order!(StreamEnd { stream, sequence, entry });

/// Takes an open invitation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Withdraw {
    /// The invitation, by its signing key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub invitation: [u8; 32],
}

decode_in_order!(Withdraw { invitation with bytes });

impl Statement {
    /// The clear part that carries it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads a clear part.
    ///
    /// # Errors
    ///
    /// [`Refusal::Statement`] if it is not a statement within the limits.
    pub fn decode(clear: &[u8]) -> Result<Self, Refusal> {
        if clear.len() > MAX_STATEMENT_BYTES {
            return Err(Refusal::Statement);
        }
        let statement: Self = cbor::decode(clear).map_err(|_| Refusal::Statement)?;
        let lists = match &statement {
            Self::Genesis(genesis) => vec![
                genesis.roles.len(),
                genesis.spaces.len(),
                genesis.spaces.iter().map(|space| space.wraps.len()).sum(),
            ],
            Self::FormTeam(team) => vec![team.epoch.wraps.len()],
            Self::Invite(invite) => vec![invite.roles.len(), invite.teams.len(), invite.wraps.len()],
            Self::Join(join) => vec![join.wraps.len()],
            Self::LetIn(let_in) => vec![let_in.wraps.len()],
            Self::Expel(_) | Self::Withdraw(_) => vec![],
        };
        let ends = if let Self::Expel(expel) = &statement { expel.ends.len() } else { 0 };
        let bundle = if let Self::Invite(invite) = &statement { invite.bundle.len() } else { 0 };
        let fits =
            lists.into_iter().all(|len| len <= MAX_LIST) && ends <= MAX_ENDS && bundle <= MAX_BUNDLE_BYTES;
        if fits { Ok(statement) } else { Err(Refusal::Statement) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_statement_reads_back() {
        let device = Device { key: DeviceKey([1; 32]), boxed: BoxKey([2; 32]) };
        let wrap = SpaceWrap { space: SpaceId([3; 16]), epoch: 4, wrapped: [5; WRAP_LEN] };
        let join = Statement::Join(Join { invitation: [6; 32], device, proof: [7; 64], wraps: vec![wrap] });
        assert_eq!(Statement::decode(&join.encode()), Ok(join));
    }

    #[test]
    fn the_longest_expulsion_fits_into_a_statement() {
        let end = StreamEnd { stream: StreamId([9; 16]), sequence: u64::MAX, entry: EntryId([8; 32]) };
        let expel = |ends| Statement::Expel(Expel { device: DeviceKey([1; 32]), ends: vec![end; ends] });
        let longest = expel(MAX_ENDS);
        assert!(longest.encode().len() <= MAX_STATEMENT_BYTES);
        assert_eq!(Statement::decode(&longest.encode()), Ok(longest));
        assert_eq!(Statement::decode(&expel(MAX_ENDS + 1).encode()), Err(Refusal::Statement));
    }

    #[test]
    fn a_statement_beyond_the_limits_is_refused() {
        let wrap = SpaceWrap { space: SpaceId([3; 16]), epoch: 4, wrapped: [5; WRAP_LEN] };
        let device = Device { key: DeviceKey([1; 32]), boxed: BoxKey([2; 32]) };
        let join = Statement::Join(Join {
            invitation: [6; 32],
            device,
            proof: [7; 64],
            wraps: vec![wrap; MAX_LIST + 1],
        });
        assert_eq!(Statement::decode(&join.encode()), Err(Refusal::Statement));
    }

    proptest! {
        #[test]
        fn decoding_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Statement::decode(&bytes);
        }
    }
}
