//! Of which class is a SKU? SKUs of one class are in the same selections, so that what rules touch one touch all.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use roaring::RoaringBitmap;

use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{BrandId, CategoryId, ListId, SkuId};
use crate::domain::paged::Paged;
use crate::domain::sku::Sku;
use crate::policy::syntax::{Selection, SkuCriterion};

use super::ListMembers;
use super::matcher::{EVERYTHING, Matcher, Scratch, SelectionNo};
use super::words::Words;

/// What may be true of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SkuAtom {
    Category(CategoryId),
    Brand(BrandId),
    /// Its attribute has a value, by the numbers of both words.
    Attribute(u32, u32),
    /// It has the attribute.
    HasAttribute(u32),
    Sku(SkuId),
    List(ListId),
    TaxClass(u32),
    Group(SelectionNo),
}

/// A class of SKUs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassNo(pub u32);

/// What a selection is for; neither, where only other selections name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Role {
    /// Rules ask for it: it tells classes apart.
    pub(super) of_rules: bool,
    /// Eligibility asks for it: its SKUs are kept as a bitmap, so that ten thousand assortments don't make a class of
    /// each SKU.
    pub(super) of_eligibility: bool,
}

/// The selections that hold for each class.
#[derive(Debug, Clone, Default)]
struct Classes {
    signatures: Vec<Arc<[u32]>>,
    by_signature: HashMap<Arc<[u32]>, u32, FixedState>,
}

/// Selections of SKUs, and the class of every SKU.
#[derive(Debug, Clone)]
pub(super) struct Goods {
    matcher: Matcher<SkuAtom>,
    words: Words,
    /// Of the lists that selections name.
    members: Vec<(ListId, RoaringBitmap)>,
    classes: Classes,
    class_of: Paged<u32>,
    /// Of selections kept apart: their SKUs.
    bitmaps: HashMap<u32, Arc<RoaringBitmap>, FixedState>,
    /// Was something named that the catalogue lacks?
    pub(super) lacking: bool,
}

impl Goods {
    pub(super) fn new() -> Self {
        Self {
            matcher: Matcher::new(SkuAtom::Group),
            words: Words::default(),
            members: Vec::new(),
            classes: Classes::default(),
            class_of: Paged::default(),
            bitmaps: HashMap::with_hasher(FixedState::default()),
            lacking: false,
        }
    }

    /// The number of a selection whose groups are known.
    pub(super) fn select(
        &mut self,
        selection: &Selection<SkuCriterion>,
        groups: &dyn Fn(&str) -> Option<SelectionNo>,
        (catalogue, lists): (&Catalogue, &dyn ListMembers),
    ) -> SelectionNo {
        let mut level = 0;
        let mut describe = |this: &mut Self, descriptions: &[crate::policy::syntax::AllOf<SkuCriterion>]| {
            let describe = |description: &crate::policy::syntax::AllOf<SkuCriterion>| {
                let criteria = description.criteria.iter();
                criteria.map(|c| this.atoms(c, groups, (catalogue, lists), &mut level)).collect()
            };
            descriptions.iter().map(describe).collect::<Vec<Vec<Vec<SkuAtom>>>>()
        };
        let any = describe(self, &selection.any);
        let except = describe(self, &selection.except);
        self.matcher.intern(any, except, level)
    }

    fn atoms(
        &mut self,
        criterion: &SkuCriterion,
        groups: &dyn Fn(&str) -> Option<SelectionNo>,
        (catalogue, lists): (&Catalogue, &dyn ListMembers),
        level: &mut u32,
    ) -> Vec<SkuAtom> {
        let mut lacking = false;
        let mut found = |atom: Option<SkuAtom>| {
            lacking |= atom.is_none();
            atom
        };
        let atoms = match criterion {
            SkuCriterion::Category(paths) => {
                let of = |path: &String| {
                    catalogue.categories.number(path).map(|n| SkuAtom::Category(CategoryId(n)))
                };
                paths.iter().filter_map(|path| found(of(path))).collect()
            }
            SkuCriterion::Brand(codes) => {
                let of = |code: &String| catalogue.brands.number(code).map(|n| SkuAtom::Brand(BrandId(n)));
                codes.iter().filter_map(|code| found(of(code))).collect()
            }
            SkuCriterion::Attribute { name, values } => {
                let name = self.words.number_of(name);
                let value = |value: &String| SkuAtom::Attribute(name, self.words.number_of(value));
                if values.is_empty() {
                    vec![SkuAtom::HasAttribute(name)]
                } else {
                    values.iter().map(value).collect()
                }
            }
            SkuCriterion::Sku(codes) => {
                let of = |code: &String| catalogue.skus.number(code).map(|n| SkuAtom::Sku(SkuId(n)));
                codes.iter().filter_map(|code| found(of(code))).collect()
            }
            SkuCriterion::List(codes) => {
                let of = |code: &String| catalogue.lists.number(code).map(|n| SkuAtom::List(ListId(n)));
                let atoms: Vec<SkuAtom> = codes.iter().filter_map(|code| found(of(code))).collect();
                for atom in &atoms {
                    if let SkuAtom::List(list) = atom
                        && !self.members.iter().any(|(known, _)| known == list)
                    {
                        self.members.push((*list, lists.skus_of(*list)));
                    }
                }
                atoms
            }
            SkuCriterion::TaxClass(classes) => {
                classes.iter().map(|class| SkuAtom::TaxClass(self.words.number_of(class))).collect()
            }
            SkuCriterion::Group(names) => {
                let known: Vec<SelectionNo> = names.iter().filter_map(|name| groups(name)).collect();
                for group in &known {
                    *level = (*level).max(self.matcher.level(*group) + 1);
                }
                known.into_iter().map(SkuAtom::Group).collect()
            }
        };
        self.lacking |= lacking;
        atoms
    }

