"""What the program says of its options, as of the arguments that they are here."""

import re
from collections.abc import Callable

# What another command of the program is quoted for stays as it is typed.
_QUOTED = r"(`(?:mufakat|cargo) [^`]*`)"
# What is said of the command line as a whole.
_LEFT_OUT = r"(?m)\n+(?:Usage: .*(?:\n {7}.*)*|For more information, try '--help'\.)"
_OPTION = r"(?<![\w-])--([a-z][a-z-]*)"
_FLAGS = ("at-medians", "all", "farsighted", "force", "full", "one-at-a-time", "resume", "robustness", "second-order", "story", "theories", "zip")
_RENAMED = {"for": "for_", "from": "from_", "overlay": "overlays", "set": "with_", "with": "with_"}

# Patterns are compiled where they are needed first: that takes as long as importing all else.
_SAID: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    # Words of the same length, so that carets stay where they point.
    (r"(?m)(^\s*\d* \| )--set ", r"\1with_ "),
    (r"(?m)^(\s*--> )command line:", r"\1with_:"),
    (r"\bor -S ", "or with_ "),
    (r"(?<![\w-])-S (\S+?)=(\S+)", r'with_({"\1": \2})'),
    (r"(?<![\w-])-n (\d+)", r"trials=\1"),
    (r"(?<![\w-])-n\b", "trials"),
    (r"(?<![\w-])-j (\d+)", r"threads=\1"),
    (r"(?<![\w-])-o\b", "out"),
    (rf"'{_OPTION}(?:=?<[^>']*>| <[^>']*>)?(?:\.\.\.)?'", lambda said: keyword(said[1])),
    (rf"for example {_OPTION} '([^']*)'", lambda said: f'for example {keyword(said[1])}="{said[2]}"'),
    (rf"for example {_OPTION} ([^\s,;]+)", lambda said: f'for example {keyword(said[1])}="{said[2]}"'),
    (_OPTION, lambda said: f"{keyword(said[1])}=True" if said[1] in _FLAGS else keyword(said[1])),
]


def keyword(option: str) -> str:
    """The argument of an option: `one-at-a-time` is `one_at_a_time`, and what is a word of Python has a `_` behind it."""
    return _RENAMED.get(option, option.replace("-", "_"))


def in_python(text: str) -> str:
    """A message with arguments instead of options."""
    parts = re.split(_QUOTED, re.sub(_LEFT_OUT, "", text))
    return "".join(part if index % 2 else _said(part) for index, part in enumerate(parts))


def _said(text: str) -> str:
    for pattern, said in _SAID:
        text = re.sub(pattern, said, text)
    return text
