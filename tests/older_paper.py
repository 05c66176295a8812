"""A paper of the tests' own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def older_paper(folder: Path) -> Iterator[None]:
    """Have one more paper, of one more file, as in the package's folder."""
    (folder / "an_older_one.py").write_text(PAPER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wganbench.papers, "__path__", [*wganbench.papers.__path__, str(folder)])
        yield
    sys.modules.pop("wganbench.papers.an_older_one", None)
