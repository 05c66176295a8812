"""Modules that are found by their file state what they are for; one that does not is named."""

import sys
from pathlib import Path

import pytest

from wganbench.found import stated


def _package(folder: Path, name: str, **modules: str) -> str:
    (folder / name).mkdir()
    for module, text in {"__init__": "", **modules}.items():
        (folder / name / f"{module}.py").write_text(text)
    return name


@pytest.fixture
def importable(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("stating")]:
        del sys.modules[name]


def test_each_module_is_found_by_its_name_in_order(importable):
    package = _package(importable, "stating_both", second="SIZE = 2", first="SIZE = 1")

    assert list(stated(package, "SIZE", int).items()) == [("first", 1), ("second", 2)]


@pytest.mark.parametrize("text", ["", "SIZE = 'large'"], ids=["nothing", "something-else"])
def test_a_module_that_states_another_thing_is_named(importable, text):
    package = _package(importable, "stating_wrong", first="SIZE = 1", odd=text)

    with pytest.raises(TypeError, match=r"stating_wrong\.odd: it needs SIZE = int\(\.\.\.\)"):
        stated(package, "SIZE", int)
