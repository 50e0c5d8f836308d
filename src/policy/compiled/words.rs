//! Which number stands for a word that selections name? Attributes and their values, holdings, tax classes.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Words by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    numbers: HashMap<String, u32, FixedState>,
}

impl Words {
    /// The word's number, a new one where it is new.
    pub(super) fn number_of(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry_ref(word).or_insert(next)
    }

    /// The word's number; none where no selection names it.
    pub(super) fn get(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }
}
