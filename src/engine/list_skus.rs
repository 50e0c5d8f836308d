//! Which SKUs have a cell of their own in a price list? Asked of rows by selections such as `list: PROMO`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::domain::ids::ListId;
use crate::matrix::RowError;
use crate::matrix::directory::RowRef;
use crate::matrix::segment::Segment;
use crate::policy::ListMembers;
use crate::store::Store;

use super::change::InlineRow;
use super::error::PriceError;
use super::rows::{Reach, corrupt, fetch};
use super::view::View;

/// The lists of a view, each read when it is first asked for.
pub(super) struct ListSkus<'a> {
    store: &'a Store,
    view: &'a View,
    /// Rows that the view names and the store does not have yet.
    inline: &'a [InlineRow],
    known: RefCell<BTreeMap<ListId, RoaringBitmap>>,
    failure: RefCell<Option<PriceError>>,
}

impl<'a> ListSkus<'a> {
    pub(super) fn new(store: &'a Store, view: &'a View, inline: &'a [InlineRow]) -> Self {
        Self { store, view, inline, known: RefCell::default(), failure: RefCell::default() }
    }

    /// What kept a row from being read, if anything: what was asked of it is not to be used then.
    pub(super) fn sound(self) -> Result<(), PriceError> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }

    fn read(&self, list: ListId, row: &RowRef) -> Result<RoaringBitmap, PriceError> {
        let mut skus: Vec<u32> = Vec::new();
        let torn = |error| corrupt(self.view, list, row, error);
        for number in 0..row.segments() {
            let in_memory = self
                .inline
                .iter()
                .find(|(of, segment, _)| *of == list && usize::from(*segment) == number)
                .map(|(_, _, bytes)| bytes.as_slice());
            let stored;
            let bytes = match in_memory {
                Some(bytes) => bytes,
                None => {
                    stored = fetch(self.store, self.view, list, row, number, Reach::Disk)?;
                    stored.as_deref().ok_or_else(|| torn(RowError::Torn))?
                }
            };
            self.each_sku(bytes, row, &mut skus).map_err(torn)?;
        }
        skus.sort_unstable();
        Ok(skus.into_iter().collect())
    }

    fn each_sku(&self, bytes: &[u8], row: &RowRef, skus: &mut Vec<u32>) -> Result<(), RowError> {
        Segment::verify(bytes)?;
        let epoch = self.view.epochs.get(&row.epoch).ok_or(RowError::OtherEpoch(row.epoch))?;
        Segment::parse(bytes, epoch)?.each_found(&mut |sku, _| {
            skus.push(sku.0);
            Ok(())
        })
    }
}

impl ListMembers for ListSkus<'_> {
    fn skus_of(&self, list: ListId) -> RoaringBitmap {
        if let Some(known) = self.known.borrow().get(&list) {
            return known.clone();
        }
        let Some(row) = self.view.directory.get(list) else { return RoaringBitmap::new() };
        let skus = self.read(list, row).unwrap_or_else(|error| {
            self.failure.borrow_mut().get_or_insert(error);
            RoaringBitmap::new()
        });
        self.known.borrow_mut().insert(list, skus.clone());
        skus
    }
}

#[cfg(test)]
mod tests {
    use super::super::change::InlineRow;
    use super::super::rows::key;
    use super::super::{Engine, EngineOptions, caller::Caller, import};
    use super::ListSkus;
    use crate::domain::ids::{ListId, PublicationNo};
    use crate::exchange::source::Source;
    use crate::matrix::directory::RowRef;
    use crate::policy::ListMembers;

    fn stocked(folder: &std::path::Path) -> Engine {
        let files = [
            ("units.csv", "unit\npc\n"),
            ("skus.csv", "sku,base_unit,category\nA,pc,Goods\nB,pc,Goods\nC,pc,Goods\n"),
            ("price_lists.csv", "price_list,currency\nL,EUR\nEMPTY,EUR\n"),
            ("prices.csv", "price_list,sku,category,from,price\nL,C,,0,1\nL,C,,5,2\nL,A,,,3\nL,,Goods,,4\n"),
        ];
        let paths = files.map(|(name, text)| {
            std::fs::write(folder.join(name), text).unwrap();
            folder.join(name)
        });
        let engine = Engine::open(&EngineOptions::new(folder.join("data"))).unwrap();
        let sources = Source::of_paths(paths, None).unwrap();
        let job = import::ImportJob { sources, ..import::ImportJob::default() };
        let report = engine.import(&Caller::operator(), &job, &import::Silent).unwrap();
        assert_eq!(report.verdict, import::Verdict::Published, "{:?}", report.refused);
        engine
    }

    #[test]
    fn own_cells_count_wherever_the_row_is() {
        let folder = tempfile::tempdir().unwrap();
        let engine = stocked(folder.path());
        let view = engine.view();
        let skus = |view: &crate::engine::View, inline: &[InlineRow], list| {
            let lists = ListSkus::new(&engine.store, view, inline);
            let skus: Vec<u32> = lists.skus_of(ListId(list)).into_iter().collect();
            assert_eq!(lists.skus_of(ListId(list)).into_iter().collect::<Vec<_>>(), skus, "asked again");
            lists.sound().map(|()| skus)
        };
        assert_eq!(skus(&view, &[], 0).unwrap(), [0, 2], "and not B, whose category has a price");
        assert_eq!(skus(&view, &[], 1).unwrap(), [0_u32; 0]);
        let row = view.directory.get(ListId(0)).unwrap();
        let bytes = engine.store.row(key(ListId(0), row, 0)).unwrap().unwrap().to_vec();
        let mut next = (*view).clone();
        next.directory.set(ListId(0), Some(RowRef { publication: PublicationNo(u64::MAX), ..row.clone() }));
        assert_eq!(skus(&next, &[(ListId(0), 0, bytes.clone())], 0).unwrap(), [0, 2]);
        assert!(skus(&next, &[(ListId(1), 0, bytes.clone())], 0).is_err(), "the row is nowhere");
        let flipped = bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 40)).collect();
        assert!(skus(&next, &[(ListId(0), 0, flipped)], 0).is_err());
    }
}
