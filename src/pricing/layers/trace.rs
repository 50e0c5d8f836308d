//! Who listens while a cart is priced? Nobody, which costs nothing, or an answer that tells every step and every loser.

use crate::pricing::losers::RuleLoser;
use crate::pricing::waterfall::Step;

/// A listener. What it is told changes no figure.
pub(in crate::pricing) trait Trace {
    /// Does it listen? What only it needs is not computed otherwise.
    const LISTENS: bool;

    /// A step of a line.
    fn step(&mut self, line: u32, step: Step);

    /// What a line's last step adds changes: its layer was rounded.
    fn amend(&mut self, line: u32, by: i64);

    /// A rule that gave a line nothing.
    fn loser(&mut self, loser: RuleLoser);
}

/// Nobody.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Silent;

impl Trace for Silent {
    const LISTENS: bool = false;

    #[inline]
    fn step(&mut self, _line: u32, _step: Step) {}

    #[inline]
    fn amend(&mut self, _line: u32, _by: i64) {}

    #[inline]
    fn loser(&mut self, _loser: RuleLoser) {}
}

/// Steps and losers, as they come.
#[derive(Debug)]
pub(in crate::pricing) struct Told {
    pub(in crate::pricing) steps: Vec<(u32, Step)>,
    pub(in crate::pricing) losers: Vec<RuleLoser>,
    /// By line: where its last step is.
    last: Vec<usize>,
}

/// Steps that most lines do not go beyond.
const STEPS_OF_A_LINE: usize = 6;

impl Told {
    /// A listener to a cart of so many lines.
    pub(in crate::pricing) fn of_lines(lines: usize) -> Self {
        let steps = Vec::with_capacity(lines.saturating_mul(STEPS_OF_A_LINE));
        Self { steps, losers: Vec::new(), last: vec![usize::MAX; lines] }
    }
}

impl Trace for Told {
    const LISTENS: bool = true;

    fn step(&mut self, line: u32, step: Step) {
        let slot = usize::try_from(line).unwrap_or(usize::MAX);
        if let Some(last) = self.last.get_mut(slot) {
            *last = self.steps.len();
        }
        self.steps.push((line, step));
    }

    fn amend(&mut self, line: u32, by: i64) {
        let last = usize::try_from(line).ok().and_then(|slot| self.last.get(slot));
        if let Some((_, step)) = last.and_then(|at| self.steps.get_mut(*at)) {
            step.amount.0 = step.amount.0.saturating_add(by);
        }
    }

    fn loser(&mut self, loser: RuleLoser) {
        self.losers.push(loser);
    }
}
