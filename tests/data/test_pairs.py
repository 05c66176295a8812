"""Pairs of laws with known or computable distances."""

import numpy as np
import pytest

from wganbench.data.funnels import Funnels
from wganbench.data.gaussians import TwentyFiveGaussians
from wganbench.data.known.funnels import FunnelPair
from wganbench.data.noisy import NoisyLaw
from wganbench.data.pairs import ParallelLines, TwoGaussians
from wganbench.errors import UserError


def test_a_noisy_law_is_the_law_and_the_law_with_noise():
    data = NoisyLaw(law="25gaussians", noise=0.5)
    arrays = data.generate(np.random.default_rng(0))
    law = TwentyFiveGaussians().generate(np.random.default_rng(1)).train
    for ours, noise in ((arrays.train, 0.0), (arrays.train_model, 0.5)):
        np.testing.assert_allclose(ours.mean(0), law.mean(0), atol=0.03)
        np.testing.assert_allclose(ours.var(0), law.var(0) + noise**2, rtol=0.02)
    assert not np.isin(arrays.train[:100], arrays.train_model).any()


def test_funnels_as_data_are_their_pairs_samples_with_the_critics_sign():
    data = Funnels(dim=4, funnels=8, seed=3)
    arrays, pair = data.generate(np.random.default_rng(0)), data.pair()
    true, error = data.true_w1()
    # The optimal critic, -u, is high on the real law X; its gap is W1.
    gap = pair.potential(arrays.train_model).mean() - pair.potential(arrays.train).mean()
    spread = np.hypot(pair.potential(arrays.train_model).std(), pair.potential(arrays.train).std())
    assert gap == pytest.approx(true, abs=5 * (error + spread / np.sqrt(len(arrays.train))))
    # Y lies away from the funnels' ends, where the gradient turns too fast for differences.
    points = arrays.heldout_model[:50].astype(float)
    h = 1e-6
    slopes = [(pair.potential(points - h * e) - pair.potential(points + h * e)) / (2 * h)
              for e in np.eye(4)]  # fmt: skip
    np.testing.assert_allclose(np.stack(slopes, 1), data.true_gradient(points), atol=1e-5)


def test_funnels_read_their_places_from_a_file(tmp_path):
    pair = FunnelPair.random(3, 5, seed=1)
    path = tmp_path / "pairs.npz"
    np.savez(path, d3_n5_centers=pair.centers, d3_n5_bias=pair.biases)
    read = Funnels(dim=3, funnels=5, file=str(path)).pair()
    np.testing.assert_array_equal(read.centers, pair.centers)
    with pytest.raises(UserError, match=r"pairs\.npz"):
        Funnels(dim=3, funnels=6, file=str(path)).pair()


@pytest.mark.parametrize(
    "data", [ParallelLines(theta=-0.5), TwoGaussians(mean_real=1.0, mean_model=-1.0)]
)
def test_a_true_gradient_points_up_the_critic(data):
    arrays = data.generate(np.random.default_rng(0))
    direction = data.true_gradient(arrays.heldout)
    # Moving the model's points along it, by W1, brings them onto the real law.
    moved = arrays.heldout_model + data.true_w1()[0] * direction
    np.testing.assert_allclose(moved.mean(0), arrays.heldout.mean(0), atol=0.05)
