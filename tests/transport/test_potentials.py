"""Kantorovich potentials by POT."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from wganbench.transport.exact import exact_w1
from wganbench.transport.potentials import exact_potential


def test_an_exact_potential_is_feasible_and_attains_the_distance():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 2)), rng.normal(1, 2, size=(40, 2))
    costs = cdist(x, y)
    first, second = exact_potential(costs)
    assert (first[:, None] - second[None] <= costs + 1e-9).all()
    assert first.mean() - second.mean() == pytest.approx(exact_w1(x, y), rel=1e-9)
