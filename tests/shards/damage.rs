//! What goes wrong with shards: each is found and named, and nothing is merged wrongly.

use super::{Place, SCENARIO, files, play};
use crate::support::program::{check, ended, output, path, root, started};
use mufakat::cli::args::shard::Shard;
use mufakat::cli::cluster::plan::Plan;
use mufakat::cli::store::file::{Writer, Written};
use serde_json::Value;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

const STUDY: [&str; 4] = ["run", SCENARIO, "-n", "300"];

/// A plan that is played whole in three shards, with the bytes of one machine.
fn played() -> (Place, String, Vec<PathBuf>) {
    let place = Place::new();
    check(&[&STUDY[..], &["-q", "-o", &place.at("whole")]].concat(), 0);
    let plan = place.planned(&STUDY);
    for shard in ["0/3", "1/3", "2/3"] {
        play(&plan, shard);
    }
    let shards = shards(&plan);
    assert_eq!(shards.len(), 3);
    (place, plan, shards)
}

fn shards(plan: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(plan).join("shards")).expect("a directory");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    paths
}

#[track_caller]
fn merges_to_the_same(place: &Place, plan: &str) {
    let merged = place.at("merged");
    check(&["merge", plan, "-q", "-o", &merged, "--force"], 0);
    let (merged, whole) = (
        files(Path::new(&merged)),
        files(Path::new(&place.at("whole"))),
    );
    assert_eq!(merged, whole);
}

/// A damaged second shard is named by status and merge, played again by its number, and then all is well.
#[track_caller]
fn found_and_mended(damage: impl Fn(&Path), reason: &str) {
    let (place, plan, shards) = played();
    damage(&shards[1]);
    let name = shards[1].to_str().expect("UTF-8");
    let (out, _) = check(&["status", &plan], 1);
    assert!(out.contains(reason), "{out}");
    assert_eq!(out.matches(name).count(), 1, "it is named once\n{out}");
    let merged = place.at("merged");
    let (_, err) = check(&["merge", &plan, "-o", &merged], 4);
    assert!(err.contains(name) && err.contains(reason), "{err}");
    assert!(!Path::new(&merged).exists(), "nothing is merged");
    let said = play(&plan, "1/3");
    assert!(said.contains("played again"), "{said}");
    check(&["status", &plan], 0);
    merges_to_the_same(&place, &plan);
}

#[test]
fn a_shard_cut_short() {
    for left in [0, 40, 1000] {
        let cut = |path: &Path| {
            let file = File::options().write(true).open(path).expect("writable");
            file.set_len(left).expect("writable");
        };
        found_and_mended(cut, "cut short");
    }
    let cut = |path: &Path| {
        let bytes = fs::read(path).expect("readable");
        fs::write(path, &bytes[..bytes.len() - 1]).expect("writable");
    };
    found_and_mended(cut, "cut short or its end is damaged");
}

#[test]
fn a_bit_flipped() {
    for (at, reason) in [
        (3, "its start is damaged"),
        (20, "another plan"),
        (50, "its name does not fit"),
        // Shard 1 of 3 has block 1 alone.
        (
            75,
            "worlds 64 to 127 do not fit their checksum (the block at byte 72)",
        ),
        (
            5000,
            "worlds 64 to 127 do not fit their checksum (the block at byte 72)",
        ),
    ] {
        let flip = |path: &Path| {
            let mut bytes = fs::read(path).expect("readable");
            bytes[at] ^= 4;
            fs::write(path, bytes).expect("writable");
        };
        found_and_mended(flip, reason);
    }
}

#[test]
fn a_shard_of_another_plan_or_place() {
    let other = Place::new();
    let of_other = other.planned(&["run", SCENARIO, "-n", "301"]);
    play(&of_other, "1/3");
    let foreign = shards(&of_other).remove(0);
    found_and_mended(
        |path| fs::copy(&foreign, path).map(|_| ()).expect("writable"),
        "it belongs to another plan",
    );
    let (_place, _, shards) = played();
    let first = fs::read(&shards[0]).expect("readable");
    found_and_mended(
        |path| fs::write(path, &first).expect("writable"),
        "its name does not fit what it holds",
    );
}

