"""Attacks on verdicts: each plans other runs than the project, and what it found is told."""

import runpy
from types import SimpleNamespace

import pytest
from conftest import ROOT

from wganbench.plan.params import load_params

ATTACK = SimpleNamespace(**runpy.run_path(str(ROOT / "docs/attacks/attack.py")))
ATTACKS = ATTACK.attacks()
REPRODUCED = ATTACK.Found("reproduced", 2.0, 1.5, 2.5, "above")


@pytest.mark.parametrize("place", ATTACKS)
def test_each_attack_plans_runs_that_the_project_does_not_have(place, tmp_path, monkeypatch):
    attack = ATTACKS[place]
    scale = attack.get("scale", "laptop")
    ATTACK.prepare(attack, scale, tmp_path / "attack", copied=())
    ours = {run.id for run in load_params(scale).all_runs()}
    monkeypatch.chdir(tmp_path / "attack")
    planned = {run.id for run in load_params(scale).all_runs()}
    other = [*attack, *(key for keys in attack["experiments"].values() for key in keys)]
    if {"multiply", "overrides", "set"} & set(other):
        assert planned - ours
    else:
        assert planned < ours  # some are left out


def test_values_are_multiplied_wherever_they_stand_and_counts_stay_whole():
    settings = {"set": {"iterations": 5, "lr": 0.5}, "grid": [{"lr": {"values": [1.0], "when": 1}}]}
    assert ATTACK.changed(settings, {"iterations": 0.5, "lr": 2}) == {
        "set": {"iterations": 2, "lr": 1.0}, "grid": [{"lr": {"values": [2.0], "when": 1}}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (REPRODUCED, "holds"),
        (REPRODUCED._replace(verdict="not reproduced"), "**turned**"),
        (
            REPRODUCED._replace(verdict="inconclusive", because="wide"),
            "is no longer decided: wide",
        ),
    ],
)
def test_the_table_says_what_became_of_a_verdict(after, outcome):
    assert ATTACK.outcome(REPRODUCED, after) == outcome
    undecided = REPRODUCED._replace(verdict="not settled")
    assert ATTACK.outcome(undecided, REPRODUCED) == "was undecided before"


def test_what_was_found_is_about_attacks_that_there_are():
    assert ATTACK.found().keys() <= ATTACKS.keys()
