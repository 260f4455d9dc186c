//! Defects made on purpose, to prove that the simulator finds them. Without the feature `sim` none of this is there:
//! [`is_on`] is always false, and what stands behind it is not compiled.

/// A defect. Each breaks one promise, at the one place that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// The relay acknowledges a group as soon as it is on its way to the disk.
    AcknowledgeBeforeFlush,
    /// The relay lets every device read every space.
    ServeAnybody,
    /// The relay remembers where every stream ended, for ever.
    RememberEveryStream,
    /// A device forgets an entry when it has sent it.
    ForgetOnSending,
    /// A device takes a receipt for good without looking at its proof.
    TrustReceipts,
    /// A device takes what the relay calls the end of a space for the truth.
    TrustHeads,
    /// A signature is not looked at.
    AcceptAnySignature,
    /// A change is taken whoever's actor it carries.
    AcceptForeignActor,
    /// The last entry of a message is passed over.
    SkipLastOfFrame,
    /// Changes that come together are taken in the order of their hashes.
    TakeByHash,
    /// Of the values of a field only one is kept in sight.
    DropConcurrentValue,
    /// Every opening of a store writes the same stream.
    ReuseStream,
    /// The row of a document stays as it was when others' changes arrive.
    KeepStaleRow,
    /// A command is answered before what it wrote is durable.
    AnswerBeforeDurable,
    /// An entry is sent before it is durable.
    SendBeforeDurable,
    /// The writes of a failed transaction are forgotten.
    ForgetFailedWrites,
    /// A command that waited for its document is carried out each time a document is read.
    RepeatWaiting,
    /// An entry does not say in whose name it carries what an earlier opening saved.
    ForgetNonces,
    /// After a new connection spaces are not asked for again.
    ForgetToSubscribe,
    /// What the relay had no room for is never offered again.
    NeverOfferAgain,
    /// A tab whose store was taken over goes on.
    IgnoreFence,
    /// A lost clock is not noticed: what waits goes on waiting by the clock that was.
    IgnoreClockGoingBack,
}

impl Defect {
    /// All defects.
    pub const ALL: [Self; 22] = [
        Self::AcknowledgeBeforeFlush,
        Self::ServeAnybody,
        Self::RememberEveryStream,
        Self::ForgetOnSending,
        Self::TrustReceipts,
        Self::TrustHeads,
        Self::AcceptAnySignature,
        Self::AcceptForeignActor,
        Self::SkipLastOfFrame,
        Self::TakeByHash,
        Self::DropConcurrentValue,
        Self::ReuseStream,
        Self::KeepStaleRow,
        Self::AnswerBeforeDurable,
        Self::SendBeforeDurable,
        Self::ForgetFailedWrites,
        Self::RepeatWaiting,
        Self::ForgetNonces,
        Self::ForgetToSubscribe,
        Self::NeverOfferAgain,
        Self::IgnoreFence,
        Self::IgnoreClockGoingBack,
    ];
}

#[cfg(feature = "sim")]
std::thread_local! {
    static SELECTED: core::cell::Cell<Option<Defect>> = const { core::cell::Cell::new(None) };
}

/// Switches a defect on in this thread, or all of them off.
#[cfg(feature = "sim")]
pub fn select(defect: Option<Defect>) {
    SELECTED.set(defect);
}

/// Whether a defect is switched on.
#[cfg(feature = "sim")]
pub(crate) fn is_on(defect: Defect) -> bool {
    SELECTED.get() == Some(defect)
}

/// Whether a defect is switched on.
#[cfg(not(feature = "sim"))]
pub(crate) const fn is_on(_: Defect) -> bool {
    false
}
