"""What the documents have from the code and from the committed results is up to date."""

import runpy

import pytest
from conftest import ROOT

GENERATED = runpy.run_path(str(ROOT / "docs" / "refresh.py"))["generated"]()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_generated_part_is_what_the_code_writes(path):
    assert path.read_text() == GENERATED[path], f"{path} is behind the code: run `make docs`"
