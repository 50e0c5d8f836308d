//! Why is nothing done with a quote?

use crate::domain::decimal::Micros;
use crate::domain::time::Instant;
use crate::engine::ledger::limited::LimitRefusal;
use crate::engine::ledger::loyalty::PointsRefusal;
use crate::pricing::cart::{LineStatus, PricedCart};
use crate::quotes::life::State;
use crate::quotes::number::QuoteNo;
use crate::quotes::part::PartFault;

/// A line that costs more by itself than it was quoted at with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dearer {
    /// The line's id.
    pub line: String,
    /// What the part of it was quoted at.
    pub quoted: Micros,
    /// What it comes to without the others; none where it would not be sold so.
    pub alone: Option<Micros>,
}

/// A line that has no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpriced {
    /// Its position, from zero.
    pub place: u32,
    /// Its id.
    pub line: String,
    /// What became of it.
    pub status: LineStatus,
}

/// Why nothing was done with a quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteRefusal {
    /// No quote has this number, or the caller may not know of it.
    #[error("quote {number} is unknown")]
    UnknownQuote {
        /// As asked.
        number: QuoteNo,
    },
    /// The quote has no such revision.
    #[error("quote {number} has no revision {revision}: its newest is {newest}")]
    UnknownRevision {
        /// The quote.
        number: QuoteNo,
        /// As asked.
        revision: u32,
        /// The newest.
        newest: u32,
    },
    /// A request id that does not do.
    #[error("request id {why}")]
    BadRequestId {
        /// What is wrong with it.
        why: String,
    },
    /// The request id stands for something else.
    #[error("request id \"{id}\" was used before for other content{}: use a new one", in_what(differs))]
    Reused {
        /// As sent.
        id: String,
        /// Fields that differ; none where the caller may not know.
        differs: Vec<String>,
    },
    /// Fields that don't do.
    #[error("{}", fields(faults))]
    Fields {
        /// Every one, with what is wrong with it.
        faults: Vec<(String, String)>,
    },
    /// Lines without a price: a quote has none.
    #[error("{}", unpriced(lines))]
    Unpriced {
        /// All of them.
        lines: Vec<Unpriced>,
        /// The cart as it was priced, for whoever tells the reasons.
        cart: Box<PricedCart>,
    },
    /// Its validity is over before it begins.
    #[error("valid_through {last_day} is over already: it is {now}")]
    Over {
        /// The last valid day.
        last_day: String,
        /// Command time.
        now: Instant,
    },
    /// Points that it takes can't be kept for it.
    #[error(transparent)]
    Points(#[from] PointsRefusal),
    /// What it uses of limits can't be kept for it.
    #[error(transparent)]
    Limits(#[from] LimitRefusal),
    /// Nothing of that kind may be done in its state.
    #[error("quote {number} can't be {verb}: it is {}", state.word())]
    NotInState {
        /// The quote.
        number: QuoteNo,
        /// What was to be done.
        verb: &'static str,
        /// The state.
        state: State,
    },
    /// Something was accepted of it.
    #[error("quote {number} can't be revised: a part of it was accepted; make a new one of it")]
    PartlyAccepted {
        /// The quote.
        number: QuoteNo,
    },
    /// Another revision has taken the place of the one that was meant.
    #[error("quote {number} has revision {newest} since: revision {meant} was meant")]
    Superseded {
        /// The quote.
        number: QuoteNo,
        /// As asked.
        meant: u32,
        /// The newest.
        newest: u32,
    },
    /// A revision is for the contract of the first.
    #[error("quote {number} is of contract \"{contract}\": a revision is of the same")]
    OtherContract {
        /// The quote.
        number: QuoteNo,
        /// Its contract.
        contract: String,
    },
    /// What is to be accepted does not do.
    #[error("{}", every(faults))]
    Parts {
        /// All that is wrong.
        faults: Vec<PartFault>,
    },
    /// The price rested on more than what is to be accepted (rule Q1).
    #[error("the part breaks a threshold that the price rested on, it needs a revision: {}", dearer(lines))]
    BreaksThreshold {
        /// The lines that would cost more.
        lines: Vec<Dearer>,
    },
    /// A total was negotiated for all of it.
    #[error(
        "quote {number} is taken whole or not at all: a total was negotiated for it; accept all of it, or revise it"
    )]
    WholeOnly {
        /// The quote.
        number: QuoteNo,
    },
    /// Points took something off all of it.
    #[error(
        "quote {number} is taken whole or not at all: points took something off all of it; accept all of it, or revise it"
    )]
    PointsOfAll {
        /// The quote.
        number: QuoteNo,
    },
    /// More was conceded than the caller has authority for.
    #[error(
        "quote {number} concedes {percent} %, and your authority ends at {most} %: somebody with more has to approve it"
    )]
    BeyondAuthority {
        /// The quote.
        number: QuoteNo,
        /// What it concedes, in percent of what its goods would cost without.
        percent: Micros,
        /// The greatest concession that the caller may give.
        most: Micros,
    },
    /// What was conceded leaves less margin than the caller has authority for.
    #[error("quote {number} leaves less margin than your authority asks for{}: somebody with more has to approve it", margins(*figures))]
    BelowMargin {
        /// The quote.
        number: QuoteNo,
        /// Its margin in percent, where it is known, and the least that the caller's authority asks for; none where the caller may not
        /// see margins.
        figures: Option<(Option<Micros>, Micros)>,
    },
    /// It can't be told any more whether a part breaks a threshold.
    #[error(
        "a part can't be accepted any more: publication {publication}, against which it was priced, is no longer kept; \
         accept all of it, or revise it"
    )]
    PublicationGone {
        /// Which one.
        publication: u64,
    },
}

fn in_what(differs: &[String]) -> String {
    if differs.is_empty() { String::new() } else { format!(" (other {})", differs.join(", ")) }
}

fn fields(faults: &[(String, String)]) -> String {
    faults.iter().map(|(field, why)| format!("{field}: {why}")).collect::<Vec<_>>().join("; ")
}

fn every(faults: &[PartFault]) -> String {
    faults.iter().map(PartFault::to_string).collect::<Vec<_>>().join("; ")
}

fn margins(figures: Option<(Option<Micros>, Micros)>) -> String {
    match figures {
        None => String::new(),
        Some((Some(margin), least)) => format!(" ({margin} % of {least} %)"),
        Some((None, least)) => format!(" (costs are not known, {least} % are asked for)"),
    }
}

fn unpriced(lines: &[Unpriced]) -> String {
    const NAMED: usize = 10;
    let names: Vec<String> = lines.iter().take(NAMED).map(|line| format!("\"{}\"", line.line)).collect();
    let more = if lines.len() > NAMED { ", ..." } else { "" };
    let noun = if lines.len() == 1 { "line has" } else { "lines have" };
    format!("{} {noun} no price: {}{more}", lines.len(), names.join(", "))
}

fn dearer(lines: &[Dearer]) -> String {
    let told = |line: &Dearer| match line.alone {
        Some(alone) => {
            format!("line \"{}\" was quoted at {} and is {alone} by itself", line.line, line.quoted)
        }
        None => format!("line \"{}\" is not sold by itself", line.line),
    };
    lines.iter().map(told).collect::<Vec<_>>().join("; ")
}
