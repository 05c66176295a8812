"""What critics say of W1: each estimate against the exact distance of the same samples."""

import numpy as np
import pytest
from configurations import PAIR, configuration, generated
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from wganbench.training.flatness import is_flat
from wganbench.training.process import prepare_torch
from wganbench.training.train import train
from wganbench.transport.estimates import BLOCK, c_transform_estimate, over_norm, raw_estimate
from wganbench.transport.exact import exact_w1


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 25), st.integers(1, 25), st.integers(1, 5),
       st.floats(-3, 3))  # fmt: skip
def test_no_critic_whatever_its_values_exceeds_the_samples_w1_by_its_c_transform(
    seed, n, m, dim, log_scale
):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, dim)), rng.normal(size=(m, dim)) + 1
    values = 10**log_scale * rng.standard_normal(n)
    assert c_transform_estimate(values, cdist(x, y)) <= exact_w1(x, y) + 1e-9


@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_a_c_transform_is_taken_over_all_samples_however_many(n):
    rng = np.random.default_rng(n)
    values, costs = rng.standard_normal(n), rng.uniform(1, 5, size=(n, 7))
    transformed = [min(costs[i, j] - values[i] for i in range(n)) for j in range(7)]
    expected = values.mean() + np.mean(transformed)
    assert c_transform_estimate(values, costs) == pytest.approx(expected, rel=1e-13)


def test_the_optimal_potential_attains_w1_by_its_c_transform():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3))
    y = x + np.array([2.0, 0, 0])  # a translation: f(x) = -x_1 is optimal
    assert c_transform_estimate(-x[:, 0], cdist(x, y)) == pytest.approx(2.0, abs=1e-12)


@pytest.mark.parametrize("method", ["wgan", "wgan-gp", "gan", "wgan-groupsort", "wgan-sn"])
@pytest.mark.parametrize("iterations", [1, 40])
def test_trained_or_not_a_networks_feasible_estimates_stay_below_w1(method, iterations):
    prepare_torch("cpu")
    config = configuration(method, PAIR, iterations=iterations, evaluations=1, samples=300)
    trained = train(config, generated(config), (0, 1))
    samples = trained.samples
    costs = cdist(samples.real, samples.generated[0, -1])
    w1 = exact_w1(samples.real, samples.generated[0, -1])
    for row, f_real, f_fake in zip(
        trained.history.curves.rows()[-2:],
        samples.critic_real[:, -1],
        samples.critic_generated[:, -1],
        strict=True,
    ):  # fmt: skip
        assert c_transform_estimate(f_real, costs) <= w1 + 1e-6
        certified = over_norm(raw_estimate(f_real, f_fake), row["lipschitz_bound"])
        assert certified <= w1 + 1e-4


def test_a_critic_whose_values_differ_by_rounding_only_is_flat():
    values = np.full(1000, 1e-4, dtype=np.float32)
    noise = values * (1 + 1e-7 * np.arange(1000).astype(np.float32) / 1000)
    assert is_flat(values, noise)
    assert is_flat(np.zeros(5, np.float32), np.zeros(5, np.float32))
    # A small slope is no flatness, as long as it shows.
    assert not is_flat(np.linspace(0, 1e-12, 9, dtype=np.float32), np.zeros(3, np.float32))
    assert not is_flat(values, values * 1.001)


def test_a_quotient_of_nothing_is_none():
    assert over_norm(0.0, 0.0) is None
    assert over_norm(2.0, 4.0) == 0.5
