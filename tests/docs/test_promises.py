"""docs/promises.md names tests that exist, and nothing without one."""

import ast
import re

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "promises.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.startswith("|") and "---" not in line]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_is_named_exists(file, test):
    tree = ast.parse((ROOT / file).read_text())
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_has_a_test():
    promises = [row for row in ROWS if row != "| Promise | Test |"]
    assert len(promises) > 20
    for row in promises:
        cells = row.strip("| ").split(" | ")
        assert len(cells) == 2, row
        assert re.fullmatch(r"(`tests/[\w/]+\.py::\w+`(, )?)+", cells[1]), row


def test_no_name_stands_there_in_another_form():
    assert len(re.findall(r"::", PAGE)) == len(re.findall(r"`tests/[\w/]+\.py::\w+`", PAGE))
