//! Does every name stand for something in the policy, and does no group come back to itself?

use std::collections::BTreeMap;

use crate::domain::limits;
use crate::policy::syntax::{At, ContractCriterion, Group, Policy, SkuCriterion};

use super::reading::{Mention, Named, Noun, Reading, show};

pub(super) fn check_names(policy: &Policy, r: &mut Reading<'_>) {
    for mention in std::mem::take(&mut r.mentions) {
        if !is_known(&mention, r) {
            unknown(&mention, r);
        }
    }
    let of = |criterion: &SkuCriterion| match criterion {
        SkuCriterion::Group(names) => names.clone(),
        _ => Vec::new(),
    };
    check_circles(&graph(&policy.sku_groups, of), r);
    let of = |criterion: &ContractCriterion| match criterion {
        ContractCriterion::Group(names) => names.clone(),
        _ => Vec::new(),
    };
    check_circles(&graph(&policy.contract_groups, of), r);
}

fn is_known(mention: &Mention, r: &Reading<'_>) -> bool {
    match mention.of {
        Named::SkuGroup => r.sku_groups.contains_key(&mention.name),
        Named::ContractGroup => r.contract_groups.contains_key(&mention.name),
        Named::Other(noun) => r.ids.get(&mention.name).is_some_and(|(of, _)| *of == noun),
    }
}

fn unknown(mention: &Mention, r: &mut Reading<'_>) {
    let (code, what) = match mention.of {
        Named::SkuGroup => ("unknown-group", "group of SKUs".to_owned()),
        Named::ContractGroup => ("unknown-group", "group of contracts".to_owned()),
        Named::Other(Noun::Measure) => ("unknown-measure", "measure".to_owned()),
        Named::Other(Noun::Service) => ("unknown-service", "service".to_owned()),
        Named::Other(Noun::Agreement) => ("unknown-agreement", "agreement".to_owned()),
        Named::Other(Noun::Level) => ("unknown-level", "level".to_owned()),
        Named::Other(Noun::Hold) => ("unknown-hold", "hold".to_owned()),
        Named::Other(Noun::LevelProgramme) => ("unknown-levels", "programme of levels".to_owned()),
        Named::Other(noun) => ("unknown-rule", noun.to_string()),
    };
    let hint = r.likely_mention(mention);
    r.hinted(mention.at, code, format!("there is no {what} {}", show(&mention.name)), hint);
}

/// Groups by number: the name, the place, and which groups it names.
struct Graph<'p> {
    groups: Vec<(&'p str, At, Vec<usize>)>,
}

fn graph<'p, C>(groups: &'p BTreeMap<String, Group<C>>, names_of: impl Fn(&C) -> Vec<String>) -> Graph<'p> {
    let numbers: BTreeMap<&str, usize> =
        groups.keys().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let named = |group: &Group<C>| {
        let all = group.selection.any.iter().chain(&group.selection.except);
        let names = all.flat_map(|description| &description.criteria).flat_map(&names_of);
        names.filter_map(|name| numbers.get(name.as_str()).copied()).collect()
    };
    Graph { groups: groups.iter().map(|(name, group)| (name.as_str(), group.at, named(group))).collect() }
}

/// What is known of a group on the way.
#[derive(Clone, Copy)]
enum Mark {
    New,
    /// It is on the path, at this depth.
    OnPath(usize),
    /// It is done; so many levels of groups hang on it.
    Done(usize),
}

/// Walks from group to group, with the path on the heap: it may be as long as there are groups.
fn check_circles(graph: &Graph<'_>, r: &mut Reading<'_>) {
    let mut marks = vec![Mark::New; graph.groups.len()];
    for start in 0..graph.groups.len() {
        if !matches!(marks.get(start), Some(Mark::New)) {
            continue;
        }
        // a group, how many of those that it names are done, and the levels below it so far
        let mut path: Vec<(usize, usize, usize)> = Vec::new();
        enter(start, &mut path, &mut marks);
        while let Some((group, next, levels)) = path.last_mut() {
            let (group, position) = (*group, *next);
            *next += 1;
            let Some(&named) = graph.groups.get(group).and_then(|(_, _, named)| named.get(position)) else {
                let levels = *levels;
                path.pop();
                leave(group, levels, graph, &mut path, &mut marks, r);
                continue;
            };
            match marks.get(named).copied() {
                Some(Mark::New) => enter(named, &mut path, &mut marks),
                Some(Mark::OnPath(depth)) => circle(&path, depth, graph, r),
                Some(Mark::Done(below)) => *levels = (*levels).max(below + 1),
                None => {}
            }
        }
    }
}

fn enter(group: usize, path: &mut Vec<(usize, usize, usize)>, marks: &mut [Mark]) {
    if let Some(mark) = marks.get_mut(group) {
        *mark = Mark::OnPath(path.len());
    }
    path.push((group, 0, 0));
}

fn leave(
    group: usize,
    levels: usize,
    graph: &Graph<'_>,
    path: &mut [(usize, usize, usize)],
    marks: &mut [Mark],
    r: &mut Reading<'_>,
) {
    if levels == limits::POLICY_LEVELS
        && let Some((name, at, _)) = graph.groups.get(group)
    {
        let message =
            format!("group {}: groups name groups more than {} deep", show(name), limits::POLICY_LEVELS);
        r.error(*at, "too-deep", message);
    }
    if let Some(mark) = marks.get_mut(group) {
        *mark = Mark::Done(levels);
    }
    if let Some((_, _, above)) = path.last_mut() {
        *above = (*above).max(levels + 1);
    }
}

/// Most groups of a circle that a message names.
const TOLD: usize = 8;

fn circle(path: &[(usize, usize, usize)], depth: usize, graph: &Graph<'_>, r: &mut Reading<'_>) {
    let around: Vec<usize> = path.iter().skip(depth).map(|(group, _, _)| *group).collect();
    let name = |group: &usize| graph.groups.get(*group).map_or("", |(name, _, _)| *name);
    let mut told: Vec<&str> = around.iter().take(TOLD).map(name).collect();
    if around.len() > TOLD {
        told.push("…");
    }
    told.extend(around.first().map(name));
    let at =
        around.first().and_then(|group| graph.groups.get(*group)).map_or(At::default(), |(_, at, _)| *at);
    r.error(at, "circular-groups", format!("groups name each other in a circle: {}", told.join(", ")));
}
