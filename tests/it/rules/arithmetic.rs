//! What does a sum of a table come to? `+ - * /`, brackets and the four ways of rounding, in exact fractions.

use crate::ratio::{Ratio, Rounding};

/// The value of `text`, or what is wrong with it.
pub fn value(text: &str) -> Result<Ratio, String> {
    let mut rest = Rest { text: text.trim() };
    let value = rest.sum()?;
    if rest.text.is_empty() { Ok(value) } else { Err(format!("can't read from {:?} on", rest.text)) }
}

struct Rest<'a> {
    text: &'a str,
}

impl Rest<'_> {
    fn take(&mut self, token: &str) -> bool {
        match self.text.strip_prefix(token) {
            Some(rest) => {
                self.text = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) { Ok(()) } else { Err(format!("expected {token:?} at {:?}", self.text)) }
    }

    fn sum(&mut self) -> Result<Ratio, String> {
        let mut value = self.product()?;
        loop {
            if self.take("+") {
                value = value + self.product()?;
            } else if self.take("-") {
                value = value - self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<Ratio, String> {
        let mut value = self.atom()?;
        loop {
            if self.take("*") {
                value = value * self.atom()?;
            } else if self.take("/") {
                value = value / self.atom()?;
            } else {
                return Ok(value);
            }
        }
    }

    /// A number, a bracket, or `round(x)`, `round(x, step)`, `even(..)`, `up(..)`, `down(..)`; the step is 0.01
    /// where none stands.
    fn atom(&mut self) -> Result<Ratio, String> {
        if self.take("(") {
            let value = self.sum()?;
            self.expect(")")?;
            return Ok(value);
        }
        let modes = [
            ("round(", Rounding::HalfUp),
            ("even(", Rounding::HalfEven),
            ("up(", Rounding::Up),
            ("down(", Rounding::Down),
        ];
        for (name, rounding) in modes {
            if self.take(name) {
                let value = self.sum()?;
                let step = if self.take(",") { self.sum()? } else { Ratio::new(1, 100) };
                self.expect(")")?;
                return Ok(value.round(&step, rounding));
            }
        }
        let end = self.text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.text.len());
        let (number, rest) = self.text.split_at(end);
        let value = Ratio::parse(number).ok_or_else(|| format!("no number at {:?}", self.text))?;
        self.text = rest.trim_start();
        Ok(value)
    }
}

#[test]
fn sums_are_read_as_they_are_written() {
    for (text, expected) in [
        ("15 * 45", "675"),
        ("10*50 + 5*45", "725"),
        ("(1 + 2) * 3 - 4 / 8", "8.5"),
        ("round(110.22927 * 1000)", "110229.27"),
        ("round(2 / 3, 0.001) + up(0.001) + down(0.019) + even(0.125)", "0.807"),
    ] {
        assert_eq!(value(text).unwrap(), Ratio::parse(expected).unwrap(), "{text}");
    }
    for text in ["", "1 +", "(1", "1 2", "sin(1)"] {
        assert!(value(text).is_err(), "{text}");
    }
}
