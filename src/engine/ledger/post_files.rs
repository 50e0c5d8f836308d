//! How are files of documents posted? Read and checked whole, and then all of their documents or none.

use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::LedgerError;
use crate::exchange::documents::{FiledDocument, read_documents};
use crate::exchange::fault::{Faults, Refusal};
use crate::exchange::kind::Kind;
use crate::exchange::source::Source;
use crate::ledger::draft::DocumentFault;

use super::{PostDocuments, PostReport};

/// Documents of files, with where each stands.
#[derive(Debug, Clone, Default)]
pub struct FiledDocuments {
    /// By document: its file, and what that says.
    pub documents: Vec<(String, FiledDocument)>,
    /// What is wrong with rows.
    pub faults: Faults,
}

/// What became of files.
#[derive(Debug, Clone, Default)]
pub struct FilesPosted {
    /// What became of their documents; empty where rows have faults.
    pub report: PostReport,
    /// What is wrong, by row.
    pub faults: Faults,
}

impl FiledDocuments {
    /// Reads files.
    ///
    /// # Errors
    /// What keeps a file from being read to its end.
    pub fn read(sources: &[Source]) -> Result<Self, LedgerError> {
        let mut read = Self::default();
        for source in sources {
            let (documents, _) = read_documents(source, &mut read.faults, &mut |_| {})?;
            read.documents.extend(documents.into_iter().map(|document| (source.name.clone(), document)));
        }
        Ok(read)
    }

    /// Adds what is wrong with a document, by its place among all of them, to what is wrong with rows.
    pub fn refuse(&mut self, (place, line): (u32, Option<u32>), field: &str, value: &str, reason: &str) {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let Some((file, document)) = self.documents.get(place) else { return };
        let row = document.row_of(line, field);
        let column = Kind::Documents.columns().iter().find(|column| column.name == field);
        self.faults.add(file, row, Refusal::new(column.map_or("", |column| column.name), value, reason));
    }
}

impl Engine {
    /// Posts the documents of files, all or none.
    ///
    /// # Errors
    /// As [`Engine::post_documents`], and where a file cannot be read.
    pub fn post_files(
        &self,
        caller: &Caller,
        sources: &[Source],
        (park_unknown, dry_run): (bool, bool),
    ) -> Result<FilesPosted, LedgerError> {
        caller.require(Role::Post)?;
        let mut filed = FiledDocuments::read(sources)?;
        if filed.faults.count() > 0 {
            return Ok(FilesPosted { report: PostReport::default(), faults: filed.faults });
        }
        let documents = filed.documents.iter().map(|(_, document)| document.draft.clone()).collect();
        let report = self.post_documents(caller, PostDocuments { documents, park_unknown, dry_run })?;
        for DocumentFault { place, line, field, value, reason, .. } in &report.faults {
            filed.refuse((*place, *line), field, value, reason);
        }
        Ok(FilesPosted { report, faults: filed.faults })
    }
}
