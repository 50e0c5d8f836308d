//! What load is asked for? `quoin load`, with everything that is wrong with it told at once.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::failure::{Failure, USAGE};
use crate::domain::limits;
use crate::server::config::times;

/// Calls in flight of which more are not begun.
const IN_FLIGHT_MOST: usize = 1_000_000;
/// More than one machine could send.
const RATE_MOST: u64 = 10_000_000;
const THREADS_MOST: usize = 1_024;
const CONNECTIONS_MOST: usize = 100_000;

/// How contracts are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Contracts {
    /// All alike
    Uniform,
    /// The second half as often as the first, the third a third as often, and so on
    Zipf,
}

/// When calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Arrivals {
    /// Independently of each other, as from many users
    Poisson,
    /// Evenly
    Fixed,
}

/// `quoin load`.
#[derive(Debug, Args)]
pub struct Load {
    /// The running server
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7480")]
    pub server: String,
    /// Carts a second, whether or not they are answered
    #[arg(long, default_value = "1000", value_name = "N")]
    rate: String,
    /// Several runs, one after another, at these rates: 1000,2000 or, of --rate, 0.5x,1x,2x
    #[arg(long, value_delimiter = ',', value_name = "N|Nx")]
    rates: Vec<String>,
    /// How long each rate is measured
    #[arg(long, default_value = "10s")]
    duration: String,
    /// How long before that is not counted
    #[arg(long, default_value = "2s")]
    warm_up: String,
    /// Lines of every cart; as invoices have them where not stated
    #[arg(long, value_name = "N")]
    lines: Option<String>,
    /// Answers count as good within this time, and the server is told so
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// Connections
    #[arg(long, default_value = "8", value_name = "N")]
    connections: String,
    /// Threads that make calls; one a processor but one where not stated
    #[arg(long, value_name = "N")]
    threads: Option<String>,
    /// Calls in flight; calls beyond are not made, and counted as such
    #[arg(long, default_value = "100000", value_name = "N")]
    in_flight_max: String,
    /// How contracts are chosen
    #[arg(long, value_enum, default_value_t = Contracts::Uniform)]
    pub contracts: Contracts,
    /// When calls are made
    #[arg(long, value_enum, default_value_t = Arrivals::Poisson)]
    pub arrivals: Arrivals,
    /// Contracts and SKUs of the files in this folder (contracts.csv, skus.csv), as `generate` writes them; of the server's catalogue where not stated
    #[arg(long, value_name = "DIR")]
    pub files: Option<PathBuf>,
    /// The same seed asks for the same carts
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draw the latencies, and of several rates the goodput, as a picture
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// The load as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Calls a second, a run each.
    pub rates: Vec<u64>,
    /// Measured of each run.
    pub duration: Duration,
    /// Before that.
    pub warm_up: Duration,
    /// Of every cart; as invoices have them where none is stated.
    pub lines: Option<u32>,
    /// For an answer to be good.
    pub deadline: Option<Duration>,
    /// Over all threads.
    pub connections: usize,
    /// That make calls.
    pub threads: usize,
    /// Over all threads.
    pub in_flight: usize,
}

/// What was wrong.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn take<T>(&mut self, option: &str, text: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|why| self.0.push(format!("{option}: \"{text}\" {why}"))).ok()
    }

    fn count(&mut self, option: &str, text: &str, most: usize) -> Option<usize> {
        let read = match text.parse::<usize>() {
            Ok(count) if (1..=most).contains(&count) => Ok(count),
            _ => Err(format!("is no whole number from 1 to {most}")),
        };
        self.take(option, text, read)
    }

    fn time(&mut self, option: &str, text: &str, least: Duration) -> Option<Duration> {
        let read = times::parse(text, least, times::YEAR);
        read.map_err(|why| self.0.push(format!("{option}: {why}"))).ok()
    }
}

fn rate(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(rate) if (1..=RATE_MOST).contains(&rate) => Ok(rate),
        _ => Err(format!("is no whole number from 1 to {RATE_MOST}")),
    }
}

/// `0.5x` of a rate; with at most three digits behind the point.
fn share(text: &str, of: u64) -> Result<u64, String> {
    let wrong = || "is no multiple of --rate: write 0.5x or 2x".to_owned();
    let digits = text.strip_suffix('x').ok_or_else(wrong)?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 3 || !all_digits(whole) || !all_digits(part) {
        return Err(wrong());
    }
    let thousandths: u64 = format!("{whole}{part:0<3}").parse().map_err(|_| wrong())?;
    rate(&(u128::from(of) * u128::from(thousandths) / 1_000).to_string())
}

impl Load {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn plan(&self) -> Result<Plan, Failure> {
        let mut wrong = Wrong::default();
        let one = wrong.take("--rate", &self.rate, rate(&self.rate));
        let mut rates = Vec::new();
        for text in &self.rates {
            let read = if text.ends_with('x') { share(text, one.unwrap_or(1_000)) } else { rate(text) };
            rates.extend(wrong.take("--rates", text, read));
        }
        if self.rates.is_empty() {
            rates.extend(one);
        }
        let duration = wrong.time("--duration", &self.duration, times::LEAST);
        let warm_up = wrong.time("--warm-up", &self.warm_up, Duration::ZERO);
        let lines = self.lines.as_ref().map(|text| wrong.count("--lines", text, limits::CART_LINES));
        let deadline = self.deadline.as_ref().map(|text| wrong.time("--deadline", text, times::LEAST));
        let connections = wrong.count("--connections", &self.connections, CONNECTIONS_MOST);
        let others = std::thread::available_parallelism().map_or(1, |all| all.get().saturating_sub(1).max(1));
        let threads = match &self.threads {
            Some(text) => wrong.count("--threads", text, THREADS_MOST),
            None => Some(others.min(connections.unwrap_or(1))),
        };
        if let (Some(threads), Some(connections)) = (threads, connections)
            && threads > connections
        {
            wrong.0.push(format!(
                "--threads: {threads} threads with {connections} connections: each needs one of its own"
            ));
        }
        let in_flight = wrong.count("--in-flight-max", &self.in_flight_max, IN_FLIGHT_MOST);
        let plan = (duration, warm_up, connections, threads, in_flight);
        let (Some(duration), Some(warm_up), Some(connections), Some(threads), Some(in_flight), true) =
            (plan.0, plan.1, plan.2, plan.3, plan.4, wrong.0.is_empty())
        else {
            return Err(Failure::new(USAGE, wrong.0.join("\nquoin: ")));
        };
        Ok(Plan {
            rates,
            duration,
            warm_up,
            lines: lines.flatten().and_then(|lines| u32::try_from(lines).ok()),
            deadline: deadline.flatten(),
            connections,
            threads,
            in_flight,
        })
    }
}
