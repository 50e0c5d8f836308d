//! How far may the scanner read ahead? So far and no further: then the text ends for it, and the file is refused.
//!
//! A bracket where a key may stand is read to its end before anything is said of it, with all tokens kept. Within the bound
//! that costs little; without one, a file of a few megabytes costs a gigabyte.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use saphyr_parser::{Input, Marker, StrInput};

use crate::policy::syntax::At;

/// Most characters between two values.
const AHEAD_MOST: usize = 1 << 20;
/// Most characters that the scanner looks at without taking them.
const BUFFER: usize = 128;
/// Said before a bracket, it can be no key: JSON is then read as it comes.
const NO_KEY: &str = "--- ";

/// How many characters were read since the last value.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead(Rc<Cell<usize>>);

impl Ahead {
    /// Was too much read, so that the rest of the text is missing?
    pub(super) fn is_too_far(&self) -> bool {
        self.0.get() > AHEAD_MOST
    }

    /// A value came.
    pub(super) fn begin_anew(&self) {
        self.0.set(0);
    }
}

/// A text in which the bracket that it begins with is no key, and where its places are.
pub(super) struct Prepared<'t> {
    pub(super) text: Cow<'t, str>,
    file: u16,
    shift: usize,
}

impl<'t> Prepared<'t> {
    pub(super) fn new(text: &'t str, file: u16) -> Self {
        if text.starts_with(['{', '[']) {
            return Self { text: Cow::Owned(format!("{NO_KEY}{text}")), file, shift: NO_KEY.len() };
        }
        Self { text: Cow::Borrowed(text), file, shift: 0 }
    }

    /// A place of the scanner in the text as it was given.
    pub(super) fn place(&self, marker: Marker) -> At {
        let fit = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let shift = if marker.line() <= 1 { self.shift } else { 0 };
        let column = marker.col().saturating_sub(shift).saturating_add(1);
        At { file: self.file, line: fit(marker.line().max(1)), column: fit(column) }
    }
}

/// The characters of a text, as the scanner takes them.
pub(super) struct Characters<'t> {
    rest: StrInput<'t>,
    ahead: Ahead,
}

impl<'t> Characters<'t> {
    pub(super) fn new(text: &'t str, ahead: &Ahead) -> Self {
        Self { rest: StrInput::new(text), ahead: ahead.clone() }
    }

    fn took(&mut self, count: usize) {
        self.ahead.0.set(self.ahead.0.get().saturating_add(count));
        if self.ahead.is_too_far() {
            self.rest = StrInput::new("");
        }
    }
}

impl Input for Characters<'_> {
    fn lookahead(&mut self, _count: usize) {}

    fn buflen(&self) -> usize {
        BUFFER
    }

    fn bufmaxlen(&self) -> usize {
        BUFFER
    }

    fn raw_read_ch(&mut self) -> char {
        let read = self.rest.raw_read_ch();
        self.took(1);
        read
    }

    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let read = self.rest.raw_read_non_breakz_ch();
        self.took(1);
        read
    }

    fn skip(&mut self) {
        self.rest.skip();
        self.took(1);
    }

    fn skip_n(&mut self, count: usize) {
        self.rest.skip_n(count);
        self.took(count);
    }

    fn peek(&self) -> char {
        self.rest.peek()
    }

    fn peek_nth(&self, n: usize) -> char {
        self.rest.peek_nth(n)
    }

    fn peek_opt(&self) -> Option<char> {
        self.rest.peek_opt()
    }
}
