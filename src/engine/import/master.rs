//! How does master data change the catalogue? Each row replaces the record of its id; names must be known.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{AccessEntry, Contract, Counterparty};
use crate::domain::ids::{ContractId, CounterpartyId, IndexId, ListId, SkuId, UnitId};
use crate::domain::price_list::PriceList;
use crate::domain::sku::Sku;
use crate::exchange::fault::{Faults, FileFault, Refusal};
use crate::exchange::kind::Kind;
use crate::exchange::master::{
    AccessRow, ContractRow, CounterpartyRow, ExchangeRateRow, IndexValueRow, MasterRow, PriceListRow, SkuRow,
    SkuUnitRow, UnitRow, read_rows,
};
use crate::exchange::source::Source;

use super::assigned::{Assigned, Place};

/// Applies files of master data to a catalogue that is not yet anybody's.
pub(super) struct Master<'a> {
    pub(super) catalogue: &'a mut Catalogue,
    pub(super) faults: &'a mut Faults,
    /// Owners of individual lists, by name until contracts are in.
    owners: Vec<(Place, ListId, String)>,
    /// Which lists contracts are given, to be checked once everything is in.
    assigned: Assigned,
}

impl<'a> Master<'a> {
    pub(super) fn new(catalogue: &'a mut Catalogue, faults: &'a mut Faults) -> Self {
        Self { catalogue, faults, owners: Vec::new(), assigned: Assigned::default() }
    }

    /// Applies one file and returns how many rows it had; prices are not master data.
    pub(super) fn apply(&mut self, source: &Source) -> Result<u64, FileFault> {
        match source.kind {
            Kind::Units => self.each(source, |this, row: UnitRow, _| {
                this.catalogue.put_unit(&row.unit, &row.name, row.decimals);
                Ok(())
            }),
            Kind::Skus => self.each(source, |this, row, _| this.sku(row)),
            Kind::SkuUnits => self.each(source, |this, row, _| this.sku_unit(&row)),
            Kind::PriceLists => self.each(source, |this, row, at| {
                this.price_list(row, at);
                Ok(())
            }),
            Kind::Counterparties => self.each(source, |this, row: CounterpartyRow, _| {
                let code = row.counterparty.clone();
                this.catalogue.counterparties.put(&code, |number| Counterparty {
                    id: CounterpartyId(number),
                    code: row.counterparty,
                    name: row.name,
                    holding: row.holding,
                });
                Ok(())
            }),
            Kind::Contracts => self.each(source, |this, row, at| this.contract(row, at)),
            Kind::Access => self.access(source),
            Kind::ExchangeRates => self.each(source, |this, row: ExchangeRateRow, _| {
                let market = Arc::make_mut(&mut this.catalogue.market);
                market.rates.entry((row.from, row.to)).or_default().insert(row.valid_from, row.rate);
                Ok(())
            }),
            Kind::IndexValues => self.each(source, |this, row: IndexValueRow, _| {
                let market = Arc::make_mut(&mut this.catalogue.market);
                let index = market.index(&row.index).unwrap_or_else(|| {
                    market.indices.push(row.index.clone());
                    IndexId(u32::try_from(market.indices.len() - 1).unwrap_or(u32::MAX))
                });
                market.index_values.entry(index).or_default().insert(row.valid_from, row.value);
                Ok(())
            }),
            Kind::Prices | Kind::Documents => Ok(0),
        }
    }

    fn each<T: MasterRow>(
        &mut self,
        source: &Source,
        mut apply: impl FnMut(&mut Self, T, (&str, u64)) -> Result<(), Refusal>,
    ) -> Result<u64, FileFault> {
        let rows = read_rows::<T>(source, self.faults)?;
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        for row in rows {
            if let Err(refusal) = apply(self, row.record, (&source.name, row.row)) {
                self.faults.add(&source.name, row.row, refusal);
            }
        }
        Ok(count)
    }

    fn unit(&self, column: &'static str, code: &str) -> Result<UnitId, Refusal> {
        let known = self.catalogue.unit_id(code).filter(|unit| *unit != UnitId::BASE);
        known.ok_or_else(|| Refusal::new(column, code, "is no unit: import it with the kind units first"))
    }

    fn sku(&mut self, row: SkuRow) -> Result<(), Refusal> {
        let base_unit = self.unit("base_unit", &row.base_unit)?;
        let before = self.catalogue.skus.by_code(&row.sku);
        if let Some(before) = before
            && before.base_unit != base_unit
        {
            let reason =
                "differs from the SKU's base unit so far, which prices and documents rest on: make a new SKU";
            return Err(Refusal::new("base_unit", &row.base_unit, reason));
        }
        let units = before.map(|before| before.units.clone()).unwrap_or_default();
        let category = row.category.map(|path| self.catalogue.category_of_path(&path));
        let brand = row.brand.map(|code| self.catalogue.brand_of_code(&code));
        let code = row.sku.clone();
        self.catalogue.skus.put(&code, |number| Sku {
            id: SkuId(number),
            code: row.sku,
            name: row.name,
            base_unit,
            units,
            category,
            brand,
            tax_class: row.tax_class,
            multiple: row.multiple,
            minimum: row.minimum,
            unit_cost: row.unit_cost,
            attributes: row.attributes,
        });
        Ok(())
    }

