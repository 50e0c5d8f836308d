//! Do carts stand on what was bought: at once, and under older publications too?

use quoin::domain::decimal::Micros;

use super::world::{World, document, micros, policy};

/// The net amounts of a cart's lines.
fn amounts(world: &World, at: &str, lines: &[(&str, &str)]) -> Vec<Micros> {
    let priced = world.priced(at, None, lines);
    assert_eq!(priced.position, world.engine.view().position);
    priced.lines.iter().map(|line| line.amount).collect()
}

#[test]
fn a_cart_sees_a_shipment_as_soon_as_it_is_acknowledged() {
    let world = World::of(1);
    let at = "2026-02-20T11:00:00Z";
    let cart = [("rebar", "2"), ("beam", "3")];
    let whole = [micros("200000"), micros("120000")];
    assert_eq!(amounts(&world, at, &cart), whole);
    // M4: 8 t bought, 5 % above 10 t: 3 of the cart's 5 t are above.
    world.posted(vec![document(0, "S1 shipment A 2026-02-01 rebar 8 800000")]);
    assert_eq!(amounts(&world, at, &cart), [micros("194000"), micros("116400")]);
    // Another order of lines, and the day before the shipment.
    assert_eq!(amounts(&world, at, &[cart[1], cart[0]]), [micros("116400"), micros("194000")]);
    assert_eq!(amounts(&world, "2026-01-31T11:00:00Z", &cart), whole);
    // Two of them come back in the next quarter, for that shipment: 6 t bought, 1 of 5 above.
    world.posted(vec![document(0, "R1 return A 2026-04-03 for S1 rebar 2 200000")]);
    assert_eq!(amounts(&world, at, &cart), [micros("198000"), micros("118800")]);
    // M5: the rate reached at T + x, on the cart alone: 5 bought before, 10 now, tier from 15.
    assert_eq!(amounts(&world, at, &[("nut", "10")]), [micros("500")]);
    world.posted(vec![document(0, "S2 shipment A 2026-02-20 nut 5 250")]);
    assert_eq!(amounts(&world, at, &[("nut", "10")]), [micros("450")]);
    assert_eq!(amounts(&world, at, &[("nut", "9")]), [micros("450")]);
    // The next month begins anew.
    assert_eq!(amounts(&world, "2026-03-01T11:00:00Z", &[("nut", "10")]), [micros("500")]);
}

#[test]
fn an_older_publication_is_priced_with_what_was_bought_until_now() {
    let world = World::of(1);
    let older = world.engine.view().publication;
    let long = |percent: &str| policy().replace("percent: 5", &format!("percent: {percent}"));
    world.publish(&long("50"));
    world.posted(vec![document(0, "S1 shipment A 2026-02-01 rebar 10 1000000")]);
    let amount = |publication| {
        let priced = world.priced("2026-02-20T11:00:00Z", publication, &[("rebar", "1")]);
        (priced.lines[0].amount, priced.position)
    };
    let position = world.engine.view().position;
    assert_eq!(amount(None), (micros("50000"), position));
    assert_eq!(amount(Some(older)), (micros("95000"), position));
}
