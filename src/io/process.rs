//! What a process uses: processor time, memory, open files, threads.
//!
//! On Linux a few small files of `/proc` are read (proc(5)); elsewhere the `sysinfo` crate asks the system.

/// What a process uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Processor time since its start, user and system, s.
    pub cpu_s: f64,
    /// Memory it holds, bytes.
    pub rss_bytes: u64,
    /// Open files and sockets, where the system tells.
    pub open_files: Option<u64>,
    /// Threads, where the system tells.
    pub threads: Option<u64>,
}

/// What this process uses; `None` if the system does not tell.
#[must_use]
pub fn own() -> Option<Usage> {
    of(std::process::id())
}

/// What the process with this id uses; `None` if it is gone or the system does not tell.
#[must_use]
pub fn of(pid: u32) -> Option<Usage> {
    system::of(pid)
}

/// Bytes that a program of this user can still write where `path` lies; `None` if the system does not tell.
#[must_use]
pub fn free_space(path: &std::path::Path) -> Option<u64> {
    // Windows would answer with a path of another form than its disks have.
    let path = if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() }.ok()?;
    let disks = sysinfo::Disks::new_with_refreshed_list();
    let holding = disks.iter().filter(|disk| path.starts_with(disk.mount_point()));
    holding.max_by_key(|disk| disk.mount_point().as_os_str().len()).map(sysinfo::Disk::available_space)
}

/// Raises this process's limit on open files to `wanted`, or as far as the system lets it: desktops start programs with
/// 1024, which two thousand devices exceed. Returns the limit that holds; `None` where there is none to raise.
#[cfg(unix)]
#[must_use]
pub fn raise_file_limit(wanted: u64) -> Option<u64> {
    rlimit::increase_nofile_limit(wanted).ok()
}

/// Sockets are not files here, and not limited like them.
#[cfg(not(unix))]
#[must_use]
pub fn raise_file_limit(_wanted: u64) -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
mod system {
    use super::Usage;

    /// `USER_HZ`, the unit of times in `/proc/PID/stat`: 100 on every architecture that Linux has for us (proc(5)).
    const TICKS_PER_S: f64 = 100.0;

    pub(super) fn of(pid: u32) -> Option<Usage> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let open_files = std::fs::read_dir(format!("/proc/{pid}/fd")).ok().map(|files| files.count() as u64);
        Some(Usage {
            cpu_s: cpu_s(&stat)?,
            rss_bytes: number_of(&status, "VmRSS:").unwrap_or(0) * 1024,
            open_files,
            threads: number_of(&status, "Threads:"),
        })
    }

    /// Fields 14 and 15 of `/proc/PID/stat`, counted behind the name, which may hold blanks and parentheses.
    fn cpu_s(stat: &str) -> Option<f64> {
        let (_, behind_name) = stat.rsplit_once(')')?;
        let mut fields = behind_name.split_ascii_whitespace().skip(11);
        let user: f64 = fields.next()?.parse().ok()?;
        let system: f64 = fields.next()?.parse().ok()?;
        Some((user + system) / TICKS_PER_S)
    }

    fn number_of(status: &str, name: &str) -> Option<u64> {
        let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
        rest.split_ascii_whitespace().next()?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        use super::{cpu_s, number_of};

        #[test]
        fn a_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
            let stat = "42 (a ) (b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 3 0 99 1000 200";
            assert_eq!(cpu_s(stat), Some(2.0));
            assert_eq!(cpu_s("42 (short) S 1"), None);
        }

        #[test]
        fn numbers_are_found_by_name() {
            let status = "Name:\tx\nVmRSS:\t    1234 kB\nThreads:\t7\n";
            assert_eq!(number_of(status, "VmRSS:"), Some(1234));
            assert_eq!(number_of(status, "Threads:"), Some(7));
            assert_eq!(number_of(status, "VmSwap:"), None);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    use super::Usage;

    pub(super) fn of(pid: u32) -> Option<Usage> {
        let pid = Pid::from_u32(pid);
        let mut system = System::new();
        let wanted = ProcessRefreshKind::nothing().with_cpu().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, wanted);
        let process = system.process(pid)?;
        Some(Usage {
            cpu_s: process.accumulated_cpu_time() as f64 / 1000.0,
            rss_bytes: process.memory(),
            open_files: process.open_files().map(|n| n as u64),
            threads: None,
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_process_uses_something() {
        let usage = super::own().expect("the system tells");
        assert!(usage.rss_bytes > 100_000 && usage.cpu_s >= 0.0);
        assert_eq!(super::of(u32::MAX), None);
    }
}
