//! Which commands and options does `quoin quote` have?

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::cart_arguments::Price;

/// `quoin quote`.
#[derive(Debug, Args)]
pub struct Quote {
    /// What is to be done.
    #[command(subcommand)]
    pub command: QuoteCommand,
}

/// Commands of quotes.
#[derive(Debug, Subcommand)]
pub enum QuoteCommand {
    /// Make a quote of a cart, written as for `quoin price`
    Create(Box<Create>),
    /// Make a new quote of an old one's cart, at today's prices
    Again(Again),
    /// Make another revision: of other lines, or at today's prices
    Revise(Revise),
    /// Show a quote, or a revision of it
    Show(Show),
    /// List quotes, the newest first
    List(List),
    /// Tell everything that happened to a quote
    History(History),
    /// Tell what happens to quotes, as it happens, each event in a line
    Watch(Watch),
    /// Issue a draft, or send it for approval
    Issue(Act),
    /// Approve a quote that waits for it
    Approve(Act),
    /// Do not approve it: it is a draft again
    Reject(Act),
    /// Accept a quote, or a part of it
    Accept(Accept),
    /// The customer does not want it
    Decline(Act),
    /// The seller no longer offers it
    Withdraw(Act),
}

/// What is said of a quote beside its cart.
#[derive(Debug, Args)]
pub struct Terms {
    /// The customer's own reference
    #[arg(long, default_value = "", value_name = "REFERENCE")]
    pub reference: String,
    /// Free text for the customer
    #[arg(long, default_value = "")]
    pub text: String,
    /// Terms of delivery and payment
    #[arg(long, default_value = "")]
    pub terms: String,
    /// The last day on which it may be accepted (2026-05-01); 14 days from today where not stated
    #[arg(long, default_value = "", value_name = "DAY")]
    pub valid_through: String,
    /// It stays a draft until it is issued
    #[arg(long)]
    pub draft: bool,
    /// Id of a line that may be accepted in part; may be repeated
    #[arg(long = "divisible", value_name = "LINE")]
    pub divisible: Vec<String>,
    /// A price that is proposed for one ordered unit of a line, by its id; may be repeated
    #[arg(long = "price", value_name = "LINE=PRICE", conflicts_with = "total")]
    pub prices: Vec<String>,
    /// The sum that is proposed for all goods, without tax
    #[arg(long, default_value = "", value_name = "AMOUNT")]
    pub total: String,
}

/// How a change is asked for.
#[derive(Debug, Args)]
pub struct Asked {
    /// Your id of the request: the same again changes nothing and gets its first answer
    #[arg(long, default_value = "", value_name = "ID")]
    pub request_id: String,
    /// Why, for the history
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Only say what would become of it
    #[arg(long)]
    pub dry_run: bool,
}

/// `quoin quote create`.
#[derive(Debug, Args)]
pub struct Create {
    /// The cart.
    #[command(flatten)]
    pub cart: Price,
    /// What is said of it.
    #[command(flatten)]
    pub terms: Terms,
    /// How it is asked for.
    #[command(flatten)]
    pub asked: Asked,
}

/// `quoin quote again`.
#[derive(Debug, Args)]
pub struct Again {
    /// The old quote's number
    pub number: String,
    /// Which revision of it; the newest where not stated
    #[arg(long, default_value_t = 0)]
    pub revision: u32,
    /// What is said of it.
    #[command(flatten)]
    pub terms: Terms,
    /// How it is asked for.
    #[command(flatten)]
    pub asked: Asked,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote revise`.
#[derive(Debug, Args)]
pub struct Revise {
    /// The quote's number
    pub number: String,
    /// The revision that is to be replaced; whichever is the newest where not stated
    #[arg(long, default_value_t = 0)]
    pub revision: u32,
    /// A file with the lines, as for `quoin price`
    #[arg(long, value_name = "FILE")]
    pub cart: Option<PathBuf>,
    /// The lines, as for `quoin price`; those of the quote where none are stated. All else of the cart stays
    #[arg(value_name = "SKU=QTY[UNIT][{DETAILS}]")]
    pub lines: Vec<String>,
    /// What is said of it.
    #[command(flatten)]
    pub terms: Terms,
    /// How it is asked for.
    #[command(flatten)]
    pub asked: Asked,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The quote's number
    pub number: String,
    /// Which revision; the newest where not stated
    #[arg(long, default_value_t = 0)]
    pub revision: u32,
    /// Tell as well what it would cost today
    #[arg(long)]
    pub today: bool,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote list`.
#[derive(Debug, Args)]
pub struct List {
    /// Of this contract
    #[arg(long, default_value = "")]
    pub contract: String,
    /// In this state: draft, waiting, issued, accepted, declined, expired, withdrawn
    #[arg(long)]
    pub state: Option<String>,
    /// With this reference of the customer
    #[arg(long, default_value = "")]
    pub reference: String,
    /// Made at this instant (2026-05-01T00:00:00Z), or later
    #[arg(long, value_name = "INSTANT")]
    pub from: Option<String>,
    /// Made before this instant
    #[arg(long, value_name = "INSTANT")]
    pub before: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    pub most: u32,
    /// Where an earlier list goes on
    #[arg(long, default_value = "", value_name = "TOKEN")]
    pub page: String,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote history`.
#[derive(Debug, Args)]
pub struct History {
    /// The quote's number
    pub number: String,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote watch`.
#[derive(Debug, Args)]
pub struct Watch {
    /// Of this contract alone
    #[arg(long, default_value = "")]
    pub contract: String,
    /// Behind this position of the command log, by which every line begins: 0 tells all that ever happened; from now on where not
    /// stated
    #[arg(long, value_name = "POSITION")]
    pub after: Option<u64>,
    /// End after so many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub most: Option<u64>,
    /// Watch this server, until it ends or Ctrl-C; without it what the folder has kept is told, and no more
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote issue`, and its like.
#[derive(Debug, Args)]
pub struct Act {
    /// The quote's number
    pub number: String,
    /// The revision that is meant; whichever is the newest where not stated
    #[arg(long, default_value_t = 0)]
    pub revision: u32,
    /// How it is asked for.
    #[command(flatten)]
    pub asked: Asked,
    /// Ask this server, not the folder
    #[arg(long, value_name = "ADDRESS")]
    pub server: Option<String>,
}

/// `quoin quote accept`.
#[derive(Debug, Args)]
pub struct Accept {
    /// Which quote.
    #[command(flatten)]
    pub act: Act,
    /// A line, or so much of one: its id, or id=quantity; all that is left where none is stated
    #[arg(long = "line", value_name = "LINE[=QTY]")]
    pub lines: Vec<String>,
    /// Even after its last valid day: needs the role "approve"
    #[arg(long)]
    pub late: bool,
}
