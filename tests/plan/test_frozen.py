"""Run ids and code digests are frozen: neither changes unless somebody means it to.

`python tests/plan/freeze.py` writes frozen.json anew. An id there must never change: results, links
and papers name runs by it. A setting that is added later is marked with `Since`. A code digest
changes with the code, and every result of that step is stale then: that is what this asks about.
"""

import json

import pytest
from freeze import FROZEN, code_digests, identities

EXPECTED = json.loads(FROZEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED["ids"])
def test_a_runs_id_is_what_it_has_always_been(name):
    assert identities()[name] == EXPECTED["ids"][name]


def test_every_kind_of_training_has_a_frozen_id():
    assert identities().keys() == EXPECTED["ids"].keys()


@pytest.mark.parametrize("step", EXPECTED["code"])
def test_a_change_that_makes_results_stale_is_meant(step):
    found = code_digests()[step]
    changed = {name for name in found if found[name] != EXPECTED["code"][step].get(name)}
    assert not changed, (
        f"results of {step} become stale ({', '.join(sorted(changed))}); if that is meant, run "
        "`python tests/plan/freeze.py`"
    )
