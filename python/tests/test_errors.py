"""Errors: a class for each exit code, with the place of the first mistake, in words of Python, and whole after a pickle."""

import pickle

import pytest

from mufakat import errors
from mufakat._phrases import in_python

FOUND = [("out of range", "market.diversion", "mine.toml", 3, 13), ("unknown key", None, "command line", 1, 14)]


@pytest.mark.parametrize(
    ("code", "kind", "beside"),
    [
        (2, errors.UsageError, ValueError),
        (3, errors.ScenarioError, ValueError),
        (4, errors.FileError, OSError),
        (5, errors.NumericError, ArithmeticError),
        (1, errors.Error, Exception),
    ],
)
def test_a_class_for_each_code(code, kind, beside):
    error = errors.of(code, "error: so\n", FOUND)
    assert type(error) is kind and isinstance(error, beside) and isinstance(error, errors.Error)
    assert (str(error), error.code) == ("error: so", code)
    assert (error.path, error.file, error.line, error.column) == ("market.diversion", "mine.toml", 3, 13)
    assert error.findings[1] == errors.Finding("unknown key", None, "with_", 1, 14)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.findings) == (kind, "error: so", error.findings)


def test_without_a_place():
    error = errors.of(4, "error: no such file")
    assert (error.path, error.file, error.line, error.column, error.findings) == (None, None, None, None, [])


def test_findings_by_name():
    assert errors.of(3, "x", [{"message": "m", "line": 2}]).findings == [errors.Finding("m", line=2)]


def test_interruption():
    error = errors.of(130, "interrupted\n", [errors.Finding("12 worlds are kept; go on with resume=True")])
    assert isinstance(error, KeyboardInterrupt) and not isinstance(error, Exception)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.kept) == ("interrupted", "12 worlds are kept; go on with resume=True")


@pytest.mark.parametrize(
    ("said", "here"),
    [
        ("1 | --set market.x=2\n  |       ^^^^^^^^", "1 | with_ market.x=2\n  |       ^^^^^^^^"),
        (" --> command line:1:23\n", " --> with_:1:23\n"),
        ("say where to search with --from and --to, the lower first", "say where to search with from_ and to, the lower first"),
        ("kept, continue with --resume", "kept, continue with resume=True"),
        ("no key; `mufakat show SCENARIO --origin` lists all", "no key; `mufakat show SCENARIO --origin` lists all"),
        ("error: invalid value '2' for '--density <SHARE>': so", "error: invalid value '2' for density: so"),
        ("take fewer with -n, or fewer with --output", "take fewer with trials, or fewer with output"),
        ("for example --vary market.x=0:1:11", 'for example vary="market.x=0:1:11"'),
        ("-n 1 plays one", "trials=1 plays one"),
        ("error: so\n\nUsage: mufakat run [OPTIONS] <SCENARIO>\n\nFor more information, try '--help'.", "error: so"),
        ("a--b and x -n1 - n", "a--b and x -n1 - n"),
    ],
)
def test_options_are_named_as_arguments(said, here):
    assert in_python(said) == here
