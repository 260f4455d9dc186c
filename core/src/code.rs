//! Codes that people carry from one screen to another: the set-up code and invitations.

use crate::cbor::decode_in_order;
use crate::crypto::{BoxSecret, OpenError, Purpose, SealKey, SigningKey, derive, hash, open, seal};
use crate::ids::{BoxKey, DeviceKey, EntryId, OfficeId, RelayKey};
use crate::{cbor, problem::Refusal};
use minicbor::Encode;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in a group when shown.
const GROUP: usize = 4;

/// Check characters at the end of an invitation's code.
const CHECKS: usize = 2;

/// The longest bundle that an invitation carries.
pub const MAX_BUNDLE_BYTES: usize = 2_048;

/// Text that is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code, or mistyped")]
pub struct CodeError;

/// What the relay prints at its first start: a one-time token, and the relay's key, which the office will name.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupCode {
    /// The token; the relay keeps only its hash.
    pub token: [u8; 16],
    /// The relay's key.
    pub relay: RelayKey,
}

impl SetupCode {
    /// The code's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        encode32(&[&self.token[..], &self.relay.0].concat())
    }

    /// Reads a code's text.
    ///
    /// # Errors
    ///
    /// [`CodeError`] if it is not one.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let bytes = decode32(text, 48)?;
        let (token, relay) = bytes.split_at(16);
        match (token.try_into(), relay.try_into()) {
            (Ok(token), Ok(relay)) => Ok(Self { token, relay: RelayKey(relay) }),
            _ => Err(CodeError),
        }
    }

    /// What the relay keeps of the token.
    #[must_use]
    pub fn token_hash(token: &[u8; 16]) -> [u8; 32] {
        hash(Purpose::Setup, &[token])
    }
}

/// The secret of an invitation: 128 bits from which everything else of it follows.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct InvitationSecret(pub [u8; 16]);

impl InvitationSecret {
    /// The code in groups of four, with two check characters: 26 + 2.
    #[must_use]
    pub fn to_text(&self) -> String {
        let code = encode32(&self.0) + &self.checks();
        let groups: Vec<_> = code.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect();
        groups.join("-")
    }

    /// Reads a code as a person typed it: any case, spaces and dashes, O for 0, I or L for 1.
    ///
    /// # Errors
    ///
    /// [`CodeError`] if it is not one, or its check characters do not fit.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let typed = normal(text);
        let end = typed.len().checked_sub(CHECKS).ok_or(CodeError)?;
        let (body, checks) = typed.split_at_checked(end).ok_or(CodeError)?;
        let secret = decode32(body, 16)?.try_into().map(Self).map_err(|_| CodeError)?;
        if secret.checks() == checks { Ok(secret) } else { Err(CodeError) }
    }

    fn checks(&self) -> String {
        let sum = hash(Purpose::Setup, &[b"checks", &self.0]);
        sum[..CHECKS].iter().map(|byte| ALPHABET[usize::from(byte % 32)] as char).collect()
    }

    fn part<const N: usize>(&self, name: &[u8]) -> [u8; N] {
        derive(b"mingcha/1/invitation", &self.0, name)
    }

    /// Under what the relay finds the invitation.
    #[must_use]
    pub fn locator(&self) -> [u8; 16] {
        self.part(b"locator")
    }

    /// The key that signs the join.
    #[must_use]
    pub fn signing(&self) -> SigningKey {
        SigningKey::from_seed(self.part(b"sign"))
    }

    /// The key to which the spaces' keys are wrapped.
    #[must_use]
    pub fn boxed(&self) -> BoxSecret {
        BoxSecret::from_seed(self.part(b"box"))
    }

    /// Seals the bundle. An invitation seals exactly one.
    #[must_use]
    pub fn seal(&self, bundle: &Bundle) -> Vec<u8> {
        seal(&SealKey(self.part(b"bundle")), [0; 12], &self.locator(), &cbor::encode(bundle))
    }

    /// Opens the bundle.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongSeal`] or [`Refusal::MalformedPayload`].
    pub fn open(&self, sealed: &[u8]) -> Result<Bundle, Refusal> {
        let plain = open(&SealKey(self.part(b"bundle")), [0; 12], &self.locator(), sealed)
            .map_err(|OpenError| Refusal::WrongSeal)?;
        cbor::decode(&plain).map_err(|_| Refusal::MalformedPayload)
    }
}

/// How many decimal digits a device's short code has: so many that nobody makes keys with another's code while
/// somebody joins.
const DEVICE_DIGITS: usize = 12;

