//! How do documents of the ledger come in? One row a line; the rows of a document stand together.

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::ledger::document::{Allocation, DocumentKind, Plan, RuleUse};
use crate::ledger::draft::{DocumentDraft, LineDraft, is_of_use};

use super::cells::Cells;
use super::fault::{Faults, FileFault, Refusal};
use super::kind::Kind;
use super::master::Row;
use super::rows::{ReadCounts, RowFaults, Visitor, visit};
use super::source::Source;

/// The least decimal: figures of a correction have a sign.
const ANY: Micros = Micros(i64::MIN);

/// A document of a file, and the row of each of its lines and uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledDocument {
    /// What it says.
    pub draft: DocumentDraft,
    /// By line; see [`RowFault::row`](super::fault::RowFault::row).
    pub rows: Vec<u64>,
    /// By use of a limit.
    pub use_rows: Vec<u64>,
}

impl FiledDocument {
    /// The row of a line or, where the field is one of a use, of that; of the document as a whole its first.
    #[must_use]
    pub fn row_of(&self, line: Option<u32>, field: &str) -> u64 {
        let rows = if is_of_use(field) { &self.use_rows } else { &self.rows };
        let of_line = line.and_then(|line| rows.get(usize::try_from(line).ok()?)).copied();
        of_line.unwrap_or_else(|| self.first_row())
    }

    fn first_row(&self) -> u64 {
        let firsts = self.rows.first().into_iter().chain(self.use_rows.first());
        firsts.min().copied().unwrap_or_default()
    }

    fn put(&mut self, part: Part, row: u64) {
        let draft = &mut self.draft;
        match part {
            Part::Line(line) => draft.lines.push(line),
            Part::Allocation(allocation) => draft.allocations.push(allocation),
            Part::Plan(plan) => draft.plan = Some(plan),
            Part::Use(of) => {
                draft.uses.push(of);
                self.use_rows.push(row);
                return;
            }
        }
        self.rows.push(row);
    }
}

#[derive(Default)]
struct DocumentVisitor {
    documents: Vec<FiledDocument>,
    ended: HashSet<String, FixedState>,
}

impl Visitor for DocumentVisitor {
    fn row<C: Cells>(&mut self, number: u64, cells: &C, faults: &mut RowFaults<'_>) -> Result<(), Refusal> {
        let mut row = Row::new(cells, Kind::Documents);
        let kind: DocumentKind = row.choice("kind", &DocumentKind::WORDS);
        let head = read_head(&mut row, kind);
        let part = read_part(&mut row, kind);
        if let (Some(head), Some(part)) = (head, part) {
            self.take(number, &mut row, head, part);
        }
        for refusal in row.into_refusals() {
            faults.add(number, refusal);
        }
        Ok(())
    }
}

impl DocumentVisitor {
    fn take(&mut self, number: u64, row: &mut Row<'_>, head: DocumentDraft, part: Part) {
        if let Some(last) = self.documents.last_mut()
            && last.draft.id == head.id
        {
            let first = last.first_row();
            for field in differing(&last.draft, &head) {
                row.refuse(field, format!("is another than in row {first} of the same document"));
            }
            if last.draft.plan.is_some() {
                row.refuse(
                    "document",
                    format!("is a plan, which has one row: it stands in row {first} already"),
                );
            }
            last.put(part, number);
            return;
        }
        if let Some(last) = self.documents.last() {
            self.ended.insert(last.draft.id.clone());
        }
        if self.ended.contains(&head.id) {
            row.refuse("document", "is there already further up: put the rows of a document together");
            return;
        }
        let mut document = FiledDocument { draft: head, rows: Vec::new(), use_rows: Vec::new() };
        document.put(part, number);
        self.documents.push(document);
    }
}

fn differing(first: &DocumentDraft, next: &DocumentDraft) -> Vec<&'static str> {
    let same = [
        ("kind", first.kind == next.kind),
        ("contract", first.contract == next.contract),
        ("day", first.day == next.day),
        ("currency", first.currency == next.currency),
        ("reference", first.reference == next.reference),
        ("payer", first.payer == next.payer),
        ("ship_to", first.ship_to == next.ship_to),
        ("quote", first.quote == next.quote),
        ("channel", first.channel == next.channel),
        ("due", first.due == next.due),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
}

