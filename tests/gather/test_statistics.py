"""The report's statistics against known answers."""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import medfilt
from scipy.stats import spearmanr

from wganbench.gather.statistics import (
    first_reached,
    mean_distance,
    median_filtered,
    rank_correlation,
    window_iterations,
)
from wganbench.report.style.wording import mean_range, mean_sd, number


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_median_filter_is_scipys_away_from_the_ends(rng):
    values = rng.normal(size=300)
    filtered = median_filtered(pd.Series(values), 101)
    assert filtered[50:250].tolist() == medfilt(values, 101)[50:250].tolist()


def test_the_median_filter_does_not_pull_the_ends_to_zero():
    assert median_filtered(pd.Series([5.0] * 20), 11).tolist() == [5.0] * 20


def test_the_window_counts_iterations_and_not_rows(rng):
    values = pd.Series(rng.normal(size=100))
    thirds = median_filtered(values, 15, log_every=3)
    assert thirds.tolist() == median_filtered(values, 5).tolist()


@pytest.mark.parametrize(
    ("iterations", "window"), [(200_000, 101), (1010, 101), (300, 31), (250, 25), (4, 1)]
)
def test_the_window_is_the_official_one_and_narrower_for_short_runs(iterations, window):
    assert window_iterations(iterations) == window


def test_the_rank_correlation_is_scipys(rng):
    x = pd.Series(rng.normal(size=20))
    y = x + pd.Series(rng.normal(size=20))
    assert rank_correlation(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-15)


def test_incomplete_pairs_are_left_out_of_the_rank_correlation():
    x = pd.Series([1.0, 2.0, np.nan, 3.0, 9.0])
    y = pd.Series([1.0, 2.0, -7.0, 3.0, np.nan])
    assert rank_correlation(x, y) == pytest.approx(1.0)


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [1.0, 2.0], [np.nan] * 5])
def test_where_nothing_varies_or_is_known_there_is_no_rank_correlation(values):
    assert rank_correlation(pd.Series(values), pd.Series(range(len(values)))) is None


def test_between_points_an_exponential_fall_reaches_its_target_when_it_does():
    at = np.array([10.0, 20.0, 40.0])
    for target in (60.0, 30.0, 3.0):
        assert first_reached(at, 100 * np.exp(-0.1 * at), target) == pytest.approx(
            max(10 * np.log(100 / target), 10)
        )


def test_the_first_time_counts_and_never_is_infinite():
    at = np.array([1.0, 2.0, 3.0, 4.0])
    values = np.array([8.0, 2.0, 9.0, 1.0])
    assert first_reached(at, values, 2.0) == 2
    assert first_reached(at, values, 4.0) == 1.5
    assert first_reached(at, values, 8.0) == 1
    assert first_reached(at, values, 0.5) == np.inf
    assert first_reached(at[:0], values[:0], np.inf) == np.inf


def test_a_score_of_zero_has_no_logarithm_and_is_reached_where_it_was_seen():
    assert first_reached(np.array([1.0, 2.0]), np.array([4.0, 0.0]), 1.0) == 2


def test_the_mean_distance_is_of_pairs_and_of_one_repeated_point_zero(rng):
    points = rng.normal(size=(40, 9))
    assert mean_distance(np.repeat(points[:1], 40, axis=0)) == 0
    apart = [np.linalg.norm(x - y) for k, x in enumerate(points) for y in points[:k]]
    assert mean_distance(points) == pytest.approx(np.mean(apart))
    assert mean_distance(3 * points) == pytest.approx(3 * np.mean(apart))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, "0.123"), (12.34, "12.3"), (0.0, "0"), (2.4e-8, "2.40e-8"), (-0.5, "−0.500"),
        (None, "–"), (float("nan"), "–"), (12345.6, "12346"), (1e-3, "0.00100"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_three_significant_digits(value, text):
    assert number(value) == text


def test_values_that_cancel_have_the_mean_zero():
    assert mean_range([0.1, 0.2, -0.3], 2).startswith("0")


def test_a_mean_stands_beside_its_spread():
    assert mean_sd([1.0, 2.0, 3.0]) == "2.00 ± 1.0"
    assert mean_range([1.0, 2.0, 3.0]) == "2.00 (1.00 to 3.00)"
    assert mean_range([2.0, 2.0]) == "2.00"
    assert mean_sd([1.0]) == "1.00 (one seed)"
    assert mean_sd([]) == "–"
