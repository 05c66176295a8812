"""Measures: found by their files, read when asked for, right where the answer is known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from configurations import PAIR, configuration
from scipy.special import expit
from scipy.stats import norm

import wganbench.gather.measures
from wganbench.gather.load import Results
from wganbench.gather.measures import Measure, measured, measures
from wganbench.gather.measures.gradient_growth import growth
from wganbench.gather.measures.potential_explained import explained
from wganbench.gather.measures.slope_left import share_left
from wganbench.gather.measures.weights_at_ends import share_at_ends
from wganbench.plan.runs import Run

COUNTING = """
from wganbench.gather.measures import Measure

ASKED = []


def by_seed(results, run):
    ASKED.append(run)
    return {0: 1.5, 2: 2.5}


MEASURE = Measure(about="a test", where={"critic.width": 8}, by_seed=by_seed)
"""


def results_of(*widths: int) -> Results:
    runs = {
        (run := Run(
            experiment=f"e{width}", scale="smoke", seeds=(0, 1, 2), point={},
            configuration=configuration("wgan", PAIR, critic__width=width),
        )).id: run
        for width in widths
    }  # fmt: skip
    facts = pd.DataFrame({"run": list(runs), "experiment": [r.experiment for r in runs.values()]})
    return Results(Path(), Path(), runs, {}, facts, {}, pd.DataFrame({"run": []}))


@pytest.fixture
def counting(tmp_path, monkeypatch):
    """Save a measure that lists the runs it is asked about, and return that list."""
    (tmp_path / "counting.py").write_text(COUNTING)
    package = wganbench.gather.measures
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    return measures()["counting"].by_seed.__globals__["ASKED"]


def test_a_measure_is_found_by_its_file_and_covers_the_runs_it_is_about(counting):
    results = results_of(8, 16)
    table = measured(results, "counting")
    assert table.to_dict("list") == {
        "run": [next(iter(results.runs))] * 2, "seed": [0, 2], "value": [1.5, 2.5]
    }  # fmt: skip


def test_files_are_read_when_a_measure_is_asked_for_and_once(counting):
    results = results_of(8, 16)
    counting.clear()
    for part in (results, results, results.among(["e8"])):
        assert len(measured(part, "counting")) == 2
    assert measured(results.among(["e16"]), "counting").empty
    assert len(counting) == 1


def test_what_a_measure_is_stands_beside_it():
    assert {"gradient_growth", "potential_explained", "slope_left", "weights_at_ends"} <= set(
        measures()
    )
    assert all(isinstance(m, Measure) and len(m.about) > 20 for m in measures().values())


def test_the_optimal_critic_explains_the_potential_whatever_its_scale_and_level():
    potential = np.random.default_rng(0).normal(size=500)
    assert explained(1e-6 * potential + 3, potential) == pytest.approx(1, abs=1e-6)
    assert explained(-potential, potential) == 0
    assert explained(np.full(500, 0.7), potential) == 0
    noisy = potential + np.random.default_rng(1).normal(size=500)
    assert explained(noisy, potential) == pytest.approx(0.5, abs=0.07)


def test_the_optimal_discriminator_saturates_and_the_optimal_critic_does_not():
    """Between N(-3, 1) and N(3, 1), where both are known."""
    x = np.linspace(-6, 6, 1201)
    logit = norm.logpdf(x, -3) - norm.logpdf(x, 3)
    slope = np.full(len(x), 6.0)
    drawn = expit(logit) * expit(-logit) * slope
    assert share_left(x, drawn, real=-3, model=3) < 1e-6
    assert share_left(x, slope, real=-3, model=3) == 1
    assert share_left(x, 0 * slope, real=-3, model=3) == 0


def test_growth_is_in_decades_from_the_last_layer_to_the_first():
    assert growth(np.array([1e-3, 1e-2, 1.0])) == pytest.approx(-3)
    assert growth(np.array([0.0, 1e-2, 1.0])) == -20


def test_weights_at_the_ends_are_those_at_them_and_not_beyond():
    weights = np.array([0.01, -0.01, 0.009, 0.0, 0.02, -5.0])
    assert share_at_ends(weights, 0.01) == pytest.approx(2 / 6)
