//! How are selections written?

use quoin::policy::syntax::{ContractCriterion as C, Selection, SkuCriterion as S};

use super::{rule, strings};

type Descriptions<T> = Vec<Vec<T>>;

fn parts<T: Clone>(selection: &Selection<T>) -> (Descriptions<T>, Descriptions<T>) {
    let of = |part: &[quoin::policy::syntax::AllOf<T>]| part.iter().map(|all| all.criteria.clone()).collect();
    (of(&selection.any), of(&selection.except))
}

fn group(names: &[&str]) -> S {
    S::Group(strings(names))
}

fn attribute(name: &str, values: &[&str]) -> S {
    S::Attribute { name: name.to_owned(), values: strings(values) }
}

#[test]
fn of_goods() {
    let skus = |ids: &[&str]| S::Sku(strings(ids));
    let cases: Vec<(&str, Descriptions<S>, Descriptions<S>)> = vec![
        ("g", vec![vec![group(&["g"])]], vec![]),
        ("[g, h]", vec![vec![group(&["g"])], vec![group(&["h"])]], vec![]),
        ("{ group: [g, h] }", vec![vec![group(&["g", "h"])]], vec![]),
        ("{ sku: a }", vec![vec![skus(&["a"])]], vec![]),
        ("[{ sku: [a, b] }]", vec![vec![skus(&["a", "b"])]], vec![]),
        // ids and values are texts, whatever they look like
        (
            "{ sku: [007, 1e3, true, 2026-05-01, ~x, 'null'] }",
            vec![vec![skus(&["007", "1e3", "true", "2026-05-01", "~x", "null"])]],
            vec![],
        ),
        (
            "{ category: [Metal/Long, Metal/Flat], brand: Norvik }",
            vec![vec![S::Category(strings(&["Metal/Long", "Metal/Flat"])), S::Brand(strings(&["Norvik"]))]],
            vec![],
        ),
        (
            "{ list: L, tax_class: full }",
            vec![vec![S::List(strings(&["L"])), S::TaxClass(strings(&["full"]))]],
            vec![],
        ),
        (
            "{ attribute: { grade: [A, B], coating: any, thickness: 2.50 } }",
            vec![vec![
                attribute("grade", &["A", "B"]),
                attribute("coating", &[]),
                attribute("thickness", &["2.50"]),
            ]],
            vec![],
        ),
        ("{ any: g }", vec![vec![group(&["g"])]], vec![]),
        (
            "{ any: [g, { sku: a }], except: h }",
            vec![vec![group(&["g"])], vec![skus(&["a"])]],
            vec![vec![group(&["h"])]],
        ),
        ("{ except: { sku: a } }", vec![], vec![vec![skus(&["a"])]]),
        ("{ any: { sku: a }, except: [] }", vec![vec![skus(&["a"])]], vec![]),
    ];
    for (written, any, except) in cases {
        let rule = rule(&format!("layer: order, percent: 1, goods: {written}"));
        assert_eq!(parts(&rule.goods), (any, except), "{written}");
    }
    assert!(rule("layer: order, percent: 1").goods.is_everything());
}

#[test]
fn of_contracts() {
    let segment = |values: &[&str]| C::Attribute { name: "segment".to_owned(), values: strings(values) };
    let cases: Vec<(&str, Descriptions<C>)> = vec![
        ("g", vec![vec![C::Group(strings(&["g"]))]]),
        ("{ contract: [X, Y] }", vec![vec![C::Contract(strings(&["X", "Y"]))]]),
        (
            "[{ counterparty: X }, { holding: [Y] }]",
            vec![vec![C::Counterparty(strings(&["X"]))], vec![C::Holding(strings(&["Y"]))]],
        ),
        ("{ segment: dealer }", vec![vec![segment(&["dealer"])]]),
        ("{ segment: any }", vec![vec![segment(&[])]]),
        ("{ attribute: { segment: [a, b] } }", vec![vec![segment(&["a", "b"])]]),
    ];
    for (written, any) in cases {
        let rule = rule(&format!("layer: order, percent: 1, contracts: {written}"));
        assert_eq!(parts(&rule.contracts), (any, vec![]), "{written}");
    }
}
