//! How is a story of quotes played? Step by step, each with what must come of it.

use quoin::domain::decimal::Micros;
use quoin::engine::quotes::QuoteError;
use quoin::engine::quotes::{ActOnQuote, CreateQuote, FindQuotes, Quoted, ReviseQuote};
use quoin::quotes::asked::{AskedCart, AskedQuote};
use quoin::quotes::event::Change;
use quoin::quotes::life::{Act, PartAsked, State};

use super::beside::kept;
use super::steps::Step;
use super::underway;
use super::world::{POLICY, TELLER, World, boss};

/// Steps, each `what is done -> what comes of it`; `! text` where it is refused with that text.
pub struct Story {
    pub what: &'static str,
    pub steps: &'static [&'static str],
}

pub const fn story(what: &'static str, steps: &'static [&'static str]) -> Story {
    Story { what, steps }
}

pub(super) fn money(millionths: i128) -> String {
    Micros(i64::try_from(millionths).unwrap()).to_string()
}

fn told(outcome: Result<Quoted, QuoteError>) -> String {
    match outcome {
        Ok(quoted) => {
            let amount = match &quoted.event.change {
                Change::Accepted { parts, .. } => parts.iter().map(|part| i128::from(part.amount.0)).sum(),
                _ => quoted.content.total,
            };
            let Quoted { head, event, .. } = &quoted;
            assert_eq!((head.state, head.revision, head.events), (event.state, event.revision, event.number));
            format!("{} {} {}", event.state.word(), event.revision, money(amount))
        }
        Err(error) => format!("! {error}"),
    }
}

/// Plays a step. Returns what came of it.
pub fn play(world: &mut World, text: &str) -> String {
    let step = Step::read(text);
    let engine = world.engine().clone();
    match step.verb {
        "create" => {
            let asked = AskedQuote { cart: step.cart(step.words[0], &step.words[1..]), ..step.asked.clone() };
            let create = CreateQuote { request_id: step.request_id, asked, dry_run: step.dry_run };
            told(engine.create_quote(&step.caller, &create, &TELLER))
        }
        "revise" => revise(world, step),
        "issue" | "approve" | "reject" | "accept" | "decline" | "withdraw" => act(world, &step),
        "show" => match engine.quote(&step.caller, step.number(), step.revision) {
            Ok(Quoted { head, content, .. }) => {
                let accepted: i128 = head.accepted.iter().map(|part| i128::from(part.amount.0)).sum();
                let accepted =
                    if accepted == 0 { String::new() } else { format!(" of it {}", money(accepted)) };
                format!("{} {} {}{accepted}", head.state.word(), head.revision, money(content.total))
            }
            Err(error) => format!("! {error}"),
        },
        "why" => why(world, &step),
        "lines" => told_lines(world, &step),
        "clamp" => {
            world.publish(&POLICY.replace("do: approve", "do: clamp"));
            String::new()
        }
        "authority" => {
            let (role, most) = (step.words[0], step.words[1]);
            let before = if role == "quote" { "quote, concession: 5" } else { "approve, concession: 15" };
            world.publish(&POLICY.replace(before, &format!("{role}, concession: {most}")));
            String::new()
        }
        "history" => match engine.quote_history(&step.caller, step.number()) {
            Ok((events, _)) => events.iter().map(|event| event.change.word()).collect::<Vec<_>>().join(" "),
            Err(error) => format!("! {error}"),
        },
        "list" => list(world, &step),
        "post" => underway::post(&engine, &step.words),
        "open" => underway::open(&engine, step.words[0]),
        "expire" => engine.expire_quotes().unwrap().to_string(),
        "clock" => {
            world.set_clock(step.words[0]);
            String::new()
        }
        "price" => {
            let (sku, price) = step.words[0].split_once('=').unwrap();
            world.price(sku, price);
            String::new()
        }
        "reopen" => {
            drop(engine);
            world.reopen();
            String::new()
        }
        other => kept(world, other, &step.words),
    }
}

/// Where no lines are named, those of before stay, without what was negotiated.
fn revise(world: &World, step: Step<'_>) -> String {
    let engine = world.engine();
    let quote = step.number();
    let known = engine.quote(&boss(), quote, None);
    let known =
        known.map(|quoted| quoted.content.asked.cart.clone()).unwrap_or_default().without_negotiation();
    let lines = &step.words[1..];
    let total = step.asked.cart.negotiated_total;
    let cart = if lines.is_empty() {
        AskedCart { negotiated_total: total, ..known }
    } else {
        step.cart(&known.contract, lines)
    };
    let asked = AskedQuote { cart, ..step.asked.clone() };
    let (request_id, revision, dry_run) = (step.request_id, step.revision, step.dry_run);
    let revise = ReviseQuote { request_id, quote, revision, asked, dry_run };
    told(engine.revise_quote(&step.caller, &revise, &TELLER))
}

/// For what it waits, and what is conceded.
fn why(world: &World, step: &Step<'_>) -> String {
    match world.engine().quote(&step.caller, step.number(), step.revision) {
        Ok(Quoted { head, content, .. }) => {
            let waits = match (head.waits.for_guard, head.waits.for_concession) {
                (true, true) => "guard concession",
                (true, false) => "guard",
                (false, true) => "concession",
                (false, false) => "nothing",
            };
            let conceded = content
                .concession
                .map(|of| format!(" {} of {} {}%", money(of.amount), money(of.of), of.percent()));
            format!("{waits}{}", conceded.unwrap_or_default())
        }
        Err(error) => format!("! {error}"),
    }
}

/// What each line costs, and its tax.
fn told_lines(world: &World, step: &Step<'_>) -> String {
    match world.engine().quote(&step.caller, step.number(), step.revision) {
        Ok(Quoted { content, .. }) => {
            let told = content.lines.iter().map(|line| format!("{}+{}", line.amount, line.tax));
            told.collect::<Vec<_>>().join(" ")
        }
        Err(error) => format!("! {error}"),
    }
}

fn act(world: &World, step: &Step<'_>) -> String {
    let act = match step.verb {
        "issue" => Act::Issue,
        "approve" => Act::Approve,
        "reject" => Act::Reject,
        "decline" => Act::Decline,
        "withdraw" => Act::Withdraw,
        _ => {
            let lines = step.words[1..].iter().map(|line| {
                let (line, quantity) = line.split_once('=').unwrap_or((line, ""));
                let quantity = (!quantity.is_empty()).then(|| Micros::parse(quantity).unwrap());
                PartAsked { line: line.to_owned(), quantity }
            });
            Act::Accept { lines: lines.collect(), allow_late: step.late }
        }
    };
    let asked = ActOnQuote {
        request_id: step.request_id.clone(),
        quote: step.number(),
        revision: step.revision,
        reason: step.reason.clone(),
        act,
        dry_run: step.dry_run,
    };
    told(world.engine().act_on_quote(&step.caller, &asked))
}

/// `list [contract] [state] [ref=..]`: the numbers, in pages of two, ` / ` between pages.
fn list(world: &World, step: &Step<'_>) -> String {
    let mut asked = FindQuotes { most: 2, ..FindQuotes::default() };
    for word in &step.words {
        match State::parse(word) {
            Some(state) => asked.state = Some(state),
            None => asked.contract = Some((*word).to_owned()),
        }
    }
    let reference = &step.asked.customer_reference;
    asked.customer_reference = (!reference.is_empty()).then(|| reference.clone());
    let mut pages = Vec::new();
    loop {
        match world.engine().find_quotes(&step.caller, &asked) {
            Ok(found) => {
                let numbers = found.quotes.iter().map(|(head, _)| head.number.0.to_string());
                pages.push(numbers.collect::<Vec<_>>().join(" "));
                match found.next {
                    Some(next) => asked.below = Some(next),
                    None => return pages.join(" / "),
                }
            }
            Err(error) => return format!("! {error}"),
        }
    }
}

/// Plays stories, each in a world of its own; everything that came out otherwise is told at once.
pub fn play_all(stories: &[Story]) -> usize {
    play_all_under(stories, POLICY, &[])
}

/// The same under a policy, after some steps.
pub fn play_all_under(stories: &[Story], policy: &str, begun: &[&str]) -> usize {
    let (mut checks, mut wrong) = (0, Vec::new());
    for story in stories {
        let mut world = World::new();
        if policy != POLICY {
            world.publish(policy);
        }
        for step in begun {
            play(&mut world, step);
        }
        for step in story.steps {
            let (what, expected) =
                step.split_once("->").map_or((*step, ""), |(what, expected)| (what, expected.trim()));
            let came = play(&mut world, what.trim());
            let came = came.trim_end().to_owned();
            let fits = match expected.strip_prefix("! ") {
                Some(part) => came.starts_with("! ") && came.contains(part),
                None => came == expected,
            };
            checks += usize::from(!expected.is_empty());
            if !fits {
                wrong.push(format!("{}\n  {what}\n  expected {expected}\n  came     {came}", story.what));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    checks
}
