//! What happens in a world, as a plain list: made from a seed, shortened when it fails, played by [`super::run`].

use super::dice::Dice;

/// Everything that one run needs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where it came from.
    pub seed: u64,
    /// How many people there are, the founder included.
    pub people: usize,
    /// How many of them are members when it begins.
    pub members: usize,
    /// How many teams there are.
    pub teams: usize,
    /// Whether one of the members' devices is hostile.
    pub rogue: Rogues,
    /// Who is off the network the whole time.
    pub away: Option<usize>,
    /// How far each one's clock is off when it begins, and by how much more after each action, in milliseconds.
    pub clocks: Vec<(i64, i64)>,
    /// What happens, in order.
    pub actions: Vec<Action>,
}

/// Whether there is a hostile member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rogues {
    /// There is none.
    None,
    /// There is one, in the first team.
    One,
}

/// Something that happens, and how much happens by itself afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// What chance makes of it. Its own, so that leaving others out changes little of it.
    pub salt: u64,
    /// How many steps follow at most.
    pub steps: usize,
    /// How much time passes at most meanwhile, in milliseconds.
    pub time: u64,
    /// What.
    pub what: What,
}

/// See [`Action`].
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Somebody does something.
    Do(usize, Deed),
    /// Something goes wrong.
    Fault(Fault),
}

/// What people do. What exactly, chance decides from what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Gets on with getting in: joins, or unlocks.
    Enter,
    Lock,
    /// Puts the app into the background.
    Hide,
    Begin,
    SetUnit,
    SetMode,
    SetChecklist,
    Answer,
    TakeBack,
    Note,
    /// Types on without waiting for what is shown.
    Type,
    AddFinding,
    SetField,
    Describe,
    Strike,
    Choose,
    Submit,
    Void,
    Saw,
    OpenMatter,
    Cite,
    SendBack,
    Reopen,
    Review,
    /// Decides about all that a filter matches.
    ReviewAll,
    UndoReview,
    TakeOut,
    Settle,
    Examine,
    Import,
    Withdraw,
    Publish,
    FormTeam,
    Invite,
    /// Invites a supervisor.
    InviteSupervisor,
    /// Lets in whoever waits, once both codes are seen to be the same.
    LetIn,
    /// Blocks a device.
    Block,
    /// Takes an open invitation back.
    Uninvite,
    ChangePassphrase,
    /// Puts what is unsent into a file.
    Export,
    /// Takes somebody's file to send it.
    Carry,
    Assign,
    Reassign,
    Recall,
    Look,
    /// Keeps something of the page's own.
    Keep,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// From now on messages take up to so long, and so many of a thousand are lost, doubled, or overtaken.
    Weather {
        delay: u64,
        lost: u64,
        doubled: u64,
        overtaken: u64,
    },
    /// A connection breaks.
    Cut(usize),
    /// A connection breaks, and one side does not hear of it.
    HalfOpen(usize, Side),
    /// Devices with a bit of this mask are cut off without hearing of it.
    Partition(u16),
    /// They no longer are.
    Rejoin,
    Offline(usize),
    Online(usize),
    /// A device takes long to read what it is sent.
    SlowReader(usize),
    RelayCrash(Power),
    RelayFull,
    RelayUnreadable,
    /// The relay's disk is well again.
    RelayDiskSound,
    /// The relay's clock is off by so much from now on.
    RelayClock(i64),
    /// The app is killed while its transaction is lost or whole, and started again.
    Crash(usize, Power),
    /// Somebody makes a copy of a device's store.
    Copy(usize),
    /// The device goes on from that copy.
    Restore(usize),
    StorageFull(usize),
    StorageFails(usize),
    StorageHangs(usize),
    StorageWorks(usize),
    /// The app is opened in a second tab.
    SecondTab(usize),
    /// A clock is set.
    Clock(usize, i64),
    /// From now on the relay lies to a device.
    Lie(usize, Lie),
    /// It no longer lies.
    Truth,
    /// The hostile device does something.
    Attack(Attack),
}

/// One side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Device,
    Relay,
}

/// What is left of what was under way when the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    Lost,
    Torn,
    Whole,
}

/// How a relay lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Withholds entries.
    Withhold,
    /// Sends them in another order.
    Reorder,
    /// Sends them twice in one message.
    Repeat,
    /// Alters a bit.
    Flip,
    /// Puts another signature.
    Resign,
    /// Signs a receipt for a place where the entry does not stand.
    Receipt,
    /// Signs another history.
    Head,
    /// Refuses what it takes.
    Refuse,
    /// Says that it is in trouble.
    Trouble,
    /// Says what is no message.
    Garbage,
}

