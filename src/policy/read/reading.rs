//! What came to light so far while files are read? Errors, ids that are taken, and names that are still to be resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::limits;
use crate::policy::finding::{Finding, Severity, Source};
use crate::policy::nearest::Nearest;
use crate::policy::syntax::At;

pub(super) use crate::policy::finding::show;

/// What carries an id of its own; ids are unique among all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Rule,
    Service,
    Guard,
    Tax,
    Assortment,
    Inclusion,
    Exclusion,
    Licence,
    Measure,
    ShownPrice,
    Agreement,
    BonusCap,
    Hold,
    LevelProgramme,
    Level,
    PointsProgramme,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rule => "rule",
            Self::Service => "service",
            Self::Guard => "guard",
            Self::Tax => "tax",
            Self::Assortment => "assortment",
            Self::Inclusion => "inclusion",
            Self::Exclusion => "exclusion",
            Self::Licence => "licence",
            Self::Measure => "measure",
            Self::ShownPrice => "shown price",
            Self::Agreement => "agreement",
            Self::BonusCap => "bonus cap",
            Self::Hold => "hold",
            Self::LevelProgramme => "programme of levels",
            Self::Level => "level",
            Self::PointsProgramme => "programme of points",
        })
    }
}

/// What may be mentioned by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    SkuGroup,
    ContractGroup,
    Other(Noun),
}

/// A name that stands for something stated elsewhere.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) of: Named,
    pub(super) name: String,
    pub(super) at: At,
}

/// What is gathered over all files.
#[derive(Debug, Default)]
pub(super) struct Reading<'s> {
    files: Vec<&'s str>,
    findings: BTreeSet<Finding>,
    untold: bool,
    nearest: Nearest,
    /// Ids that are taken, by what and where.
    pub(super) ids: BTreeMap<String, (Noun, At)>,
    /// Groups of SKUs and where they stand, whether or not they could be read.
    pub(super) sku_groups: BTreeMap<String, At>,
    /// Groups of contracts, the same.
    pub(super) contract_groups: BTreeMap<String, At>,
    /// Names to be resolved once all files are read.
    pub(super) mentions: Vec<Mention>,
    /// Where the currency of all amounts was first stated, whether or not it could be read.
    pub(super) currency_at: Option<At>,
    /// How each layer stacks was stated there.
    pub(super) stacks_at: BTreeMap<&'static str, At>,
}

impl<'s> Reading<'s> {
    pub(super) fn new(files: &[Source<'s>]) -> Self {
        Self { files: files.iter().map(|file| file.name).collect(), ..Self::default() }
    }

    /// Notes an error whose message says what to do.
    pub(super) fn error(&mut self, at: At, code: &'static str, message: impl Into<String>) {
        self.hinted(at, code, message, String::new());
    }

    /// Notes an error and what to do about it. What stands behind an alias is read again wherever it is named, and
    /// told once.
    pub(super) fn hinted(
        &mut self,
        at: At,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if self.findings.len() >= limits::POLICY_FINDINGS {
            self.untold = true;
            return;
        }
        let severity = Severity::Error;
        self.findings.insert(Finding { at, severity, code, message: message.into(), hint: hint.into() });
    }

    /// Nothing was found to be wrong?
    pub(super) fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// The hint that names what was likely meant; `otherwise` where nothing known is near.
    pub(super) fn likely<'k>(
        &mut self,
        name: &str,
        known: impl Iterator<Item = &'k str>,
        otherwise: &str,
    ) -> String {
        // nobody would read it
        if self.findings.len() >= limits::POLICY_FINDINGS {
            return String::new();
        }
        match self.nearest.find(name, known) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => otherwise.to_owned(),
        }
    }

    /// [`Reading::likely`] for a name that should be stated somewhere.
    pub(super) fn likely_mention(&mut self, mention: &Mention) -> String {
        if self.findings.len() >= limits::POLICY_FINDINGS {
            return String::new();
        }
        let name = mention.name.as_str();
        let near = match mention.of {
            Named::SkuGroup => self.nearest.find(name, self.sku_groups.keys().map(String::as_str)),
            Named::ContractGroup => self.nearest.find(name, self.contract_groups.keys().map(String::as_str)),
            Named::Other(noun) => {
                let known = self.ids.iter().filter(|(_, (of, _))| *of == noun);
                self.nearest.find(name, known.map(|(id, _)| id.as_str()))
            }
        };
        near.map(|near| format!("did you mean \"{near}\"?")).unwrap_or_default()
    }

    /// A place as people write it: file, line and column.
    pub(super) fn place(&self, at: At) -> String {
        let name = self.files.get(usize::from(at.file)).copied().unwrap_or("policy");
        format!("{name}:{}:{}", at.line, at.column)
    }

    /// Takes an id, which nothing else may have.
    pub(super) fn take_id(&mut self, id: &str, noun: Noun, at: At) {
        match self.ids.get(id) {
            Some(&(other, there)) => {
                let place = self.place(there);
                self.hinted(
                    at,
                    "duplicate-id",
                    format!("the id {} of this {noun} is taken by the {other} at {place}", show(id)),
                    "give one of them another id",
                );
            }
            None => {
                self.ids.insert(id.to_owned(), (noun, at));
            }
        }
    }

    /// Notes a name that has to be stated somewhere.
    pub(super) fn mention(&mut self, of: Named, name: &str, at: At) {
        self.mentions.push(Mention { of, name: name.to_owned(), at });
    }

    /// All that was found, by place.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.findings.into_iter().collect();
        if let (true, Some(last)) = (self.untold, findings.last()) {
            findings.push(Finding {
                at: last.at,
                severity: Severity::Error,
                code: "more-errors",
                message: format!("there are more than {} errors", limits::POLICY_FINDINGS),
                hint: "mend these first".to_owned(),
            });
        }
        findings
    }
}
