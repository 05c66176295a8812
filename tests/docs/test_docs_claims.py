"""The example in docs/claims.md is a claim."""

import re
from pathlib import Path

import pytest
from claim_evidence import Made
from conftest import ROOT

import wganbench.claims
from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.verdict import judge

PAGE = ROOT / "docs" / "claims.md"


@pytest.fixture
def example(tmp_path: Path, monkeypatch) -> str:
    """Save the page's example as a module among the claims and return its name."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "spectral_norm_one.py").write_text(code)
    monkeypatch.setattr(wganbench.claims, "__path__", [*wganbench.claims.__path__, str(tmp_path)])
    return "spectral_norm_one"


@pytest.mark.parametrize(
    ("norms", "verdict"),
    [([1.0, 0.97, 1.02], "reproduced"), ([1.5, 1.6, 1.55], "not reproduced")],
)
def test_the_example_is_found_by_its_file_and_judged(example, norms, verdict):
    claim = catalogue()[example]
    made = Made()
    made.end(made.run("wgan-sn", "pair", seeds=3), gradient_norm_max=norms)
    assert judge(example, claim, made.evidence).verdict == verdict
