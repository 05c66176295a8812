"""Aggregates over tasks and seeds: by formulas of others, by known laws, and how often they cover.

Coverage is simulated on the designs that are run: six seeds and more, of one task or several.
"""

from functools import partial

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, norm, trim_mean

from wganbench.gather import aggregates
from wganbench.gather.aggregates import aggregate, improvement, interquartile_mean, profile

TRIALS = 200
LEAST = 0.92  # of 200 trials that cover in 95% of cases, one set in twenty has fewer


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def _few_resamples(monkeypatch):
    monkeypatch.setattr(aggregates, "RESAMPLES", 1000)


@pytest.mark.parametrize("n", [3, 6, 8, 18, 37])
def test_the_interquartile_mean_is_scipys_trimmed_mean(n):
    scores = rng().lognormal(size=(5, n))
    expected = trim_mean(scores, 0.25, axis=-1)
    assert interquartile_mean(scores) == pytest.approx(expected)


def test_a_quarter_of_diverged_runs_is_cut_and_one_more_makes_the_mean_infinite():
    scores = np.array([1.0, 2, 3, 4, 5, np.inf, 7, np.inf])
    assert interquartile_mean(scores) == np.mean([3, 4, 5, 7])
    scores[0] = np.inf
    assert interquartile_mean(scores) == np.inf
    found = aggregate([scores])
    assert found.value == found.high == np.inf
    assert np.isfinite(found.low)


def test_equal_scores_have_an_interval_of_no_width_and_strata_are_drawn_apart():
    found = aggregate([np.full(6, 1.0), np.full(6, 3.0), np.full(6, 2.0)])
    cut = trim_mean(np.repeat([1.0, 3, 2], 6), 0.25)
    assert found == pytest.approx((cut, cut, cut))


def test_the_aggregate_of_the_same_scores_is_the_same():
    strata = [rng().normal(size=6)] * 2
    assert aggregate(strata) == aggregate(strata)


@pytest.mark.parametrize("sizes", [(6, 6), (7, 10)])
def test_the_probability_of_improvement_is_mann_and_whitneys_u_over_all_pairs(sizes):
    x, y = (rng().integers(0, 8, size=size).astype(float) for size in sizes)
    u = mannwhitneyu(y, x).statistic  # counts y above x, and half of equal ones
    assert improvement([x], [y]).value == pytest.approx(u / (len(x) * len(y)))


def test_it_is_the_mean_over_tasks_and_turns_with_its_limits_when_methods_change_places():
    x = [rng().normal(size=6), np.zeros(6), np.ones(6)]
    y = [rng().normal(size=8), np.ones(6), np.ones(6)]
    found, back = improvement(x, y), improvement(y, x)
    alone = [improvement([a], [b]).value for a, b in zip(x, y, strict=True)]
    assert alone[1:] == [1.0, 0.5]
    assert found.value == pytest.approx(np.mean(alone))
    turned = (1 - found.value, 1 - found.high, 1 - found.low)
    assert back == pytest.approx(turned)


def test_two_runs_that_both_diverged_are_equal_and_any_other_is_nearer():
    lost, there = np.full(6, np.inf), np.arange(6.0)
    assert improvement([lost], [lost]).value == 0.5
    assert improvement([there], [lost]).value == 1.0


def test_six_seeds_apart_from_six_others_make_nothing_certain():
    found = improvement([np.arange(6.0)], [np.arange(6.0) + 10])
    assert found.value == found.high == 1.0
    assert 0.5 < found.low < 0.75


def test_of_two_normal_laws_the_probability_is_the_known_one():
    x, y = rng().normal(size=(2, 2000))
    found = improvement([x], [y + 1])
    assert found.value == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.02)
    assert found.high - found.low < 0.04


def test_a_profile_is_the_share_of_runs_at_most_a_level_and_lies_in_its_band():
    strata = [np.array([0.0, 1, 2, np.inf]), np.array([1.0, 1, 3, 4])]
    found = profile(strata, np.array([-1.0, 0, 1, 3.5, 1e9]))
    assert found[:, 0].tolist() == [0, 1 / 8, 4 / 8, 6 / 8, 7 / 8]
    assert (found[:, 1] <= found[:, 0]).all()
    assert (found[:, 0] <= found[:, 2]).all()
    assert found[0, 1] == 0
    assert found[0, 2] == pytest.approx(1 - 0.025 ** (1 / 8))  # none of eight


LAWS = {
    "normal": lambda size, rng: rng.normal(size=size),
    "skewed": lambda size, rng: rng.exponential(size=size),
    "heavy tails": lambda size, rng: rng.standard_t(3, size=size),
    "a tenth diverged": lambda size, rng: np.where(
        rng.random(size) < 0.1, np.inf, rng.normal(size=size)
    ),
}


@pytest.mark.usefixtures("_few_resamples")
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("tasks", "seeds"), [(1, 6), (3, 6), (2, 10)])
def test_the_interval_covers_the_interquartile_mean_of_tasks_that_differ(law, tasks, seeds):
    draw = partial(LAWS[law], rng=rng())
    levels = np.linspace(0, 2, tasks)
    truth = interquartile_mean(np.concatenate([draw(100_000) + level for level in levels]))
    found = [aggregate([draw(seeds) + level for level in levels]) for _ in range(TRIALS)]
    assert np.mean([one.low <= truth <= one.high for one in found]) >= LEAST


@pytest.mark.parametrize(("tasks", "seeds"), [(1, 6), (3, 6), (2, 10)])
@pytest.mark.parametrize("apart", [0.0, 1.0, 1.8])
def test_the_interval_covers_the_probability_of_improvement(apart, tasks, seeds):
    """Up to .9; nearer to 1, for skewed laws, it covers as little as .88 of cases."""
    draw, truth = rng(), norm.cdf(apart / np.sqrt(2))
    found = [
        improvement(draw.normal(size=(tasks, seeds)), draw.normal(size=(tasks, seeds)) + apart)
        for _ in range(TRIALS)
    ]
    assert np.mean([one.low <= truth <= one.high for one in found]) >= LEAST


def test_of_equal_methods_one_is_called_nearer_in_few_cases():
    draw = rng()
    found = [improvement(*draw.normal(size=(2, 3, 6))) for _ in range(TRIALS)]
    assert np.mean([one.low > 0.5 or one.high < 0.5 for one in found]) <= 0.07


def test_the_band_covers_a_profile_of_tasks_that_differ():
    draw, levels = rng(), np.array([-1.0, 0.5, 2.0])
    offsets = np.array([0.0, 1, 2])
    truth = norm.cdf(levels[:, None] - offsets).mean(axis=1)
    found = [profile(draw.normal(size=(3, 6)) + offsets[:, None], levels) for _ in range(TRIALS)]
    hits = [(one[:, 1] <= truth) & (truth <= one[:, 2]) for one in found]
    assert (np.mean(hits, axis=0) >= LEAST).all()
