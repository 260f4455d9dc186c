//! Deterministic CBOR (RFC 8949, section 4.2): how our types write what the derive macro does not.
//!
//! Messages are arrays with fixed positions, so that names in code never reach the wire. Ids are taken over the
//! bytes as they came; nothing is ever re-encoded to be verified.

use minicbor::decode::{Decode, Decoder, Error};

/// What stands for a field that says nothing.
const NULL: u8 = 0xf6;

/// Fields of an array, read in the order of their positions: what the derive macro of minicbor reads in a loop over
/// positions, with each field kept aside until the end, in a fourth of its code.
pub(crate) struct Fields<'d, 'b> {
    decoder: &'d mut Decoder<'b>,
    left: u64,
}

impl<'d, 'b> Fields<'d, 'b> {
    /// Begins a struct.
    ///
    /// # Errors
    ///
    /// [`Error`] if there is no array, or none of a stated length.
    pub fn open(decoder: &'d mut Decoder<'b>) -> Result<Self, Error> {
        let left = decoder.array()?.ok_or_else(|| Error::message("an array without a length"))?;
        Ok(Self { decoder, left })
    }

    /// The next field.
    ///
    /// # Errors
    ///
    /// [`Error`] if it cannot be read, or is missing and must not be.
    pub fn next<C, T: Decode<'b, C>>(&mut self, context: &mut C) -> Result<T, Error> {
        if !self.is_next() {
            return T::nil().ok_or_else(missing);
        }
        if self.decoder.input().get(self.decoder.position()) == Some(&NULL)
            && let Some(nil) = T::nil()
        {
            self.decoder.null()?;
            return Ok(nil);
        }
        T::decode(self.decoder, context)
    }

    /// The next field, read by a function.
    ///
    /// # Errors
    ///
    /// [`Error`] if it cannot be read, or is missing.
    pub fn next_with<C, T>(
        &mut self,
        context: &mut C,
        read: fn(&mut Decoder<'b>, &mut C) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_next() { read(self.decoder, context) } else { Err(missing()) }
    }

    fn is_next(&mut self) -> bool {
        self.left.checked_sub(1).is_some_and(|left| {
            self.left = left;
            true
        })
    }

    /// Passes over fields of later versions.
    ///
    /// # Errors
    ///
    /// [`Error`] if they cannot be read.
    pub fn close(self) -> Result<(), Error> {
        (0..self.left).try_for_each(|_| self.decoder.skip())
    }
}

/// Begins a variant of an enum, and returns its number.
///
/// # Errors
///
/// [`Error`] if there is none.
#[cfg(feature = "documents")]
pub(crate) fn variant(decoder: &mut Decoder<'_>) -> Result<u32, Error> {
    if decoder.array()? != Some(2) {
        return Err(Error::message("not a variant"));
    }
    decoder.u32()
}

#[cold]
#[inline(never)]
fn missing() -> Error {
    Error::message("a field is missing")
}

/// Decodes a struct whose fields are numbered without gaps, listed here by their numbers. A field may name the module
/// that reads it, and then must not be missing.
macro_rules! decode_in_order {
    ($name:ident { $($field:ident $(with $($with:ident)::+)?),+ $(,)? }) => {
        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(decoder: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
                let mut fields = crate::cbor::Fields::open(decoder)?;
                let read = Self { $($field: decode_in_order!(@ fields, context $(, $($with)::+)?)),+ };
                fields.close()?;
                Ok(read)
            }
        }
    };
    (@ $fields:ident, $context:ident) => { $fields.next($context)? };
    (@ $fields:ident, $context:ident, $($with:ident)::+) => {
        $fields.next_with($context, |decoder, context| $($with)::+::decode(decoder, context))?
    };
}
pub(crate) use decode_in_order;

/// Decodes an enum whose variants, and the fields of each, are numbered without gaps, listed here by their numbers.
#[cfg(feature = "documents")]
macro_rules! decode_variants {
    ($name:ident { $($number:literal $variant:ident { $($field:ident $(with $with:ident)?),* }),+ $(,)? }) => {
        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                context: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                match crate::cbor::variant(decoder)? {
                    $($number => crate::cbor::decode_variants!(
                        @ $variant, decoder, context, $($field $(with $with)?),*
                    ),)+
                    unknown => Err(minicbor::decode::Error::unknown_variant(unknown.into())),
                }
            }
        }
    };
    (@ $variant:ident, $decoder:ident, $context:ident,) => { $decoder.skip().map(|()| Self::$variant {}) };
    (@ $variant:ident, $decoder:ident, $context:ident, $($field:ident $(with $with:ident)?),+) => {{
        let mut fields = crate::cbor::Fields::open($decoder)?;
        let read = Self::$variant {
            $($field: crate::cbor::decode_in_order!(@ fields, $context $(, $with)?)),+
        };
        fields.close()?;
        Ok(read)
    }};
}
#[cfg(feature = "documents")]
pub(crate) use decode_variants;

/// Decodes one value and refuses trailing bytes.
///
/// # Errors
///
/// [`Error`] if the bytes are not exactly one `T`.
pub fn decode<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Error> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode()?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err(Error::message("trailing bytes")) }
}

