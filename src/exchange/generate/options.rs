//! What may be asked of the generator? Seed, size, mode, currency.

use crate::domain::currency::Currency;

use super::parameters as p;
use super::prng::Chance;

/// Realistic, or the matrix's worst case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As docs/GENERATOR.md describes.
    #[default]
    Structured,
    /// Independent uniform prices on independent SKUs, and nothing else.
    Random,
}

impl Mode {
    /// Reads `structured` or `random`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "structured" => Some(Self::Structured),
            "random" => Some(Self::Random),
            _ => None,
        }
    }
}

/// What is to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateOptions {
    /// The same seed and options give the same data.
    pub seed: u64,
    /// Realistic or random.
    pub mode: Mode,
    /// SKUs.
    pub skus: u32,
    /// Contracts, each with an individual price list.
    pub contracts: u32,
    /// Price points that the individual lists are to hold together, about; absent: a tenth of the assortment each.
    pub cells: Option<u64>,
    /// Currency of the base list, with two digits.
    pub currency: Currency,
}

/// What cannot be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// `skus` out of range.
    #[error("skus: {0} is outside 8 to 16,000,000")]
    Skus(u32),
    /// `contracts` out of range.
    #[error("contracts: {0} is outside 1 to 16,000,000")]
    Contracts(u32),
    /// `cells` does not fit.
    #[error("cells: {asked} price points do not fit into {contracts} lists of {skus} SKUs: at most {most}")]
    Cells {
        /// What was asked for.
        asked: u64,
        /// Contracts.
        contracts: u32,
        /// SKUs.
        skus: u32,
        /// What fits.
        most: u64,
    },
    /// The currency's least coin is not a hundredth.
    #[error("currency: {0} has no hundredths, and the generated prices are in hundredths")]
    Currency(Currency),
    /// A text that is no currency.
    #[error("currency: {0}")]
    NotACurrency(#[from] crate::domain::currency::CurrencyError),
}

impl GenerateOptions {
    /// Structured, 10,000 SKUs, 1,000 contracts, a tenth of the assortment each, in euros.
    ///
    /// # Errors
    /// None while the euro exists.
    pub fn standard() -> Result<Self, OptionsError> {
        Ok(Self {
            seed: 1,
            mode: Mode::Structured,
            skus: 10_000,
            contracts: 1_000,
            cells: None,
            currency: Currency::parse("EUR")?,
        })
    }

    /// What stands in data/demo.
    ///
    /// # Errors
    /// None while the euro exists.
    pub fn demo() -> Result<Self, OptionsError> {
        Ok(Self { skus: 200, contracts: 12, cells: Some(1_800), ..Self::standard()? })
    }

    pub(super) fn check(&self) -> Result<(), OptionsError> {
        if !(8..=16_000_000).contains(&self.skus) {
            return Err(OptionsError::Skus(self.skus));
        }
        if !(1..=16_000_000).contains(&self.contracts) {
            return Err(OptionsError::Contracts(self.contracts));
        }
        if self.currency.digits() != 2 {
            return Err(OptionsError::Currency(self.currency));
        }
        let most = self.most_cells();
        match self.cells {
            Some(asked) if asked > most => {
                let (contracts, skus) = (self.contracts, self.skus);
                Err(OptionsError::Cells { asked, contracts, skus, most })
            }
            _ => Ok(()),
        }
    }

    fn points_per_thousand_pairs(&self) -> u64 {
        match self.mode {
            Mode::Structured => p::POINTS_PER_PAIR,
            Mode::Random => 1_000,
        }
    }

    fn pairs(&self) -> u64 {
        u64::from(self.skus) * u64::from(self.contracts)
    }

    fn most_cells(&self) -> u64 {
        self.pairs().saturating_mul(self.points_per_thousand_pairs()) / 1_000
    }

    /// The share of the assortment that an individual list holds, on average.
    #[must_use]
    pub fn presence(&self) -> Chance {
        match (self.cells, self.mode) {
            (Some(cells), _) => {
                // Parts of a million, so that the product fits.
                let million =
                    u128::from(cells) * 1_000_000_000 / u128::from(self.points_per_thousand_pairs());
                let parts = million / u128::from(self.pairs().max(1));
                Chance::ratio(u64::try_from(parts).unwrap_or(u64::MAX), 1_000_000)
            }
            (None, Mode::Structured) => Chance::per_mille(p::PRESENCE),
            (None, Mode::Random) => Chance::per_mille(p::RANDOM_PRESENCE),
        }
    }

    /// The currency of the few foreign contracts and of the list of imported goods.
    #[must_use]
    pub fn foreign_currency(&self) -> Currency {
        let other = if self.currency.code() == "USD" { "EUR" } else { "USD" };
        Currency::parse(other).unwrap_or(self.currency)
    }
}
