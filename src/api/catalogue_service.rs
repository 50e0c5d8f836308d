//! Catalogue calls: SKUs, contracts and price lists, one or page by page.

use tonic::{Request, Response, Status};

use crate::domain::limits;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::sight::Sight;

use super::caller::of_request;
use super::contract::contract_of;
use super::page::Page;
use super::price_list::list_of;
use super::sku::sku_of;
use super::status::{Violation, not_found, price_status, violation_status};
use super::v1;

/// The service.
#[derive(Clone)]
pub struct Catalogues {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl v1::catalogue_service_server::CatalogueService for Catalogues {
    async fn get_sku(&self, request: Request<v1::GetSkuRequest>) -> Answer<v1::GetSkuResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let code = &request.get_ref().sku;
        let sku = sight.sku(code).ok_or_else(|| not_found("quoin.v1.Sku", code))?;
        Ok(Response::new(v1::GetSkuResponse { sku: Some(sku_of(sku, sight.catalogue(), &caller)) }))
    }

    async fn list_skus(&self, request: Request<v1::ListSkusRequest>) -> Answer<v1::ListSkusResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let page = Page::of(request.get_ref().page_size, &request.get_ref().page_token)?;
        let catalogue = sight.catalogue();
        let (skus, next_page_token) = page.cut(catalogue.skus.iter(), |sku| sku_of(sku, catalogue, &caller));
        Ok(Response::new(v1::ListSkusResponse { skus, next_page_token }))
    }

    async fn resolve_skus(
        &self,
        request: Request<v1::ResolveSkusRequest>,
    ) -> Answer<v1::ResolveSkusResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let codes = request.into_inner().skus;
        if codes.len() > limits::CART_LINES {
            let most =
                format!("has {} ids; at most {} are resolved in one call", codes.len(), limits::CART_LINES);
            return Err(violation_status(Violation::new("skus", most)));
        }
        let mut response = v1::ResolveSkusResponse::default();
        for sku in codes {
            match sight.catalogue().skus.number(&sku) {
                Some(handle) => response.resolved.push(v1::ResolvedSku { sku, handle }),
                None => response.unknown.push(sku),
            }
        }
        Ok(Response::new(response))
    }

    async fn get_contract(
        &self,
        request: Request<v1::GetContractRequest>,
    ) -> Answer<v1::GetContractResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let code = &request.get_ref().contract;
        let contract = sight.contract(code).ok_or_else(|| not_found("quoin.v1.Contract", code))?;
        Ok(Response::new(v1::GetContractResponse {
            contract: Some(contract_of(contract, sight.catalogue())),
        }))
    }

    async fn list_contracts(
        &self,
        request: Request<v1::ListContractsRequest>,
    ) -> Answer<v1::ListContractsResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let asked = request.get_ref();
        let page = Page::of(asked.page_size, &asked.page_token)?;
        let of = match asked.counterparty.as_str() {
            "" => None,
            code => {
                let unknown = || not_found("quoin.v1.Counterparty", code);
                Some(sight.counterparty(code).ok_or_else(unknown)?.id)
            }
        };
        let shown = sight.contracts().filter(|contract| of.is_none_or(|id| contract.counterparty == id));
        let (contracts, next_page_token) =
            page.cut(shown, |contract| contract_of(contract, sight.catalogue()));
        Ok(Response::new(v1::ListContractsResponse { contracts, next_page_token }))
    }

    async fn get_price_list(
        &self,
        request: Request<v1::GetPriceListRequest>,
    ) -> Answer<v1::GetPriceListResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let code = &request.get_ref().price_list;
        let list = sight.list(code).ok_or_else(|| not_found("quoin.v1.PriceList", code))?;
        Ok(Response::new(v1::GetPriceListResponse { price_list: Some(list_of(list, sight.catalogue())) }))
    }

    async fn list_price_lists(
        &self,
        request: Request<v1::ListPriceListsRequest>,
    ) -> Answer<v1::ListPriceListsResponse> {
        let caller = of_request(&request)?;
        let sight = self.sight(&caller)?;
        let page = Page::of(request.get_ref().page_size, &request.get_ref().page_token)?;
        let (price_lists, next_page_token) = page.cut(sight.lists(), |list| list_of(list, sight.catalogue()));
        Ok(Response::new(v1::ListPriceListsResponse { price_lists, next_page_token }))
    }
}

impl Catalogues {
    fn sight<'c>(&self, caller: &'c Caller) -> Result<Sight<'c>, Status> {
        self.engine.sight(caller).map_err(|error| price_status(&error))
    }
}
