"""A question as a command line of the engine, and its answer."""

import os
import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mufakat import _native
from mufakat import worlds as given_worlds
from mufakat.progress import Progress, shown
from mufakat.result import Result
from mufakat.says import Heard

if TYPE_CHECKING:
    from mufakat.scenario import Scenario

Texts = dict[str, tuple[str, str]]


def ask(
    command: Sequence[str], options: Sequence[str], scenarios: "Sequence[Scenario | str]", *, worlds: Any, keep: bool, progress: Progress
) -> Result:
    """Plays a study of some scenarios, or of shipped ones by their names. `worlds` are those that are given, `keep` says whether worlds are kept
    for tables.

    Raises what `mufakat.errors` has, `Interrupted` after Ctrl-C.
    """
    words, texts = line(command, options, scenarios, worlds)
    loaded = [one for one in scenarios if not isinstance(one, str)]
    heard = Heard(warning for one in loaded for warning in one.warnings)
    with shown(progress, " ".join([*command, *(one.name for one in loaded[:1])])) as move:
        held = _native.play(words, texts, None, keep, move, heard)
    return Result(held, (words, texts), loaded[0] if loaded else None, heard.warnings, _directory(options))


def plan(command: Sequence[str], options: Sequence[str], scenarios: "Sequence[Scenario]", worlds: Any) -> pathlib.Path:
    """Cuts a study into blocks; the directory of the plan."""
    words, texts = line(command, options, scenarios, worlds)
    return _native.plan(words, texts, Heard(warning for one in scenarios for warning in one.warnings))


def line(command: Sequence[str], options: Sequence[str], scenarios: "Sequence[Scenario | str]", worlds: Any) -> tuple[list[str], Texts]:
    """The words of a question, and the texts that they name. Names of scenarios stand behind `--`, as they may begin with a dash."""
    texts: Texts = {}
    if worlds is not None and not given_worlds.is_file(worlds):
        name, text = given_worlds.table(worlds)
        options = [*options, f"--worlds={_noted(texts, name, name, text)}"]
    names, layers = [], []
    for scenario in scenarios:
        if isinstance(scenario, str):
            names.append(scenario)
            continue
        (first, *overlays), sets, simulation = scenario._as_played()
        # One scenario is said with its layers, as a command line says it. Where there are several, layers would lie over all of them.
        if len(scenarios) > 1 and (overlays or sets or simulation != (None, None)):
            first, overlays, sets, simulation = scenario._whole(), [], (), (None, None)
        # Of one path, an assignment of a command line would take the place of the column.
        elif sets and any(one.startswith("--worlds=") for one in options):
            first, overlays, sets = scenario._whole(), [], ()
        names.append(_noted(texts, first.word, first.name, first.text))
        layers += [f"--overlay={_noted(texts, one.word, one.name, one.text)}" for one in overlays]
        layers += [f"--set={one}" for one in sets]
        for option, value in zip(("--trials", "--seed"), simulation, strict=True):
            if value is not None and not any(one.startswith(f"{option}=") for one in options):
                layers.append(f"{option}={value}")
    return [*command, *options, *layers, "--", *names], texts


def _noted(texts: Texts, word: str, name: str, text: str) -> str:
    """The word under which a text is known from now on; where the word is taken by another text, one that names the same file."""
    while texts.setdefault(word, (name, text)) != (name, text):
        word = os.path.join(os.curdir, word) if not os.path.isabs(word) else f"{os.sep}{os.curdir}{word}"
    return word


def _directory(options: Sequence[str]) -> str | None:
    return next((one.removeprefix("--out=") for one in options if one.startswith("--out=")), None)
