//! Do columns say what the basic view says, whichever way a cart comes?

use quoin::api::v1;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use tonic::codec::CompressionEncoding;

use super::calls::{cart, line};
use super::server::{Running, block_on};

#[test]
fn columns_say_what_the_basic_view_says() {
    let running = Running::start();
    block_on(async {
        let mut quick = PricingServiceClient::new(running.channel().await);
        let mut long =
            PricingServiceClient::new(running.channel().await).send_compressed(CompressionEncoding::Gzip);
        let mut asked = cart(vec![line("INS-000001", 12), line("NOBODYS", 1), line("FAS-000068", 100)]);
        let basic = quick.price_cart(asked.clone()).await.unwrap().into_inner();
        asked.view = v1::CartView::Columns.into();
        let one = quick.price_cart(asked.clone()).await.unwrap().into_inner();
        let columns = one.columns.clone().unwrap();
        let figures = |figure: fn(&v1::PricedLine) -> i64| basic.lines.iter().map(figure).collect::<Vec<_>>();
        assert_eq!(columns.unit_price_micros, figures(|line| line.unit_price_micros));
        assert_eq!(columns.amount_micros, figures(|line| line.amount_micros));
        assert_eq!(columns.list_unit_price_micros, figures(|line| line.list_unit_price_micros));
        assert!(columns.amount_micros[0] > 0 && columns.amount_micros[1] == 0);
        assert_eq!((columns.told.as_slice(), &one.lines), ([1].as_slice(), &basic.lines[1..2].to_vec()));
        let otherwise = v1::PriceCartResponse { columns: None, lines: basic.lines.clone(), ..one.clone() };
        assert_eq!(otherwise, basic);
        assert_eq!(long.price_cart(asked.clone()).await.unwrap().into_inner(), one);
        let several = v1::PriceCartsRequest { carts: vec![asked.clone()] };
        let several = quick.price_carts(several).await.unwrap().into_inner().results.remove(0);
        assert_eq!(several.result, Some(v1::cart_result::Result::Cart(one)));
        let explained = quick.explain(v1::ExplainRequest { cart: Some(asked) }).await.unwrap().into_inner();
        let explained = explained.cart.unwrap();
        assert_eq!((explained.lines.len(), explained.columns), (3, None));
    });
}
