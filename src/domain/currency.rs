//! Which currencies are there, and what is their least coin? (ISO 4217, list one.)

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decimal::Micros;

/// A currency by its ISO 4217 letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

/// Currencies with two digits.
const TWO: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
    CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR \
    IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
    NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL \
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";
/// Currencies without a minor unit.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Currencies with three digits.
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";

/// A text that is no currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no ISO 4217 currency: write three capital letters, as in EUR")]
pub struct CurrencyError;

impl Currency {
    /// Reads three capital letters.
    ///
    /// # Errors
    /// [`CurrencyError`] for anything but a currency in use.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| CurrencyError)?;
        [TWO, NONE, THREE]
            .iter()
            .any(|group| group.split_ascii_whitespace().any(|known| known == code))
            .then_some(Self(bytes))
            .ok_or(CurrencyError)
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Digits after the point of an amount.
    #[must_use]
    pub fn digits(&self) -> u32 {
        // Asked once a line: groups are short, and their codes stand four bytes apart.
        let in_group = |group: &str| group.as_bytes().chunks(4).any(|known| known.starts_with(&self.0));
        if in_group(NONE) {
            0
        } else if in_group(THREE) {
            3
        } else {
            2
        }
    }

    /// The least coin: 0.01 for EUR.
    #[must_use]
    pub fn minor_unit(&self) -> Micros {
        Micros(10_i64.pow(6 - self.digits()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