    /// The lists whose own SKUs selections name.
    pub(super) fn lists(&self) -> impl Iterator<Item = ListId> + '_ {
        self.members.iter().map(|(list, _)| *list)
    }

    /// Classifies every SKU anew.
    pub(super) fn classify_all(&mut self, catalogue: &Catalogue, roles: &[Role]) {
        self.classes = Classes::default();
        self.class_of = Paged::default();
        self.bitmaps.clear();
        let mut scratch = Scratch::default();
        let (mut atoms, mut holding) = (Vec::new(), Vec::new());
        for sku in catalogue.skus.iter() {
            let class = self.classify(catalogue, sku, roles, (&mut scratch, &mut atoms, &mut holding));
            self.class_of.push(class);
        }
    }

    /// Classifies the SKUs that differ between two catalogues.
    pub(super) fn classify_changed(&mut self, before: &Catalogue, after: &Catalogue, roles: &[Role]) {
        let mut scratch = Scratch::default();
        let (mut atoms, mut holding) = (Vec::new(), Vec::new());
        let changed: Vec<u32> = after
            .skus
            .records()
            .changed_since(before.skus.records())
            .flat_map(|(_, page)| page.iter().map(|sku| sku.id.0))
            .collect();
        for number in changed {
            let Some(sku) = after.skus.get(number) else { continue };
            if before.skus.get(number) == Some(sku) {
                continue;
            }
            for bitmap in self.bitmaps.values_mut() {
                Arc::make_mut(bitmap).remove(number);
            }
            let class = self.classify(after, sku, roles, (&mut scratch, &mut atoms, &mut holding));
            match self.class_of.get_mut(sku.id.index()) {
                Some(slot) => *slot = class,
                None => {
                    self.class_of.push(class);
                }
            }
        }
    }

    fn classify(
        &mut self,
        catalogue: &Catalogue,
        sku: &Sku,
        roles: &[Role],
        (scratch, atoms, holding): (&mut Scratch, &mut Vec<SkuAtom>, &mut Vec<u32>),
    ) -> u32 {
        atoms.clear();
        holding.clear();
        atoms.extend(catalogue.category_chain(sku.category).map(SkuAtom::Category));
        atoms.extend(sku.brand.map(SkuAtom::Brand));
        atoms.push(SkuAtom::Sku(sku.id));
        for (name, value) in &sku.attributes {
            let Some(name) = self.words.get(name) else { continue };
            atoms.push(SkuAtom::HasAttribute(name));
            atoms.extend(self.words.get(value).map(|value| SkuAtom::Attribute(name, value)));
        }
        let tax_class = sku.tax_class.as_deref().and_then(|class| self.words.get(class));
        atoms.extend(tax_class.map(SkuAtom::TaxClass));
        let lists = self.members.iter().filter(|(_, members)| members.contains(sku.id.0));
        atoms.extend(lists.map(|(list, _)| SkuAtom::List(*list)));
        self.matcher.holding(atoms, scratch, holding);
        let role = |selection: u32| {
            roles.get(usize::try_from(selection).unwrap_or(usize::MAX)).copied().unwrap_or_default()
        };
        let apart = |selection: &u32| role(*selection).of_eligibility;
        for selection in std::iter::once(EVERYTHING.0).chain(holding.iter().copied()).filter(apart) {
            Arc::make_mut(self.bitmaps.entry(selection).or_default()).insert(sku.id.0);
        }
        holding.retain(|selection| role(*selection).of_rules);
        self.classes.number(holding)
    }

    /// The class of a SKU.
    #[inline]
    pub(super) fn class_of(&self, sku: SkuId) -> Option<ClassNo> {
        self.class_of.get(sku.index()).copied().map(ClassNo)
    }

    /// The selections that hold for a class, ascending.
    pub(super) fn selections_of(&self, class: ClassNo) -> &[u32] {
        let found = usize::try_from(class.0).ok().and_then(|number| self.classes.signatures.get(number));
        found.map_or(&[], |signature| signature)
    }

    /// The SKUs of a selection that was kept apart.
    pub(super) fn bitmap(&self, selection: SelectionNo) -> Arc<RoaringBitmap> {
        self.bitmaps.get(&selection.0).cloned().unwrap_or_default()
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.classes.signatures.len()
    }

    /// How many selections there are.
    pub(super) fn selections(&self) -> usize {
        self.matcher.len()
    }
}

impl Classes {
    fn number(&mut self, signature: &[u32]) -> u32 {
        if let Some(known) = self.by_signature.get(signature) {
            return *known;
        }
        let number = u32::try_from(self.signatures.len()).unwrap_or(u32::MAX);
        let signature: Arc<[u32]> = signature.into();
        self.signatures.push(Arc::clone(&signature));
        self.by_signature.insert(signature, number);
        number
    }
}
