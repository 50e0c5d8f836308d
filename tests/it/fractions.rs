//! Do exact fractions come to what fractions of big integers come to, in machine words and past them?

use proptest::prelude::*;
use quoin::domain::decimal::Micros;
use quoin::domain::exact::{Exact, NumberError};
use quoin::domain::rounding::RoundingMode;

use crate::effort::cases;
use crate::ratio::Ratio;

const MODES: [RoundingMode; 4] =
    [RoundingMode::Up, RoundingMode::Down, RoundingMode::HalfUp, RoundingMode::HalfEven];
/// A millionth, a cent, five cents, a whole unit, and what divides none of them.
const STEPS: [Micros; 5] = [Micros(1), Micros(10_000), Micros(50_000), Micros(1_000_000), Micros(70_001)];

/// Numbers of every size, small ones and halves of steps often.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        -20..20_i64,
        (-2_000..2_000_i64).prop_map(|halves| halves * 5_000),
        (any::<i64>(), 0..63_u32).prop_map(|(number, shift)| number >> shift),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(i64::MIN + 1)],
    ]
}

fn fraction() -> impl Strategy<Value = (Exact, Ratio)> {
    (number(), prop_oneof![Just(1), Just(100), Just(1_000_000), number()]).prop_filter_map(
        "a denominator of zero",
        |(num, den)| {
            let exact = Exact::ratio(i128::from(num), i128::from(den)).ok()?;
            Some((exact, Ratio::new(num, den)))
        },
    )
}

/// Every way of rounding gives what it gives for the fraction of big integers, or does not fit.
fn agree(exact: &Exact, expected: &Ratio) -> Result<(), TestCaseError> {
    for step in STEPS {
        for mode in MODES {
            let expected = expected.round(&Ratio::from(step), mode.into()).to_micros();
            prop_assert_eq!(exact.round(step, mode), expected.ok_or(NumberError::Overflow));
            let rounded = exact.rounded(step, mode).map(|rounded| rounded.to_micros());
            prop_assert_eq!(rounded, expected.map(Some).ok_or(NumberError::Overflow));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn sums_products_and_quotients_are_exact((a, x) in fraction(), (b, y) in fraction()) {
        agree(&a, &x)?;
        agree(&a.plus(&b), &(&x + &y))?;
        agree(&a.minus(&b), &(&x - &y))?;
        agree(&a.times(&b), &(&x * &y))?;
        agree(&a.negated(), &(&Ratio::zero() - &x))?;
        prop_assert_eq!(a.compare(&b), x.cmp(&y));
        match a.over(&b) {
            Ok(quotient) => agree(&quotient, &(&x / &y))?,
            Err(error) => prop_assert!(y.is_zero() && error == NumberError::DivisionByZero),
        }
    }

    #[test]
    fn decimals_become_fractions_and_come_back(micros in number()) {
        let expected = Ratio::from(Micros(micros));
        for exact in [Exact::from(Micros(micros)), Exact::money(Micros(micros))] {
            agree(&exact, &expected)?;
            prop_assert_eq!(exact.to_micros(), Some(Micros(micros)));
        }
    }
}
