//! Which part of a long list is asked for? Page tokens are the number to go on from.

use tonic::Status;

use super::status::{Violation, violation_status};

/// Where the request says nothing.
const PAGE_DEFAULT: usize = 100;
/// Most records of a page.
const PAGE_MOST: usize = 1_000;

/// A page asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Records before it that are passed over.
    pub from: usize,
    /// Most records.
    pub size: usize,
}

impl Page {
    /// Reads a request's fields.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a token that no answer gave.
    pub fn of(size: u32, token: &str) -> Result<Self, Status> {
        let size = match usize::try_from(size).unwrap_or(PAGE_MOST) {
            0 => PAGE_DEFAULT,
            size => size.min(PAGE_MOST),
        };
        let from = match token {
            "" => 0,
            token => token
                .parse()
                .map_err(|_| violation_status(Violation::new("page_token", "is no token of an answer")))?,
        };
        Ok(Self { from, size })
    }

    /// The page of `records`, converted, and the token of the next one.
    pub fn cut<T, U>(self, records: impl Iterator<Item = T>, convert: impl Fn(T) -> U) -> (Vec<U>, String) {
        let mut records = records.skip(self.from);
        let page: Vec<U> = records.by_ref().take(self.size).map(convert).collect();
        let next = records.next().map_or(String::new(), |_| (self.from + self.size).to_string());
        (page, next)
    }
}
