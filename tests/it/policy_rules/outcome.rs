//! What does a case say of an answer? Amounts with their sums, and what else stands in it; each says only what it says.

use std::fmt;

use super::found::Found;
use crate::ratio::Ratio;
use crate::rules::answer::Answer;
use crate::rules::arithmetic;

/// One thing that a case states.
#[derive(Debug, Clone)]
pub struct Outcome {
    word: String,
    text: String,
    said: Said,
}

#[derive(Debug, Clone)]
enum Said {
    /// Of each line: amount or status.
    Pays(Vec<Answer>),
    /// Of each line: its tax.
    Tax(Vec<Ratio>),
    /// `list`, `net` and `tax` of the cart.
    Totals(Vec<(String, Ratio)>),
    /// Of one line: who, and how much.
    Steps(Option<String>, Vec<(String, Ratio)>),
    /// Of one line: some of its losers.
    Losers(Option<String>, Vec<String>),
    /// Of one line: what forbids the goods, and its reason.
    Barred(Option<String>, String),
    /// All that must be told.
    Told(Vec<String>),
    /// All prices that are shown beside the buyer's own.
    Shown(Vec<String>),
    /// Some of the ladders.
    Progress(Vec<(String, Vec<String>)>),
}

const WORDS: &[&str] = &["pays", "tax", "totals", "steps", "losers", "barred", "told", "shown", "progress"];

/// `34.20`, or `34.20 = 180 * 0.19`, which must come to it.
fn number(text: &str) -> Result<Ratio, String> {
    let (stated, sum) = text.split_once(" = ").map_or((text, None), |(stated, sum)| (stated, Some(sum)));
    let value = Ratio::parse(stated.trim()).ok_or_else(|| format!("{stated:?} is no number"))?;
    match sum.map(arithmetic::value).transpose()? {
        Some(sum) if sum != value => Err(format!("{text:?} comes to {sum}")),
        _ => Ok(value),
    }
}

/// `@b: the rest` is of line `b`.
fn of_line(text: &str) -> (Option<String>, &str) {
    match text.split_once(": ") {
        Some((line, rest)) if line.starts_with('@') => (Some(line[1..].to_owned()), rest.trim()),
        _ => (None, text),
    }
}

fn list(text: &str, between: char) -> Vec<String> {
    if text == "nothing" {
        return Vec::new();
    }
    text.split(between).map(|part| part.trim().to_owned()).collect()
}

fn sorted(mut parts: Vec<String>) -> Vec<String> {
    parts.sort();
    parts
}

/// `worth 17.50` as `worth 17.5`: numbers in their shortest form.
fn plain(fact: &str) -> String {
    let shortest = |word: &str| Ratio::parse(word).map_or(word.to_owned(), |number| number.to_string());
    fact.split(' ').map(shortest).collect::<Vec<_>>().join(" ")
}

/// `contract 100`: a name and a number.
fn named(text: &str) -> Result<(String, Ratio), String> {
    let (name, value) = text.trim().split_once(' ').ok_or_else(|| format!("no number in {text:?}"))?;
    Ok((name.to_owned(), number(value.trim())?))
}

impl Outcome {
    pub fn is_word(word: &str) -> bool {
        WORDS.contains(&word)
    }

    /// What `word` states with `text`; nothing where it is no outcome.
    pub fn read(word: &str, text: &str) -> Result<Option<Self>, String> {
        let said = match word {
            "pays" => Said::Pays(Answer::read_all(text)?),
            "tax" => Said::Tax(text.split(';').map(|part| number(part.trim())).collect::<Result<_, _>>()?),
            "totals" => {
                Said::Totals(list(text, ';').iter().map(|part| named(part)).collect::<Result<_, _>>()?)
            }
            "steps" => {
                let (line, text) = of_line(text);
                let steps = list(text, ',').iter().map(|part| named(part)).collect::<Result<Vec<_>, _>>()?;
                Said::Steps(line, steps)
            }
            "losers" => {
                let (line, text) = of_line(text);
                Said::Losers(line, list(text, ';'))
            }
            "barred" => {
                let (line, text) = of_line(text);
                Said::Barred(line, text.to_owned())
            }
            "told" => Said::Told(sorted(list(text, ';'))),
            "shown" => Said::Shown(sorted(list(text, ';'))),
            "progress" => {
                let ladder = |part: &String| {
                    let (rule, says) = part.split_once(": ").ok_or_else(|| format!("no rule in {part:?}"))?;
                    Ok::<_, String>((
                        rule.to_owned(),
                        list(says, ',').iter().map(|fact| plain(fact)).collect(),
                    ))
                };
                Said::Progress(list(text, ';').iter().map(ladder).collect::<Result<_, _>>()?)
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { word: word.to_owned(), text: text.to_owned(), said }))
    }

