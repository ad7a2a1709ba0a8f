"""Every option of a command is a keyword of its method, said in the words of its help: an option that is new cannot be forgotten."""

import inspect
import re
import subprocess
import sys

import pytest

import mufakat
from mufakat import Studies, _words

METHODS = {
    **{name: getattr(Studies, name) for name in dir(Studies) if not name.startswith("_") and name != "plan"},
    "history": mufakat.history,
}
# Options that are something else here.
ELSEWHERE = {
    "color": "text() has no colours",
    "design": "the table `draws` of a run",
    "dry-run": "progress says how far it is",
    "help": "help()",
    "html": "Result.report",
    "json": "Result.to_dict",
    "log": "the logger `mufakat`",
    "no-progress": "progress=False",
    "overlay": "Scenario.extend",
    "paths": "Result.document",
    "quiet": "the logger `mufakat`",
    "set": "Scenario.with_",
    "shard": "plans",
}
# Arguments that are no options, by method: those of all, and those of one.
OURS = {"self", "progress"}
OURS_OF = {"compare": {"others"}, "history": {"cases"}}
# Arguments that take more than an option does, so that they are said in other words.
MORE = {("run", "worlds"), ("run", "fail_if"), ("run", "keep"), ("compare", "fail_if"), ("sweep", "vary"), ("sweep", "output")}
MORE |= {("sensitivity", "group"), ("brief", "offer"), ("history", "with_")}


def helped(command: str) -> dict[str, str]:
    """What the help of a command says of each option."""
    text = subprocess.run([sys.executable, "-m", "mufakat", command, "--help"], capture_output=True, text=True, check=True).stdout
    options: dict[str, str] = {}
    name = None
    for line in text.splitlines():
        if found := re.match(r" {2,6}(?:-\w, )?--([a-z-]+)\b[^ ]*(?: <[^>]*>)?(?:\.\.\.)?(?: {2,}(.*))?$", line):
            name = found[1]
            options[name] = found[2] or ""
        elif name and re.match(r" {8,}\S", line):
            options[name] += " " + line.strip()
        elif line.strip():
            name = None
    return {name: " ".join(text.split()) for name, text in options.items()}


def documented(method) -> dict[str, str]:
    """What its docstring says of each argument."""
    bullets = re.findall(r"^- (\w+): (.*(?:\n  .*)*)", inspect.cleandoc(method.__doc__), re.M)
    return {name: " ".join(text.split()) for name, text in bullets}


def in_words_of_python(text: str) -> str:
    """A help without what stands in brackets behind it, with arguments instead of options."""
    text = re.sub(r" \[(default|env|possible values|aliases): [^\]]*\]", "", text)
    text = text.split(" Possible values:")[0].replace("--by state", "by='state'").replace("-n is", "trials is").replace("(-n each)", "(trials each)")
    text = text.replace("(repeatable;", "(or several;").replace(" (repeatable)", " (or several)")
    return re.sub(r"--([a-z]+)", r"\1", text)


@pytest.mark.parametrize("command", METHODS)
def test_every_option_is_a_keyword(command):
    parameters = set(inspect.signature(METHODS[command]).parameters) - OURS - OURS_OF.get(command, set())
    options = {name for name in helped(command) if name not in ELSEWHERE}
    if command == "history":
        options.add("with")
    assert {_words.option_name(parameter) for parameter in parameters} == options


@pytest.mark.parametrize("command", METHODS)
def test_what_is_there_or_not_is_a_flag(command):
    text = subprocess.run([sys.executable, "-m", "mufakat", command, "--help"], capture_output=True, text=True, check=True).stdout
    valued = set(re.findall(r"--([a-z-]+)[ =]<", text))
    for name, parameter in inspect.signature(METHODS[command]).parameters.items():
        if name not in OURS and parameter.kind is not inspect.Parameter.VAR_POSITIONAL and _words.option_name(name) in helped(command):
            assert (parameter.default is False) == (_words.option_name(name) not in valued), name


@pytest.mark.parametrize("command", METHODS)
def test_options_are_said_in_the_words_of_their_help(command):
    said = {**documented(Studies), **documented(METHODS[command])}
    for option, text in helped(command).items():
        if option in ELSEWHERE:
            continue
        name = next(name for name in inspect.signature(METHODS[command]).parameters if _words.option_name(name) == option)
        assert name in said, name
        if (command, name) not in MORE:
            assert said[name].startswith(in_words_of_python(text)), name
    assert set(documented(METHODS[command])) <= set(inspect.signature(METHODS[command]).parameters)


@pytest.mark.parametrize("command", METHODS)
def test_keywords_have_types(command):
    for name, parameter in inspect.signature(METHODS[command]).parameters.items():
        assert name == "self" or parameter.annotation is not inspect.Parameter.empty, name