    fn sku_unit(&mut self, row: &SkuUnitRow) -> Result<(), Refusal> {
        let unit = self.unit("unit", &row.unit)?;
        let Some(mut sku) = self.catalogue.skus.by_code(&row.sku).cloned() else {
            return Err(Refusal::new(
                "sku",
                &row.sku,
                "is no SKU of the catalogue: import it with the kind skus first",
            ));
        };
        if sku.base_unit == unit {
            return Err(Refusal::new("unit", &row.unit, "is the SKU's base unit, which is always 1"));
        }
        match sku.units.iter_mut().find(|(known, _)| *known == unit) {
            Some(slot) => slot.1 = row.factor,
            None => sku.units.push((unit, row.factor)),
        }
        self.catalogue.skus.put(&row.sku, |_| sku);
        Ok(())
    }

    fn price_list(&mut self, row: PriceListRow, (file, number): (&str, u64)) {
        let code = row.price_list.clone();
        let before = self.catalogue.lists.by_code(&code);
        if let Some(before) = before
            && before.currency != row.currency
        {
            let reason =
                format!("differs from the list's currency so far, {}: make a new list", before.currency);
            self.faults.add(file, number, Refusal::new("currency", row.currency.code(), reason));
            return;
        }
        let list = self.catalogue.lists.put(&code, |number| PriceList {
            id: ListId(number),
            code: row.price_list,
            name: row.name,
            currency: row.currency,
            gross: row.gross,
            owner: None,
        });
        if let Some(owner) = row.contract {
            self.owners.push(((file.to_owned(), number), ListId(list), owner));
        }
    }

    fn counterparty(&self, column: &'static str, code: &str) -> Result<CounterpartyId, Refusal> {
        let known = self.catalogue.counterparties.number(code).map(CounterpartyId);
        known.ok_or_else(|| {
            Refusal::new(column, code, "is no counterparty: import it with the kind counterparties first")
        })
    }

    fn contract(&mut self, row: ContractRow, (file, number): (&str, u64)) -> Result<(), Refusal> {
        let optional = |column, code: &Option<String>| {
            code.as_deref().map(|code| self.counterparty(column, code)).transpose()
        };
        let counterparty = self.counterparty("counterparty", &row.counterparty)?;
        let (payer, ship_to) = (optional("payer", &row.payer)?, optional("ship_to", &row.ship_to)?);
        if TimeZone::get(&row.time_zone).is_err() {
            let reason = "is no time zone: write an IANA name, as in Europe/Moscow";
            return Err(Refusal::new("time_zone", &row.time_zone, reason));
        }
        let reference_list = match &row.reference_list {
            None => None,
            Some(code) => Some(self.list("reference_list", code)?),
        };
        let access = self.catalogue.contracts.by_code(&row.contract).map(|before| before.access.clone());
        let code = row.contract.clone();
        let id = self.catalogue.contracts.put(&code, |number| Contract {
            id: ContractId(number),
            code: row.contract,
            counterparty,
            currency: row.currency,
            zone: row.time_zone,
            validity: row.validity,
            access_mode: row.access,
            access: access.unwrap_or_default(),
            reference_list,
            rounding: row.rounding,
            payer,
            ship_to,
            payment_terms: row.payment_terms,
            tax_rounding: row.tax_rounding,
            hold: row.hold,
            attributes: row.attributes,
        });
        self.assigned.contracts.insert(ContractId(id), (file.to_owned(), number));
        Ok(())
    }

    fn list(&self, column: &'static str, code: &str) -> Result<ListId, Refusal> {
        let known = self.catalogue.lists.number(code).map(ListId);
        known.ok_or_else(|| {
            Refusal::new(column, code, "is no price list: import it with the kind price_lists first")
        })
    }

    fn access(&mut self, source: &Source) -> Result<u64, FileFault> {
        let mut sequences: BTreeMap<ContractId, Vec<(u32, AccessEntry)>> = BTreeMap::new();
        let rows = self.each(source, |this, row: AccessRow, (file, number)| {
            let contract =
                this.catalogue.contracts.number(&row.contract).map(ContractId).ok_or_else(|| {
                    Refusal::new(
                        "contract",
                        &row.contract,
                        "is no contract: import it with the kind contracts first",
                    )
                })?;
            let list = this.list("price_list", &row.price_list)?;
            this.assigned.asked.entry((contract, list)).or_insert_with(|| (file.to_owned(), number));
            let entry = AccessEntry { list, conditions: row.conditions };
            sequences.entry(contract).or_default().push((row.position, entry));
            Ok(())
        })?;
        for (contract, mut entries) in sequences {
            entries.sort_by_key(|(position, _)| *position);
            let Some(mut changed) = self.catalogue.contract(contract).cloned() else { continue };
            changed.access = entries.into_iter().map(|(_, entry)| entry).collect();
            let code = changed.code.clone();
            self.catalogue.contracts.put(&code, |_| changed);
        }
        Ok(rows)
    }

    /// Checks what one file cannot: owners of lists, and that every list of a contract may be asked by it.
    pub(super) fn finish(mut self) {
        for (place, list, owner) in std::mem::take(&mut self.owners) {
            let Some(contract) = self.catalogue.contracts.number(&owner) else {
                let reason = "is no contract: import it with the kind contracts first";
                self.faults.add(&place.0, place.1, Refusal::new("contract", &owner, reason));
                continue;
            };
            if let Some(mut changed) = self.catalogue.list(list).cloned() {
                changed.owner = Some(ContractId(contract));
                let code = changed.code.clone();
                self.catalogue.lists.put(&code, |_| changed);
            }
            self.assigned.owned.insert(list, place);
        }
        self.assigned.check(self.catalogue, self.faults);
    }
}
