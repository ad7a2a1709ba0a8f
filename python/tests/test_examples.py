"""What the docstrings and the README show is what comes out."""

import doctest
import importlib
import logging
import pathlib
import pkgutil
import re

import pytest

import mufakat

README = pathlib.Path(__file__).parents[1] / "README.md"
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
# Modules that need a package of an extra have tests of their own.
ELSEWHERE = ("__main__", "_native", "cluster", "ema", "explore", "openturns", "salib")
MODULES = [one.name for one in pkgutil.iter_modules(mufakat.__path__) if one.name not in ELSEWHERE]


@pytest.mark.parametrize("name", ["", *MODULES])
def test_docstrings(name, tmp_path, caplog):
    caplog.set_level(logging.ERROR, "mufakat")
    module = importlib.import_module(f"mufakat.{name}" if name else "mufakat")
    failed, _ = doctest.testmod(module, extraglobs={"mufakat": mufakat, "tmp": tmp_path}, optionflags=OPTIONS)
    assert failed == 0


def test_every_study_has_an_example():
    for name in dir(mufakat.Studies):
        if not name.startswith("_"):
            assert ">>> " in (getattr(mufakat.Studies, name).__doc__ or ""), name


def test_the_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) > 3
    names: dict[str, object] = {}
    for block in blocks:
        if "Client(" not in block:
            exec(compile(block, "README.md", "exec"), names)
