//! Which calls are there? Read from the protocol's own descriptors, so that none is forgotten and their number is bounded.

use hashbrown::HashMap;
use prost::Message;
use prost_types::FileDescriptorSet;

use crate::api::DESCRIPTORS;
use crate::api::price_cart::PATH;

/// Calls of services that are not quoin's own: name, and do messages come one after another?
const FOREIGN: [(&str, bool); 3] = [
    ("grpc.health.v1.Health/Check", false),
    ("grpc.health.v1.Health/Watch", true),
    ("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true),
];

/// Calls that end when their caller hangs up, and not before; watched quotes end by themselves when the service stops.
const ENDLESS: [&str; 2] =
    ["grpc.health.v1.Health/Watch", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"];

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// `Service/Method`, without the package.
    pub name: String,
    /// Several messages go one way or the other, so that its duration says nothing of how quick it is.
    pub streams: bool,
    /// Goes on until its caller hangs up.
    pub endless: bool,
}

/// All calls, by number.
#[derive(Debug)]
pub struct Methods {
    methods: Vec<Method>,
    by_path: HashMap<String, usize, foldhash::fast::RandomState>,
    price_cart: usize,
}

impl Methods {
    /// Those of the protocol, then whatever else is asked for, as one.
    #[must_use]
    pub fn of_protocol() -> Self {
        let mut found: Vec<(String, bool)> =
            FOREIGN.iter().map(|(name, streams)| ((*name).to_owned(), *streams)).collect();
        // The descriptors are the build's own; a test holds that they are read.
        for file in FileDescriptorSet::decode(DESCRIPTORS).unwrap_or_default().file {
            let package = file.package().to_owned();
            for service in file.service {
                found.extend(service.method.iter().map(|method| {
                    let name = format!("{package}.{}/{}", service.name(), method.name());
                    (name, method.client_streaming() || method.server_streaming())
                }));
            }
        }
        let mut of = Self { methods: Vec::new(), by_path: HashMap::default(), price_cart: 0 };
        for (full, streams) in found {
            let (service, method) = full.split_once('/').unwrap_or((&full, ""));
            let short = service.rsplit('.').next().unwrap_or(service);
            let name = format!("{short}/{method}");
            let endless = ENDLESS.contains(&full.as_str());
            of.by_path.insert(format!("/{full}"), of.methods.len());
            of.methods.push(Method { name, streams, endless });
        }
        of.methods.push(Method { name: "other".to_owned(), streams: true, endless: false });
        of.price_cart = of.number(PATH);
        of
    }

    /// The number of the call with this path.
    #[must_use]
    #[inline]
    pub fn number(&self, path: &str) -> usize {
        if self.price_cart != 0 && path == PATH {
            return self.price_cart;
        }
        self.by_path.get(path).copied().unwrap_or(self.methods.len().saturating_sub(1))
    }

    /// What is known of a call.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Method> {
        self.methods.get(number)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.methods.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Methods;

    #[test]
    fn calls_are_known_by_their_path() {
        let methods = Methods::of_protocol();
        let cases = [
            ("/quoin.v1.PricingService/PriceCart", "PricingService/PriceCart", false, false),
            ("/quoin.v1.PricingService/ListPrices", "PricingService/ListPrices", true, false),
            ("/quoin.v1.PublicationService/Import", "PublicationService/Import", true, false),
            ("/quoin.v1.QuoteService/WatchQuotes", "QuoteService/WatchQuotes", true, false),
            ("/grpc.health.v1.Health/Check", "Health/Check", false, false),
            ("/grpc.health.v1.Health/Watch", "Health/Watch", true, true),
            ("/quoin.v1.PricingService/Nothing", "other", true, false),
            ("", "other", true, false),
        ];
        for (path, name, streams, endless) in cases {
            let method = methods.get(methods.number(path)).unwrap();
            assert_eq!((method.name.as_str(), method.streams, method.endless), (name, streams, endless));
        }
        assert!(methods.count() > 40, "{methods:?}");
    }
}