#[test]
fn a_plan_of_another_version_or_altered() {
    let (_place, plan, _) = played();
    let path = Path::new(&plan).join("plan.json");
    let text = fs::read_to_string(&path).expect("readable");
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    value["plan"]["version"] = "0.0.9".into();
    fs::write(&path, value.to_string()).expect("writable");
    let merge = ["merge", &plan, "-o", "nowhere"];
    for args in [
        &["run", &plan, "--shard", "0/3"][..],
        &["status", &plan],
        &merge,
    ] {
        let (_, err) = check(args, 4);
        assert!(
            err.contains("was planned by mufakat 0.0.9, and this is mufakat"),
            "{err}"
        );
    }
    let altered = text.replacen("\"count\": 300", "\"count\": 200", 1);
    assert_ne!(altered, text);
    fs::write(&path, altered).expect("writable");
    let (_, err) = check(&["status", &plan], 4);
    assert!(err.contains("altered since it was made"), "{err}");
    fs::write(&path, &text[..text.len() / 2]).expect("writable");
    let (_, err) = check(&["status", &plan], 4);
    assert!(err.contains("not whole or not ours"), "{err}");
}

/// A plan whose texts this program reads otherwise than the one that planned it: all that it says fits together, but not the study.
#[test]
fn a_plan_of_another_program_of_the_same_version() {
    for study in [
        &STUDY[..],
        &[
            "sweep",
            SCENARIO,
            "-n",
            "5",
            "--vary",
            "market.diversion=0,1",
        ],
        &["sensitivity", SCENARIO, "--method", "delta", "-n", "64"],
        &["stability", "core-three", "-n", "20"],
    ] {
        let place = Place::new();
        let plan = place.planned(study);
        let path = Path::new(&plan).join("plan.json");
        let text = fs::read_to_string(&path).expect("readable");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        let rehashed = |value: &mut Value| {
            let hash = blake3::hash(value["plan"].to_string().as_bytes());
            value["hash"] = hash.to_hex().as_str().into();
            fs::write(&path, value.to_string()).expect("writable");
        };
        rehashed(&mut value);
        play(&plan, "0/1");
        value["plan"]["identity"]["scenario_sha256"] = "00".repeat(32).into();
        rehashed(&mut value);
        let words = "is read otherwise by this program than by the one that planned it";
        let (_, err) = check(&["run", &plan], 4);
        assert!(err.contains(words), "{err}");
        // Shards that such a program played are not merged either.
        let altered = Plan::load(Path::new(&plan)).expect("it fits together");
        let shard = Shard { index: 0, of: 1 };
        let mut writer =
            Writer::create(&altered.store, altered.store.shard(shard)).expect("writable");
        for _ in altered.store.range(shard) {
            writer.push(b"piece").expect("writable");
        }
        writer.finish().expect("writable");
        let merged = place.at("merged");
        let (_, err) = check(&["merge", &plan, "-o", &merged], 4);
        assert!(err.contains(words), "{err}");
        assert!(!Path::new(&merged).exists());
    }
}

/// Files that a complete plan does not need are named, and are no failure.
#[test]
fn what_lies_beside_a_complete_plan() {
    let (place, plan, known) = played();
    let other = Place::new();
    let of_other = other.planned(&["run", SCENARIO, "-n", "301"]);
    play(&of_other, "1/3");
    let foreign = shards(&of_other).remove(0);
    let beside = Path::new(&plan)
        .join("shards")
        .join(foreign.file_name().expect("a name"));
    fs::copy(&foreign, &beside).expect("writable");
    let finer = known[0].with_file_name(
        known[0]
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .replace("0-of-3", "0-of-5"),
    );
    fs::write(&finer, "half").expect("writable");
    let (out, _) = check(&["status", &plan], 0);
    assert!(out.contains("All 300 worlds are there"), "{out}");
    assert!(
        out.contains("Files of another plan, which are not used: 1\n"),
        "{out}"
    );
    assert_eq!(
        out.matches("0-of-5.shard is damaged: it is cut short")
            .count(),
        1,
        "{out}"
    );
    let (out, _) = check(&["status", &plan, "--json"], 0);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["damaged"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["of_other_plans"].as_array().map(Vec::len), Some(1));
    let (_, err) = check(&["merge", &plan, "-o", &place.at("merged")], 0);
    assert!(
        err.contains("0-of-5.shard is damaged: it is cut short; not needed"),
        "{err}"
    );
    merges_to_the_same(&place, &plan);
    // A plan that is replaced leaves shards of the one before.
    check(
        &[
            "plan", "run", SCENARIO, "-n", "302", "-q", "-o", &plan, "--force",
        ],
        0,
    );
    let (out, _) = check(&["status", &plan], 1);
    assert!(!out.contains("damaged"), "{out}");
    assert!(
        out.contains("Files of another plan, which are not used: 5\n"),
        "{out}"
    );
}

