//! `quoin access` and `quoin audit`: keys, names of certificates, files of callers, and whether the audit log is whole.

pub mod arguments;

use serde_json::json;

use crate::api::caller::role;
use crate::domain::ids::check_external_id;
use crate::server::access::{ApiKey, Callers, Certificate};
use crate::server::audit::{FOLDER, verify};

use super::arguments::Common;
use super::failure::{CORRUPT, Failure, NOT_FOUND, REFUSED, UNAVAILABLE, USAGE};
use super::{Outcome, output};
use arguments::{
    AccessCommand, AccessCommands, AuditCommand, AuditCommands, CheckCallers, Names, NewKey, VerifyAudit,
};

/// Runs `quoin access`.
pub fn run(common: &Common, asked: &AccessCommands) -> Outcome {
    match &asked.command {
        AccessCommand::NewKey(new) => new_key(common, new),
        AccessCommand::Names(names) => certificate(common, names),
        AccessCommand::Check(check) => check_callers(common, check),
    }
}

fn new_key(common: &Common, asked: &NewKey) -> Outcome {
    let wrong = |why: &dyn std::fmt::Display| Failure::new(USAGE, why);
    check_external_id(&asked.name).map_err(|why| wrong(&format!("--name: {why}")))?;
    for name in &asked.roles {
        role(name).map_err(|why| wrong(&format!("--roles: {why}")))?;
    }
    let key = ApiKey::draw().map_err(|why| Failure::new(UNAVAILABLE, why))?;
    if common.json {
        return output::json(&json!({ "name": asked.name, "key": key.told(), "key_sha256": key.digest() }));
    }
    output::text(&format!(
        "the key, which is told this once:\n\n  {}\n\nits entry below \"callers:\" in the file of callers:\n\n  \
         - name: {}\n    key_sha256: {}\n    roles: [{}]\n    contracts: []    # ids, or all\n",
        key.told(),
        serde_json::Value::String(asked.name.clone()),
        key.digest(),
        asked.roles.join(", ")
    ))
}

fn certificate(common: &Common, asked: &Names) -> Outcome {
    let pem = std::fs::read(&asked.certificate)
        .map_err(|error| Failure::new(NOT_FOUND, format!("{}: {error}", asked.certificate.display())))?;
    let found = Certificate::of_pem(&pem).ok_or_else(|| {
        Failure::new(REFUSED, format!("{}: no certificate in PEM", asked.certificate.display()))
    })?;
    if common.json {
        return output::json(&json!({ "names": found.names }));
    }
    output::text(&format!("{}\n", found.names.join("\n")))
}

fn check_callers(common: &Common, asked: &CheckCallers) -> Outcome {
    let read = Callers::read(&asked.callers).map_err(|error| Failure::new(REFUSED, error))?;
    if common.json {
        return output::json(&json!({ "keys_and_certificates": read.count() }));
    }
    output::text(&format!("{} keys and certificates\n", read.count()))
}

/// Runs `quoin audit`.
pub fn audit(common: &Common, asked: &AuditCommands) -> Outcome {
    let AuditCommand::Verify(VerifyAudit { folder }) = &asked.command;
    let folder = folder.clone().unwrap_or_else(|| common.data.join(FOLDER));
    let found = verify(&folder).map_err(|error| Failure::new(NOT_FOUND, error))?;
    let place = found.broken.as_ref().map(|(file, line, what)| match line {
        0 => format!("{}: {what}", file.display()),
        line => format!("{}:{line}: this line {what}", file.display()),
    });
    if common.json {
        output::json(&json!({
            "files": found.files,
            "first": found.first,
            "last": found.last,
            "head": found.head,
            "lost": found.lost,
            "broken": place,
        }))?;
    } else if place.is_none() {
        output::text(&format!(
            "{} files, lines {} to {}, whole; {} lost before; head {}\n",
            found.files, found.first, found.last, found.lost, found.head
        ))?;
    }
    match place {
        Some(place) => Err(Failure::new(CORRUPT, place)),
        None if found.lost > 0 => {
            Err(Failure::new(CORRUPT, format!("{} lines were lost, as the log itself says", found.lost)))
        }
        None => Ok(()),
    }
}
