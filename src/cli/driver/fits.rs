//! What fits into this machine: studies that hold numbers of every world are refused before they are played where their memory is larger.

use crate::error::Error;
use crate::study::pieces::Study;
use std::fs;

/// A number is held, and once more while its quantiles are found.
const BYTES_A_NUMBER: u64 = 16;

/// Memory where the system does not say how much there is.
const UNKNOWN_MEMORY: u64 = 16 << 30;

/// An error that says how many worlds fit, where those of a study do not.
pub fn check(study: &impl Study) -> Result<(), Error> {
    let needs = study.held().saturating_mul(BYTES_A_NUMBER);
    let memory = memory();
    if needs <= memory {
        return Ok(());
    }
    let worlds = study.identity().trials;
    Err(Error::Memory {
        worlds,
        needs,
        memory,
        most: most(worlds, needs, memory),
    })
}

/// How many worlds fit, in two digits.
fn most(worlds: u64, needs: u64, memory: u64) -> u64 {
    let fit = (worlds as f64 * (memory as f64 / needs as f64)) as u64;
    let digits = 10u64.pow(fit.max(1).ilog10().saturating_sub(1));
    (fit / digits * digits).max(1)
}

/// Bytes that this program may have.
fn memory() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok();
    let machine = machine.and_then(|text| total(&text));
    let group = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let group = group.and_then(|text| text.trim().parse().ok());
    let known = [machine, group].into_iter().flatten().min();
    known.unwrap_or(UNKNOWN_MEMORY)
}

/// `MemTotal` of /proc/meminfo, in bytes.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib: u64 = line?.trim().trim_end_matches("kB").trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_what_fits() {
        let text = "MemTotal:       16384000 kB\nMemFree: 1 kB\n";
        assert_eq!(total(text), Some(16_777_216_000));
        assert_eq!(total("MemFree: 1 kB"), None);
        assert_eq!(most(1_000_000, 1 << 40, 1 << 38), 250_000);
        assert_eq!(most(u64::MAX, u64::MAX, 123_456), 120_000);
        assert_eq!(most(3, 1 << 40, 1), 1);
    }
}
