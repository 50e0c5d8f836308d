//! What does a scrape tell of the process? What Linux says of it, under the names that every exporter uses.

use std::fs;
use std::time::Duration;

use super::exposition::{Page, seconds};

/// The kernel counts time for user space in hundredths of a second, on every architecture.
const TICK_MS: u64 = 10;

/// Writes what the system tells; what it does not tell is left out.
pub(super) fn write(page: &mut Page) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(kib) = field(&status, "VmRSS:") {
        page.gauge("process_resident_memory_bytes", "Resident memory.").value(kib.saturating_mul(1_024));
    }
    if let Some(kib) = field(&status, "VmSize:") {
        page.gauge("process_virtual_memory_bytes", "Virtual memory.").value(kib.saturating_mul(1_024));
    }
    if let Some(threads) = field(&status, "Threads:") {
        page.gauge("process_threads", "Threads.").value(threads);
    }
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if let Some((cpu, started)) = times(&stat) {
        page.counter("process_cpu_seconds_total", "Processor time, in user space and in the kernel.")
            .value(seconds(cpu));
        let kernel = fs::read_to_string("/proc/stat").unwrap_or_default();
        if let Some(booted) = kernel.lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok())
        {
            let at = Duration::from_secs(booted).saturating_add(started);
            page.gauge("process_start_time_seconds", "When the process began, since 1970.")
                .value(seconds(at));
        }
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        page.gauge("process_open_fds", "Open files and sockets.").value(open.count());
    }
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    if let Some(most) = field(&limits, "Max open files") {
        page.gauge("process_max_fds", "Files and sockets that may be open.").value(most);
    }
}

/// The first number behind a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// Processor time, and how long after the machine the process began.
fn times(stat: &str) -> Option<(Duration, Duration)> {
    // The name of the program stands in brackets, and may hold blanks and brackets itself.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().map(str::parse::<u64>);
    let user = fields.nth(11)?.ok()?;
    let kernel = fields.next()?.ok()?;
    let started = fields.nth(6)?.ok()?;
    let ticks = |count: u64| Duration::from_millis(count.saturating_mul(TICK_MS));
    Some((ticks(user.saturating_add(kernel)), ticks(started)))
}

#[cfg(test)]
mod tests {
    use super::{field, times};
    use std::time::Duration;

    #[test]
    fn what_the_kernel_says_is_read() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 9 0 12345 1000 2000";
        assert_eq!(times(stat), Some((Duration::from_millis(1_750), Duration::from_millis(123_450))));
        assert_eq!(times("7 (a) S 1"), None);
        assert_eq!(field("VmPeak:\t 9 kB\nVmRSS:\t  2048 kB\n", "VmRSS:"), Some(2_048));
        assert_eq!(
            field("Max open files            1024                 524288  files\n", "Max open files"),
            Some(1_024)
        );
    }
}
