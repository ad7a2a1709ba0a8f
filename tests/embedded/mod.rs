//! Studies that a program holds which calls this one: what it gets is what the program prints and writes.

use crate::support::program::{program, root};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use mufakat::cli::args::out::OutArgs;
use mufakat::cli::driver::batches::HeldTable;
use mufakat::cli::driver::held::Held;
use mufakat::cli::driver::held_pieces::HeldRest;
use mufakat::cli::embedded::{self, EmbeddedQuestion, evaluate, table_of};
use mufakat::cli::embedded_error::EmbeddedError;
use mufakat::cli::exit::Status;
use mufakat::cli::host::{Host, SaidKind};
use mufakat::cli::texts::Texts;
use mufakat::scenario::{Request, Source};
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

/// A scenario of which every command is quick.
const SMALL: &str = r#"
schema = 1
name = "small"
[simulation]
trials = 40
seed = 5
"#;

/// A question to the scenario `mine`, which is no file.
fn question(words: &[&str]) -> EmbeddedQuestion {
    let mut texts = Texts::default();
    let text = format!("extends = \"core-three.toml\"\n{SMALL}");
    let given = ("mine.toml".to_owned(), text);
    texts.scenarios.insert("mine".to_owned(), given);
    EmbeddedQuestion {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        texts,
    }
}

fn held(words: &[&str]) -> Box<dyn Held> {
    embedded::play(question(words), true, &Host::default()).unwrap_or_else(|error| {
        panic!("{words:?}: {}", error.text);
    })
}

fn refused(words: &[&str]) -> EmbeddedError {
    match embedded::play(question(words), true, &Host::default()) {
        Ok(_) => panic!("{words:?} is answered"),
        Err(error) => error,
    }
}

/// What the program prints of the same scenario as a file.
fn printed(folder: &Path, words: &[&str]) -> String {
    fs::write(
        folder.join("mine"),
        &question(&[]).texts.scenarios["mine"].1,
    )
    .expect("writable");
    let output = program(folder).args(words).output().expect("it runs");
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Cells as the files of the program have them.
fn cell(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return String::new();
    }
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return format!("{:?}", numbers.value(row));
    }
    if let Some(indices) = array.as_primitive_opt::<UInt64Type>() {
        return indices.value(row).to_string();
    }
    array.as_string::<i32>().value(row).to_owned()
}

fn rows(table: &HeldTable) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for batch in &table.batches {
        for row in 0..batch.num_rows() {
            rows.push(
                batch
                    .columns()
                    .iter()
                    .map(|array| cell(array, row))
                    .collect(),
            );
        }
    }
    rows
}

/// Rows of a CSV file, numbers as [`cell`] has them.
fn rows_of_file(path: &Path, table: &HeldTable) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).expect("a file");
    let header: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    let names: Vec<&String> = table
        .schema
        .fields()
        .iter()
        .map(|field| field.name())
        .collect();
    assert_eq!(
        header.iter().collect::<Vec<_>>(),
        names,
        "{}",
        path.display()
    );
    let is_number =
        |at: usize| *table.schema.field(at).data_type() == arrow_schema::DataType::Float64;
    let text = |(at, cell): (usize, &str)| match cell.parse::<f64>() {
        Ok(number) if is_number(at) => format!("{number:?}"),
        _ => cell.to_owned(),
    };
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| record.iter().enumerate().map(text).collect())
        .collect()
}

