//! Connections: the handshake, sessions, and everything that is answered at once.

use super::incoming::Message;
use super::{
    CloseReason, ConnId, Failure, HELLO_MILLIS, Incoming, MAX_SUBSCRIPTIONS, MAX_UNSENT_BYTES, Output, Relay,
};
use crate::crypto::Purpose;
use crate::defect::{Defect, is_on};
use crate::ids::{DeviceKey, Incarnation, SpaceId, StreamId};
use crate::problem::Refusal;
use crate::relay::group::StreamHead;
use crate::roster::{Invitation, Roster};
use crate::time::Timestamp;
use crate::wire::{
    FromRelay, Handshake, MAX_CREDIT_BYTES, MAX_MESSAGE_BYTES, PROTOCOL, PROTOCOL_MINIMUM, Trouble,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One client.
pub(super) struct Connection {
    pub phase: Phase,
    /// Where the client has got to in each space it reads.
    pub reading: BTreeMap<SpaceId, Cursor>,
    /// Bytes of entries that the client still lets the relay send; less than nothing after an entry that was
    /// larger than what was left.
    pub credit: i64,
    /// Bytes handed out and not yet reported as sent.
    pub unsent: usize,
    /// Whether a fetch is under way: one at a time.
    pub fetching: Option<SpaceId>,
    /// Lookups of old entries under way.
    pub recalls: usize,
}

/// How far a connection has come.
pub(super) enum Phase {
    /// It must say hello, the sooner the better.
    Silent { challenge: [u8; 16], since: Timestamp },
    /// It knows who we are; nobody knows who it is. It may put, and look up invitations.
    Greeted(Handshake),
    /// It is a device of the office.
    Session(Handshake, DeviceKey),
}

/// Where a reader has got to in a space.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// The next position to send.
    pub next: u64,
    /// Whether the client was told that it has everything up to there.
    pub told: Told,
}

/// Whether a reader knows that it has everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It does.
    Head,
    /// It is owed the checkpoint.
    Nothing,
}

impl Relay {
    pub(super) fn opened(&mut self, conn: ConnId, challenge: [u8; 16]) {
        let phase = Phase::Silent { challenge, since: self.now };
        let connection =
            Connection { phase, reading: BTreeMap::new(), credit: 0, unsent: 0, fetching: None, recalls: 0 };
        self.connections.insert(conn, connection);
    }

    pub(super) fn closed(&mut self, conn: ConnId) {
        self.connections.remove(&conn);
    }

    pub(super) fn received(
        &mut self,
        conn: ConnId,
        Incoming(message): Incoming,
        heads: Vec<(StreamId, StreamHead)>,
        out: &mut Vec<Output>,
    ) {
        let Some(connection) = self.connections.get(&conn) else { return };
        match (&connection.phase, message) {
            (&Phase::Silent { challenge, .. }, Message::Hello { version, nonce }) => {
                self.welcome(conn, version, nonce, challenge, out);
            }
            (Phase::Silent { .. }, _) => self.unexpected(conn, out),
            (_, Message::Hello { .. }) => self.unexpected(conn, out),
            (_, Message::Ping { nonce }) => {
                self.send(conn, &FromRelay::Pong { nonce, time: self.now }, out);
            }
            (_, Message::Put { entries }) => self.put(conn, entries, heads, out),
            (_, Message::Claim { token, entry }) => self.claim(conn, &token, entry, heads, out),
            (_, Message::Find { locator }) => self.find(conn, &locator, out),
            (
                &(Phase::Greeted(handshake) | Phase::Session(handshake, _)),
                Message::Session { device, signature },
            ) => {
                self.begin_session(conn, handshake, device, &signature, out);
            }
            (&Phase::Session(_, device), Message::Subscribe { space, incarnation, from }) => {
                self.subscribe(conn, &device, space, incarnation, from, out);
            }
            (Phase::Greeted(_), Message::Subscribe { .. }) => self.trouble(conn, Trouble::Session, out),
            (_, Message::Credit { bytes }) => self.grant(conn, bytes, out),
        }
    }

