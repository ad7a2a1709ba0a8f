//! What lies in a directory of results and is not ours stays as it is; what a killed program left there is no obstacle.

use crate::hostile::{place, write};
use crate::support::program::{check_in, ended, interrupt, started};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Writes a run of few worlds.
#[track_caller]
fn run(path: &Path, more: &[&str], code: i32) -> String {
    let args = ["run", "in.toml", "-n", "20", "-q", "-o", "run"];
    check_in(path, &[&args[..], more].concat(), code).1
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (_place, path) = place();
    write(&path, "victim", "precious");
    run(&path, &[], 0);
    for name in ["report.html.tmp", "report.html", "manifest.json.tmp"] {
        symlink(path.join("victim"), path.join("run").join(name)).expect("writable");
    }
    check_in(&path, &["report", "run"], 0);
    let page = fs::symlink_metadata(path.join("run/report.html")).expect("it is there");
    assert!(page.is_file());
    symlink(path.join("victim"), path.join("note.html")).expect("writable");
    let brief = [
        "brief", "in.toml", "--state", "A", "--with", "H", "-n", "20", "-q",
    ];
    check_in(&path, &[&brief[..], &["--html", "note.html"]].concat(), 0);
    // What a folder of pages leads to is neither written nor removed.
    fs::create_dir(path.join("elsewhere")).expect("writable");
    write(&path, "elsewhere/mine.csv", "mine");
    fs::remove_dir_all(path.join("run/report")).expect("removable");
    symlink(path.join("elsewhere"), path.join("run/report")).expect("writable");
    let (_, err) = check_in(&path, &["report", "run"], 4);
    assert!(err.contains("is a link, and no folder of ours"), "{err}");
    run(&path, &["--force"], 0);
    assert_eq!(read(path.join("elsewhere/mine.csv")), "mine");
    // Nor is a lock.
    symlink(path.join("victim"), path.join("run/writing.lock")).expect("writable");
    let err = run(&path, &["--force"], 4);
    assert!(err.contains("it is a link, and no file of ours"), "{err}");
    assert_eq!(read(path.join("victim")), "precious");
}

#[test]
fn force_removes_what_the_manifest_names_and_nothing_else() {
    let (_place, path) = place();
    run(&path, &["--report"], 0);
    check_in(&path, &["report", "run", "--explore"], 0);
    let mine = [
        "run/mine.csv",
        "run/report/mine.csv",
        "run/brief.html",
        "run/cells.csv",
        "run/blocks/mine.txt",
    ];
    fs::create_dir(path.join("run/blocks")).expect("writable");
    mine.iter().for_each(|name| write(&path, name, "mine"));
    // A manifest that was altered names nothing outside.
    write(&path, "victim", "precious");
    let manifest = read(path.join("run/manifest.json"));
    let altered = manifest.replace("\"trials.csv\"", "\"trials.csv\", \"../victim\"");
    assert_ne!(altered, manifest);
    write(&path, "run/manifest.json", &altered);
    run(&path, &["--force"], 0);
    for name in mine {
        assert_eq!(read(path.join(name)), "mine", "{name}");
    }
    assert_eq!(read(path.join("victim")), "precious");
    for gone in [
        "run/report.html",
        "run/explore.html",
        "run/report/options.csv",
    ] {
        assert!(!path.join(gone).exists(), "{gone}");
    }
}

#[test]
fn what_was_killed_before_its_manifest_is_replaced() {
    let (_place, path) = place();
    fs::create_dir(path.join("run")).expect("writable");
    let left = [
        "manifest.0123456789abcdef.tmp",
        "manifest.json.tmp",
        "writing.lock",
    ];
    left.iter()
        .for_each(|name| write(&path, &format!("run/{name}"), "{"));
    run(&path, &[], 0);
    let is_left = |name: &&str| path.join("run").join(name).exists();
    assert_eq!(left.iter().find(|name| is_left(name)), None);
    fs::create_dir(path.join("plan")).expect("writable");
    for name in ["plan.0123456789abcdef.tmp", "probe.json", "writing.lock"] {
        write(&path, &format!("plan/{name}"), "{");
    }
    let plan = ["plan", "run", "in.toml", "-n", "20", "-q", "-o", "plan"];
    check_in(&path, &plan, 0);
    assert!(!path.join("plan/plan.0123456789abcdef.tmp").exists());
    // What else is there is in the way.
    fs::create_dir(path.join("other")).expect("writable");
    write(&path, "other/manifest.mine.tmp", "mine");
    check_in(&path, &["run", "in.toml", "-n", "20", "-o", "other"], 4);
}