/// Encodes a value.
#[must_use]
pub fn encode<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_else(|error| unreachable!("a Vec takes all bytes: {error}"))
}

/// A list of hashes, for `#[cbor(with)]`.
pub mod hashes {
    use minicbor::bytes::ByteArray;
    use minicbor::decode::Error;
    use minicbor::encode::Write;
    use minicbor::{Decode, Decoder, Encode, Encoder};

    /// Writes them as an array of byte strings.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn encode<C, W: Write>(
        hashes: &[[u8; 32]],
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.array(hashes.len() as u64)?;
        hashes.iter().try_for_each(|hash| ByteArray::from(*hash).encode(encoder, context))
    }

    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is not an array of 32-byte strings.
    pub fn decode<C>(decoder: &mut Decoder<'_>, context: &mut C) -> Result<Vec<[u8; 32]>, Error> {
        let list: Vec<ByteArray<32>> = Vec::decode(decoder, context)?;
        Ok(list.into_iter().map(Into::into).collect())
    }
}

/// A list of byte strings, for `#[cbor(with)]`.
pub mod byte_strings {
    use minicbor::bytes::{ByteSlice, ByteVec};
    use minicbor::decode::Error;
    use minicbor::encode::Write;
    use minicbor::{Decode, Decoder, Encode, Encoder};

    /// Writes them as an array of byte strings.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn encode<C, W: Write>(
        list: &[Vec<u8>],
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.array(list.len() as u64)?;
        list.iter().try_for_each(|bytes| <&ByteSlice>::from(&bytes[..]).encode(encoder, context))
    }

    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is not an array of byte strings.
    pub fn decode<C>(decoder: &mut Decoder<'_>, context: &mut C) -> Result<Vec<Vec<u8>>, Error> {
        let list: Vec<ByteVec> = Vec::decode(decoder, context)?;
        Ok(list.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minicbor::bytes;

    #[derive(Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
    struct Derived {
        #[cbor(n(0), with = "minicbor::bytes")]
        first: [u8; 2],
        #[n(1)]
        second: Option<u32>,
        #[n(2)]
        third: String,
        #[n(3)]
        fourth: Option<String>,
    }

    #[derive(Debug, PartialEq, Eq)]
    struct InOrder {
        first: [u8; 2],
        second: Option<u32>,
        third: String,
        fourth: Option<String>,
    }

    decode_in_order!(InOrder { first with bytes, second, third, fourth });

    fn agree(bytes: &[u8]) -> bool {
        let derived = decode::<Derived>(bytes).ok();
        let derived =
            derived.map(|Derived { first, second, third, fourth }| InOrder { first, second, third, fourth });
        let in_order = decode::<InOrder>(bytes).ok();
        assert_eq!(in_order, derived, "{bytes:02x?}");
        derived.is_some()
    }

    #[test]
    fn fields_are_read_as_by_the_derive_macro() {
        for second in [None, Some(7)] {
            for fourth in [None, Some("四".to_owned())] {
                let bytes = encode(&Derived { first: [1, 2], second, third: "三".into(), fourth });
                assert!(agree(&bytes));
                for end in 0..bytes.len() {
                    assert!(!agree(&bytes[..end]));
                }
                for at in 0..bytes.len() {
                    for byte in 0..=0xff {
                        let mut wrong = bytes.clone();
                        wrong[at] = byte;
                        agree(&wrong);
                    }
                }
            }
        }
    }

    #[cfg(feature = "documents")]
    #[derive(Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
    enum DerivedFact {
        #[n(0)]
        Begun,
        #[n(1)]
        Said {
            #[n(0)]
            who: Option<u32>,
            #[n(1)]
            what: String,
        },
    }

    #[cfg(feature = "documents")]
    #[derive(Debug, PartialEq, Eq)]
    enum Fact {
        Begun {},
        Said { who: Option<u32>, what: String },
    }

    #[cfg(feature = "documents")]
    decode_variants!(Fact { 0 Begun {}, 1 Said { who, what } });

    #[cfg(feature = "documents")]
    #[test]
    fn variants_are_read_as_by_the_derive_macro() {
        let agree = |bytes: &[u8]| {
            let derived = decode::<DerivedFact>(bytes).ok().map(|fact| match fact {
                DerivedFact::Begun => Fact::Begun {},
                DerivedFact::Said { who, what } => Fact::Said { who, what },
            });
            let fact = decode::<Fact>(bytes).ok();
            assert_eq!(fact, derived, "{bytes:02x?}");
            derived.is_some()
        };
        let said = |who| DerivedFact::Said { who, what: "二".into() };
        for fact in [DerivedFact::Begun, said(None), said(Some(7))] {
            let bytes = encode(&fact);
            assert!(agree(&bytes));
            for at in 0..bytes.len() {
                assert!(!agree(&bytes[..at]));
                for byte in 0..=0xff {
                    let mut wrong = bytes.clone();
                    wrong[at] = byte;
                    agree(&wrong);
                }
            }
        }
    }

    #[test]
    fn fields_of_later_versions_are_passed_over() {
        // ["..", null, "x", null, {1: [2]}]
        assert!(agree(&[0x85, 0x42, 1, 2, 0xf6, 0x61, b'x', 0xf6, 0xa1, 1, 0x81, 2]));
    }
}
