//! Which bit instructions has this processor? A look-up counts and finds bits in nearly every step, and the baseline that
//! binaries are compiled for has no instruction for either; where the processor has them, the same code is compiled again
//! with them.
//!
//! The only unsafe code of the crate. The invariant: [`Processor::WithBits`] is made by [`Processor::here`] alone, after the
//! processor was asked for every instruction that [`with_bits`] is compiled for. The property tests of rows run through it
//! wherever tests run on such a processor.

use super::RowError;
use super::segment::{Found, Segment};

/// What a processor can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Processor {
    /// What every processor of this architecture can.
    Baseline,
    /// Counts, finds and cuts out bits by an instruction each.
    #[cfg(target_arch = "x86_64")]
    WithBits(Asked),
}

/// Says that the processor was asked.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked(());

impl Processor {
    /// This one.
    #[inline]
    pub(super) fn here() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("popcnt")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
        {
            return Self::WithBits(Asked(()));
        }
        Self::Baseline
    }

    /// Looks a position up.
    #[inline]
    pub(super) fn find<'a>(
        self,
        segment: &'a Segment<'a>,
        position: u32,
    ) -> Result<Option<Found<'a>>, RowError> {
        match self {
            Self::Baseline => segment.look_up(position),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked: see the module's invariant")]
            // SAFETY: an `Asked` is made after every instruction of `with_bits` was asked for.
            Self::WithBits(Asked(())) => unsafe { with_bits(segment, position) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt,lzcnt,bmi1,bmi2")]
fn with_bits<'a>(segment: &'a Segment<'a>, position: u32) -> Result<Option<Found<'a>>, RowError> {
    segment.look_up(position)
}
