//! `run` and `replay`.

use crate::support::program::{
    TABLES, UNCERTAIN as SCENARIO, check, ended, interrupt, output, path, program, root, started,
};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let run = folder.path().join("run");
    (folder, run)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Results and columns of a run.
fn contents(run: &Path) -> Vec<Vec<u8>> {
    let names = ["results.json"].into_iter().chain(TABLES);
    names
        .map(|name| fs::read(run.join(name)).expect(name))
        .collect()
}

#[test]
fn a_run_answers_first_and_warns_on_stderr() {
    let (out, err) = check(&["run", SCENARIO, "-n", "60"], 0);
    assert!(
        out.starts_with("60 worlds are too few to tell whether the states together"),
        "{out}"
    );
    let (out, _) = check(&["run", SCENARIO, "-n", "100"], 0);
    assert!(out.contains(" of 100 sampled worlds"), "{out}");
    assert!(err.contains("60 worlds are few"), "{err}");
    let (_, err) = check(&["run", SCENARIO, "-n", "60", "-q"], 0);
    assert_eq!(err, "");
}

#[test]
fn paths_are_asked_for_where_there_are_numbers() {
    for args in [
        &["list"][..],
        &["check", SCENARIO],
        &["diff", SCENARIO, SCENARIO],
        &["status", "plan"],
        &["replay", "run"],
        &["run", SCENARIO, "-n", "5", "--json"],
        &["run", SCENARIO, "-n", "5", "--dry-run"],
    ] {
        let (_, err) = check(&[args, &["--paths"]].concat(), 2);
        assert!(err.starts_with("error: --paths: "), "{err}");
    }
    let (out, _) = check(&["run", SCENARIO, "-n", "5", "--paths"], 0);
    assert!(out.contains("path in results.json"), "{out}");
}