/// The short code by which people recognise a device of an office, in groups: the same on its own screen and on that
/// of whoever lets it in.
#[must_use]
pub fn device_code(office: &OfficeId, device: &DeviceKey, boxed: &BoxKey) -> String {
    let sum = hash(Purpose::DeviceCode, &[&office.0, &device.0, &boxed.0]);
    let start = sum.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let digits = format!("{:0DEVICE_DIGITS$}", start % 10_u64.pow(DEVICE_DIGITS as u32));
    let groups: Vec<_> = digits.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// What an invited person needs to know: sealed under the invitation's secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Bundle {
    /// The office.
    #[n(0)]
    pub office: OfficeId,
    /// The roster as the inviter knew it: a relay cannot show an older one.
    #[n(1)]
    pub roster: EntryId,
    /// The office's relay.
    #[n(2)]
    pub relay: RelayKey,
    /// The office's name.
    #[n(3)]
    pub office_name: String,
    /// The team's name.
    #[n(4)]
    pub team_name: String,
    /// The invited person's name.
    #[n(5)]
    pub name: String,
}

decode_in_order!(Bundle { office, roster, relay, office_name, team_name, name });

fn encode32(bytes: &[u8]) -> String {
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u16, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(ALPHABET[usize::from((buffer >> bits) & 31)] as char);
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(ALPHABET[usize::from((buffer << (5 - bits)) & 31)] as char);
    }
    text
}

fn decode32(text: &str, len: usize) -> Result<Vec<u8>, CodeError> {
    let (mut bytes, mut buffer, mut bits) = (Vec::with_capacity(len), 0_u16, 0);
    let typed = normal(text);
    for character in typed.bytes() {
        let digit = ALPHABET.iter().position(|&known| known == character).ok_or(CodeError)?;
        buffer = (buffer << 5) | digit as u16;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    if bytes.len() == len && typed.len() == (len * 8).div_ceil(5) && buffer == 0 {
        Ok(bytes)
    } else {
        Err(CodeError)
    }
}

fn normal(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2013}' | '\u{2014}'));
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_reads_back_as_typed(secret: [u8; 16]) {
            let secret = InvitationSecret(secret);
            let shown = secret.to_text();
            prop_assert_eq!(shown.len(), 28 + 6);
            prop_assert!(InvitationSecret::parse(&shown) == Ok(secret.clone()));
            let sloppy = shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            prop_assert!(InvitationSecret::parse(&sloppy) == Ok(secret));
        }

        #[test]
        fn a_mistyped_character_is_noticed(secret: [u8; 16], at in 0_usize..28, to in 0_usize..32) {
            let shown = InvitationSecret(secret).to_text().replace('-', "");
            let mut typed = shown.clone().into_bytes();
            typed[at] = ALPHABET[to];
            let typed = String::from_utf8(typed).expect("ascii");
            // Ten bits of check: a wrong character slips through once in a thousand times.
            if typed != shown && InvitationSecret::parse(&typed).is_ok() {
                prop_assert!(InvitationSecret::parse(&typed) != Ok(InvitationSecret(secret)));
            }
        }

        #[test]
        fn parsing_never_panics(text: String) {
            let _ = (InvitationSecret::parse(&text).is_ok(), SetupCode::parse(&text).is_ok());
        }

        #[test]
        fn a_setup_code_reads_back(token: [u8; 16], relay: [u8; 32]) {
            let code = SetupCode { token, relay: RelayKey(relay) };
            prop_assert!(SetupCode::parse(&code.to_text()) == Ok(code));
        }
    }

    #[test]
    fn a_devices_code_follows_from_its_keys_and_office() {
        let code = |office, key, boxed| {
            device_code(&OfficeId([office; 32]), &DeviceKey([key; 32]), &BoxKey([boxed; 32]))
        };
        let own = code(1, 2, 3);
        assert_eq!((own.len(), own.split(' ').count()), (14, 3));
        assert!(own.chars().all(|c| c.is_ascii_digit() || c == ' '));
        assert_eq!(own, code(1, 2, 3));
        assert!([code(9, 2, 3), code(1, 9, 3), code(1, 2, 9)].iter().all(|other| *other != own));
    }

    #[test]
    fn only_the_secret_opens_its_bundle() {
        let bundle = Bundle {
            office: OfficeId([1; 32]),
            roster: EntryId([2; 32]),
            relay: RelayKey([3; 32]),
            office_name: "办公室".into(),
            team_name: "第一组".into(),
            name: "王芳".into(),
        };
        let secret = InvitationSecret([4; 16]);
        assert_eq!(secret.open(&secret.seal(&bundle)), Ok(bundle.clone()));
        assert_eq!(InvitationSecret([5; 16]).open(&secret.seal(&bundle)), Err(Refusal::WrongSeal));
    }
}