/// A shard that pretends to be the first of three.
fn forged(plan: &Plan, piece: &[u8]) -> Writer {
    let shard = Shard { index: 0, of: 3 };
    let mut writer = Writer::create(&plan.store, plan.store.shard(shard)).expect("writable");
    for _ in plan.store.range(shard) {
        writer.push(piece).expect("writable");
    }
    writer
}

#[test]
fn a_second_completion_is_the_same_or_an_error_that_names_both() {
    let place = Place::new();
    let path = place.planned(&STUDY);
    let plan = Plan::load(Path::new(&path)).expect("a plan");
    let [first, second, third] = [b"one", b"one", b"two"].map(|piece| forged(&plan, piece));
    assert_eq!(first.finish().expect("writable"), Written::New);
    let first_file = plan
        .store
        .file(&plan.store.shard(Shard { index: 0, of: 3 }));
    let bytes = fs::read(&first_file).expect("readable");
    assert_eq!(second.finish().expect("writable"), Written::Same);
    let error = third.finish().expect_err("it differs").to_string();
    let named = shards(&path);
    assert_eq!(named.len(), 2, "{named:?}");
    for name in &named {
        assert!(error.contains(name.to_str().expect("UTF-8")), "{error}");
    }
    assert_eq!(fs::read(&first_file).expect("it stays"), bytes);
    // While both are there, neither is believed.
    for args in [&["status", &path][..], &["merge", &path, "-o", "nowhere"]] {
        let (_, err) = check(args, 4);
        assert!(
            named
                .iter()
                .all(|name| err.contains(name.to_str().expect("UTF-8"))),
            "{err}"
        );
    }
}

/// Shards of different cuts hold some of the same blocks, which must agree.
#[test]
fn shards_that_contradict_each_other() {
    let place = Place::new();
    let path = place.planned(&STUDY);
    let plan = Plan::load(Path::new(&path)).expect("a plan");
    forged(&plan, b"wrong").finish().expect("writable");
    play(&path, "0/2");
    let (_, err) = check(&["status", &path], 4);
    assert!(
        err.contains("hold different numbers for the same pieces"),
        "{err}"
    );
    assert!(
        err.contains("0-of-2.shard") && err.contains("0-of-3.shard"),
        "{err}"
    );
    // A small one within a large one, with others between them in order.
    let place = Place::new();
    let path = place.planned(&STUDY);
    let plan = Plan::load(Path::new(&path)).expect("a plan");
    for shard in ["0/1", "0/5", "1/5"] {
        play(&path, shard);
    }
    check(&["status", &path], 0);
    let small = Shard { index: 3, of: 5 };
    let mut writer = Writer::create(&plan.store, plan.store.shard(small)).expect("writable");
    for _ in plan.store.range(small) {
        writer.push(b"wrong").expect("writable");
    }
    writer.finish().expect("writable");
    let (_, err) = check(&["status", &path], 4);
    assert!(
        err.contains("0-of-1.shard") && err.contains("3-of-5.shard"),
        "{err}"
    );
}

#[test]
fn two_machines_with_the_same_shard_at_once() {
    let (place, plan, known) = played();
    let before = fs::read(&known[0]).expect("readable");
    fs::remove_file(&known[0]).expect("it was there");
    let play = ["run", &plan, "--shard", "0/3", "-j", "1"];
    let both = [started(root(), &play), started(root(), &play)];
    for child in both {
        ended(child, 0);
    }
    assert_eq!(shards(&plan), known, "nothing else is left");
    assert_eq!(fs::read(&known[0]).expect("readable"), before);
    merges_to_the_same(&place, &plan);
}

