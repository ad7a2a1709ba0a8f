//! Processes that meet at the same shard: what one of them has finished stays.

use super::{Place, SCENARIO, files};
use crate::support::program::{check, ended, interrupt, root, started};
use mufakat::cli::args::shard::Shard;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

/// The file beside a shard, once it is as long as the shard.
fn written(child: &mut Child, shards: &Path, length: u64) -> Option<PathBuf> {
    while child.try_wait().expect("a child").is_none() {
        let entries = fs::read_dir(shards).into_iter().flatten().flatten();
        let mut paths = entries.map(|entry| entry.path());
        let is_it = |path: &PathBuf| {
            path.extension().is_some_and(|ending| ending == "tmp")
                && fs::metadata(path).is_ok_and(|it| it.len() == length)
        };
        if let Some(path) = paths.find(is_it) {
            return Some(path);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    None
}

/// Who finds a damaged shard in its place takes it away alone: what another puts there meanwhile is not taken away with it.
#[test]
fn two_that_mend_the_same_shard() {
    let place = Place::new();
    let plan = place.played("200", "0/1");
    let path = plan.path.to_str().expect("UTF-8");
    let shard = plan
        .store
        .file(&plan.store.shard(Shard { index: 0, of: 1 }));
    let whole = fs::read(&shard).expect("readable");
    let mut damaged = whole.clone();
    damaged[5000] ^= 1;
    fs::write(&shard, &damaged).expect("writable");
    // Another mends it.
    let lock = File::create(shard.with_extension("lock")).expect("writable");
    lock.lock().expect("nobody else has it");
    let mut child = started(root(), &["run", path, "--shard", "0/1"]);
    written(&mut child, &plan.store.folder, whole.len() as u64).expect("it waits");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(fs::read(&shard).expect("it is there"), damaged);
    fs::write(&shard, &whole).expect("writable");
    drop(lock);
    let err = ended(child, 0);
    assert!(err.contains("was there already, the same"), "{err}");
    assert_eq!(fs::read(&shard).expect("it is there"), whole);
    let left = fs::read_dir(plan.store.folder).expect("readable").count();
    assert_eq!(left, 1, "neither lock nor half a file stays");
}

/// A merge removes what was left behind, and nothing that is being written.
#[test]
fn a_merge_leaves_shards_under_way_alone() {
    let place = Place::new();
    let plan = place.played("20", "0/1");
    let path = plan.path.to_str().expect("UTF-8");
    let beside = |name| {
        let shard = plan
            .store
            .file(&plan.store.shard(Shard { index: 0, of: 2 }));
        shard.with_extension(format!("{name}.tmp"))
    };
    let (under_way, left) = (beside("1"), beside("2"));
    let file = File::create(&under_way).expect("writable");
    file.lock().expect("nobody else has it");
    fs::write(&left, "half").expect("writable");
    check(&["merge", path, "-q", "-o", &place.at("merged")], 0);
    assert!(under_way.exists() && !left.exists());
}

/// A shard that somebody takes away between two looks is missing, and no error.
#[test]
fn a_shard_that_goes() {
    let place = Place::new();
    let plan = place.played("200", "0/2");
    let path = plan.path.to_str().expect("UTF-8");
    // Listed, and not there when it is opened.
    let gone = plan
        .store
        .file(&plan.store.shard(Shard { index: 1, of: 2 }));
    std::os::unix::fs::symlink(place.at("nothing"), &gone).expect("writable");
    let (out, _) = check(&["status", path], 1);
    assert!(out.contains("72 of 200 worlds are missing"), "{out}");
}

/// A shard of any study that a signal ends is not kept, and says so.
#[test]
fn an_interrupted_shard() {
    for study in [
        &["run", SCENARIO, "-n", "60000"][..],
        &["sensitivity", SCENARIO, "--method", "delta", "-n", "60000"],
        &["stability", "core-three", "-n", "20000"],
    ] {
        let place = Place::new();
        let path = place.planned(study);
        let mut child = started(root(), &["run", &path, "--shard", "0/1"]);
        let shards = Path::new(&path).join("shards");
        while !shards.exists() && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        interrupt(&child);
        let err = ended(child, 130);
        assert!(
            err.contains("shard 0/1 is not kept, play it again")
                && err.contains("interrupted after"),
            "{err}"
        );
        assert!(files(&shards).is_empty());
    }
}