/// What a hostile device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// Writes what anybody may: must be taken.
    Honest,
    /// Seals with another key.
    WrongKey,
    /// Seals what is no payload.
    NoPayload,
    /// Sends a batch that inflates to more than anybody may send.
    Bomb,
    /// Changes in another's name.
    ForeignActor,
    /// Writes a document of a kind that does not belong there.
    WrongKind,
    /// Signs with another key than the one it names.
    WrongSignature,
    /// Writes where it may not.
    WrongSpace,
    /// Cites a statement that nobody made.
    UnknownHead,
    /// Leaves a place of its stream out.
    Gap,
    /// Puts two entries at one place.
    Fork,
    /// Makes two changes at one place of its actor's stream.
    Twins,
    /// Puts another's entry again.
    Replay,
    /// Puts more than an entry may be.
    TooLarge,
    /// States what it may not.
    Statement,
    /// Wants to read what it may not.
    Pry,
}

impl Attack {
    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Honest => "member's device writes as it may",
            Self::WrongKey => "attack: wrong key",
            Self::NoPayload => "attack: no payload",
            Self::Bomb => "attack: bomb",
            Self::ForeignActor => "attack: another's actor",
            Self::WrongKind => "attack: wrong kind",
            Self::WrongSignature => "attack: wrong signature",
            Self::WrongSpace => "attack: wrong space",
            Self::UnknownHead => "attack: unknown statement",
            Self::Gap => "attack: gap",
            Self::Fork => "attack: fork",
            Self::Twins => "attack: twins",
            Self::Replay => "attack: replay",
            Self::TooLarge => "attack: too large",
            Self::Statement => "attack: statement",
            Self::Pry => "attack: prying",
        }
    }
}

/// Every deed, with how often it is chosen.
const DEEDS: [(Deed, usize); 46] = [
    (Deed::Enter, 6),
    (Deed::Lock, 2),
    (Deed::Hide, 2),
    (Deed::Begin, 5),
    (Deed::SetUnit, 4),
    (Deed::SetMode, 2),
    (Deed::SetChecklist, 2),
    (Deed::Answer, 8),
    (Deed::TakeBack, 1),
    (Deed::Note, 6),
    (Deed::Type, 3),
    (Deed::AddFinding, 5),
    (Deed::SetField, 8),
    (Deed::Describe, 3),
    (Deed::Strike, 2),
    (Deed::Choose, 3),
    (Deed::Submit, 3),
    (Deed::Void, 1),
    (Deed::Saw, 4),
    (Deed::OpenMatter, 2),
    (Deed::Cite, 2),
    (Deed::SendBack, 2),
    (Deed::Reopen, 2),
    (Deed::Review, 4),
    (Deed::ReviewAll, 3),
    (Deed::UndoReview, 2),
    (Deed::TakeOut, 1),
    (Deed::Settle, 1),
    (Deed::Examine, 2),
    (Deed::Import, 1),
    (Deed::Withdraw, 1),
    (Deed::Publish, 1),
    (Deed::FormTeam, 1),
    (Deed::Invite, 2),
    (Deed::InviteSupervisor, 1),
    (Deed::LetIn, 2),
    (Deed::Block, 1),
    (Deed::Uninvite, 1),
    (Deed::ChangePassphrase, 1),
    (Deed::Export, 2),
    (Deed::Carry, 2),
    (Deed::Assign, 2),
    (Deed::Reassign, 2),
    (Deed::Recall, 1),
    (Deed::Look, 2),
    (Deed::Keep, 1),
];

/// Every lie.
pub const LIES: [Lie; 10] = [
    Lie::Withhold,
    Lie::Reorder,
    Lie::Repeat,
    Lie::Flip,
    Lie::Resign,
    Lie::Receipt,
    Lie::Head,
    Lie::Refuse,
    Lie::Trouble,
    Lie::Garbage,
];

/// Every attack.
pub const ATTACKS: [Attack; 16] = [
    Attack::Honest,
    Attack::WrongKey,
    Attack::NoPayload,
    Attack::Bomb,
    Attack::ForeignActor,
    Attack::WrongKind,
    Attack::WrongSignature,
    Attack::WrongSpace,
    Attack::UnknownHead,
    Attack::Gap,
    Attack::Fork,
    Attack::Twins,
    Attack::Replay,
    Attack::TooLarge,
    Attack::Statement,
    Attack::Pry,
];

