//! Can a running server be backed up by call, and by whom and where to; and do the commands say what became of it?

use std::process::{Command, Output, Stdio};

use quoin::api::v1;
use quoin::api::v1::backup_service_client::BackupServiceClient;
use quoin::engine::{Engine, EngineOptions};
use quoin::server::{ServeOptions, Server};
use tonic::transport::Channel;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use super::{data, lived_in, place, restored};

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn serve(engine: Engine) -> (Server, String) {
    let server = Server::start(engine, &ServeOptions::default()).unwrap();
    let address = server.address().to_string();
    (server, address)
}

#[test]
fn a_running_server_takes_lists_and_prunes_backups() {
    let mut world = lived_in();
    world.engine = None;
    let root = world.folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let options = EngineOptions { backups: Some(place(&root)), ..EngineOptions::new(data(&world)) };
    let engine = Engine::open(&options).unwrap();
    let (server, address) = serve(engine.clone());
    block_on(async {
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        let mut client = BackupServiceClient::new(channel);
        let take = |folder: &str| v1::TakeBackupRequest { folder: folder.to_owned() };
        let taken = client.take_backup(take("nightly")).await.unwrap().into_inner();
        let backup = taken.backup.unwrap();
        let view = engine.view();
        assert_eq!((backup.publication, backup.sequence), (view.publication.0, view.position.0));
        assert_eq!((taken.shared_files, taken.copied_files > 5), (0, true));
        assert_eq!(taken.place, root.join("nightly").to_str().unwrap());
        let second = client.take_backup(take("nightly")).await.unwrap().into_inner();
        assert!(second.shared_files > 5, "{second:?}");
        let list = v1::ListBackupsRequest { folder: "nightly".to_owned() };
        let listed = client.list_backups(list).await.unwrap().into_inner().backups;
        assert_eq!(listed, [second.backup.unwrap(), backup.clone()]);
        let prune = |keep| v1::PruneBackupsRequest { folder: "nightly".to_owned(), keep };
        let pruned = client.prune_backups(prune(1)).await.unwrap().into_inner();
        assert_eq!(pruned.removed, [backup.id]);
        for (folder, code, reason) in
            [("../x", Code::InvalidArgument, "BAD_PLACE"), ("/etc", Code::InvalidArgument, "BAD_PLACE")]
        {
            let status = client.take_backup(take(folder)).await.unwrap_err();
            let told = status.get_details_error_info().unwrap().reason;
            assert_eq!((status.code(), told.as_str()), (code, reason), "{folder}");
        }
        assert_eq!(client.prune_backups(prune(0)).await.unwrap_err().code(), Code::InvalidArgument);
        let none = v1::ListBackupsRequest { folder: "weekly".to_owned() };
        assert_eq!(client.list_backups(none).await.unwrap_err().code(), Code::NotFound);
        let mut request = Request::new(take(""));
        request.metadata_mut().insert("quoin-roles", "price,quote,post,publish,approve".parse().unwrap());
        assert_eq!(client.take_backup(request).await.unwrap_err().code(), Code::PermissionDenied);
    });
    server.stop();
    restored(&root.join("nightly"), &world.folder.path().join("restored")).unwrap();
}

#[test]
fn a_server_without_a_place_says_so() {
    let world = lived_in();
    let (server, address) = serve(world.engine().clone());
    block_on(async {
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        let asked = v1::TakeBackupRequest::default();
        let status = BackupServiceClient::new(channel).take_backup(asked).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert!(status.message().contains("--backups"), "{}", status.message());
    });
    server.stop();
}

fn quoin(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.args(arguments).env_remove("QUOIN_DATA").env_remove("QUOIN_BACKUPS").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn the_commands_end_with_a_code_that_says_what_became_of_it() {
    let mut world = lived_in();
    let at = |name: &str| world.folder.path().join(name).to_str().unwrap().to_owned();
    let (data, backups, into, missing) = (at("data"), at("backups"), at("restored"), at("missing"));
    let take = ["--data", &data, "backup", "--to", &backups];
    let (code, _, errors) = quoin(&take);
    assert!(code == 4 && errors.contains("in use"), "{errors}");
    world.engine = None;
    let (code, text, errors) = quoin(&take);
    assert!(code == 0 && text.contains("copied, 0 files with 0 bytes shared"), "{text}{errors}");
    let (code, text, _) = quoin(&["--json", "--data", &data, "backup", "--to", &backups]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(code == 0 && json["shared_files"].as_u64().unwrap() > 5, "{json}");
    let id = json["backup"]["id"].as_str().unwrap().to_owned();
    let (code, text, _) = quoin(&["backup", "list", "--from", &backups]);
    assert!(
        code == 0 && text.lines().count() == 3 && text.lines().nth(1).unwrap().starts_with(&id),
        "{text}"
    );
    let (code, text, _) = quoin(&["backup", "check", "--from", &backups]);
    assert!(code == 0 && text.ends_with("sound\n"), "{text}");
    let (code, text, _) = quoin(&["backup", "prune", "--from", &backups, "--keep", "1"]);
    assert!(code == 0 && text.contains("1 backups stay"), "{text}");
    let (code, text, errors) = quoin(&["restore", "--from", &backups, "--into", &into]);
    assert!(code == 0 && text.contains(&format!("restored backup {id}")), "{text}{errors}");
    let (code, text, _) = quoin(&["--data", &into, "check"]);
    assert!(code == 0 && text.ends_with("sound\n"), "{text}");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["restore", "--from", &backups, "--into", &into], 1, "not empty"),
        (&["--as", "price", "restore", "--from", &backups, "--into", &missing], 1, "operate"),
        (&["restore", "--from", &missing, "--into", &missing], 3, "holds no backup"),
        (&["restore", "--from", &backups, "--backup", "never", "--into", &missing], 3, "\"never\""),
        (&["restore", "--from", "ftp://x", "--into", &missing], 2, "only folders and s3://"),
        (&["backup"], 2, "--to"),
        (&["backup", "prune", "--from", &backups, "--keep", "0"], 2, "0"),
        (&["--data", &missing, "backup", "--to", &backups], 3, "no such folder"),
        (&["--data", &data, "backup", "--to", &data], 2, "no backup"),
        (&["backup", "list", "--server", "127.0.0.1:9"], 4, "does not answer"),
    ];
    for (arguments, expected, said) in cases {
        let (code, text, errors) = quoin(arguments);
        assert!(code == *expected && errors.contains(said), "{arguments:?}: {code} {text}{errors}");
    }
    let file = super::files_below(std::path::Path::new(&backups))
        .into_iter()
        .max_by_key(|(_, bytes)| *bytes)
        .unwrap()
        .0;
    super::flip(&std::path::Path::new(&backups).join(&file), 9, 1);
    let (code, text, _) = quoin(&["backup", "check", "--from", &backups]);
    assert!(code == 5 && text.contains(&file) && text.contains("DAMAGED"), "{text}");
    let (code, _, errors) = quoin(&["restore", "--from", &backups, "--into", &missing]);
    assert!(code == 5 && errors.contains(&file), "{errors}");
    let db = std::path::Path::new(&into).join("db");
    let table = super::files_below(&db).into_keys().find(|name| name.ends_with(".sst")).unwrap();
    super::flip(&db.join(&table), 60, 1);
    let (code, text, _) = quoin(&["--data", &into, "check"]);
    assert!(code == 5 && text.contains(&format!("DAMAGED: db/{table} of ")), "{text}");
    let (code, text, _) = quoin(&["--json", "--data", &into, "check"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(code == 5 && json["faults"][0].as_str().unwrap().contains(&table), "{json}");
}
