//! How do findings, versions and differences of policies read at a terminal?

use crate::api::v1;
use crate::cli::report::instant;
use crate::cli::table::{Side, Table, grouped, shorten};
use crate::engine::policy::PolicyFile;

/// Characters of a note that a table shows.
const NOTE_CHARS: usize = 48;

/// Findings, one a line as compilers write them, and how many there are.
fn findings(findings: &v1::PolicyFindings) -> String {
    let mut text = String::new();
    for finding in &findings.findings {
        let hint = if finding.hint.is_empty() { String::new() } else { format!("; {}", finding.hint) };
        let word = match finding.severity() {
            v1::PolicySeverity::Error => "error",
            v1::PolicySeverity::Warning => "warning",
            v1::PolicySeverity::Unspecified => "note",
        };
        text.push_str(&format!(
            "{}:{}:{}: {word}: {}{hint} [{}]\n",
            finding.file, finding.line, finding.column, finding.message, finding.code
        ));
    }
    let all = findings.errors.saturating_add(findings.warnings);
    let told = u64::try_from(findings.findings.len()).unwrap_or(u64::MAX);
    if all > told {
        text.push_str(&format!("... and {} more\n", grouped(all - told)));
    }
    if all > 0 {
        text.push_str(&format!(
            "{}, {}\n",
            counted(findings.errors, "error"),
            counted(findings.warnings, "warning")
        ));
    }
    text
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// What a check found; `without` is the data folder that is not there.
#[must_use]
pub fn check(found: &v1::PolicyFindings, without: Option<&str>) -> String {
    let mut text = findings(found);
    if let Some(folder) = without {
        text.push_str(&format!(
            "there is no data folder {folder}: the goods, contracts and lists that it names were not looked up\n"
        ));
    }
    text.push_str(if found.errors == 0 { "sound\n" } else { "mend the errors above\n" });
    text
}

/// What became of a policy.
#[must_use]
pub fn report(report: &v1::PolicyReport) -> String {
    let found = report.findings.clone().unwrap_or_default();
    let mut text = findings(&found);
    let again =
        if report.repeated_request { " (this request came before: nothing new was done)" } else { "" };
    let restores = match report.restores {
        0 => String::new(),
        version => format!(", which restores version {version}"),
    };
    let (version, publication) = (report.version, report.publication);
    text.push_str(&if report.published {
        format!("published as policy version {version}{restores}, publication {publication}{again}\n")
    } else if found.errors > 0 {
        let stays = match version {
            0 => String::new(),
            version => format!("; version {version} stays in force"),
        };
        format!("refused: nothing is published; mend the errors above{stays}\n")
    } else {
        format!("dry run: nothing is published; this would have been policy version {version}\n")
    });
    text
}

/// A version's files, below comments that say which it is.
#[must_use]
pub fn show(version: &v1::PolicyVersion, files: &[PolicyFile]) -> String {
    let mut text = format!(
        "# policy version {}, publication {}, published {} by {}\n",
        version.version,
        version.publication,
        instant(version.published_at.as_ref()),
        version.published_by
    );
    if version.restores != 0 {
        text.push_str(&format!("# restores version {}\n", version.restores));
    }
    for line in version.note.lines() {
        text.push_str(&format!("# {line}\n"));
    }
    for file in files {
        text.push_str(&format!("# file {}\n{}", file.name, file.text));
        if !file.text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// Versions, the newest first.
#[must_use]
pub fn history(versions: &[v1::PolicyVersion]) -> String {
    let mut table = Table::new(&[
        ("version", Side::Right),
        ("publication", Side::Right),
        ("published", Side::Left),
        ("by", Side::Left),
        ("restores", Side::Right),
        ("files", Side::Left),
        ("note", Side::Left),
    ]);
    for one in versions {
        let files: Vec<&str> = one.files.iter().map(|file| file.name.as_str()).collect();
        let first_line = one.note.lines().next().unwrap_or_default();
        table.row([
            one.version.to_string(),
            one.publication.to_string(),
            instant(one.published_at.as_ref()),
            shorten(&one.published_by, NOTE_CHARS),
            if one.restores == 0 { String::new() } else { one.restores.to_string() },
            shorten(&files.join(", "), NOTE_CHARS),
            shorten(first_line, NOTE_CHARS),
        ]);
    }
    if versions.is_empty() { "no policy was ever published\n".to_owned() } else { table.text() }
}

/// What differs, part by part.
#[must_use]
pub fn diff(found: &v1::DiffPoliciesResponse) -> String {
    let mut text = String::new();
    for one in &found.differences {
        let sign = match one.change() {
            v1::PolicyChange::Added => '+',
            v1::PolicyChange::Removed => '-',
            v1::PolicyChange::Changed | v1::PolicyChange::Unspecified => '~',
        };
        let noun = section(one.section());
        text.push_str(format!("{sign} {noun} {}", one.id).trim_end());
        text.push('\n');
        for key in &one.keys {
            text.push_str(&format!("    {}\n", key_change(key, one.change())));
        }
    }
    if found.differences.is_empty() {
        text.push_str(&format!("versions {} and {} say the same\n", found.from_version, found.to_version));
    }
    text
}

fn key_change(key: &v1::PolicyKeyChange, change: v1::PolicyChange) -> String {
    let name = &key.key;
    let members = |sign: &str, members: &[String]| -> Vec<String> {
        members.iter().map(|member| format!("{sign}{member}")).collect()
    };
    match (&key.before, &key.after) {
        (Some(before), Some(after)) => format!("{name}: {before} -> {after}"),
        (None, Some(after)) if change == v1::PolicyChange::Changed => format!("{name}: (none) -> {after}"),
        (Some(before), None) if change == v1::PolicyChange::Changed => format!("{name}: {before} -> (none)"),
        (None, Some(value)) | (Some(value), None) => format!("{name}: {value}"),
        (None, None) if change == v1::PolicyChange::Changed => {
            let both = [members("+", &key.added), members("-", &key.removed)].concat();
            format!("{name}: {}", both.join(" "))
        }
        (None, None) => {
            let all = [members("", &key.added), members("", &key.removed)].concat();
            format!("{name}: {}", all.join(", "))
        }
    }
}

/// What a part of a section is called.
pub fn section(section: v1::PolicySection) -> String {
    let name = section.as_str_name();
    name.strip_prefix("POLICY_SECTION_").unwrap_or(name).to_lowercase().replace('_', " ")
}
