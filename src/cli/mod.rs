//! What may be asked at a terminal? Arguments in, tables or JSON out, an exit code that scripts can use (docs/CLI.md).

mod access;
mod arguments;
mod ask;
mod backup;
mod cart_arguments;
mod cart_file;
mod cart_json;
mod cart_line;
mod cart_report;
mod cart_request;
mod check;
mod check_config;
mod demo;
mod demo_files;
mod demo_quote;
mod export;
mod failure;
mod generate;
mod health;
mod import;
mod import_upload;
mod json;
mod json_cart;
mod ladders;
mod ledger;
mod load;
mod output;
mod picture;
mod policy;
mod price;
mod progress;
mod publications;
mod quote;
mod rebuild;
mod report;
mod serve;
mod serve_arguments;
mod table;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let common = &arguments.common;
    let outcome = match &arguments.command {
        Command::Serve(settings) => serve::run(settings),
        Command::CheckConfig(settings) => check_config::run(common, settings),
        Command::Demo(demo) => demo::run(common, demo),
        Command::Generate(generate) => generate::run(common, generate),
        Command::Import(import) => import::run(common, import),
        Command::Export(export) => export::run(common, export),
        Command::Price(price) => price::run(common, price),
        Command::Explain(explain) => price::explain(common, explain),
        Command::Check => check::run(common),
        Command::Backup(backup) => backup::run(common, backup),
        Command::Restore(restore) => backup::restore(common, restore),
        Command::Health(health) => health::run(common, health),
        Command::Rebuild => rebuild::run(common),
        Command::Publications(publications) => publications::run(common, publications),
        Command::Policy(policy) => policy::run(common, policy),
        Command::Ledger(ledger) => ledger::run(common, ledger),
        Command::Quote(quote) => quote::run(common, quote),
        Command::Load(load) => load::run(common, load),
        Command::Access(asked) => access::run(common, asked),
        Command::Audit(asked) => access::audit(common, asked),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code)
        }
    }
}

type Outcome = Result<(), Failure>;
