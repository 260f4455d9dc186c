//! Deterministic CBOR (RFC 8949, section 4.2): how our types write what the derive macro does not.
//!
//! Messages are arrays with fixed positions, so that names in code never reach the wire. Ids are taken over the
//! bytes as they came; nothing is ever re-encoded to be verified.

use minicbor::decode::Error;

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