#[test]
fn json_is_the_document_and_nothing_else() {
    let (out, _) = check(&["run", SCENARIO, "-n", "20", "--json"], 0);
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let manifest = &document["manifest"];
    assert_eq!(manifest["trials"], 20);
    assert_eq!(manifest["seed"], 7);
    assert_eq!(manifest["scenario_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(document["comparisons"].as_array().map(Vec::len), Some(6));
    let payoff = &document["arms"]["bloc"]["states"]["A"]["payoff"];
    let keys: Vec<&String> = payoff.as_object().expect("a map").keys().collect();
    let expected = [
        "mean", "sd", "se", "p05", "p25", "p50", "p75", "p95", "min", "max",
    ];
    assert_eq!(keys, expected);
    let (single, _) = check(&["run", SCENARIO, "-n", "1", "--json"], 0);
    let document: serde_json::Value = serde_json::from_str(&single).expect("JSON");
    assert!(document["arms"]["bloc"]["states"]["A"]["payoff"]["sd"].is_null());
}

#[test]
fn a_directory_is_whole_and_the_same_on_any_threads() {
    let (_folder, run) = folder();
    let other = run.with_file_name("other");
    check(&["run", SCENARIO, "-o", text(&run), "-j", "1"], 0);
    check(&["run", SCENARIO, "-o", text(&other), "-j", "3"], 0);
    assert!(contents(&run) == contents(&other));
    assert!(!run.join("blocks").exists());
    let (printed, _) = check(&["run", SCENARIO, "--json"], 0);
    let stored = fs::read_to_string(run.join("results.json")).expect("results");
    assert!(printed == stored);
    let manifest = fs::read_to_string(run.join("manifest.json")).expect("manifest");
    assert!(manifest.contains("wall_time_s") && manifest.contains("command_line"));
    let trials = fs::read_to_string(run.join("trials.csv")).expect("trials");
    assert_eq!(trials.lines().count(), 1 + 200 * 4 * 2);
    // The resolved scenario runs by itself, to the same numbers.
    let resolved = run.join("scenario.resolved.toml");
    let (again, _) = check(&["run", text(&resolved), "--json"], 0);
    assert!(again == stored);
}

#[test]
fn summary_keeps_draws_alone() {
    let (_folder, run) = folder();
    check(&["run", SCENARIO, "-o", text(&run), "--keep", "summary"], 0);
    assert!(run.join("draws.csv").exists() && !run.join("trials.csv").exists());
    check(&["replay", text(&run)], 0);
}

#[test]
fn a_directory_in_use_is_not_overwritten() {
    let (folder, run) = folder();
    let out = text(&run);
    // An empty directory is fine.
    check(&["run", SCENARIO, "-o", text(folder.path())], 0);
    let (_, err) = check(&["run", SCENARIO, "-o", text(folder.path())], 4);
    assert!(
        err.contains("--resume continues it, --force replaces it"),
        "{err}"
    );
    fs::create_dir(&run).expect("writable");
    fs::write(run.join("thesis.doc"), "ten years of work").expect("writable");
    for flag in ["--force", "--resume"] {
        let (_, err) = check(&["run", SCENARIO, "-o", out, flag], 4);
        assert!(err.contains("it stays as it is"), "{err}");
    }
    assert!(run.join("thesis.doc").exists());
    // Replacing removes the files of a run and no others.
    let mine = folder.path().join("mine.txt");
    fs::write(&mine, "keep me").expect("writable");
    check(
        &[
            "run",
            SCENARIO,
            "-n",
            "30",
            "-o",
            text(folder.path()),
            "--force",
        ],
        0,
    );
    assert!(mine.exists());
    let file = folder.path().join("results.json");
    check(&["run", SCENARIO, "-o", text(&file)], 4);
}

#[test]
fn a_run_that_ended_early_is_resumed_to_the_same_bytes() {
    let (_folder, run) = folder();
    let whole = run.with_file_name("whole");
    let args = ["run", SCENARIO, "-n", "9000", "-q"];
    check(&[&args[..], &["-o", text(&whole)]].concat(), 0);
    fs::create_dir(&run).expect("writable");
    fs::copy(whole.join("manifest.json"), run.join("manifest.json")).expect("writable");
    // A run that cannot write its columns ends with its parts kept.
    fs::create_dir_all(run.join("trials.csv").join("in-the-way")).expect("writable");
    let resume = [&args[..], &["-o", text(&run), "--resume"]].concat();
    let (_, err) = check(&resume, 4);
    assert!(err.contains("are kept, continue with --resume"), "{err}");
    assert!(!run.join("results.json").exists());
    fs::remove_dir_all(run.join("trials.csv")).expect("removable");
    // Half of the parts are lost, the one before is damaged.
    let mut parts: Vec<PathBuf> = fs::read_dir(run.join("blocks"))
        .expect("blocks")
        .map(|entry| entry.expect("entry").path())
        .collect();
    parts.sort();
    assert!(parts.len() >= 3, "{parts:?}");
    fs::remove_file(parts.last().expect("several")).expect("removable");
    let damaged = &parts[parts.len() - 2];
    let mut bytes = fs::read(damaged).expect("readable");
    bytes[100] ^= 1;
    fs::write(damaged, bytes).expect("writable");
    check(&resume, 0);
    assert!(contents(&run) == contents(&whole));
    let manifest = fs::read_to_string(run.join("manifest.json")).expect("manifest");
    assert!(!manifest.contains("\"resumed_from\": 0"), "{manifest}");
    // Complete now: nothing to do, and another question is not mixed in.
    check(&resume, 0);
    let (_, err) = check(
        &["run", SCENARIO, "-n", "10", "-o", text(&run), "--resume"],
        4,
    );
    assert!(
        err.contains("its number of worlds is 9,000, not 10"),
        "{err}"
    );
}

#[cfg(unix)]
#[test]
fn a_signal_ends_with_130_and_what_is_done_is_kept() {
    let (_folder, run) = folder();
    for out in [true, false] {
        let args = ["run", SCENARIO, "-n", "100000000", "-j", "1"];
        let place = ["-o", text(&run)];
        let place = if out { &place[..] } else { &[] };
        let child = started(root(), &[&args[..], place].concat());
        std::thread::sleep(std::time::Duration::from_millis(1500));
        interrupt(&child);
        let err = ended(child, 130);
        let kept = if out {
            "continue with --resume"
        } else {
            "nothing is kept without --out"
        };
        assert!(
            err.contains("interrupted after") && err.contains(kept),
            "{err}"
        );
        // The first word after that is how many worlds were played, the others are of the same kind.
        let counts: Vec<&str> = err
            .split_whitespace()
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        let number = |text: &str| text.replace(',', "").parse::<u64>().expect("a count");
        assert_eq!(counts[1], "100,000,000", "{err}");
        if out {
            let kept = number(counts[2]);
            assert!(kept > 0 && kept <= number(counts[0]), "{err}");
        }
    }
    assert!(run.join("blocks").exists() && !run.join("results.json").exists());
    check(&["replay", text(&run)], 4);
}

#[test]
fn replay_finds_every_changed_byte() {
    let (_folder, run) = folder();
    check(
        &[
            "run",
            SCENARIO,
            "-n",
            "50",
            "-S",
            "market.diversion=0.2",
            "-o",
            text(&run),
        ],
        0,
    );
    let (out, _) = check(&["replay", text(&run)], 0);
    assert!(out.contains("every byte of 7 files the same"), "{out}");
    for name in ["results.json", "windows.csv", "scenario.resolved.toml"] {
        let path = run.join(name);
        let good = fs::read_to_string(&path).expect("readable");
        let place = good.rfind(|c: char| c.is_ascii_digit()).expect("a digit");
        let mut bad = good.clone();
        bad.replace_range(
            place..=place,
            if good[place..].starts_with('1') {
                "2"
            } else {
                "1"
            },
        );
        fs::write(&path, bad).expect("writable");
        let (_, err) = check(&["replay", text(&run)], 1);
        assert!(err.contains(name), "{err}");
        fs::write(&path, good).expect("writable");
    }
    check(&["replay", text(&run)], 0);
    let (_, err) = check(&["replay", text(&run.with_file_name("nowhere"))], 4);
    assert!(
        err.ends_with("nowhere is not a finished run: there is no such directory\n"),
        "{err}"
    );
    let (_, err) = check(&["replay", text(&run.join("trials.csv"))], 4);
    assert!(err.contains("is a file; give the directory"), "{err}");
}

#[test]
fn what_a_finished_run_has_lost_is_restored() {
    let (_folder, run) = folder();
    let args = ["run", SCENARIO, "-n", "50", "-o", text(&run)];
    check(&[&args[..], &["--keep", "summary"]].concat(), 0);
    let whole = fs::read(run.join("results.json")).expect("results");
    let resume = [&args[..], &["--resume"]].concat();
    let (_, err) = check(&resume, 0);
    assert!(err.contains("is complete: nothing is left to do"), "{err}");
    for name in ["draws.csv", "scenario.resolved.toml"] {
        let lost = fs::read(run.join(name)).expect(name);
        fs::remove_file(run.join(name)).expect("removable");
        check(
            &["replay", text(&run)],
            if name == "draws.csv" { 1 } else { 4 },
        );
        let (_, err) = check(&resume, 0);
        assert!(err.contains(&format!("has lost `{name}`")), "{err}");
        assert!(fs::read(run.join(name)).expect(name) == lost);
        // It kept no more than before.
        assert!(!run.join("trials.csv").exists());
        assert!(fs::read(run.join("results.json")).expect("results") == whole);
        check(&["replay", text(&run)], 0);
    }
    fs::write(run.join("results.json"), &whole[..whole.len() / 2]).expect("writable");
    let (_, err) = check(&resume, 0);
    assert!(err.contains("has lost `results.json`"), "{err}");
    assert!(fs::read(run.join("results.json")).expect("results") == whole);
}

#[test]
fn what_is_complete_is_read_where_nobody_can_write() {
    let (_folder, run) = folder();
    let args = ["run", SCENARIO, "-n", "20", "-q", "-o", text(&run)];
    let (first, _) = check(&args, 0);
    // No file can be locked there, as on a disk that is only read; the superuser may write anywhere else.
    fs::create_dir(run.join("writing.lock")).expect("writable");
    let resume = [&args[..], &["--resume"]].concat();
    assert_eq!(check(&resume, 0).0, first);
    fs::remove_file(run.join("trials.csv")).expect("removable");
    let (_, err) = check(&resume, 4);
    assert!(err.contains("writing.lock"), "{err}");
}

#[test]
fn a_comparison_that_is_replaced_leaves_none_of_its_scenarios() {
    let (_folder, run) = folder();
    let out = ["-n", "5", "-q", "-o", text(&run)];
    let both = ["compare", "two-states", "core-three"];
    check(&[&both[..], &out].concat(), 0);
    assert!(run.join("core-three.resolved.toml").exists());
    check(&[&["run", SCENARIO, "--force"][..], &out].concat(), 0);
    assert!(!run.join("core-three.resolved.toml").exists());
    assert!(run.join("scenario.resolved.toml").exists());
}

#[test]
fn fail_if_judges_and_mistakes_are_usage() {
    let base = ["run", SCENARIO, "-n", "20", "-q", "--fail-if"];
    let with = |condition| [&base[..], &[condition]].concat();
    check(&with("bloc.total.payoff < -1e9"), 0);
    let (out, err) = check(&with("bloc.total.payoff > -1e9 and not 1 > 2"), 1);
    assert!(
        out.contains("worlds") && err.contains("--fail-if holds"),
        "{err}"
    );
    let (_, err) = check(&with("blok.total.payoff < 0"), 2);
    assert!(
        err.contains("did you mean `bloc`?") && err.contains("^^^^"),
        "{err}"
    );
    let (_, err) = check(&with("bilateral.total.payoff.difference < 0"), 1);
    assert!(err.contains("cannot be judged"), "{err}");
}

#[test]
fn another_reference_turns_the_question() {
    let (out, _) = check(&["run", SCENARIO, "-n", "20", "--reference", "bloc"], 0);
    assert!(out.contains("than as `bloc`"), "{out}");
    let (_, err) = check(&["run", SCENARIO, "--reference", "blok"], 2);
    assert!(err.contains("did you mean `bloc`?"), "{err}");
}

#[test]
fn a_dry_run_plays_nothing_for_long() {
    let (_folder, run) = folder();
    let args = [
        "run",
        SCENARIO,
        "-n",
        "1000000000",
        "--dry-run",
        "-o",
        text(&run),
    ];
    let (out, _) = check(&args, 0);
    for part in [
        "2 (A, B)",
        "bloc [bloc]",
        "2 of 3 years",
        "1,000,000,000",
        "worlds a second",
        " TB in the end, and ",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert!(!run.exists());
    // The estimate holds: what it says for fewer worlds is what a run writes.
    let args = ["run", SCENARIO, "-n", "500", "-q", "-o", text(&run)];
    let (out, _) = check(&[&args[..], &["--dry-run"]].concat(), 0);
    check(&args, 0);
    let files = fs::read_dir(&run).expect("a run");
    let sizes = files.map(|file| file.expect("a file").metadata().expect("its size").len());
    let kilobytes = sizes.sum::<u64>() as f64 / 1000.0;
    let said = out
        .split("disk")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().nth(1));
    let said: f64 = said.and_then(|said| said.parse().ok()).expect("a size");
    assert!(
        (1000.0 * said / kilobytes - 1.0).abs() < 0.05,
        "{kilobytes} kB: {out}"
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    for format in ["--json", "-q"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = program(root());
        let command = command.args(["run", SCENARIO, "-n", "20", format]);
        let (code, _, err) = output(command.stdout(writer));
        assert_eq!(code, 0, "{err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn numbers_that_fail_exit_with_five() {
    let (_folder, run) = folder();
    let set = "market.remote_value={ dist = \"normal\", mean = 0.5, sd = 0.2 }";
    let (_, err) = check(
        &["run", SCENARIO, "-n", "1000", "-S", set, "-o", text(&run)],
        5,
    );
    assert!(
        err.contains("market.remote_value") && err.contains("world"),
        "{err}"
    );
    assert!(!run.join("results.json").exists());
}

#[cfg(unix)]
#[test]
fn places_that_cannot_be_written_exit_with_four() {
    // /proc takes no directories from anyone, not even root.
    let (_, err) = check(&["run", SCENARIO, "-n", "5", "-o", "/proc/mufakat"], 4);
    assert!(err.contains("cannot write /proc/mufakat"), "{err}");
}

/// What somebody else writes, and what an earlier version left unfinished, is refused by name.
#[test]
fn a_directory_has_one_writer_of_one_version() {
    let (_folder, run) = folder();
    let args = ["run", SCENARIO, "-n", "20", "-q", "-o", text(&run)];
    fs::create_dir(&run).expect("writable");
    let path = run.join("writing.lock");
    let lock = fs::File::create(&path).expect("writable");
    lock.lock().expect("nobody else has it");
    fs::write(&path, "process 1 on here").expect("writable");
    let (_, err) = check(&args, 4);
    let words = "is where another command writes (process 1 on here): wait for it";
    assert!(err.contains(words), "{err}");
    drop(lock);
    check(&args, 0);
    fs::remove_file(run.join("results.json")).expect("it was there");
    fs::create_dir(run.join("blocks")).expect("writable");
    fs::write(run.join("blocks/000000000000.block"), "").expect("writable");
    let (_, err) = check(&[&args[..], &["--resume"]].concat(), 4);
    assert!(
        err.contains("what an earlier version of mufakat left unfinished"),
        "{err}"
    );
    check(&[&args[..], &["--force"]].concat(), 0);
    assert!(!run.join("blocks").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing() {
    let (_folder, run) = folder();
    let args = ["run", SCENARIO, "-n", "5000", "-q", "-o", text(&run)];
    check(&args, 0);
    let whole = contents(&run);
    fs::remove_file(run.join("results.json")).expect("removable");
    let resume = [&args[..], &["--resume"]].concat();
    // Files that may have no more than 10 MB stand for the disk: pieces fit, and the largest table does not.
    let limited = "trap '' XFSZ; ulimit -f 20000; exec \"$0\" \"$@\"";
    let mut shell = std::process::Command::new("sh");
    let shell = shell.current_dir(root()).args(["-c", limited, &path()]);
    let (code, _, err) = output(shell.args(&resume));
    assert_eq!(code, 4, "{err}");
    assert!(
        err.contains("file too large") && err.contains("are kept"),
        "{err}"
    );
    assert!(run.join("blocks/000000000000.part").exists());
    assert!(!run.join("results.json").exists());
    check(&resume, 0);
    assert!(contents(&run) == whole);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_that_is_not_built_in_says_how_to_build_it() {
    let build = "`cargo build --release --features parquet`";
    let (folder, run) = folder();
    let args = ["run", SCENARIO, "-n", "5", "-q", "-o", text(&run)];
    let asked = [&args[..], &["--format", "parquet"]].concat();
    let (_, err) = check(&asked, 2);
    assert!(err.contains("--format") && err.contains(build), "{err}");
    assert!(!run.exists());
    // A directory that a program with Parquet wrote.
    check(&args, 0);
    let manifest = run.join("manifest.json");
    let stored = fs::read_to_string(&manifest).expect("written");
    let other = stored.replace("\"csv\"", "\"parquet\"");
    let other = other.replace(".csv\"", ".parquet\"");
    assert_ne!(stored, other);
    fs::write(&manifest, other).expect("writable");
    for name in TABLES {
        let (from, to) = (run.join(name), run.join(name.replace(".csv", ".parquet")));
        fs::rename(from, to).expect("writable");
    }
    let questions = [
        &["replay", text(&run)][..],
        &["sensitivity", text(&run), "--method", "delta"],
    ];
    for question in questions {
        let (_, err) = check(question, 2);
        assert!(err.contains(build), "{err}");
    }
    // It keeps its format: nothing is left to do there, and what it lost cannot be made again.
    let resume = [&args[..], &["--resume"]].concat();
    check(&resume, 0);
    fs::remove_file(run.join("trials.parquet")).expect("it was there");
    let (_, err) = check(&resume, 2);
    assert!(err.contains(build), "{err}");
    assert!(!run.join("trials.csv").exists());
    drop(folder);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_csv_holds_and_replays() {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float64Type;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let (folder, csv) = folder();
    let parquet = folder.path().join("parquet");
    let args = ["run", SCENARIO, "-n", "40", "-q", "-o"];
    check(&[&args[..], &[text(&csv)]].concat(), 0);
    let with = [text(&parquet), "--format", "parquet"];
    check(&[&args[..], &with[..]].concat(), 0);
    check(&["replay", text(&parquet)], 0);
    // It goes on in the format of the directory.
    fs::remove_file(parquet.join("results.json")).expect("it was there");
    fs::remove_file(parquet.join("trials.parquet")).expect("it was there");
    check(&[&args[..], &[text(&parquet), "--resume"]].concat(), 0);
    for name in TABLES {
        let stem = name.trim_end_matches(".csv");
        assert!(!parquet.join(name).exists(), "{name}");
        let file = fs::File::open(parquet.join(format!("{stem}.parquet"))).expect(stem);
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
        let batches = reader.build().expect("Parquet");
        let batches: Vec<_> = batches.map(|batch| batch.expect("whole")).collect();
        let lines = fs::read_to_string(csv.join(name)).expect(name);
        let mut lines = lines.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let schema = batches[0].schema();
        let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
        assert_eq!(names, header, "{name}");
        let last = batches[0]
            .column(header.len() - 1)
            .as_primitive::<Float64Type>();
        for (row, line) in lines.enumerate() {
            let cell = line.rsplit(',').next().expect("cells");
            let number = last.is_valid(row).then(|| last.value(row));
            assert_eq!(number, cell.parse().ok(), "{name}, row {row}");
        }
        let units = schema
            .fields()
            .iter()
            .filter(|field| field.metadata().contains_key("unit"));
        assert!(stem == "draws" || units.count() > 0, "{name}");
    }
}
