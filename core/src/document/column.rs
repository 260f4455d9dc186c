//! The columns of a change: run-length coded numbers and strings, deltas, booleans.
//!
//! Every decoder is total: it answers [`Flaw`] where the bytes make no sense, and its work is bounded by the
//! number of rows that the caller asks for, whatever run lengths the bytes claim. Each takes one spelling of the
//! same values, the one that Automerge writes: numbers as short as they go, runs as long as they go.

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
                return if byte == 0 && shift > 0 { Err(Flaw) } else { Ok(value) };
            }
        }
        Err(Flaw)
    }

    /// A signed LEB128 number.
    pub fn signed(&mut self) -> Result<i64, Flaw> {
        let (mut value, mut before) = (0i64, 0);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && bits != 0 && bits != 0x7f {
                return Err(Flaw);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let only_sign = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if shift > 0 && only_sign {
                    return Err(Flaw);
                }
                if shift < 57 && byte & 0x40 != 0 {
                    value |= -1i64 << (shift + 7);
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(Flaw)
    }
}

/// What a run-length coded column holds.
pub trait Item: Clone {
    /// Reads one value.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw>;

    /// Whether two values of a column in `bytes` are equal.
    fn same(&self, other: &Self, bytes: &[u8]) -> bool;
}

impl Item for u64 {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        cursor.unsigned()
    }

    fn same(&self, other: &Self, _: &[u8]) -> bool {
        self == other
    }
}

impl Item for i64 {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        cursor.signed()
    }

    fn same(&self, other: &Self, _: &[u8]) -> bool {
        self == other
    }
}

/// A string, as its place in the change.
impl Item for Range<usize> {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Flaw> {
        let len = cursor.unsigned()?;
        cursor.take(len)
    }

    fn same(&self, other: &Self, bytes: &[u8]) -> bool {
        bytes[self.clone()] == bytes[other.clone()]
    }
}

/// The kind of a run, and how many of its values are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    None,
    Same(u64),
    Each(u64),
    Null(u64),
}

/// A run-length coded column.
#[derive(Clone, Debug)]
pub struct Rle<'a, T> {
    cursor: Cursor<'a>,
    run: Run,
    /// The value given last.
    last: Option<T>,
}

impl<'a, T: Item> Rle<'a, T> {
    /// The column at `range`.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self { cursor: Cursor::new(bytes, range), run: Run::None, last: None }
    }

    /// Whether no value is left.
    pub fn is_done(&self) -> bool {
        matches!(self.run, Run::None | Run::Same(0) | Run::Each(0) | Run::Null(0)) && self.cursor.is_done()
    }

    /// The next value; `None` for a null, and for ever after the end.
    pub fn next(&mut self) -> Result<Option<T>, Flaw> {
        if self.is_done() {
            return Ok(None);
        }
        if let Run::None | Run::Same(0) | Run::Each(0) | Run::Null(0) = self.run {
            self.begin_run()?;
        }
        match &mut self.run {
            Run::None => return Err(Flaw),
            Run::Same(left) | Run::Null(left) => *left -= 1,
            Run::Each(left) => {
                *left -= 1;
                self.read_other()?;
            }
        }
        Ok(self.last.clone())
    }

    /// Reads how the next run begins; one that could have been part of the run before it is refused.
    fn begin_run(&mut self) -> Result<(), Flaw> {
        let run = match self.cursor.signed()? {
            0 => Run::Null(self.cursor.unsigned()?),
            1 => return Err(Flaw),
            count if count > 0 => Run::Same(count.unsigned_abs()),
            count => Run::Each(count.unsigned_abs()),
        };
        match (self.run, run) {
            (_, Run::Null(0)) | (Run::Null(_), Run::Null(_)) | (Run::Each(_), Run::Each(_)) => {
                return Err(Flaw);
            }
            // A column of nothing but nulls is not written at all.
            (Run::None, Run::Null(_)) if self.cursor.is_done() => return Err(Flaw),
            (_, Run::Null(_)) => self.last = None,
            (_, Run::Same(_)) => self.read_other()?,
            _ => {}
        }
        self.run = run;
        Ok(())
    }

    /// Reads a value that is not the last one again.
    fn read_other(&mut self) -> Result<(), Flaw> {
        let value = T::read(&mut self.cursor)?;
        if self.last.as_ref().is_some_and(|last| last.same(&value, self.cursor.bytes)) {
            return Err(Flaw);
        }
        self.last = Some(value);
        Ok(())
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

    /// Whether no value is left.
    pub fn is_done(&self) -> bool {
        self.differences.is_done()
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
    begun: bool,
}

impl<'a> Booleans<'a> {
    /// The column at `range`.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self { cursor: Cursor::new(bytes, range), value: true, left: 0, begun: false }
    }

    /// Whether no value is left.
    pub fn is_done(&self) -> bool {
        self.left == 0 && self.cursor.is_done()
    }

    /// The next value.
    pub fn next(&mut self) -> Result<bool, Flaw> {
        while self.left == 0 {
            if self.cursor.is_done() {
                return Err(Flaw);
            }
            self.left = self.cursor.unsigned()?;
            self.value = !self.value;
            // Only the first run, which is of falses, may be empty.
            if self.left == 0 && core::mem::replace(&mut self.begun, true) {
                return Err(Flaw);
            }
            self.begun = true;
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
        for padded in [&[0x80, 0x00][..], &[0xff, 0x7f], &[0xbf, 0x00]] {
            assert_eq!(all(padded).signed(), Err(Flaw));
        }
        assert_eq!(all(&[0x81, 0x00]).unsigned(), Err(Flaw));
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

    #[test]
    fn only_the_longest_runs_are_read() {
        let wrong: [&[u8]; 8] = [
            &[1, 7],             // a run of one
            &[2, 7, 2, 7],       // two runs that are one
            &[2, 7, 0x7f, 7],    // the same again, literally
            &[0x7e, 7, 7],       // the same within a literal run
            &[0x7f, 7, 0x7f, 8], // two literal runs that are one
            &[2, 7, 0, 1, 0, 1], // two runs of nulls that are one
            &[2, 7, 0, 0],       // no nulls
            &[0, 3],             // nothing but nulls
        ];
        for bytes in wrong {
            let mut column = Rle::<u64>::new(bytes, 0..bytes.len());
            let read: Result<Vec<_>, Flaw> = (0..6).map(|_| column.next()).collect();
            assert_eq!(read, Err(Flaw), "{bytes:?}");
        }
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
