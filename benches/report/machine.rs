//! On which machine, and how busy was it?

use std::fs::read_to_string;

use super::figures::Figures;

/// Processor, memory and kernel, as the system states them.
pub fn put(figures: &mut Figures) {
    let processors = read_to_string("/proc/cpuinfo").unwrap();
    let model = field(&processors, "model name").unwrap_or("unknown");
    figures.text("machine", model);
    figures.integer("processors", u64::try_from(processors.matches("processor\t").count()).unwrap());
    let memory = read_to_string("/proc/meminfo").unwrap();
    figures.integer("memory_mb", kilobytes(&memory, "MemTotal") * 1_024 / 1_000_000);
    figures.integer("last_cache_mb", u64::try_from(last_cache_bytes() >> 20).unwrap());
    figures.text("kernel", read_to_string("/proc/sys/kernel/osrelease").unwrap().trim());
}

/// Runnable processes over the last minute, on average.
pub fn load_average() -> String {
    read_to_string("/proc/loadavg").unwrap().split(' ').next().unwrap().to_owned()
}

/// The last level of cache, as the system states it; 64 MiB where it does not.
pub fn last_cache_bytes() -> usize {
    const KNOWN_TO_NOBODY: usize = 64 << 20;
    let size = |level: u32| {
        let text = read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{level}/size")).ok()?;
        text.trim().strip_suffix('K')?.parse::<usize>().ok().map(|kilobytes| kilobytes << 10)
    };
    (0..8).filter_map(size).max().unwrap_or(KNOWN_TO_NOBODY)
}

/// The processors that this process may run on.
pub fn processors() -> Vec<String> {
    let status = read_to_string("/proc/self/status").unwrap();
    let allowed = field(&status, "Cpus_allowed_list").unwrap();
    allowed
        .split(',')
        .flat_map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            first.parse::<u32>().unwrap()..=last.parse().unwrap()
        })
        .map(|number| number.to_string())
        .collect()
}

/// Most memory that a process ever had resident, in bytes.
pub fn peak_bytes(process: u32) -> u64 {
    kilobytes(&read_to_string(format!("/proc/{process}/status")).unwrap(), "VmHWM") * 1_024
}

/// Memory that a process has resident now, in bytes.
pub fn resident_bytes(process: u32) -> u64 {
    kilobytes(&read_to_string(format!("/proc/{process}/status")).unwrap(), "VmRSS") * 1_024
}

/// What a process has open: table files of its store, and all else (sockets, logs, and files that were removed meanwhile).
pub fn open_files(process: u32) -> (u64, u64) {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    // One may be closed between the two questions.
    let named = open.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    let (tables, others): (Vec<_>, Vec<_>) =
        named.partition(|file| file.extension().is_some_and(|extension| extension == "sst"));
    (u64::try_from(tables.len()).unwrap(), u64::try_from(others.len()).unwrap())
}

/// Threads of a process.
pub fn threads(process: u32) -> u64 {
    field(&read_to_string(format!("/proc/{process}/status")).unwrap(), "Threads").unwrap().parse().unwrap()
}

fn kilobytes(text: &str, name: &str) -> u64 {
    field(text, name).unwrap().trim_end_matches(" kB").parse().unwrap()
}

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}