fn read_head(row: &mut Row<'_>, kind: DocumentKind) -> Option<DocumentDraft> {
    let id = row.id("document");
    let contract = row.id("contract");
    let day = row.moment("day").map(CivilDay::of);
    let mut stated = |column| row.optional_id(column).unwrap_or_default();
    let (currency, reference, payer) = (stated("currency"), stated("reference"), stated("payer"));
    let (ship_to, quote, channel) = (stated("ship_to"), stated("quote"), stated("channel"));
    let due = if row.is_empty("due") { None } else { row.moment("due").map(CivilDay::of) };
    Some(DocumentDraft {
        id: id?,
        kind,
        contract: contract?,
        day: day?,
        currency,
        reference,
        payer,
        ship_to,
        quote,
        channel,
        due,
        lines: Vec::new(),
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
    })
}

/// What one row says of its document.
enum Part {
    Line(LineDraft),
    Allocation(Allocation),
    Plan(Plan),
    Use(RuleUse),
}

/// The columns of goods, and those of the other kinds, that a row may have filled.
const OF_GOODS: &[&str] = &[
    "sku",
    "unit",
    "quantity",
    "list_amount",
    "contract_amount",
    "net_amount",
    "tax_amount",
    "cost",
    "weight",
    "weight_unit",
];
const OF_PAYMENTS: &[&str] = &["pays", "amount"];
const OF_PLANS: &[&str] = &["measure", "last_day", "target"];
/// Those of a row that says what the document used of a limit, beside its lines.
const OF_USES: &[&str] = &["rule", "used"];

fn read_part(row: &mut Row<'_>, kind: DocumentKind) -> Option<Part> {
    let is_use = OF_USES.iter().any(|column| !row.is_empty(column));
    let others: [&[&str]; 3] = match kind {
        DocumentKind::Payment => [OF_GOODS, OF_PLANS, OF_USES],
        DocumentKind::Plan => [OF_GOODS, OF_PAYMENTS, OF_USES],
        _ => [OF_PAYMENTS, OF_PLANS, &[]],
    };
    for column in others.into_iter().flatten() {
        if !row.is_empty(column) {
            row.refuse(column, format!("says nothing of a {}: leave it empty", kind.word()));
        }
    }
    match kind {
        DocumentKind::Payment => {
            let document = row.optional_id("pays").unwrap_or_default();
            let amount = row.required_decimal("amount", ANY, "")?;
            Some(Part::Allocation(Allocation { document, amount }))
        }
        DocumentKind::Plan => {
            let measure = row.id("measure");
            let last_day = row.moment("last_day").map(CivilDay::of);
            let target = row.required_decimal("target", ANY, "");
            Some(Part::Plan(Plan { measure: measure?, last_day: last_day?, target: target? }))
        }
        _ if is_use => read_use(row).map(Part::Use),
        _ => read_line(row).map(Part::Line),
    }
}

fn read_use(row: &mut Row<'_>) -> Option<RuleUse> {
    for column in OF_GOODS {
        if !row.is_empty(column) {
            row.refuse(column, "says nothing beside what was used of a limit: that has a row of its own");
        }
    }
    let rule = row.id("rule");
    let used = row.required_decimal("used", ANY, "");
    Some(RuleUse { rule: rule?, used: used? })
}

fn read_line(row: &mut Row<'_>) -> Option<LineDraft> {
    let sku = row.id("sku");
    let unit = row.optional_id("unit").unwrap_or_default();
    let quantity = row.required_decimal("quantity", ANY, "");
    let list_amount = row.decimal("list_amount", ANY, "");
    let contract_amount = row.decimal("contract_amount", ANY, "");
    let net_amount = row.required_decimal("net_amount", ANY, "");
    let tax_amount = row.decimal("tax_amount", ANY, "").unwrap_or_default();
    let cost = row.decimal("cost", ANY, "");
    let weight = row.decimal("weight", ANY, "");
    let weight_unit = row.optional_id("weight_unit");
    if weight.is_some() != weight_unit.is_some() {
        row.refuse("weight_unit", "and weight stand together or not at all");
    }
    Some(LineDraft {
        sku: sku?,
        unit,
        quantity: quantity?,
        list_amount,
        contract_amount,
        net_amount: net_amount?,
        tax_amount,
        cost,
        weight: weight.zip(weight_unit),
    })
}

/// Reads a file of documents whole. Every fault of every row is recorded; what has faults is not to be posted.
///
/// # Errors
/// What keeps the file from being read to its end.
pub fn read_documents(
    source: &Source,
    faults: &mut Faults,
    progress: &mut dyn FnMut(u64),
) -> Result<(Vec<FiledDocument>, ReadCounts), FileFault> {
    let mut visitor = DocumentVisitor::default();
    let counts = visit(source, faults, progress, &mut visitor)?;
    Ok((visitor.documents, counts))
}
