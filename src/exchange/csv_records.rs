//! Where does one CSV record end and the next begin? Read in bounded memory, split in place.
//!
//! The buffer holds whole records and grows to the limit of one line and no further, so a line of 1 GiB is refused
//! after the first MiB. A record without quotes is split where it lies; one with quotes is first copied without them.

use std::io::Read;

use super::fault::FileProblem;

/// Bytes read at a time.
const CHUNK_BYTES: usize = 256 << 10;

/// A record: its text, and where in it each field ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// The field at this position; empty past the last.
    #[inline]
    pub(super) fn field(&self, position: usize) -> &'a str {
        let Some(&end) = self.ends.get(position) else { return "" };
        // The field before ends at a delimiter, which is one byte.
        let start = match position.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(before) => before + 1,
            None => 0,
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// How many fields there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Reads records.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    limit: usize,
    delimiter: u8,
    /// Bytes of the input before `start`.
    consumed: u64,
    row: u64,
    ends: Vec<usize>,
    unquoted: Vec<u8>,
}

/// What a look at the buffer found.
enum Scan {
    /// A record of `text` bytes and, line end included, `taken`.
    Whole { text: usize, taken: usize, quoted: bool },
    /// The record goes on past the buffer.
    Unfinished,
}

enum QuoteFault {
    Open,
    After,
}