#[test]
fn what_is_held_is_what_the_program_prints_and_writes() {
    for words in [
        &["run", "mine"][..],
        &["compare", "mine", "two-states"],
        &[
            "sweep",
            "mine",
            "--vary",
            "market.diversion=0.2,0.5",
            "--vary",
            "arm.bloc.binding=0,1",
            "-n",
            "6",
        ],
        &["sensitivity", "mine", "--method", "delta", "-n", "60"],
        &["stability", "mine", "-n", "10"],
        &["explain", "mine", "--trial", "3"],
        &["theories", "mine", "-n", "6"],
        &[
            "brief", "mine", "--state", "SG", "--with", "MSFT", "-n", "10",
        ],
    ] {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let held = held(words);
        let json = [words, &["--json"][..]].concat();
        assert_eq!(held.document(), printed(folder.path(), &json), "{words:?}");
        let out = [words, &["-o", "out"][..]].concat();
        assert_eq!(held.text(80), printed(folder.path(), &out), "{words:?}");
        let out = folder.path().join("out");
        let files = fs::read_dir(&out)
            .expect("a directory")
            .map(|file| file.expect("a file").path());
        let mut tables: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
            .collect();
        tables.sort();
        let opened = embedded::open(&out).expect("it is finished");
        assert_eq!(opened.document(), held.document());
        for path in &tables {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            assert!(held.tables().contains(&name), "{words:?}: {name}");
            let table = held.table(&name).expect("a table");
            let expected = rows_of_file(path, &table);
            assert!(!expected.is_empty(), "{words:?}: {name}");
            assert_eq!(rows(&table), expected, "{words:?}: {name}");
            let read = opened.table(&name).expect("a table");
            assert_eq!(rows(&read), expected, "{words:?}: {name}, read back");
        }
        assert!(
            embedded::page(&*held, &Host::default())
                .expect("a page")
                .contains("</html>")
        );
        assert!(embedded::glance(&*held).contains("</html>"));
        // The same files from memory, byte for byte.
        let saved = folder.path().join("saved");
        let into = OutArgs {
            out: Some(saved.clone()),
            ..OutArgs::default()
        };
        embedded::save(&*held, &into, &Host::default()).expect("writable");
        for path in tables.iter().chain([&out.join("results.json")]) {
            let other = saved.join(path.file_name().expect("a name"));
            assert_eq!(
                fs::read(path).expect("a file"),
                fs::read(other).expect("a file"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn what_was_held_comes_back_from_its_bytes() {
    let words = ["run", "mine", "--precision", "20%", "-n", "8"];
    let held = held(&words);
    let HeldRest::Pieces(pieces) = held.rest() else {
        panic!("it is kept");
    };
    let bytes = pieces.bytes().expect("memory");
    let again =
        embedded::restore(question(&words), &held.document(), Some(bytes)).expect("the same");
    assert_eq!(
        (again.document(), again.text(80)),
        (held.document(), held.text(80))
    );
    assert_eq!(
        again.table("arms").expect("a table"),
        held.table("arms").expect("a table")
    );
    let bare = embedded::play(question(&words), false, &Host::default()).expect("it plays");
    let message = bare.table("arms").expect_err("it was not kept").to_string();
    assert!(message.contains("ask again"), "{message}");
    let unknown = held.table("arm").expect_err("there is none").to_string();
    assert_eq!(unknown, "there is no table `arm`; did you mean `arms`?");
}

#[test]
fn what_goes_wrong_says_where() {
    let usage = refused(&["run", "mine", "-n", "0"]);
    assert_eq!(
        (usage.code, usage.text.contains("Usage")),
        (2, false),
        "{}",
        usage.text
    );
    let key = refused(&["run", "mine", "-S", "arm.bloc.binding=x"]);
    assert_eq!(
        (key.code, key.path.as_deref()),
        (3, Some("arm.bloc.binding"))
    );
    assert!(key.text.contains("^"), "{}", key.text);
    let draw = r#"market.diversion={ dist = "normal", mean = 0.5, sd = 5 }"#;
    let draw = refused(&["run", "mine", "-S", draw]);
    assert_eq!(
        (draw.code, draw.path.as_deref()),
        (5, Some("market.diversion")),
        "{}",
        draw.text
    );
    let host = Host::default();
    host.stop.store(true, Ordering::Relaxed);
    let stopped = embedded::play(question(&["run", "mine"]), true, &host)
        .err()
        .expect("it is stopped");
    assert_eq!((stopped.code, stopped.kept.is_some()), (130, true));
    for words in [&["list"][..], &["report", "mine"], &["run"]] {
        assert_eq!(refused(words).code, 2, "{words:?}");
    }
}

#[test]
fn nothing_is_printed_and_what_is_said_is_heard() {
    let host = Host::default();
    let words = ["run", "mine", "--fail-if", "bloc.total.payoff > 0"];
    let held = embedded::play(question(&words), true, &host).expect("it plays");
    assert_eq!(held.status(), Status::ConditionFailed);
    let said = host.heard();
    let failed = (
        SaidKind::Warning,
        "--fail-if holds: bloc.total.payoff > 0".to_owned(),
    );
    assert!(said.contains(&failed), "{said:?}");
    assert!(
        said.iter().all(|(_, text)| !text.contains('\u{1b}')),
        "{said:?}"
    );
    assert_eq!(host.progress(), Some((40, 40)));
    assert!(host.heard().is_empty());
}

#[test]
fn worlds_that_are_given_have_the_results_of_the_worlds_that_were_drawn() {
    let held = held(&["run", "mine"]);
    let draws = held.table("draws").expect("a table");
    let names: Vec<String> = draws
        .schema
        .fields()
        .iter()
        .skip(1)
        .map(|field| field.name().clone())
        .collect();
    let columns: Vec<Vec<f64>> = (1..=names.len())
        .map(|at| {
            let batches = draws.batches.iter();
            let numbers = batches.flat_map(|batch| {
                batch
                    .column(at)
                    .as_primitive::<Float64Type>()
                    .values()
                    .to_vec()
            });
            numbers.collect()
        })
        .collect();
    let text = question(&[]).texts.scenarios["mine"].1.clone();
    let request = Request {
        worlds: Some(Source {
            name: "worlds".to_owned(),
            text: table_of(&names, &columns),
        }),
        ..Request::new("mine.toml", text)
    };
    let loaded = embedded::scenario(&request).expect("it loads");
    let asked = [
        "bloc.total.payoff".to_owned(),
        "bloc.state.SG.payoff.difference".to_owned(),
    ];
    let values = evaluate(&loaded, &asked, None, None, None, &Host::default()).expect("it plays");
    let arms = held.table("arms").expect("a table");
    let trials = held.table("trials").expect("a table");
    let of = |table: &HeldTable, name: &str, keep: &dyn Fn(&[String]) -> bool| -> Vec<f64> {
        let at = table.schema.index_of(name).expect("a column");
        let kept = rows(table).into_iter().filter(|row| keep(row));
        kept.map(|row| row[at].parse().expect("a number")).collect()
    };
    assert_eq!(values[0], of(&arms, "payoff", &|row| row[1] == "bloc"));
    let first = &loaded.model.arms[0].name;
    let with = of(&trials, "payoff", &|row| row[1] == "bloc" && row[2] == "SG");
    let without = of(&trials, "payoff", &|row| &row[1] == first && row[2] == "SG");
    let differences: Vec<f64> = with
        .iter()
        .zip(&without)
        .map(|(with, without)| with - without)
        .collect();
    assert_eq!(values[1], differences);
    assert!(root().is_dir());
}
