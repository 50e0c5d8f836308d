//! Do the files of `deploy/` fit the program: its settings, its ports, its pages, its times, its alerts?

use std::path::Path;
use std::time::Duration;

use quoin::server::config::{Config, Stated, load};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use crate::sources::text;

/// A YAML document as JSON, with every scalar a text.
fn yaml(path: &str) -> Value {
    let source = text(Path::new(path));
    let mut events =
        Parser::new_from_str(&source).map(|event| event.unwrap_or_else(|error| panic!("{path}: {error}")).0);
    let begun = events.find(|event| !matches!(event, Event::StreamStart | Event::DocumentStart(_))).unwrap();
    value(begun, &mut events)
}

fn value<'e>(event: Event<'e>, events: &mut impl Iterator<Item = Event<'e>>) -> Value {
    match event {
        Event::Scalar(text, ..) => Value::String(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut list = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return Value::Array(list),
                    next => list.push(value(next, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut mapping = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return Value::Object(mapping),
                    Event::Scalar(key, ..) => {
                        let next = events.next().unwrap();
                        assert!(
                            mapping.insert(key.into_owned(), value(next, events)).is_none(),
                            "a key twice"
                        );
                    }
                    other => panic!("{other:?} as a key"),
                }
            }
        }
        other => panic!("{other:?}"),
    }
}

/// The settings that a file's text comes to.
fn config_of(text: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("quoin.yaml");
    std::fs::write(&file, text).unwrap();
    let loaded = load(&Stated { file: Some(file), ..Stated::default() });
    loaded.unwrap_or_else(|faults| panic!("{faults:?}")).config
}

/// The same text with what is there to be uncommented: `#group:` and `#  key: value`, and not `# Words.`
fn uncommented(text: &str) -> String {
    let is_setting =
        |rest: &&str| rest.starts_with("  ") || rest.starts_with(|c: char| c.is_ascii_lowercase());
    let line = |line: &str| format!("{}\n", line.strip_prefix('#').filter(is_setting).unwrap_or(line));
    text.lines().map(line).collect()
}

fn ports(config: &Config) -> [String; 2] {
    [config.serve.listen.port().to_string(), config.ops.listen.unwrap().port().to_string()]
}

/// Does whoever stops the service wait until it has drained?
fn waits_long_enough(config: &Config, stop_after: Duration) {
    let drained = config.serve.drain_pause + config.serve.drain_timeout;
    assert!(!config.serve.drain_pause.is_zero(), "load balancers are given no time to notice");
    assert!(stop_after > drained + Duration::from_secs(5), "{stop_after:?} against {drained:?}");
}

