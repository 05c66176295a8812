"""A paper of the tests' own."""

import sys

import pytest

import wganbench.papers

PAPER = '''
from wganbench.papers import Figure, Paper
from wganbench.report.style.blocks import Finding, Statement

def draw(results, name):
    runs = list(results.runs)
    yield Statement(name, "Drawn", [Finding("Here it is")], "As drawn.", runs)

PAPER = Paper("OLD", "An older paper", "Older", "Someone", 2014, "1406.2661", (
    Figure("Figure 9", "What was drawn", ("figure 9",), draw=draw),
))
'''  # fmt: skip


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A paper that is one more file, as in the package's folder."""
    (tmp_path / "an_older_one.py").write_text(PAPER)
    monkeypatch.setattr(wganbench.papers, "__path__", [*wganbench.papers.__path__, str(tmp_path)])
    yield
    sys.modules.pop("wganbench.papers.an_older_one", None)