/// How many families of faults there are: see [`fault`].
const FAMILIES: usize = 13;
const HOUR_MS: i64 = 3_600_000;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

impl Plan {
    /// The plan of a seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        // Many runs are small: what goes wrong between two is found soonest there.
        let people = if dice.below(3) == 0 { dice.between(5, 12) } else { dice.between(2, 5) } as usize;
        let teams = dice.between(1, if people > 4 { 3 } else { 1 }) as usize;
        let members = dice.between(2, people as u64) as usize;
        let rogue = if dice.below(3) == 0 { Rogues::One } else { Rogues::None };
        let away = (dice.below(4) == 0).then(|| dice.below(members));
        let clocks = (0..people).map(|_| clock(&mut dice)).collect();
        // Each run has its own mixture, so that what is rare in one is frequent in another.
        let families: Vec<usize> = (0..FAMILIES).filter(|_| dice.below(2) == 0).collect();
        let faults = dice.between(5, 45);
        let deeds: Vec<Deed> = DEEDS
            .iter()
            .flat_map(|(deed, weight)| {
                let often = if dice.below(4) == 0 { 4 } else { 1 };
                std::iter::repeat_n(*deed, weight * often)
            })
            .collect();
        let count = dice.between(40, 220);
        let mut plan = Self { seed, people, members, teams, rogue, away, clocks, actions: Vec::new() };
        for _ in 0..count {
            let what = if !families.is_empty() && dice.below(100) < faults as usize {
                let family = dice.one_of(&families);
                What::Fault(plan.fault(&mut dice, family))
            } else {
                What::Do(dice.below(people), dice.one_of(&deeds))
            };
            let steps = match dice.below(4) {
                0 => 0,
                1 => dice.below(8),
                2 => dice.below(60),
                _ => dice.below(400),
            };
            let time = dice.one_of(&[0, 50, 500, 2_000, 4_000, 60_000]);
            plan.actions.push(Action { salt: dice.next(), steps, time, what });
        }
        plan
    }

    fn fault(&self, dice: &mut Dice, family: usize) -> Fault {
        let (who, mask) = (dice.below(self.people), dice.next() as u16);
        match family {
            0 => Fault::Weather {
                delay: dice.one_of(&[0, 5, 200, 3_000]),
                lost: dice.one_of(&[0, 5, 40]),
                doubled: dice.one_of(&[0, 5, 40]),
                overtaken: dice.one_of(&[0, 5, 40]),
            },
            1 => dice.one_of(&[
                Fault::Cut(who),
                Fault::HalfOpen(who, Side::Device),
                Fault::HalfOpen(who, Side::Relay),
            ]),
            2 => dice.one_of(&[Fault::Partition(mask), Fault::Rejoin]),
            3 => dice.one_of(&[Fault::Offline(who), Fault::Online(who), Fault::Online(who)]),
            4 => Fault::SlowReader(who),
            5 => Fault::RelayCrash(dice.one_of(&[Power::Lost, Power::Torn, Power::Whole])),
            6 => dice.one_of(&[
                Fault::RelayFull,
                Fault::RelayUnreadable,
                Fault::RelayDiskSound,
                Fault::RelayDiskSound,
            ]),
            7 => Fault::Crash(who, dice.one_of(&[Power::Lost, Power::Whole])),
            8 => dice.one_of(&[Fault::Copy(who), Fault::Restore(who)]),
            9 => dice.one_of(&[
                Fault::StorageFull(who),
                Fault::StorageFails(who),
                Fault::StorageHangs(who),
                Fault::StorageWorks(who),
                Fault::StorageWorks(who),
            ]),
            10 => Fault::SecondTab(who),
            11 => match dice.below(4) {
                0 => Fault::RelayClock(far(dice)),
                _ => Fault::Clock(who, far(dice)),
            },
            _ => match (self.rogue, dice.below(4)) {
                (Rogues::One, 0 | 1) => Fault::Attack(dice.one_of(&ATTACKS)),
                (_, 3) => Fault::Truth,
                _ => Fault::Lie(who, dice.one_of(&LIES)),
            },
        }
    }
}

fn far(dice: &mut Dice) -> i64 {
    dice.one_of(&[0, 0, 30_000, -30_000, 2 * HOUR_MS, -2 * HOUR_MS, 10 * YEAR_MS, -10 * YEAR_MS])
}

fn clock(dice: &mut Dice) -> (i64, i64) {
    let off = if dice.below(2) == 0 { 0 } else { far(dice) };
    (off, dice.one_of(&[0, 0, 0, 3, -3, 40]))
}