    /// Does each amount stand beside its sum?
    pub fn is_computed(&self) -> bool {
        match &self.said {
            Said::Pays(answers) => answers.iter().all(|answer| answer.amount.is_none() || answer.summed),
            Said::Tax(_) => self.text.split(';').all(|part| part.trim() == "0" || part.contains(" = ")),
            _ => true,
        }
    }

    /// Is all of it so?
    pub fn agrees(&self, found: &Found) -> bool {
        match &self.said {
            Said::Pays(stated) => {
                stated.len() == found.lines.len()
                    && stated.iter().zip(&found.lines).all(|(stated, line)| stated.agrees_with(&line.answer))
            }
            Said::Tax(stated) => stated.iter().eq(found.lines.iter().map(|line| &line.tax)),
            Said::Totals(stated) => {
                stated.iter().all(|(name, value)| found.totals.get(name.as_str()) == Some(value))
            }
            Said::Steps(line, stated) => {
                let mut stated = stated.iter().filter(|(_, amount)| *amount != Ratio::zero());
                let steps = &found.line(line.as_deref()).steps;
                let mut steps = steps.iter().filter(|step| step.amount != Ratio::zero());
                let same = steps.by_ref().zip(stated.by_ref()).all(|(step, (name, amount))| {
                    step.amount == *amount && (step.layer == *name || step.cause == *name)
                });
                same && steps.next().is_none() && stated.next().is_none()
            }
            Said::Losers(line, stated) => {
                let losers = &found.line(line.as_deref()).losers;
                if stated.is_empty() { losers.is_empty() } else { stated.iter().all(|s| losers.contains(s)) }
            }
            Said::Barred(line, stated) => found.line(line.as_deref()).barred.as_ref() == Some(stated),
            Said::Told(stated) => *stated == found.told,
            Said::Shown(stated) => *stated == found.shown,
            Said::Progress(stated) => {
                let so = |(rule, says): &(String, Vec<String>)| {
                    found
                        .progress
                        .iter()
                        .any(|(of, facts)| of == rule && says.iter().all(|s| facts.contains(s)))
                };
                if stated.is_empty() { found.progress.is_empty() } else { stated.iter().all(so) }
            }
        }
    }

    /// What was found in place of this.
    pub fn found(&self, found: &Found) -> String {
        match &self.said {
            Said::Pays(_) => text(found.lines.iter().map(|line| &line.answer)),
            Said::Tax(_) => text(found.lines.iter().map(|line| &line.tax)),
            Said::Totals(_) => text(found.totals.iter().map(|(name, value)| format!("{name} {value}"))),
            Said::Steps(line, _) => {
                let steps = &found.line(line.as_deref()).steps;
                text(steps.iter().map(|step| format!("{} ({}) {}", step.layer, step.cause, step.amount)))
            }
            Said::Losers(line, _) => text(&found.line(line.as_deref()).losers),
            Said::Barred(line, _) => found.line(line.as_deref()).barred.clone().unwrap_or_default(),
            Said::Told(_) => text(&found.told),
            Said::Shown(_) => text(&found.shown),
            Said::Progress(_) => {
                text(found.progress.iter().map(|(rule, facts)| format!("{rule}: {}", facts.join(", "))))
            }
        }
    }
}

fn text<T: fmt::Display>(parts: impl IntoIterator<Item = T>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.word, self.text)
    }
}