impl<R: Read> Records<R> {
    /// Reads records of at most `limit` bytes; the delimiter is taken from the first line.
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            buffer: vec![0; CHUNK_BYTES.min(limit.saturating_add(2))],
            start: 0,
            end: 0,
            ended: false,
            limit,
            delimiter: b',',
            consumed: 0,
            row: 0,
            ends: Vec::new(),
            unquoted: Vec::new(),
        }
    }

    /// The row of the record last read; the first is 1.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Bytes of the records read so far.
    pub(super) fn bytes_done(&self) -> u64 {
        self.consumed
    }

    /// Looks at the file's begin: refuses what is empty or marked, and finds the delimiter in the first line.
    pub(super) fn begin(&mut self) -> Result<(), FileProblem> {
        self.fill()?;
        let head = self.window();
        if head.is_empty() {
            return Err(FileProblem::Empty);
        }
        let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
        if marks.first().is_some_and(|mark| head.starts_with(mark)) {
            return Err(FileProblem::ByteOrderMark);
        }
        if marks.iter().any(|mark| head.starts_with(mark)) {
            return Err(FileProblem::NotUtf8 { row: 1, offset: 0, likely: Some("UTF-16") });
        }
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
        self.delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        Ok(())
    }

    /// Passes over a line without a character, where one comes next.
    #[inline]
    pub(super) fn pass_blank_line(&mut self) -> Result<bool, FileProblem> {
        if self.end - self.start < 2 && !self.ended {
            self.fill()?;
        }
        let taken = match self.window() {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return Ok(false),
        };
        self.start += taken;
        self.consumed += u64::try_from(taken).unwrap_or_default();
        self.row += 1;
        Ok(true)
    }

    fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The next record, or `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, FileProblem> {
        let (text, taken, quoted) = loop {
            match self.scan()? {
                Scan::Whole { text, taken, quoted } => break (text, taken, quoted),
                Scan::Unfinished if self.ended => return Ok(None),
                Scan::Unfinished => self.fill()?,
            }
        };
        self.row += 1;
        if text > self.limit {
            return Err(FileProblem::LineTooLong { row: self.row, limit: self.limit });
        }
        let offset = self.consumed;
        let raw = self.buffer.get(self.start..self.start + text).unwrap_or_default();
        self.start += taken;
        self.consumed += u64::try_from(taken).unwrap_or_default();
        let bytes = if quoted { self.unquoted.as_slice() } else { raw };
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(Record { text, ends: &self.ends })),
            Err(_) => Err(not_utf8(self.row, offset, raw)),
        }
    }

    #[inline]
    fn scan(&mut self) -> Result<Scan, FileProblem> {
        let window = self.buffer.get(self.start..self.end).unwrap_or_default();
        self.ends.clear();
        let mut quoted = false;
        for (at, &byte) in window.iter().enumerate() {
            if byte == self.delimiter {
                self.ends.push(at);
            } else if byte == b'\n' {
                let text = if at > 0 && window.get(at - 1) == Some(&b'\r') { at - 1 } else { at };
                self.ends.push(text);
                return Ok(Scan::Whole { text, taken: at + 1, quoted: false });
            } else if byte == b'"' {
                quoted = true;
                break;
            }
        }
        if quoted {
            return self.scan_quoted();
        }
        if self.ended && !window.is_empty() {
            let text = if window.last() == Some(&b'\r') { window.len() - 1 } else { window.len() };
            self.ends.push(text);
            return Ok(Scan::Whole { text, taken: window.len(), quoted: false });
        }
        Ok(Scan::Unfinished)
    }

    fn scan_quoted(&mut self) -> Result<Scan, FileProblem> {
        let window = self.buffer.get(self.start..self.end).unwrap_or_default();
        match unquote(window, self.delimiter, self.ended, &mut self.ends, &mut self.unquoted) {
            Ok(Some((text, taken))) => Ok(Scan::Whole { text, taken, quoted: true }),
            Ok(None) => Ok(Scan::Unfinished),
            Err(QuoteFault::Open) => Err(FileProblem::OpenQuote { row: self.row + 1 }),
            Err(QuoteFault::After) => Err(FileProblem::AfterQuote { row: self.row + 1 }),
        }
    }

    /// Makes the buffer longer by as much as is to be had: first by moving what is left to its begin.
    fn fill(&mut self) -> Result<(), FileProblem> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        // Room for the longest line with its line end.
        let most = self.limit.saturating_add(2);
        if self.end > most {
            return Err(FileProblem::LineTooLong { row: self.row + 1, limit: self.limit });
        }
        if self.end == self.buffer.len() {
            let longer = self.buffer.len().saturating_mul(2).min(most.saturating_add(1));
            self.buffer.resize(longer, 0);
        }
        while let Some(room) = self.buffer.get_mut(self.end..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => self.end += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(FileProblem::Io(error.to_string())),
            }
        }
        Ok(())
    }
}

/// Splits a record that has quotes: its fields, without them, go to `out`, one delimiter between two. Answers with
/// the record's length without and with its line end.
fn unquote(
    window: &[u8],
    delimiter: u8,
    ended: bool,
    ends: &mut Vec<usize>,
    out: &mut Vec<u8>,
) -> Result<Option<(usize, usize)>, QuoteFault> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Begin,
        Plain,
        Quoted,
        Closed,
        ClosedReturn,
    }
    ends.clear();
    out.clear();
    let mut state = State::Begin;
    for (at, &byte) in window.iter().enumerate() {
        state = match (state, byte) {
            (State::Begin, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Closed,
            (State::Closed, b'"') => {
                out.push(byte);
                State::Quoted
            }
            (State::Quoted, _) => {
                out.push(byte);
                State::Quoted
            }
            (State::Closed, b'\r') => State::ClosedReturn,
            (_, b'\n') => {
                if state == State::Plain && out.last() == Some(&b'\r') {
                    out.pop();
                }
                ends.push(out.len());
                return Ok(Some((at, at + 1)));
            }
            (State::ClosedReturn, _) => return Err(QuoteFault::After),
            (_, byte) if byte == delimiter => {
                ends.push(out.len());
                out.push(byte);
                State::Begin
            }
            (State::Closed, _) => return Err(QuoteFault::After),
            (State::Begin | State::Plain, _) => {
                out.push(byte);
                State::Plain
            }
        };
    }
    match state {
        _ if !ended => Ok(None),
        State::Quoted => Err(QuoteFault::Open),
        _ => {
            ends.push(out.len());
            Ok(Some((window.len(), window.len())))
        }
    }
}

/// Names the byte at fault and, from the bytes around it, the likely encoding: in Windows-1251 the Russian letters
/// fill 0xC0 to 0xFF, and nothing else of a price file is above 0x7F in such number.
#[cold]
fn not_utf8(row: u64, offset: u64, raw: &[u8]) -> FileProblem {
    let valid = std::str::from_utf8(raw).map_or_else(|error| error.valid_up_to(), str::len);
    let high = raw.iter().filter(|byte| **byte >= 0x80).count();
    let letters = raw.iter().filter(|byte| matches!(byte, 0xc0..=0xff | 0xa8 | 0xb8)).count();
    let likely = if raw.contains(&0) {
        Some("UTF-16")
    } else if letters >= 2 && letters * 10 >= high * 8 {
        Some("Windows-1251")
    } else {
        None
    };
    FileProblem::NotUtf8 { row, offset: offset + u64::try_from(valid).unwrap_or_default(), likely }
}
