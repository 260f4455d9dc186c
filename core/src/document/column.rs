//! The columns of a change: run-length coded numbers and strings, deltas, booleans.
//!
//! Every decoder is total: it answers [`Flaw`] where the bytes make no sense, and its work is bounded by the
//! number of rows that the caller asks for, whatever run lengths the bytes claim.

use core::ops::Range;

/// Bytes that make no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw;

/// Reads bytes in order; positions are those of the whole change.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// Reads `range` of `bytes`; an impossible range reads as empty.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        let end = range.end.min(bytes.len());
        Self { bytes, at: range.start.min(end), end }
    }

    /// Whether everything has been read.
    pub fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// The position of the next byte.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The positions of the next `len` bytes, which are skipped.
    pub fn take(&mut self, len: u64) -> Result<Range<usize>, Flaw> {
        let len = usize::try_from(len).map_err(|_| Flaw)?;
        if len > self.end - self.at {
            return Err(Flaw);
        }
        let range = self.at..self.at + len;
        self.at = range.end;
        Ok(range)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        let range = self.take(N as u64)?;
        self.bytes[range].try_into().map_err(|_| Flaw)
    }

    fn byte(&mut self) -> Result<u8, Flaw> {
        Ok(self.array::<1>()?[0])
    }

    /// An unsigned LEB128 number.
    pub fn unsigned(&mut self) -> Result<u64, Flaw> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Flaw);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Flaw)
    }

    /// A signed LEB128 number.
    pub fn signed(&mut self) -> Result<i64, Flaw> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && bits != 0 && bits != 0x7f {
                return Err(Flaw);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                if shift < 57 && byte & 0x40 != 0 {
                    value |= -1i64 << (shift + 7);
                }
                return Ok(value);
            }
        }
        Err(Flaw)
    }
}

/// What a run-length coded column holds.
pub trait Item: Clone {
    /// Reads one value.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw>;
}

impl Item for u64 {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        cursor.unsigned()
    }
}

impl Item for i64 {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        cursor.signed()
    }
}

/// A string, as its place in the change.
impl Item for Range<usize> {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        let len = cursor.unsigned()?;
        cursor.take(len)
    }
}

#[derive(Clone, Debug)]
enum Run<T> {
    None,
    Same(u64, T),
    Each(u64),
    Null(u64),
}

/// A run-length coded column.
#[derive(Clone, Debug)]
pub struct Rle<'a, T> {
    cursor: Cursor<'a>,
    run: Run<T>,
}

impl<'a, T: Item> Rle<'a, T> {
    /// The column at `range`.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self { cursor: Cursor::new(bytes, range), run: Run::None }
    }

    /// Whether no value is left.
    pub fn is_done(&self) -> bool {
        matches!(self.run, Run::None) && self.cursor.is_done()
    }

    /// The next value; `None` for a null, and for ever after the end.
    pub fn next(&mut self) -> Result<Option<T>, Flaw> {
        if let Run::None = self.run {
            if self.cursor.is_done() {
                return Ok(None);
            }
            self.run = match self.cursor.signed()? {
                0 => Run::Null(self.cursor.unsigned()?),
                count if count > 0 => Run::Same(count.unsigned_abs(), T::read(&mut self.cursor)?),
                count => Run::Each(count.unsigned_abs()),
            };
        }
        match core::mem::replace(&mut self.run, Run::None) {
            Run::Null(0) | Run::None => Err(Flaw),
            Run::Null(left) => {
                self.run = if left > 1 { Run::Null(left - 1) } else { Run::None };
                Ok(None)
            }
            Run::Same(left, value) => {
                if left > 1 {
                    self.run = Run::Same(left - 1, value.clone());
                }
                Ok(Some(value))
            }
            Run::Each(left) => {
                self.run = if left > 1 { Run::Each(left - 1) } else { Run::None };
                T::read(&mut self.cursor).map(Some)
            }
        }
    }
}

/// A column of numbers, each coded as its difference to the one before.
#[derive(Clone, Debug)]
pub struct Delta<'a> {
    differences: Rle<'a, i64>,
    last: i64,
}

impl<'a> Delta<'a> {
    /// The column at `range`.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self { differences: Rle::new(bytes, range), last: 0 }
    }

    /// The next number; `None` for a null, and for ever after the end.
    pub fn next(&mut self) -> Result<Option<u64>, Flaw> {
        let Some(difference) = self.differences.next()? else { return Ok(None) };
        self.last = self.last.checked_add(difference).ok_or(Flaw)?;
        u64::try_from(self.last).map(Some).map_err(|_| Flaw)
    }
}

/// A column of booleans: lengths of alternating runs, beginning with false.
#[derive(Clone, Debug)]
pub struct Booleans<'a> {
    cursor: Cursor<'a>,
    value: bool,
    left: u64,
}

impl<'a> Booleans<'a> {
    /// The column at `range`.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self { cursor: Cursor::new(bytes, range), value: true, left: 0 }
    }

    /// The next value.
    pub fn next(&mut self) -> Result<bool, Flaw> {
        while self.left == 0 {
            if self.cursor.is_done() {
                return Err(Flaw);
            }
            self.left = self.cursor.unsigned()?;
            self.value = !self.value;
        }
        self.left -= 1;
        Ok(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> Cursor<'_> {
        Cursor::new(bytes, 0..bytes.len())
    }

    #[test]
    fn numbers_of_the_widest_kind_are_read() {
        assert_eq!(all(&[0xff; 9]).unsigned(), Err(Flaw));
        assert_eq!(all(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]).unsigned(), Ok(u64::MAX));
        assert_eq!(all(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]).signed(), Ok(i64::MIN));
        assert_eq!(all(&[0x7f]).signed(), Ok(-1));
        assert_eq!(all(&[0xc0, 0x00]).signed(), Ok(64));
    }

    #[test]
    fn runs_of_each_kind_are_read() {
        // three sevens, two nulls, literally 1 and 2
        let bytes = [3, 7, 0, 2, 0x7e, 1, 2];
        let mut column = Rle::<u64>::new(&bytes, 0..bytes.len());
        let mut seen = Vec::new();
        while !column.is_done() {
            seen.push(column.next().unwrap());
        }
        assert_eq!(seen, [Some(7), Some(7), Some(7), None, None, Some(1), Some(2)]);
        assert_eq!(column.next(), Ok(None));
    }

    proptest! {
        #[test]
        fn decoders_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let range = 0..bytes.len();
            let mut numbers = Rle::<u64>::new(&bytes, range.clone());
            let mut strings = Rle::<Range<usize>>::new(&bytes, range.clone());
            let mut deltas = Delta::new(&bytes, range.clone());
            let mut booleans = Booleans::new(&bytes, range);
            for _ in 0..100 {
                let _ = (numbers.next(), strings.next(), deltas.next(), booleans.next());
            }
        }
    }
}
