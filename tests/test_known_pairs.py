"""`wganbench estimate`: critics on pairs with a known W1, and the published pairs."""

import csv

import numpy as np
import pytest

from wganbench.data.known.funnels import FunnelPair
from wganbench.errors import UserError
from wganbench.known_pairs import (
    SOLVERS,
    configuration_of,
    estimate_known,
    write_csv,
)
from wganbench.plan.presets import PRESETS
from wganbench.training.process import prepare_torch


def test_every_published_solver_has_the_published_settings():
    for method in SOLVERS:
        c = configuration_of(method, 64, 16, 100)
        assert (c.critic.width, c.critic.depth, c.batch_size, c.samples) == (128, 2, 1024, 4096)
        adam = c.algorithm.critic_optimizer.model_dump()
        assert adam == {"name": "adam", "lr": 2e-4, "beta1": 0.0, "beta2": 0.9}
        assert getattr(c.constraint, "penalty_weight", 10) == 10
        assert getattr(c.constraint, "clip_value", 0.04) == 0.04
    assert configuration_of("wgan-gp", 128, 4, 1).critic.width == 256
    assert set(SOLVERS) < set(PRESETS)
    with pytest.raises(UserError, match="'gan' is unknown here"):
        configuration_of("gan", 2, 4, 1)


def test_a_penalised_critic_learns_a_pair_read_from_a_file(tmp_path):
    pair = FunnelPair.random(2, 1, seed=5)
    path = tmp_path / "pairs.npz"
    np.savez(path, d2_n1_centers=pair.centers, d2_n1_bias=pair.biases)
    config = configuration_of("wgan-gp", 2, 1, 300, path)
    faster = config.algorithm.critic_optimizer.model_copy(update={"lr": 3e-3})
    algorithm = config.algorithm.model_copy(update={"critic_optimizer": faster})
    changes = {"batch_size": 256, "samples": 1000, "algorithm": algorithm}
    config = config.model_copy(update=changes)
    prepare_torch("cpu")
    (estimate,) = estimate_known([config], (0, 1))
    truth, error = pair.true_w1(100_000, np.random.default_rng(1))
    assert estimate.true == pytest.approx(truth, abs=5 * (error + estimate.true_se))
    # One funnel is a cone: its gradient points away from the apex everywhere.
    assert estimate.cos > 0.8
    assert estimate.cost == pytest.approx(truth, rel=0.25)
    write_csv([estimate], tmp_path / "metrics.csv")
    (row,) = csv.DictReader((tmp_path / "metrics.csv").open())
    assert row["solver"] == "wgan-gp"
    assert float(row["cost"]) == estimate.cost