#[test]
fn kubernetes_asks_where_the_program_answers() {
    let file = yaml("deploy/kubernetes/config.yaml")["data"]["quoin.yaml"].as_str().unwrap().to_owned();
    let config = config_of(&file);
    assert_eq!(ports(&config), ports(&Config::default()));
    let closed =
        config_of(&uncommented(&file).replace("insecure_any_peer: true", "insecure_any_peer: false"));
    let access = closed.access_options();
    assert!(access.tls.is_some() && access.tokens.is_some() && closed.backups.place.is_some());
    let pod = &yaml("deploy/kubernetes/statefulset.yaml")["spec"]["template"];
    let spec = &pod["spec"];
    let container = &spec["containers"][0];
    let named = |port: &Value| {
        (port["name"].as_str().unwrap().to_owned(), port["containerPort"].as_str().unwrap().to_owned())
    };
    let open: Vec<_> = container["ports"].as_array().unwrap().iter().map(named).collect();
    let [grpc, ops] = ports(&config);
    assert_eq!(open, [("grpc".to_owned(), grpc.clone()), ("ops".to_owned(), ops.clone())]);
    assert_eq!(pod["metadata"]["annotations"]["prometheus.io/port"], ops.as_str());
    assert_eq!(pod["metadata"]["annotations"]["prometheus.io/path"], "/metrics");
    for (probe, path) in
        [("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")]
    {
        let asked = &container[probe]["httpGet"];
        assert_eq!((asked["path"].as_str(), asked["port"].as_str()), (Some(path), Some("ops")), "{probe}");
    }
    let seconds = spec["terminationGracePeriodSeconds"].as_str().unwrap().parse().unwrap();
    waits_long_enough(&config, Duration::from_secs(seconds));
    assert!(config.store.data.starts_with(container["volumeMounts"][0]["mountPath"].as_str().unwrap()));
    let file = format!("{}/quoin.yaml", container["volumeMounts"][1]["mountPath"].as_str().unwrap());
    assert_eq!(container["args"], serde_json::json!(["serve", "--config", file]));
    let service = yaml("deploy/kubernetes/service.yaml");
    let served: Vec<_> = service["spec"]["ports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|port| port["port"].as_str().unwrap())
        .collect();
    assert_eq!(served, [grpc.as_str(), ops.as_str()]);
    assert_eq!(
        service["spec"]["selector"],
        yaml("deploy/kubernetes/statefulset.yaml")["spec"]["selector"]["matchLabels"]
    );
    let policy = yaml("deploy/kubernetes/network-policy.yaml");
    assert_eq!(policy["spec"]["podSelector"]["matchLabels"], service["spec"]["selector"]);
    for file in yaml("deploy/kubernetes/kustomization.yaml")["resources"].as_array().unwrap() {
        yaml(&format!("deploy/kubernetes/{}", file.as_str().unwrap()));
    }
}

#[test]
fn systemd_waits_and_its_settings_are_read() {
    let unit = text(Path::new("deploy/systemd/quoin.service"));
    let settings: Vec<(&str, &str)> = unit.lines().filter_map(|line| line.split_once('=')).collect();
    let of = |name: &str| {
        settings.iter().find(|(key, _)| *key == name).unwrap_or_else(|| panic!("{name} is missing")).1
    };
    let file = text(Path::new("deploy/systemd/quoin.yaml"));
    let config = config_of(&file);
    assert_eq!(ports(&config), ports(&Config::default()));
    let closed = config_of(&uncommented(&file));
    let access = closed.access_options();
    assert!(access.tls.is_some() && access.callers.is_some() && closed.backups.place.is_some());
    assert!(closed.limits.caller_lines.is_some());
    assert!(config.store.data.starts_with(of("WorkingDirectory")));
    let seconds = of("TimeoutStopSec").strip_suffix('s').unwrap().parse().unwrap();
    waits_long_enough(&config, Duration::from_secs(seconds));
    assert!(of("ExecStart").ends_with("serve --config /etc/quoin/quoin.yaml"), "{unit}");
    assert!(of("ExecStartPre").ends_with("check-config --config /etc/quoin/quoin.yaml"), "{unit}");
    for hardened in
        ["NoNewPrivileges", "ProtectSystem", "PrivateTmp", "MemoryDenyWriteExecute", "SystemCallFilter"]
    {
        of(hardened);
    }
}

#[test]
fn every_alert_says_what_to_do() {
    let groups = yaml("deploy/prometheus/quoin.rules.yml")["groups"].as_array().unwrap().clone();
    let docs = text(Path::new("docs/OPERATIONS.md"));
    let rules: Vec<Value> =
        groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect();
    assert!(rules.len() > 15, "{} rules", rules.len());
    for rule in &rules {
        let name = rule["alert"].as_str().unwrap();
        let runbook = rule["annotations"]["runbook"].as_str().unwrap();
        assert_eq!(runbook, format!("docs/OPERATIONS.md#{}", name.to_lowercase()));
        assert!(
            docs.contains(&format!("\n### {name}\n")),
            "docs/OPERATIONS.md does not say what to do on {name}"
        );
        let severity = rule["labels"]["severity"].as_str().unwrap();
        assert!(["critical", "warning"].contains(&severity), "{name}: {severity}");
        assert!(rule["annotations"]["summary"].is_string() && rule["expr"].is_string(), "{name}");
    }
    let headings = docs.lines().filter(|line| line.starts_with("### Quoin")).count();
    assert_eq!(headings, rules.len(), "docs/OPERATIONS.md explains alerts that are not there");
}

#[test]
fn the_dashboard_is_whole() {
    let dashboard: Value = serde_json::from_str(&text(Path::new("deploy/grafana/quoin.json"))).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: std::collections::BTreeSet<u64> =
        panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len(), "two panels have one id");
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        let targets = panel["targets"].as_array().unwrap();
        let asks = |target: &Value| target["expr"].as_str().is_some_and(|asked| asked.contains("$instance"));
        assert!(!targets.is_empty() && targets.iter().all(asks), "{panel}");
    }
}