/// As where a disk is full: the file may not grow beyond 8 KiB.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_no_more() {
    let (place, plan, known) = played();
    fs::remove_file(&known[2]).expect("it was there");
    let limited = format!(
        "trap '' XFSZ; ulimit -f 8; exec '{}' run '{plan}' --shard 2/3",
        path()
    );
    let (code, _, err) = output(Command::new("bash").args(["-c", &limited]));
    assert_eq!(code, 4, "{err}");
    assert!(
        err.contains("cannot write") && err.contains("file too large"),
        "{err}"
    );
    assert_eq!(shards(&plan), &known[..2], "no half file is left");
    check(&["run", &plan, "-q"], 0);
    merges_to_the_same(&place, &plan);
    let place = Place::new();
    let plan = place.planned(&STUDY);
    fs::write(Path::new(&plan).join("shards"), "a file").expect("writable");
    let (_, err) = check(&["run", &plan, "--shard", "0/3"], 4);
    assert!(
        err.contains("cannot write") && err.contains("shards"),
        "{err}"
    );
}

/// A file system of 64 KiB where shards or results go, where this user may mount one.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn a_disk_that_is_full() {
    let (place, plan, _) = played();
    let program = path();
    let on_small = |folder: &str, command: &str| {
        let script = format!("mount -t tmpfs -o size=64k none '{folder}' || exit 99; {command}");
        let output = Command::new("unshare")
            .args(["--mount", "sh", "-c", &script])
            .output();
        output
            .ok()
            .filter(|output| output.status.code() != Some(99))
    };
    let shards = format!("{plan}/shards");
    if on_small(&shards, "true").is_none_or(|output| !output.status.success()) {
        eprintln!("skipped: this user may not mount a file system");
        return;
    }
    let results = place.at("small");
    fs::create_dir(&results).expect("writable");
    for (folder, command) in [
        (&shards, format!("run '{plan}' --shard 0/3")),
        (&results, format!("merge '{plan}' -q -o '{results}/out'")),
    ] {
        let left =
            format!("find '{folder}' -name '*.shard' -o -name '*.tmp' -o -name results.json");
        let command = format!("'{program}' {command}; code=$?; {left}; exit $code");
        let output = on_small(folder, &command).expect("it was mounted before");
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(4), "{err}");
        let names = err.contains("cannot write") && err.contains(folder.as_str());
        assert!(names && err.contains("no space left"), "{err}");
        assert_eq!(out, "", "nothing is left that looks whole");
    }
    merges_to_the_same(&place, &plan);
}

#[test]
fn a_shard_that_was_killed() {
    let place = Place::new();
    let study = ["run", SCENARIO, "-n", "60000"];
    let plan = place.planned(&study);
    let mut child = started(root(), &["run", &plan, "--shard", "0/1"]);
    let directory = Path::new(&plan).join("shards");
    let has_begun = || {
        let mut entries = fs::read_dir(&directory).into_iter().flatten();
        entries.any(|entry| entry.is_ok_and(|entry| entry.metadata().is_ok_and(|it| it.len() > 0)))
    };
    while !has_begun() && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ends");
    let (out, _) = check(&["status", &plan], 1);
    assert!(out.contains("60,000 of 60,000 worlds are missing"), "{out}");
    assert!(
        out.contains("Shards under way, or left unfinished, which merging removes: 1"),
        "{out}"
    );
    let (json, _) = check(&["status", &plan, "--json"], 1);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["done"], 0);
    assert_eq!(json["missing"], serde_json::json!([[0, 60000]]));
    assert_eq!(json["unfinished"].as_array().map(Vec::len), Some(1));
}

/// Files from before the clock was set, and from after it jumped ahead.
#[test]
fn clocks_that_jump() {
    let (place, plan, shards) = played();
    fs::remove_file(&shards[1]).expect("it was there");
    let epoch = SystemTime::UNIX_EPOCH;
    for (path, days) in [(&shards[0], 1), (&shards[2], 60_000)] {
        let time = epoch + Duration::from_secs(days * 86_400);
        let file = File::options().write(true).open(path).expect("writable");
        let times = FileTimes::new().set_modified(time).set_accessed(time);
        file.set_times(times).expect("writable");
    }
    play(&plan, "1/3");
    check(&["status", &plan], 0);
    merges_to_the_same(&place, &plan);
}