#[test]
fn every_directory_has_one_writer() {
    let (_place, path) = place();
    run(&path, &[], 0);
    fs::create_dir(path.join("plan")).expect("writable");
    let locks = ["run", "plan"].map(|folder| {
        let file = path.join(folder).join("writing.lock");
        let lock = File::create(&file).expect("writable");
        lock.lock().expect("nobody else has it");
        fs::write(&file, "process 1 on here").expect("writable");
        lock
    });
    for args in [
        &["report", "run"][..],
        &["report", "run", "--explore"],
        &["run", "in.toml", "-n", "20", "-o", "run", "--force"],
        &["plan", "run", "in.toml", "-n", "20", "-o", "plan"],
    ] {
        let (_, err) = check_in(&path, args, 4);
        let said = "is where another command writes (process 1 on here): wait for it";
        assert!(err.contains(said), "{args:?}: {err}");
    }
    drop(locks);
    check_in(&path, &["report", "run"], 0);
}

/// A digit that was altered in what is kept of an interrupted run gives no other results.
#[test]
fn damaged_pieces_are_named_and_played_again() {
    let (_place, path) = place();
    run(&path, &[], 0);
    let whole = read(path.join("run/results.json"));
    let parts = path.join("run/blocks");
    for share in [0.3, 0.6, 0.9] {
        // A directory in the place of the results leaves the pieces there.
        fs::remove_file(path.join("run/results.json")).expect("removable");
        fs::create_dir(path.join("run/results.json")).expect("writable");
        run(&path, &["--resume"], 4);
        fs::remove_dir(path.join("run/results.json")).expect("removable");
        let part = parts.join("000000000000.part");
        let mut bytes = fs::read(&part).expect("it is there");
        let at = (bytes.len() as f64 * share) as usize;
        bytes[at] ^= 1;
        fs::write(&part, bytes).expect("writable");
        let args = ["run", "in.toml", "-n", "20", "-o", "run", "--resume"];
        let (_, err) = check_in(&path, &args, 0);
        assert!(
            err.contains("000000000000.part is damaged") && err.contains("played again"),
            "{err}"
        );
        assert_eq!(read(path.join("run/results.json")), whole);
        assert!(!parts.exists());
    }
}

/// What was taken away is not said to be kept, and no table lacks what was.
#[test]
fn a_directory_that_is_gone_keeps_nothing() {
    let (_place, path) = place();
    let args = ["run", "in.toml", "-n", "1000000", "-q", "-o", "run"];
    for gone in ["run", "run/blocks"] {
        let mut child = started(&path, &args);
        while !path.join("run/blocks/000000000000.part").exists() {
            assert!(child.try_wait().expect("it is there").is_none());
        }
        fs::rename(path.join(gone), path.join("away")).expect("movable");
        if gone == "run/blocks" {
            interrupt(&child);
            ended(child, 130);
            // A part that came later does not follow those that were taken away.
            fs::remove_dir_all(path.join("run")).expect("removable");
        } else {
            let err = ended(child, 4);
            assert!(
                !err.contains("are kept") && !path.join("run").exists(),
                "{err}"
            );
        }
        fs::remove_dir_all(path.join("away")).expect("removable");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf_8_are_found_or_refused() {
    use crate::support::program::{output, program};
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let (_place, path) = place();
    // A percent sign stands for a byte that no text has.
    let odd = |word: &str| {
        let byte = |byte| if byte == b'%' { 0xff } else { byte };
        OsString::from_vec(word.bytes().map(byte).collect())
    };
    let over = path.join(odd("over%.toml"));
    fs::write(over, "[market]\ndiversion = 0.5\n").expect("writable");
    for (line, code) in [
        ("run in.toml -n 20 -o run% -f over%.toml", 0),
        ("report run%", 0),
        ("replay run%", 0),
        ("run in.toml -n 5 --design worlds%.csv", 0),
        ("run in.toml --worlds worlds%.csv -o given%", 0),
        ("replay given%", 0),
        (
            "sensitivity in.toml --method tornado -f over%.toml -o found%",
            0,
        ),
        ("report run% --with found%", 0),
        ("replay found%", 0),
        ("compare in.toml in.toml -n 20 -f over%.toml -o two%", 0),
        ("replay two%", 0),
        ("plan run in.toml -n 20 -o plan%", 0),
        ("status plan%", 1),
        ("page in.toml -o page%.html", 0),
        ("check over%.toml", 2),
        ("explain in.toml --arm over%", 2),
        ("plan run in.toml -f over%.toml -o other", 2),
    ] {
        let (ended, out, err) = output(program(&path).args(line.split(' ').map(odd)));
        assert_eq!(ended, code, "{line}\n{out}\n{err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}