    /// Closes connections that never said hello.
    pub(super) fn tick(&mut self, out: &mut Vec<Output>) {
        let now = self.now;
        let is_silent = |connection: &Connection| match connection.phase {
            Phase::Silent { since, .. } => now.since(since) > HELLO_MILLIS,
            Phase::Greeted(_) | Phase::Session(..) => false,
        };
        let silent: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, connection)| is_silent(connection))
            .map(|(conn, _)| *conn)
            .collect();
        silent.into_iter().for_each(|conn| self.close(conn, CloseReason::Silent, out));
    }

    fn welcome(
        &mut self,
        conn: ConnId,
        version: u8,
        nonce: [u8; 16],
        challenge: [u8; 16],
        out: &mut Vec<Output>,
    ) {
        let handshake = Handshake {
            relay: self.public,
            incarnation: self.identity.incarnation,
            nonce,
            challenge,
            time: self.now,
            office: self.roster.as_ref().map(Roster::office),
        };
        let welcome = FromRelay::Welcome {
            version: PROTOCOL,
            minimum: PROTOCOL_MINIMUM,
            relay: handshake.relay,
            incarnation: handshake.incarnation,
            challenge,
            time: handshake.time,
            office: handshake.office,
            signature: handshake.sign(Purpose::SignWelcome, &self.identity.key),
        };
        self.send(conn, &welcome, out);
        if !(PROTOCOL_MINIMUM..=PROTOCOL).contains(&version) {
            self.trouble(conn, Trouble::Version, out);
            self.close(conn, CloseReason::Version, out);
        } else if let Some(connection) = self.connections.get_mut(&conn) {
            connection.phase = Phase::Greeted(handshake);
        }
    }

    fn begin_session(
        &mut self,
        conn: ConnId,
        handshake: Handshake,
        device: DeviceKey,
        signature: &[u8; 64],
        out: &mut Vec<Output>,
    ) {
        let is_known = self.roster.as_ref().is_some_and(|roster| roster.device(&device).is_some());
        if !(is_known && handshake.is_session_of(&device, signature)) {
            return self.trouble(conn, Trouble::Session, out);
        }
        if self.roster.as_ref().is_some_and(|roster| roster.is_expelled(&device)) {
            return self.trouble(conn, Trouble::Expelled, out);
        }
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.phase = Phase::Session(handshake, device);
            // What another device was allowed to read, this one may not be.
            connection.reading.clear();
        }
        self.send(conn, &FromRelay::Granted, out);
    }

    /// Answers with the invitation and the roster: all of it while the invitation is open, else no more of it
    /// than shows why it is not.
    fn find(&mut self, conn: ConnId, locator: &[u8; 16], out: &mut Vec<Output>) {
        let found = self.roster.as_ref().and_then(|roster| {
            let invitation = roster.invitation_at(locator)?;
            let until = visible_until(roster, invitation, self.now);
            let roster = self.statements.iter().take(until).cloned().collect();
            Some(FromRelay::Found { bundle: invitation.invite.bundle.clone(), roster })
        });
        let bytes = found.unwrap_or(FromRelay::NotFound).encode();
        if bytes.len() > MAX_MESSAGE_BYTES {
            return self.trouble(conn, Trouble::Busy, out);
        }
        self.send_bytes(conn, bytes.into(), out);
    }

    fn subscribe(
        &mut self,
        conn: ConnId,
        device: &DeviceKey,
        space: SpaceId,
        incarnation: Incarnation,
        from: u64,
        out: &mut Vec<Output>,
    ) {
        if incarnation != self.identity.incarnation {
            return self.trouble(conn, Trouble::Incarnation, out);
        }
        let may_read = self.roster.as_ref().is_some_and(|roster| roster.may_read(device, &space));
        if !may_read && !is_on(Defect::ServeAnybody) {
            return self.trouble(conn, Trouble::Space, out);
        }
        // A client that is ahead saw another history: it is told where this one ends.
        let next = from.min(self.size(&space));
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        if connection.reading.len() >= MAX_SUBSCRIPTIONS {
            return self.trouble(conn, Trouble::Busy, out);
        }
        connection.reading.insert(space, Cursor { next, told: Told::Nothing });
        self.pump(conn, out);
    }

    fn grant(&mut self, conn: ConnId, bytes: u32, out: &mut Vec<Output>) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.credit = (connection.credit + i64::from(bytes)).min(i64::from(MAX_CREDIT_BYTES));
        }
        self.pump(conn, out);
    }

    pub(super) fn sent(&mut self, conn: ConnId, bytes: usize, out: &mut Vec<Output>) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.unsent = connection.unsent.saturating_sub(bytes);
        }
        self.pump(conn, out);
    }

    /// How many entries of a space are durable.
    pub(super) fn size(&self, space: &SpaceId) -> u64 {
        self.spaces.get(space).map_or(0, |space| space.tree.size())
    }

    pub(super) fn refuse(
        &mut self,
        conn: ConnId,
        entry: crate::ids::EntryId,
        why: Refusal,
        out: &mut Vec<Output>,
    ) {
        self.send(conn, &FromRelay::Refused { entry, code: why.code() }, out);
    }

    pub(super) fn trouble(&mut self, conn: ConnId, what: Trouble, out: &mut Vec<Output>) {
        self.send(conn, &FromRelay::Trouble { what }, out);
    }

    pub(super) fn failing(&mut self, conn: ConnId, why: Failure, out: &mut Vec<Output>) {
        let what = match why {
            Failure::Full => Trouble::Full,
            Failure::Failing => Trouble::Failing,
        };
        self.trouble(conn, what, out);
    }

    pub(super) fn unexpected(&mut self, conn: ConnId, out: &mut Vec<Output>) {
        self.trouble(conn, Trouble::Unexpected, out);
        self.close(conn, CloseReason::Protocol, out);
    }

    pub(super) fn send(&mut self, conn: ConnId, message: &FromRelay, out: &mut Vec<Output>) {
        if self.connections.contains_key(&conn) {
            self.send_bytes(conn, message.encode().into(), out);
        }
    }

    /// Hands a message out, or closes the connection when too much is waiting in it already.
    pub(super) fn send_bytes(&mut self, conn: ConnId, bytes: Arc<[u8]>, out: &mut Vec<Output>) {
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        connection.unsent += bytes.len();
        if connection.unsent > MAX_UNSENT_BYTES {
            return self.close(conn, CloseReason::Slow, out);
        }
        debug_assert!(bytes.len() <= MAX_MESSAGE_BYTES, "every message is cut to the limit before");
        out.push(Output::Send { conn, bytes });
    }

    pub(super) fn close(&mut self, conn: ConnId, why: CloseReason, out: &mut Vec<Output>) {
        if self.connections.remove(&conn).is_some() {
            out.push(Output::Close { conn, why });
        }
    }
}

/// How many statements of the roster the holder of an invitation is shown.
fn visible_until(roster: &Roster, invitation: &Invitation, now: Timestamp) -> usize {
    let last = match &invitation.used {
        Some(device) => roster.device(device).map_or(invitation.since, |joined| joined.since),
        None if invitation.is_open(now) => return roster.len() as usize,
        None => invitation.ended.unwrap_or(invitation.since),
    };
    last as usize + 1
}
