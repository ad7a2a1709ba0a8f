"""What the program says of its options, as of the arguments that they are here."""

import re
from collections.abc import Callable

# What another command of the program is quoted for stays as it is typed.
_QUOTED = re.compile(r"(`(?:mufakat|cargo) [^`]*`)")
_OPTION = r"(?<![\w-])--([a-z][a-z-]*)"
_FLAGS = ("at-medians", "all", "farsighted", "force", "full", "one-at-a-time", "resume", "robustness", "second-order", "story", "theories", "zip")
_SAID: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    # Words of the same length, so that carets stay where they point.
    (re.compile(r"(^\s*\d* \| )--set ", re.M), r"\1with_ "),
    (re.compile(r"^(\s*--> )command line:", re.M), r"\1with_:"),
    (re.compile(r"\bor -S ", re.M), "or with_ "),
    (re.compile(r"(?<![\w-])-S (\S+?)=(\S+)"), r'with_({"\1": \2})'),
    (re.compile(r"(?<![\w-])-n (\d+)"), r"trials=\1"),
    (re.compile(r"(?<![\w-])-n\b"), "trials"),
    (re.compile(r"(?<![\w-])-j (\d+)"), r"threads=\1"),
    (re.compile(r"(?<![\w-])-o\b"), "out"),
    (re.compile(rf"'{_OPTION}(?:=?<[^>']*>| <[^>']*>)?(?:\.\.\.)?'"), lambda said: keyword(said[1])),
    (re.compile(rf"for example {_OPTION} '([^']*)'"), lambda said: f'for example {keyword(said[1])}="{said[2]}"'),
    (re.compile(rf"for example {_OPTION} ([^\s,;]+)"), lambda said: f'for example {keyword(said[1])}="{said[2]}"'),
    (re.compile(_OPTION), lambda said: f"{keyword(said[1])}=True" if said[1] in _FLAGS else keyword(said[1])),
]
# What is said of the command line as a whole.
_LEFT_OUT = re.compile(r"\n+(?:Usage: .*(?:\n {7}.*)*|For more information, try '--help'\.)", re.M)
_RENAMED = {"for": "for_", "from": "from_", "overlay": "overlays", "set": "with_", "with": "with_"}


def keyword(option: str) -> str:
    """The argument of an option: `one-at-a-time` is `one_at_a_time`, and what is a word of Python has a `_` behind it."""
    return _RENAMED.get(option, option.replace("-", "_"))


def in_python(text: str) -> str:
    """A message with arguments instead of options."""
    parts = _QUOTED.split(_LEFT_OUT.sub("", text))
    return "".join(part if index % 2 else _said(part) for index, part in enumerate(parts))


def _said(text: str) -> str:
    for pattern, said in _SAID:
        text = pattern.sub(said, text)
    return text
