//! What does the command log say of a document?

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::ledger::document::Document;
use crate::ledger::draft::DocumentDraft;
use crate::ledger::statement::{EntryDocument, Statement};

use super::report::Posted;

/// A document that was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedDocument {
    /// The document.
    pub document: Document,
    /// Of what was sent.
    pub digest: u128,
    /// What was answered.
    pub answer: Posted,
    /// How many documents follow that were posted together with it, all or none.
    pub rest: u32,
}

/// A document that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedDocument {
    /// As it was sent.
    pub draft: DocumentDraft,
    /// Of what was sent.
    pub digest: u128,
    /// Command time.
    pub at: Instant,
    /// How many documents follow that were posted together with it, all or none.
    pub rest: u32,
}

/// A statement that was made, whole: applying it works nothing out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledStatement {
    /// The statement.
    pub statement: Statement,
    /// Its documents.
    pub documents: Vec<EntryDocument>,
    /// Of what was asked.
    pub digest: u128,
}
