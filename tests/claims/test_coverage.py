"""Intervals cover what is typical of seeds as often as they say, on the designs that are run.

Every number of seeds of an experiment at laptop, at desk and of the contexts that a claim joins.
The laws are those that effects have: normal, skewed, of heavy tails, and with atoms where a
statistic ends. No interval counts as one that covers: nothing is then said.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.contexts import together
from wganbench.claims.judging.interval import RANKED_SEEDS, SEEDS, over_seeds
from wganbench.plan.experiment import load_experiment
from wganbench.plan.params import EXPERIMENTS

TRIALS = 2000
LEAST = 0.93
LOST = 1e6
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
LAWS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, size: rng.normal(size=size), 0.0),
    "lognormal": (lambda rng, size: np.exp(rng.normal(size=size)), 1.0),
    "exponential": (lambda rng, size: rng.exponential(size=size), np.log(2)),
    "near the end of its range": (
        lambda rng, size: rng.beta(8, 1, size=size),
        float(stats.beta(8, 1).median()),
    ),
    "heavy tails": (lambda rng, size: rng.standard_t(3, size=size), 0.0),
    "capped at a third of cases": (
        lambda rng, size: np.minimum(rng.normal(size=size), 0.5), 0.0,
    ),
    "capped at half of cases": (lambda rng, size: np.minimum(rng.normal(size=size), 0.0), 0.0),
    "capped at most cases": (lambda rng, size: np.minimum(rng.normal(size=size), -1.0), -1.0),
}  # fmt: skip


def designs() -> list[int]:
    """Return the numbers of seeds that experiments have at the scales that run without a GPU."""
    loaded = [load_experiment(path) for path in sorted(EXPERIMENTS.glob("*.yaml"))]
    counts = {
        len(scale.seeds) - (scale.tuned.seeds if getattr(scale, "tuned", None) else 0)
        for experiment in loaded
        for name, scale in experiment.scales.items()
        if name in ("laptop", "desk", "gpu", "paper")
    }
    return sorted(count for count in counts if count >= SEEDS)


def every_design() -> list[Any]:
    """Return them all; every day the fewest seeds of each kind of interval."""
    return [
        n if n in (SEEDS, RANKED_SEEDS) else pytest.param(n, marks=pytest.mark.long)
        for n in designs()
    ]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("seeds", every_design())
def test_over_seeds_the_interval_covers_the_median(law, seeds):
    draw, median = LAWS[law]
    effects = draw(np.random.default_rng(0), (TRIALS, seeds))
    found = [over_seeds(row, LOST) for row in effects]
    hits = [one is None or one.low <= median <= one.high for one in found]
    assert np.mean(hits) >= LEAST


@pytest.mark.parametrize("contexts", [2, 5])
@pytest.mark.parametrize("seeds", [3, 4, 6])
def test_over_contexts_the_interval_covers_the_mean_of_what_is_typical(contexts, seeds):
    """Contexts differ, and a seed shares a part of its chance with all of them."""
    rng, hits = np.random.default_rng(0), []
    levels = np.linspace(-1, 1, contexts)[:, None]
    claim = Claim(
        source="", statement="", statistic="", effects=lambda evidence: no_cells(),
        direction="at least", threshold=0.0, reason="",
    )  # fmt: skip
    for _ in range(400):
        effects = levels + rng.normal(size=(1, seeds)) + rng.normal(size=(contexts, seeds))
        rows = [
            {"context": str(c), "seed": s, "effect": effects[c, s]}
            for c in range(contexts)
            for s in range(seeds)
        ]
        interval = together(claim, pd.DataFrame(rows)).interval
        hits.append(interval.low <= 0 <= interval.high)
    assert np.mean(hits) >= LEAST


def drawn() -> list[int]:
    """Return how many architectures the experiments draw."""
    loaded = [load_experiment(path) for path in sorted(EXPERIMENTS.glob("*.yaml"))]
    scales = [scale for experiment in loaded for scale in experiment.scales.values()]
    return sorted({scale.subset.points for scale in scales if scale.subset})


@pytest.mark.parametrize(
    "share",
    [pytest.param(0.5, marks=pytest.mark.long), 0.8, pytest.param(0.99, marks=pytest.mark.long)],
)
@pytest.mark.parametrize("points", drawn())
def test_over_architectures_the_interval_covers_the_share_of_all_that_might_be_drawn(points, share):
    """Half of the architectures are trained by one method alone, how many of a draw is chance."""
    rng, hits = np.random.default_rng(0), []
    claim = Claim(
        source="", statement="", statistic="", effects=lambda evidence: no_cells(),
        direction="at least", threshold=0.5, reason="", share_of="architecture",
    )  # fmt: skip
    for _ in range(500):
        units = np.flatnonzero(rng.random(points) < 0.5)
        effects = (rng.random(len(units)) < share).astype(float)
        rows = pd.DataFrame({"context": "e", "seed": units, "effect": effects})
        interval = together(claim, rows).interval
        hits.append(interval is None or interval.low <= share <= interval.high)
    assert np.mean(hits) >= LEAST


def test_three_seeds_decide_wrongly_about_a_threshold_in_few_cases():
    """Where the median lies at the threshold, a verdict falls in at most one case of twenty."""
    rng = np.random.default_rng(1)
    found = [over_seeds(row, LOST) for row in rng.normal(size=(TRIALS, 3))]
    assert np.mean([one.low > 0 or one.high < 0 for one in found]) <= 0.06
